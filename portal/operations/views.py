"""The jobs desk: every job with its runs, what could not be done, and what staff decide about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, request

from portal import clock, db, policy
from portal.errors import Invalid, NotFound
from portal.operations import actions as deciding
from portal.operations.queries import subjects_of_mails, subjects_of_papers
from portal.operations.words import duration_of, reason_of, result_of, title_of
from portal.policy import Can
from portal.schedule import actions, queries
from portal.schedule.models import FailedItem, Job, JobRun
from portal.web import me, needs, render, see_other
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

operations = Blueprint("operations", __name__)
SHOWN = 200
# A job of the short beat is late when nobody looked for so long; announcements come every five minutes.
LATE_AFTER = timedelta(minutes=10)


@operations.get("/desk/jobs")
@needs(Can.JOBS_READ)
def jobs() -> ResponseReturnValue:
    """Show all jobs, and how much of them could not be done."""
    session = db.session()
    counts = {name: (undone, rests) for name, undone, rests in session.execute(queries.undone_counts())}
    rows = [
        {"title": title_of(job.name), "job": job, "run": run, "undone": counts.get(job.name, (0, 0))}
        for job, run in session.execute(queries.jobs_with_last_run())
    ]
    undone = sum(count for count, _ in counts.values())
    rests = sum(count for _, count in counts.values())
    return render("operations/jobs.html", rows=rows, undone=undone, rests=rests, **_tools())


@operations.get("/desk/jobs/failed")
@needs(Can.JOBS_READ)
def failed() -> ResponseReturnValue:
    """Show what could not be done, of one job or of all, with the reason and what comes next."""
    session, name = db.session(), request.args.get("job", "")
    if name:
        _job(name)
    counts = list(session.execute(queries.undone_counts()))
    items = session.scalars(queries.failed_items(name, SHOWN)).all()
    chosen = {"name": name, "items": items, "counts": counts, "is_cut": len(items) == SHOWN}
    chosen |= {"cases": _cases(items)}
    return render("operations/failed.html", **chosen, **_tools())


@operations.get("/desk/jobs/<name>")
@needs(Can.JOBS_READ)
def job(name: str) -> ResponseReturnValue:
    """Show the newest runs of one job."""
    found = _job(name)
    runs = db.session().scalars(queries.runs_of(name, 50)).all()
    return render("operations/job.html", job=found, title=title_of(name), runs=runs, **_tools())


@operations.post("/desk/jobs/<name>/run")
@needs(Can.JOBS_RUN)
def run_now(name: str) -> ResponseReturnValue:
    """Ask for a run at once; the worker takes it within seconds."""
    actions.ask_now(_job(name).name, by=me())
    return see_other("operations.jobs")


@operations.post("/desk/jobs/runs/<int:run_id>/cancel")
@needs(Can.JOBS_RUN)
def cancel(run_id: int) -> ResponseReturnValue:
    """Cancel a run; one that is at work ends after the item in hand."""
    run = db.session().get(JobRun, run_id)
    if run is None:
        raise NotFound(W("There is no such run any more. Old runs that ended well are dropped."))
    actions.cancel(run, by=me())
    return see_other("operations.job", name=run.job)


@operations.post("/desk/jobs/failed/<int:item_id>/again")
@needs(Can.JOBS_RUN)
def again(item_id: int) -> ResponseReturnValue:
    """Let one item be tried again at once."""
    item = deciding.try_again(item_id, by=me())
    return see_other("operations.failed", job=item.job)


@operations.post("/desk/jobs/<name>/again")
@needs(Can.JOBS_RUN)
def all_again(name: str) -> ResponseReturnValue:
    """Let everything that this job could not do be tried again at once."""
    deciding.try_all_again(_job(name).name, by=me())
    return see_other("operations.failed", job=name)


@operations.get("/desk/jobs/failed/<int:item_id>/leave")
@needs(Can.JOBS_RUN)
def leaving(item_id: int) -> ResponseReturnValue:
    """Ask why an item should be left."""
    return render("operations/leave.html", item=_item(item_id), why="", error="", **_tools())


@operations.post("/desk/jobs/failed/<int:item_id>/leave")
@needs(Can.JOBS_RUN)
def leave(item_id: int) -> ResponseReturnValue:
    """Leave an item, with a reason."""
    item, why = _item(item_id), request.form.get("why", "")
    try:
        actions.leave(item_id, why, by=me())
    except Invalid as error:
        return render("operations/leave.html", item=item, why=why, error=error.words, **_tools()), 422
    return see_other("operations.failed", job=item.job)


def _tools() -> dict[str, Any]:
    return {
        "may_run": policy.allows(me(), Can.JOBS_RUN),
        "title_of": title_of,
        "result_of": result_of,
        "reason_of": reason_of,
        "resting_until": _resting_until,
        "duration_of": duration_of,
        "is_late": lambda job: job.next_at is not None and job.next_at + LATE_AFTER < clock.now(),
    }


def _cases(items: Sequence[FailedItem]) -> dict[str, str]:
    # The number of a mail or the code of a paper tells nobody which case to look at.
    session = db.session()
    papers = session.execute(subjects_of_papers(items)).all()
    mails = session.execute(subjects_of_mails(items)).all()
    return {str(name): subject.rpartition(":")[2] for name, subject in (*papers, *mails)}


def _resting_until(job: Job, newest: JobRun | None) -> datetime | None:
    # A calendar's next run is far enough from one that was cancelled.
    until = newest.rests_until if newest is not None and job.is_beat else None
    return until if until is not None and until > clock.real() else None


def _job(name: str) -> Job:
    found = db.session().get(Job, name)
    if found is None:
        raise NotFound(W("There is no such job. The list shows the ones there are."))
    return found


def _item(item_id: int) -> FailedItem:
    found = db.session().get(FailedItem, item_id)
    if found is None:
        raise NotFound(W("This is not on the list any more: it was done in the meantime."))
    return found
