"""The public list of pacts: one statement for each choice of filters, each with its own index."""

from __future__ import annotations

from collections.abc import Collection
from itertools import product
from typing import Any

from sqlalchemy import (
    Date,
    Integer,
    Select,
    String,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from portal.commons.models import Photo
from portal.pacts.lifecycle import State
from portal.pacts.models import Pact
from portal.pacts.models.pacts import IS_UNSEALED
from portal.pacts.queries.pacts import has_paper, has_paper_each

FILTERS = ("kind", "district", "state")
# The first page begins above every number a row can have.
NO_BOUND = 2**31 - 1
PAGE, FEW = 20, 4

_CARD = select(
    Pact.id,
    Pact.code,
    Pact.state,
    Pact.kind,
    Pact.title,
    Pact.summary,
    Pact.district,
    Pact.starts_on,
    Pact.ends_on,
    Pact.signed_at,
    has_paper_each().label("has_paper"),
    Photo.id.label("photo_id"),
    Photo.width,
    Photo.height,
    Photo.alternative,
    Photo.language.label("photo_language"),
).outerjoin(Photo, (Photo.commons_id == Pact.commons_id) & (Photo.position == 1))
_BEFORE, _TODAY = bindparam("before", type_=Integer), bindparam("today", type_=Date)
_BY_NUMBER = _CARD.where(Pact.id < _BEFORE).order_by(Pact.id.desc())
# What ended last comes first. The address names the last pact of the page before, here is looked up its day.
_bound, _begins, _waits = aliased(Pact), aliased(Pact), aliased(Pact)
_LAST_DAY = select(_bound.ends_on).where(_bound.id == _BEFORE).scalar_subquery()
_BY_LAST_DAY = (
    _CARD.where(tuple_(Pact.ends_on, Pact.id) < tuple_(func.coalesce(_LAST_DAY, _TODAY, type_=Date), _BEFORE))
    .where(Pact.state == State.SIGNED.value, Pact.ends_on < _TODAY)
    .order_by(Pact.ends_on.desc(), Pact.id.desc())
)


def _with(
    chosen: tuple[bool, ...], rows: int, cards: Select[*tuple[Any, ...]] = _BY_NUMBER
) -> Select[*tuple[Any, ...]]:
    # A literal LIMIT: with a bound one PostgreSQL would plan the same list anew at every call.
    found: Select[*tuple[Any, ...]] = cards.limit(literal_column(str(rows), Integer))
    for name, is_chosen in zip(FILTERS, chosen, strict=True):
        if is_chosen:
            found = found.where(getattr(Pact, name) == bindparam(name, type_=String))
    return found


# "Any or this one" in a single statement would keep the database from using an index for "this one".
_PAGES = {chosen: _with(chosen, PAGE + 1) for chosen in product((False, True), repeat=len(FILTERS))}
_IS_SEALED = has_paper()
# Signed and neither in force nor ended: few at any time, found by their own two indexes.
_FEW = union_all(select(_begins.id).where(_begins.starts_on > _TODAY), select(_waits.id).where(IS_UNSEALED))
_SIGNED = _BY_NUMBER.where(Pact.state == State.SIGNED.value, Pact.ends_on >= _TODAY)
# What the calendar did is derived: of the signed ones, which are in force, which ended, which neither.
DERIVED = {
    "in_force": _SIGNED.where(Pact.starts_on <= _TODAY, _IS_SEALED),
    "ended": _BY_LAST_DAY,
    "signed": _SIGNED.where(Pact.id.in_(_FEW), (Pact.starts_on > _TODAY) | ~_IS_SEALED),
}
_DERIVED_PAGES = {
    (name, *chosen): _with((*chosen, False), PAGE + 1, cards)
    for name, cards in DERIVED.items()
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
