"""Money that people raise in the demonstration: pledges to projects, and a surplus that came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import clock, db
from portal.organisations.models import Organisation
from portal.people.models import Person
from portal.proposals.matching import actions as matching
from portal.proposals.matching import queries
from portal.proposals.matching.actions import Seen
from portal.proposals.matching.rows import BY_PLATFORM, Row
from portal.proposals.models import Pledge
from portal.support.surplus import actions as surplus
from portal.support.surplus.actions import Paid, Statement
from seeds.demo.calling import STREETS, call_named
from seeds.demo.cast import TREASURER, actor
from seeds.demo.finding import proposal_of
from seeds.demo.groups import BRUNO, RUOTA
from seeds.demo.story import EURO

if TYPE_CHECKING:
    from collections.abc import Iterator

# What each project was pledged, in the order in which they were sent: by whom, how much.
PLEDGES = (
    (("Ciclisti di Zamboni", 450), ("", 120), ("Libreria all'angolo", 300), ("", 35)),
    (("", 150), ("Scuola Rossi, quinta B", 90)),
    (("Condominio Larga 12", 260), ("", 40), ("Bar della fermata", 100)),
)
SURPLUS_ON, ARRIVES_ON = -215, -208


def tell_raising() -> tuple[Iterator[int], ...]:
    """Return the lives of the money; each yields the day of a step before it is done."""
    return (_pledges(), _surplus())


def _pledges() -> Iterator[int]:
    yield -2
    entered = [(code, _enter(code, rows)) for code, rows in zip(_projects(), PLEDGES, strict=False)]
    yield -1
    for code, pledges in entered:
        # The newest has not been looked at yet.
        checks = [(one, one.amount_cents) for one in pledges[:-1]]
        seen = Seen(clock.today(), "Estratto conto, foglio 7")
        matching.confirm(proposal_of(code), checks, seen, by=actor(TREASURER))


def _projects() -> list[str]:
    call = call_named(STREETS)
    assert call is not None  # noqa: S101 - told before
    return [one.code for one in db.session().execute(queries.projects(call))]


def _enter(code: str, rows: tuple[tuple[str, int], ...]) -> list[Pledge]:
    proposal = proposal_of(code)
    holder = db.session().get_one(Person, proposal.person_id)
    found = [
        Row(clock.today(), euro * EURO, f"R-{n}", name=name, is_named=bool(name), source=BY_PLATFORM)
        for n, (name, euro) in enumerate(rows, start=1)
    ]
    return matching.enter(proposal, found, by=actor(holder.email))


def _surplus() -> Iterator[int]:
    yield SURPLUS_ON
    group = (
        db.session().scalars(select(Organisation).where(Organisation.name == RUOTA.group.group_name)).one()
    )
    said = Statement(
        clock.today().year - 1,
        24_000 * EURO,
        12_000 * EURO,
        "Bilancio approvato dall'assemblea dei soci",
        "Statuto, art. 21: metà dell'avanzo al fondo dei beni comuni",
    )
    declared = surplus.declare(group, said, by=actor(BRUNO))
    yield ARRIVES_ON
    paid = Paid(9_000 * EURO, clock.today(), "CRO 0214 7781 0093")
    surplus.arrive(declared, paid, by=actor(TREASURER), fund_name="Fondo dei beni comuni")
