"""A worker that dies at a named place, really: a process of its own that ends without any tidying up."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from datetime import timedelta
from itertools import count

from sqlalchemy import text, update

from portal import clock, db, faults
from portal.documents.models import Paper
from portal.notices.letters.models import LetterBatch
from portal.notices.models import Message
from portal.schedule.models import FailedItem, JobRun

POINTS = [
    "claimed",
    "drawn",
    "part-written:1",
    "part-written:2",
    "noted",
    "sealed",
    "stored",
    "before-finish",
]
# Where a run is claimed, where one of its items is done or fails, and where its end is not written down yet.
RUN_POINTS = ["run-claimed", "item-done", "item-failed", "run-done"]
MESSAGE_POINTS = ["ordered", "told", "mail-claimed", "mailed"]
BROKEN = 70


def dies_at(point: str, work: Callable[[], object]) -> bool:
    """Let another process do the work and say whether it died at the place; raise where it broke otherwise."""
    url = db.database().engine.url.render_as_string(hide_password=False)
    # An open connection must not be carried into another process.
    db.database().close()
    child = os.fork()
    if child == 0:
        _do(point, url, work)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in {0, faults.KILLED}, f"the worker ended with {code}"
    return code == faults.KILLED


def together(*works: Callable[[], object]) -> None:
    """Let each be done by a process of its own, all at once; raise where one broke."""
    url = db.database().engine.url.render_as_string(hide_password=False)
    db.database().close()
    children = []
    for work in works:
        child = os.fork()
        if child == 0:
            _do("", url, work)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert not any(codes), f"the workers ended with {codes}"


def _do(point: str, url: str, work: Callable[[], object]) -> None:
    code = BROKEN
    try:
        os.environ[faults.SETTING] = point
        faults._times = count(1)
        db.use(db.Database(url))
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def let_leases_end() -> None:
    """Let the time pass after which the dead are followed by others."""
    past = clock.real() - timedelta(seconds=1)
    with db.writing() as session:
        session.execute(update(Paper).where(Paper.leased_until.is_not(None)).values(leased_until=past))
        session.execute(
            update(LetterBatch).where(LetterBatch.leased_until.is_not(None)).values(leased_until=past)
        )
        session.execute(update(JobRun).where(JobRun.lease_until.is_not(None)).values(lease_until=past))
        session.execute(update(Message).where(Message.lease_until.is_not(None)).values(lease_until=past))
        session.execute(
            update(FailedItem).where(FailedItem.next_try_at.is_not(None)).values(next_try_at=past)
        )


def papers_and_acts() -> tuple[list[tuple[str, str]], list[str]]:
    """Return the state of every paper and the code in every act of issuing."""
    with db.reading() as session:
        papers = session.execute(text("SELECT code, state FROM paper ORDER BY code")).all()
        acts = session.execute(text("SELECT facts FROM act WHERE verb = 'paper:issued'")).scalars().all()
    return [(code, state) for code, state in papers], sorted(str(facts) for facts in acts)
