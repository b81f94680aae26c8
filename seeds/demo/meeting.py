"""The two sides of the demonstration meet: one meeting with its minutes, and one that is still to come."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from portal import clock, db
from portal.pacts.meetings import actions, queries
from portal.pacts.meetings.actions import Minutes, Plan
from seeds.demo.cast import actor
from seeds.demo.finding import day_of_seeding, pact_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.pacts.meetings.models import Meeting
    from seeds.demo.story import Story

BEGINS, ENDS = time(17, 30), time(19)
PLACE = "Casa di quartiere Il Gufo, sala al primo piano"
SAID = (
    "Si è letto il testo clausola per clausola.\n"
    "Sul governo insieme il gruppo propone parole sue, con un voto per ogni persona che ha donato.\n"
    "La città controlla che cosa chiede l'assicurazione."
)
NEXT_CALLED, NEXT = -2, 5


def meet(story: Story, code: str) -> Iterator[int]:
    """Yield the days of two meetings about a text that is being written."""
    officer, holder = actor(story.officer), actor(story.by.holder)
    yield story.sent + 21
    first = Plan(
        "Prima lettura del testo", *_evening(story.sent + 24), PLACE, "Governo insieme, assicurazione"
    )
    actions.call(pact_of(code), first, by=officer)
    yield story.sent + 22
    actions.answer(_meeting(code, 1), is_coming=True, pact=pact_of(code), by=holder)
    yield story.sent + 25
    present = (("community", "Tre persone del gruppo"), ("city", "Chi segue la pratica"))
    minutes = Minutes(SAID, present, ("governance", "insurance"))
    actions.write_minutes(_meeting(code, 1), minutes, pact=pact_of(code), by=officer)
    yield story.sent + 27
    actions.confirm_minutes(_meeting(code, 1), pact=pact_of(code), by=holder)
    yield NEXT_CALLED
    actions.call(pact_of(code), Plan("Seconda lettura", *_evening(NEXT), PLACE), by=holder)


def _meeting(code: str, number: int) -> Meeting:
    return db.session().scalars(queries.one(pact_of(code).id, number)).one()


def _evening(day: int) -> tuple[datetime, datetime]:
    on = day_of_seeding() + timedelta(days=day)
    begins, ends = (
        datetime.combine(on, hour, tzinfo=clock.zone()).astimezone(UTC) for hour in (BEGINS, ENDS)
    )
    return begins, ends
