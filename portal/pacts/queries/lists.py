"""The public list of pacts: one statement for each choice of filters, each with its own index."""

from __future__ import annotations

from itertools import product
from typing import Any

from sqlalchemy import Integer, Select, String, bindparam, literal_column, select

from portal.pacts.models import Pact
from portal.pacts.queries.pacts import has_paper

FILTERS = ("kind", "district", "state")
# The first page begins above every number a row can have.
NO_BOUND = 2**31 - 1
PAGE, FEW = 20, 4

_CARD = (
    select(
        Pact.id,
        Pact.code,
        Pact.number,
        Pact.state,
        Pact.kind,
        Pact.pact_class,
        Pact.title,
        Pact.summary,
        Pact.district,
        Pact.starts_on,
        Pact.ends_on,
        Pact.opened_at,
        Pact.signed_at,
        has_paper().label("has_paper"),
    )
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
# The newest few, for the home page; parameter: before.
NEWEST = _with((False, False, False), FEW)


def listed(*, kind: str = "", district: str = "", state: str = "") -> Select[*tuple[Any, ...]]:
    """Select a page of the public list and one row more, the newest first; "" takes all.

    Parameters of the statement: what is chosen here, and `before`, the id below which the page begins.
    """
    return _PAGES[bool(kind), bool(district), bool(state)]
