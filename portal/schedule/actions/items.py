"""What a job could not do: noted with its reason, tried again after growing waits, then left to a person."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from portal import clock, db, policy
from portal.errors import Invalid, NotFound, Refused, WrongState
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.schedule.actions.steering import ask_quietly
from portal.schedule.models import FailedItem
from portal.schedule.said import in_machine_words, packed
from portal.schedule.waits import MOST_ITEM_TRIES, wait_after
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Delete

log = logging.getLogger("portal.schedule")
LONGEST_ITEM = 160
LONGEST_WHY = 500


class Hopeless(Exception):
    """Trying again cannot help: the item rests at once, with this sentence as its reason."""


def note_failure(
    job: str,
    item: str,
    reason: Exception | str,
    is_final: bool = False,  # noqa: FBT001, FBT002
) -> None:
    """Keep why an item of a job failed, whatever becomes of the open transaction; `is_final`: no try more."""
    with db.aside():
        note_failure_here(job, item, reason, is_final)


def note_failure_here(
    job: str,
    item: str,
    reason: Exception | str,
    is_final: bool = False,  # noqa: FBT001, FBT002
) -> None:
    """Keep it in the open transaction, so that it stands or falls with what was done beside it."""
    is_final = is_final or isinstance(reason, Hopeless)
    key, now = item[:LONGEST_ITEM], clock.real()
    same = (FailedItem.job == job, FailedItem.item == key)
    tries = 1 + (db.session().scalar(select(FailedItem.attempts).where(*same).with_for_update()) or 0)
    rests = is_final or tries >= MOST_ITEM_TRIES
    values: dict[str, Any] = {
        "reason": (str(reason) if isinstance(reason, Hopeless) else in_machine_words(reason))[:2000],
        "words": packed(words) if (words := words_of(reason)) else None,
        "attempts": tries,
        "failed_at": now,
        "next_try_at": None if rests else now + wait_after(tries),
        "rests_since": now if rests else None,
    }
    insert = db.insert(FailedItem).values(job=job, item=key, **values)
    db.session().execute(insert.on_conflict_do_update(index_elements=["job", "item"], set_=values))
    if rests:
        log.error("job %s: an item rests after %s tries: a person must decide", job, tries)


def forget_failure(job: str, item: str) -> None:
    """Drop the failure of an item that succeeded."""
    with db.aside() as session:
        session.execute(forgetting(job, item))


def forgetting(job: str, item: str) -> Delete:
    """Return the statement that drops a failure."""
    return delete(FailedItem).where(FailedItem.job == job, FailedItem.item == item[:LONGEST_ITEM])


def words_of(reason: Exception | str) -> W | None:
    """Return the sentence of a failure that has one, so that a page can say it in its own language."""
    if isinstance(reason, Refused):
        return reason.words
    said = reason.args[0] if isinstance(reason, Hopeless) and reason.args else None
    return said if isinstance(said, W) else None


def try_again(item_id: int, *, by: Actor) -> FailedItem:
    """Let an item be tried again at once, with all its tries before it; the job is asked to run.

    Refuses with NotFound where it has succeeded since.
    """
    policy.check(by, Can.JOBS_RUN)
    item = _item(item_id)
    _rouse(FailedItem.id == item_id)
    ask_quietly(item.job)
    record(Did.JOB_ITEM_AGAIN, f"job:{item.job}", by=by, item=item.item)
    return item


def try_all_again(job: str, *, by: Actor, but: Collection[str] = ()) -> list[FailedItem]:
    """Let all that a job could not do be tried again at once, except what was left; one act for all.

    `but` names items that no try can help. Refuses with WrongState where there is nothing to try.
    """
    policy.check(by, Can.JOBS_RUN)
    of_job = (FailedItem.job == job, FailedItem.left_at.is_(None), FailedItem.item.not_in(but))
    items = list(db.session().scalars(select(FailedItem).where(*of_job)))
    if not items:
        raise WrongState(W("Nothing of this job waits to be tried again."))
    _rouse(*of_job)
    ask_quietly(job)
    record(Did.JOB_ITEM_AGAIN, f"job:{job}", by=by, items=len(items))
    return items


def leave(item_id: int, why: str, *, by: Actor) -> None:
    """Decide that an item is not tried any more, and say why; the record keeps the act, the row the reason.

    Refuses with Invalid without a reason, with WrongState where it was left already.
    """
    policy.check(by, Can.JOBS_RUN)
    item, why = _item(item_id), why.strip()
    if not why or len(why) > LONGEST_WHY:
        raise Invalid(W("Say in a few words why nothing more is tried."), field="why")
    left = update(FailedItem).where(FailedItem.id == item_id, FailedItem.left_at.is_(None))
    if not _hits(left.values(left_at=clock.real(), left_why=why, next_try_at=None)):
        raise WrongState(W("Somebody has decided to leave this already."))
    record(Did.JOB_ITEM_LEFT, f"job:{item.job}", by=by, item=item.item)


def _item(item_id: int) -> FailedItem:
    found = db.session().get(FailedItem, item_id)
    if found is None:
        raise NotFound(W("This is not on the list any more: it was done in the meantime."))
    return found


def _rouse(*which: Any) -> None:
    fresh = {"attempts": 0, "next_try_at": None, "rests_since": None, "left_at": None, "left_why": None}
    db.session().execute(update(FailedItem).where(*which).values(fresh))


def _hits(change: Any) -> bool:
    return bool(db.session().execute(change).rowcount == 1)  # type: ignore[attr-defined]
