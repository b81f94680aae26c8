"""Who is told what of a fund: the second persons of a change that waits, and whoever asked of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import clock, db
from portal.policy import Role
from portal.record import Did
from portal.subscriptions.about_raising import match_goes_on
from portal.subscriptions.recipients import holding, people
from portal.subscriptions.telling import Mail, News, tell
from portal.support import queries, said
from portal.support.changes import Change
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.support.models import PoolRequest


def change_asked(news: News) -> None:
    """Tell everybody who may be the second person; whoever asked is told nothing of their own act."""
    asked = _request(news)
    if asked is None or not asked.is_open(clock.now()):
        return
    body = (_about(asked, W("A change of the fund “%(fund)s” waits for a second person: %(change)s.")),)
    seconds = [*holding(Role.TREASURER), *holding(Role.SIGNATORY)]
    tell(news, seconds, Mail("E24", W("A change of a fund waits"), body, _path(asked)))


def opened(news: News) -> None:
    """Tell whoever asked for a new fund that it is there."""
    _, year, slug = news.act.subject.split(":", 2)
    _answered(news, db.session().scalar(queries.asked_to_open(int(year), slug)))


def changed(news: News) -> None:
    """Tell whoever asked that the change is booked; what needed no second person needs no mail.

    Of a match that goes on in another year those are told for whom it waits.
    """
    asked = _request(news)
    _answered(news, asked)
    if asked is None or asked.pool is None or asked.change != Change.CARRY_OVER:
        return
    if asked.pool.kept_for:
        match_goes_on(news, asked.pool.kept_for.removeprefix("call:"))


def _answered(news: News, asked: PoolRequest | None) -> None:
    if asked is None or asked.state != "approved":
        return
    body = (
        _about(asked, W("A second person approved what you asked of the fund “%(fund)s”: %(change)s.")),
        W("It is booked now."),
    )
    _tell_asker(news, asked, Mail("E25", W("Your change of a fund was approved"), body, _path(asked)))


def refused(news: News) -> None:
    """Tell whoever asked that nothing was booked, and why."""
    asked = _request(news)
    if asked is None:
        return
    body = (
        _about(asked, W("A second person refused what you asked of the fund “%(fund)s”: %(change)s.")),
        W("The reason: %(reason)s", reason=asked.answer),
    )
    _tell_asker(news, asked, Mail("E25", W("Your change of a fund was refused"), body, _path(asked)))


def _tell_asker(news: News, asked: PoolRequest, mail: Mail) -> None:
    tell(news, people([asked.asked_by_id]), mail)


def _request(news: News) -> PoolRequest | None:
    return db.session().scalar(queries.asked_change(int(news.act.facts["request"])))


def _about(asked: PoolRequest, sentence: W) -> W:
    fund = asked.pool.title if asked.pool else f"{asked.facts['name']} {asked.facts['year']}"
    return W(sentence.id, fund=fund, change=said.CHANGES[Change(asked.change)])


def _path(asked: PoolRequest) -> str:
    pool = asked.pool
    return f"/desk/pools/{pool.year}/{pool.slug}" if pool else "/desk/pools"


TOLD: dict[str, Callable[[News], None]] = {
    Did.POOL_CHANGE_ASKED: change_asked,
    Did.POOL_OPENED: opened,
    Did.POOL_CHANGED: changed,
    Did.POOL_CHANGE_REFUSED: refused,
}
