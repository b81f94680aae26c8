"""The desk as pages of rows: each sort and filter over its own index, by keyset, never by counting on."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from portal.pacts.models import Absence, DeskCalendar, DeskCase, DeskView
from portal.people.models import Grant, Person
from portal.people.queries import valid
from portal.policy import CASE_STAFF

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from portal.pacts.desk.chosen import Chosen

PAGE, ON_BOARD = 25, 10
WEEK, STRIP = timedelta(days=7), timedelta(days=60)
_owner = aliased(Person)
COLUMNS = (DeskCase, _owner.name.label("owner_name"))

# Each order with the direction in which its pages go on.
ORDERS: dict[str, tuple[ColumnElement[Any], bool]] = {
    "due": (DeskCase.sort_on.expression, False),
    "newest": (DeskCase.since.expression, True),
    "title": (DeskCase.words.expression, False),
}


def page(chosen: Chosen, viewer: Viewer, on: date) -> Select[*tuple[Any, ...]]:
    """Select one page of rows and one row more, so that it is known whether others follow."""
    found = _ordered(_rows(chosen, viewer, on), chosen)
    # A literal LIMIT: with a bound one PostgreSQL would plan the same list anew at every call.
    return found.limit(literal_column(str(PAGE + 1), Integer))


def every(chosen: Chosen, viewer: Viewer, on: date) -> Select[*tuple[Any, ...]]:
    """Select all rows of a view, for its table as a file."""
    return _ordered(_rows(chosen, viewer, on), chosen)


def _rows(chosen: Chosen, viewer: Viewer, on: date) -> Select[*tuple[Any, ...]]:
    found: Select[*tuple[Any, ...]] = select(*COLUMNS).outerjoin(_owner, _owner.id == DeskCase.owner_id)
    return found.where(*conditions(chosen, viewer, on))


def _ordered(found: Select[*tuple[Any, ...]], chosen: Chosen) -> Select[*tuple[Any, ...]]:
    column, falls = ORDERS[chosen.sort]
    if chosen.after is not None:
        place = tuple_(column, DeskCase.proposal_id)
        value, number = chosen.after
        last = tuple_(literal(value, column.type), literal(number, DeskCase.proposal_id.type))
        found = found.where(place < last if falls else place > last)
    keys = (column, DeskCase.proposal_id.expression)
    return found.order_by(*(key.desc() if falls else key for key in keys))


class Viewer:
    """Who looks: the ids whose cases are "mine" (one's own, and those one stands in for), and who signs."""

    def __init__(self, person_id: int | None, stands_in_for: Collection[int] = (), *, signs: bool) -> None:
        self.person_id, self.signs = person_id, signs
        self.ids = [one for one in (person_id, *stands_in_for) if one is not None]


def conditions(chosen: Chosen, viewer: Viewer, on: date) -> list[ColumnElement[bool]]:
    """Return what a row must meet to stand in this view."""
    found = [_OF_WHO[chosen.who](viewer)] if chosen.who else []
    if chosen.due:
        found.append(_IN_TIME[chosen.due](on))
    if chosen.on is not None:
        found.append(DeskCase.due_on == chosen.on)
    if chosen.q:
        found.append(DeskCase.words.contains(chosen.q, autoescape=True))
    for name in ("step", "kind", "district", "office", "waits"):
        value = getattr(chosen, name)
        if value:
            found.append(getattr(DeskCase, "waits_on" if name == "waits" else name) == value)
    return found


def _for_signature(viewer: Viewer) -> ColumnElement[bool]:
    if not viewer.signs:
        return literal_column("1", Integer) == 0
    not_assessed = or_(DeskCase.assessor_id.is_(None), DeskCase.assessor_id != viewer.person_id)
    return DeskCase.is_signature & not_assessed


_OF_WHO: dict[str, Callable[[Viewer], ColumnElement[bool]]] = {
    "mine": lambda viewer: DeskCase.owner_id.in_(viewer.ids),
    "unassigned": lambda _viewer: DeskCase.owner_id.is_(None),
    "mine_and_unassigned": lambda viewer: or_(DeskCase.owner_id.is_(None), DeskCase.owner_id.in_(viewer.ids)),
    "signature": _for_signature,
}
_IN_TIME: dict[str, Callable[[date], ColumnElement[bool]]] = {
    "overdue": lambda on: DeskCase.sort_on < on,
    "week": lambda on: DeskCase.sort_on.between(on, on + WEEK - timedelta(days=1)),
}


def counters(viewer: Viewer, on: date) -> Select[*tuple[int, ...]]:
    """Select how many rows each of the four counters leads to, and how many there are at all."""
    counted = {
        "overdue": _IN_TIME["overdue"](on),
        "week": _IN_TIME["week"](on),
        "unassigned": _OF_WHO["unassigned"](viewer),
        "signature": _for_signature(viewer),
        "mine": _OF_WHO["mine"](viewer),
    }
    sums = [
        func.coalesce(func.sum(case((is_so, 1), else_=0)), 0).label(name) for name, is_so in counted.items()
    ]
    return select(func.count().label("total"), *sums).select_from(DeskCase)


def how_many(chosen: Chosen, viewer: Viewer, on: date) -> Select[int]:
    """Select how many rows a view holds on all its pages."""
    return select(func.count()).select_from(DeskCase).where(*conditions(chosen, viewer, on))


def by_day(chosen: Chosen, viewer: Viewer, on: date) -> Select[date, int]:
    """Select how many rows of a view are due on each of the next sixty days."""
    soon = DeskCase.sort_on.between(on, on + STRIP)
    found = select(DeskCase.sort_on, func.count()).where(soon, *conditions(chosen, viewer, on))
    return found.group_by(DeskCase.sort_on).order_by(DeskCase.sort_on)


def board(chosen: Chosen, viewer: Viewer, on: date) -> Select[*tuple[Any, ...]]:
    """Select the first cards of each step, the most urgent first, with the number of all of its cards."""
    place = func.row_number().over(
        partition_by=DeskCase.step, order_by=(DeskCase.sort_on, DeskCase.proposal_id)
    )
    of_step = func.count().over(partition_by=DeskCase.step)
    ranked = (
        select(DeskCase.proposal_id, place.label("place"), of_step.label("of_step"))
        .where(*conditions(chosen, viewer, on))
        .subquery()
    )
    found: Select[*tuple[Any, ...]] = select(*COLUMNS, ranked.c.of_step)
    return (
        found.join(ranked, ranked.c.proposal_id == DeskCase.proposal_id)
        .outerjoin(_owner, _owner.id == DeskCase.owner_id)
        .where(ranked.c.place <= ON_BOARD)
        .order_by(DeskCase.step, ranked.c.place)
    )


def views_of(person_id: int | None) -> Select[DeskView]:
    """Select the views a person keeps, by name."""
    return select(DeskView).where(DeskView.person_id == person_id).order_by(DeskView.name)


def absences(on: date) -> Select[*tuple[Any, ...]]:
    """Select who is away on a day, with the names of both."""
    person, deputy = aliased(Person), aliased(Person)
    found: Select[*tuple[Any, ...]] = select(
        Absence.person_id,
        Absence.deputy_id,
        Absence.until_on,
        person.name.label("name"),
        deputy.name.label("deputy"),
    )
    return (
        found.join(person, person.id == Absence.person_id)
        .join(deputy, deputy.id == Absence.deputy_id)
        .where(Absence.from_on <= on, Absence.until_on >= on)
        .order_by(Absence.id)
    )


def calendar_owner(token_hash: str, at: datetime) -> Select[Person]:
    """Select whose calendar a secret opens; nobody's once they left the desk."""
    held = select(Grant.person_id).where(Grant.role.in_([one.value for one in CASE_STAFF]), valid(at))
    found = select(Person).join(DeskCalendar, DeskCalendar.person_id == Person.id)
    return found.where(
        DeskCalendar.token_hash == token_hash, Person.suspended_at.is_(None), Person.id.in_(held)
    )


def deadlines_of(person_id: int, on: date) -> Select[DeskCase]:
    """Select the cases with a last day that a person has, or stands in for on this day."""
    stands_in = select(Absence.person_id).where(
        Absence.deputy_id == person_id, Absence.from_on <= on, Absence.until_on >= on
    )
    is_theirs = or_(DeskCase.owner_id == person_id, DeskCase.owner_id.in_(stands_in))
    return select(DeskCase).where(is_theirs, DeskCase.due_on.is_not(None)).order_by(DeskCase.sort_on)


__all__ = [
    "COLUMNS",
    "ON_BOARD",
    "ORDERS",
    "PAGE",
    "Viewer",
    "absences",
    "board",
    "by_day",
    "calendar_owner",
    "conditions",
    "counters",
    "deadlines_of",
    "every",
    "how_many",
    "page",
    "views_of",
]
