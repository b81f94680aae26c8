"""The public list of pacts: one statement for each choice of filters, each with its own index."""

from __future__ import annotations

from collections.abc import Collection
from itertools import product
from typing import Any

from sqlalchemy import Date, Integer, Select, String, bindparam, literal_column, select

from portal.commons.models import Photo
from portal.pacts.lifecycle import State
from portal.pacts.models import Pact
from portal.pacts.queries.pacts import has_paper, has_paper_each

FILTERS = ("kind", "district", "state")
# The first page begins above every number a row can have.
NO_BOUND = 2**31 - 1
PAGE, FEW = 20, 4

_CARD = (
    select(
        Pact.id,
        Pact.code,
        Pact.state,
        Pact.kind,
        Pact.title,
        Pact.summary,
        Pact.district,
        Pact.starts_on,
        Pact.ends_on,
        Pact.opened_at,
        Pact.signed_at,
        has_paper_each().label("has_paper"),
        Photo.id.label("photo_id"),
        Photo.width,
        Photo.height,
        Photo.alternative,
        Photo.language.label("photo_language"),
    )
    .outerjoin(Photo, (Photo.commons_id == Pact.commons_id) & (Photo.position == 1))
    .where(Pact.id < bindparam("before", type_=Integer))
    .order_by(Pact.id.desc())
)


def _with(chosen: tuple[bool, ...], rows: int) -> Select[*tuple[Any, ...]]:
    # A literal LIMIT: with a bound one PostgreSQL would plan the same list anew at every call.
    found: Select[*tuple[Any, ...]] = _CARD.limit(literal_column(str(rows), Integer))
    for name, is_chosen in zip(FILTERS, chosen, strict=True):
        if is_chosen:
            found = found.where(getattr(Pact, name) == bindparam(name, type_=String))
    return found


# "Any or this one" in a single statement would keep the database from using an index for "this one".
_PAGES = {chosen: _with(chosen, PAGE + 1) for chosen in product((False, True), repeat=len(FILTERS))}
_TODAY = bindparam("today", type_=Date)
_IS_SEALED = has_paper()
# What the calendar did is derived: of the signed ones, which are in force, which ended, which neither.
DERIVED = {
    "in_force": (Pact.starts_on <= _TODAY) & (Pact.ends_on >= _TODAY) & _IS_SEALED,
    "ended": Pact.ends_on < _TODAY,
    "signed": (Pact.ends_on >= _TODAY) & ((Pact.starts_on > _TODAY) | ~_IS_SEALED),
}
_DERIVED_PAGES = {
    (name, *chosen): _with((*chosen, False), PAGE + 1).where(Pact.state == State.SIGNED.value, condition)
    for name, condition in DERIVED.items()
    for chosen in product((False, True), repeat=len(FILTERS) - 1)
}
# The newest few, for the home page; parameter: before.
NEWEST = _with((False, False, False), FEW)


def listed(*, kind: str = "", district: str = "", state: str = "") -> Select[*tuple[Any, ...]]:
    """Select a page of the public list and one row more, the newest first; "" takes all.

    Parameters of the statement: what is chosen here, `before`, the id below which the page begins, and for a
    state that the calendar makes ("in_force", "ended", "signed") `today`.
    """
    if state in DERIVED:
        return _DERIVED_PAGES[state, bool(kind), bool(district)]
    return _PAGES[bool(kind), bool(district), bool(state)]


def among(found: Select[*tuple[Any, ...]], codes: Collection[str] | None) -> Select[*tuple[Any, ...]]:
    """Narrow a list to those of these codes; None takes all."""
    return found if codes is None else found.where(Pact.code.in_(codes))
