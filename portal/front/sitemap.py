"""What search engines are told of: every public page that stands for one thing, in files of a fixed size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, String, bindparam, cast, func, literal, select, true

from portal import db
from portal.commons.models import Commons
from portal.organisations.models import Organisation
from portal.pacts.models import Pact
from portal.proposals.findable import GONE
from portal.proposals.models import Call, Proposal
from portal.record import Act, publicity
from portal.support.models import Allocation, Holding, Pool

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select

MOST = 5_000
"""How many addresses a file holds, in all languages together; the protocol lets it hold ten times as many."""
PAGES = (
    "", "/about", "/privacy", "/accessibility", "/service", "/rules",
    "/proposals", "/pacts", "/commons", "/organisations", "/observations", "/calls", "/fences", "/record",
    "/money", "/money/flow", "/money/rows", "/money/benefits", "/commons-fund", "/spaces",
)  # fmt: skip
# The pages that are there in every city; and above every number a row can have.
FIXED, HIGHEST = "pages", 2**31 - 1
_AFTER, _UNTIL = bindparam("after", type_=Integer), bindparam("until", type_=Integer)
_PUBLIC = sorted(publicity.PUBLIC)


@dataclass(frozen=True, slots=True)
class Entry:
    """A public page: its path behind the language, and when something public last happened to it."""

    path: str
    at: datetime | None = None


def _newest(kind: str, name: Any) -> Any:
    """Return when the newest public act about a thing was done."""
    mine = (Act.subject == literal(f"{kind}:") + name, Act.verb.in_(_PUBLIC))
    return select(Act.at).where(*mine).order_by(Act.id.desc()).limit(1).scalar_subquery()


def _part(number: Any, path: Any, at: Any, shown: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(path, at).where(number > _AFTER, number <= _UNTIL, shown).order_by(number)


# Each file holds a stretch of the numbers of one kind: so none costs more than another, however deep.
_PARTS: dict[str, tuple[Any, Select[*tuple[Any, ...]]]] = {
    "proposals": (
        Proposal.id,
        _part(
            Proposal.id,
            "/proposals/" + Proposal.code,
            func.coalesce(_newest("proposal", Proposal.code), Proposal.submitted_at),
            Proposal.submitted_at.is_not(None) & Proposal.state.not_in(GONE),
        ),
    ),
    "pacts": (
        Pact.id,
        _part(
            Pact.id,
            "/pacts/" + Pact.code,
            func.coalesce(_newest("pact", Pact.code), Pact.opened_at),
            true(),
        ),
    ),
    "commons": (
        Commons.id,
        _part(Commons.id, "/commons/" + Commons.slug, Commons.listed_at, Commons.withdrawn_at.is_(None)),
    ),
    "organisations": (
        Organisation.id,
        _part(
            Organisation.id,
            "/organisations/" + Organisation.slug,
            func.coalesce(_newest("organisation", Organisation.slug), Organisation.founded_at),
            Organisation.hidden_at.is_(None),
        ),
    ),
    "calls": (
        Call.id,
        _part(
            Call.id,
            "/calls/" + Call.ref,
            func.coalesce(_newest("call", Call.ref), Call.published_at),
            Call.published_at.is_not(None),
        ),
    ),
    "funds": (
        Pool.id,
        _part(
            Pool.id,
            "/money/pools/" + cast(Pool.year, String) + "/" + Pool.slug,
            literal(None),
            Pool.head_id.is_(None),
        ),
    ),
    # A decision is public from the second person's yes on, when a fund keeps something for it.
    "decisions": (
        Allocation.id,
        _part(
            Allocation.id,
            "/money/decisions/" + cast(Allocation.id, String),
            func.coalesce(Allocation.ended_at, Allocation.committed_at, Allocation.approved_at),
            select(Holding.id).where(Holding.allocation_id == Allocation.id).exists(),
        ),
    ),
}
KINDS = (FIXED, *_PARTS)
_LAST = select(
    *(select(func.max(number)).scalar_subquery().label(kind) for kind, (number, _) in _PARTS.items())
)
_YEARS = select(Pool.year).where(Pool.head_id.is_(None)).distinct().order_by(Pool.year)


def last_numbers() -> dict[str, int]:
    """Return the highest number of each kind; nought where there is nothing of it."""
    row = db.session().execute(_LAST).one()
    return {kind: getattr(row, kind) or 0 for kind in _PARTS}


def files(last: dict[str, int], size: int) -> list[tuple[str, int]]:
    """Return (kind, number) of every file of so many things; kinds of which there is nothing have none."""
    full = ((kind, number) for kind in _PARTS for number in range(1, -(-last[kind] // size) + 1))
    return [(FIXED, 1), *full]


def entries(kind: str, number: int, size: int) -> list[Entry]:
    """Return what a file holds, at most so many things; nothing where there is no such file."""
    if kind not in _PARTS or not 0 < number <= HIGHEST // size:
        return []
    stretch = {"after": (number - 1) * size, "until": number * size}
    return [Entry(path, at) for path, at in db.session().execute(_PARTS[kind][1], stretch)]


def whole(size: int) -> list[Entry]:
    """Return all things of a small city, of each kind those up to this number."""
    return [one for kind in _PARTS for one in entries(kind, 1, size)]


def pages(versions: Iterable[str]) -> list[Entry]:
    """Return the pages that are always there, each year of the money, and each version of the rules."""
    years = db.session().scalars(_YEARS).all()
    ways = (f"/money{room}?year={year}" for room in ("", "/benefits") for year in years)
    return [Entry(path) for path in (*PAGES, *ways, *(f"/rules/{one}" for one in versions))]
