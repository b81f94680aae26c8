"""The jobs desk: every job with its calendar, its last run and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from portal import db, policy
from portal.errors import NotFound
from portal.operations.words import title_of
from portal.policy import Can
from portal.schedule import actions, queries
from portal.schedule.models import Job
from portal.web import me, needs, render, see_other
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

operations = Blueprint("operations", __name__)


@operations.get("/desk/jobs")
@needs(Can.JOBS_READ)
def jobs() -> ResponseReturnValue:
    """Show all jobs and what could not be done."""
    session = db.session()
    rows = [(title_of(job.name), job, run) for job, run in session.execute(queries.jobs_with_last_run())]
    undone = session.scalars(queries.failed_items()).all()
    may_run = policy.allows(me(), Can.JOBS_RUN)
    return render("operations/jobs.html", rows=rows, undone=undone, may_run=may_run, title_of=title_of)


@operations.get("/desk/jobs/<name>")
@needs(Can.JOBS_READ)
def job(name: str) -> ResponseReturnValue:
    """Show the newest runs of one job."""
    found = _job(name)
    runs = db.session().scalars(queries.runs_of(name, 50)).all()
    return render("operations/job.html", job=found, title=title_of(name), runs=runs)


@operations.post("/desk/jobs/<name>/run")
@needs(Can.JOBS_RUN)
def run_now(name: str) -> ResponseReturnValue:
    """Ask for a run at once; the worker takes it within seconds."""
    actions.ask_now(_job(name).name, by=me())
    return see_other("operations.jobs")


def _job(name: str) -> Job:
    found = db.session().get(Job, name)
    if found is None:
        raise NotFound(W("There is no such job. The list shows the ones there are."))
    return found
