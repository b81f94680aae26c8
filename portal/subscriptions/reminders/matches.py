"""What projects have not drawn of a call's match: said before the year ends in which it is kept for them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from portal import clock, db
from portal.notices.actions import Text
from portal.notices.kinds import Kind
from portal.notices.telling import tell
from portal.policy import Role
from portal.proposals.matching import queries
from portal.proposals.models import Call
from portal.subscriptions.about_raising import undrawn
from portal.subscriptions.recipients import holding, in_words
from portal.support.amounts import Amount
from portal.words import W

if TYPE_CHECKING:
    from sqlalchemy import Select

    from portal.notices.actions import Recipient

TITLE = W("Part of the match is not drawn yet")


def due(days_before: int) -> Select[int]:
    """Select the calls of whose match something is left, so many days before its year ends and after it.

    The city's profile says how many: time enough to have it written into a pact, or to say no to it.
    """
    return queries.with_a_rest((clock.today() + timedelta(days=days_before + 1)).year)


def remind_of(call_id: int, base_url: str) -> None:
    """Tell each group with a share, the call's officers and the treasurer, once for each year."""
    with db.writing() as session:
        call = session.get_one(Call, call_id)
        pool = session.scalars(queries.own_pool(call)).one()
        if not pool.left:
            return
        last = date(pool.year, 12, 31)
        for proposal, cents, to in undrawn(call):
            until = W(
                "It is kept for you until %(day)s. After that what nobody took may go back to its fund.",
                day=in_words(last, to),
            )
            path = f"/proposals/{proposal.code}/campaign"
            _say(
                call,
                pool.year,
                to,
                f"{base_url}/{to.language}{path}",
                (_of_yours(cents, proposal.title), until),
            )
        for to in [*holding(Role.TREASURER), *holding(Role.OFFICER)]:
            rest = W(
                "%(amount)s of what call %(ref)s sets aside is not taken. Its year ends on %(day)s.",
                amount=Amount(pool.left, "cent"),
                ref=call.ref,
                day=in_words(last, to),
            )
            told = W("The groups were told. The page of the match gives back to its fund what nobody needs.")
            on = W("A treasurer can let the rest go on in the next year: each keeps what it has not drawn.")
            link = f"{base_url}/{to.language}/desk/calls/{call.ref}/match"
            _say(call, pool.year, to, link, (rest, told, on))


def _of_yours(cents: int, title: str) -> W:
    return W(
        "%(amount)s of what the city adds to “%(title)s” is not promised in a pact yet.",
        amount=Amount(cents, "cent"),
        title=title,
    )


def _say(call: Call, year: int, to: Recipient, link: str, body: tuple[W, ...]) -> None:
    key = f"E19:{call.ref}:undrawn-{year}:{link.rpartition('/')[0].rpartition('/')[2]}:{to.mark}"
    tell("E19", key, to, Text(TITLE, body, link), about=call.key, kind=Kind.ACT)
