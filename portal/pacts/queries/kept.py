"""What officials keep of the desk: who is away and who stands in, and the views somebody gave a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from portal.pacts.models import Absence, DeskView
from portal.people.models import Person

if TYPE_CHECKING:
    from datetime import date


def absences(on: date) -> Select[Any]:
    """Select (absence, name, deputy's name) of whoever is away on this day or later."""
    person, deputy = aliased(Person), aliased(Person)
    found: Any = select(Absence, person.name.label("name"), deputy.name.label("deputy"))
    found = found.join(person, person.id == Absence.person_id).join(deputy, deputy.id == Absence.deputy_id)
    wanted: Select[Any] = found.where(Absence.until_on >= on).order_by(Absence.from_on, Absence.id)
    return wanted


def absence(number: int) -> Select[Absence]:
    """Select one absence."""
    return select(Absence).where(Absence.id == number)


def own_view(number: int, person_id: int | None) -> Select[DeskView]:
    """Select a view of this person and nobody else's."""
    return select(DeskView).where(DeskView.id == number, DeskView.person_id == person_id)
