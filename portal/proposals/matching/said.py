"""What the pages of matchfunding show: projects, what was raised, and the pot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal import db
from portal.money import currency_code, euro, plain
from portal.proposals.matching import queries
from portal.proposals.matching.actions import outcomes_of
from portal.proposals.matching.sharing import WORDS, Reason
from portal.support.aside import kept_for
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.proposals.models import Call

SOURCES = {"hand": W("Entered by the group"), "platform": W("From the platform")}
HEADS = (
    W("Project"),
    W("People"),
    W("Pledged"),
    W("Arrived"),
    W("Of that, counts"),
    W("The city adds"),
)


def standing(call: Call) -> dict[str, Any]:
    """Return the projects of a call with what each gets: as settled, or as it would be now."""
    projects = db.session().execute(queries.projects(call)).all()
    found = _settled(call) if call.settled_at else _as_it_stands(call, [one.id for one in projects])
    rows = [_row(one, found.get(one.id)) for one in projects]
    taken = call.earmarked_cents if call.settled_at else sum(row["adds"] for row in rows)
    return {
        "call": call,
        "projects": rows,
        "taken": taken,
        "pledged": sum(row["pledged"] for row in rows),
        "received": sum(row["received"] for row in rows),
        "pot_words": _pot_words(call, taken),
        "aside": _aside(call),
    }


def _aside(call: Call) -> dict[str, Any] | None:
    """Return the pool that holds the match, what projects have of it, what is left, and what went back."""
    pools = db.session().scalars(kept_for(call.key)).all() if call.match_pool_id else []
    if not pools:
        return None
    return {
        "pool": pools[0],
        "taken": sum(one.reserved + one.committed for one in pools),
        "left": pools[0].left,
        "back": call.given_back_cents,
    }


def _as_it_stands(call: Call, projects: list[int]) -> dict[int, Any]:
    return {one.key: one for one in outcomes_of(call, projects)}


def _settled(call: Call) -> dict[int, Any]:
    return {one.proposal_id: one for one in db.session().scalars(queries.awards(call.id))}


def _row(project: Any, outcome: Any) -> dict[str, Any]:
    return {
        "code": project.code,
        "title": project.title,
        "language": project.language,
        "pledged": project.pledged,
        "received": project.received,
        "backers": project.backers,
        "counted": outcome.counted_cents if outcome else 0,
        "adds": outcome.cents if outcome else 0,
        "why": WORDS[Reason(outcome.reason)] if outcome else WORDS[Reason.BELOW],
    }


def _pot_words(call: Call, taken: int) -> W:
    words = {"taken": euro(taken), "left": euro(call.budget_cents - taken), "pot": euro(call.budget_cents)}
    if call.settled_at:
        return W("%(taken)s set aside for projects · %(left)s left of %(pot)s", **words)
    return W("%(taken)s would go to projects today · %(left)s left of %(pot)s", **words)


def cells(rows: Sequence[dict[str, Any]]) -> list[list[object]]:
    """Return the projects as rows of a file."""
    names = ("code", "title", "backers", "pledged", "received", "counted", "adds")
    return [
        [row[name] if name in names[:3] else plain(row[name]) for name in names]
        + [currency_code(), str(row["why"])]
        for row in rows
    ]
