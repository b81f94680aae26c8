"""The public list of proposals: one statement for each choice of filters, each with its own index."""

from __future__ import annotations

from collections.abc import Collection
from itertools import product
from typing import Any

from sqlalchemy import Integer, Select, String, bindparam, literal_column, select, tuple_

from portal.db import UtcDateTime
from portal.proposals.models import Proposal
from portal.proposals.queries import PUBLIC_COLUMNS

FILTERS = ("kind", "district")
PAGE = 20

_INSTANT, _NUMBER = UtcDateTime(), Integer()
_SENT = (
    select(*PUBLIC_COLUMNS)
    .where(Proposal.submitted_at.is_not(None))
    # Two may be sent at the same instant; compared as a pair, both columns of the index are used.
    .where(
        tuple_(Proposal.submitted_at, Proposal.id)
        < tuple_(bindparam("before_at", type_=_INSTANT), bindparam("before_id", type_=_NUMBER))
    )
    .order_by(Proposal.submitted_at.desc(), Proposal.id.desc())
    # A literal LIMIT: with a bound one PostgreSQL would plan the same list anew at every call.
    .limit(literal_column(str(PAGE + 1), Integer))
)


def _with(chosen: tuple[bool, ...]) -> Select[*tuple[Any, ...]]:
    found: Select[*tuple[Any, ...]] = _SENT
    for name, is_chosen in zip(FILTERS, chosen, strict=True):
        if is_chosen:
            found = found.where(getattr(Proposal, name) == bindparam(name, type_=String))
    return found


# "Any or this one" in a single statement would keep the database from using an index for "this one".
_PAGES = {chosen: _with(chosen) for chosen in product((False, True), repeat=len(FILTERS))}


def listed(*, kind: str = "", district: str = "") -> Select[*tuple[Any, ...]]:
    """Select a page of the public list and one row more, the newest first; "" takes all.

    Parameters of the statement: what is chosen here, and `before_at` and `before_id` of the last row shown
    (queries.FAR_FUTURE and 0 for the first page).
    """
    return _PAGES[bool(kind), bool(district)]


def among(found: Select[*tuple[Any, ...]], codes: Collection[str] | None) -> Select[*tuple[Any, ...]]:
    """Narrow a list to those of these codes; None takes all."""
    return found if codes is None else found.where(Proposal.code.in_(codes))
