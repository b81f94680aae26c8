"""Try again what a job could not do: the item, and what a feature keeps about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.errors import WrongState
from portal.notices import jobs as notices
from portal.schedule import actions as schedule

if TYPE_CHECKING:
    from portal.policy import Actor
    from portal.schedule.models import FailedItem


def try_again(item_id: int, *, by: Actor) -> FailedItem:
    """Let one item be tried again at once; refusals are those of the schedule and of the feature."""
    item = schedule.try_again(item_id, by=by)
    _wake([item])
    return item


def try_all_again(job: str, *, by: Actor) -> int:
    """Let all items of a job be tried again at once, and return how many; a mail without its link stays."""
    lost = notices.without_link() if job == "mail" else set()
    try:
        items = schedule.try_all_again(job, by=by, but=lost)
    except WrongState as refusal:
        raise (WrongState(notices.LINK_GONE) if lost else refusal) from None
    _wake(items)
    return len(items)


def _wake(items: list[FailedItem]) -> None:
    mails = [int(item.item) for item in items if item.job == "mail"]
    if mails:
        notices.send_again(mails)
