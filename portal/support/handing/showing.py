"""Promised support as both sides see it: what is due, how late it is, what arrived, what was said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal import clock, db
from portal.city import Giving
from portal.support import lateness as rules
from portal.support import valuing
from portal.support.checks.queries import rules_of
from portal.support.handing import queries
from portal.support.handing.said import GROUNDS
from portal.support.lateness import Due, Promise
from portal.support.lifecycle import State
from portal.support.models import Allocation, Delivery
from portal.support.models.handing import GivenBack, Particulars, PlannedPart, Reception
from portal.support.subjects import is_track
from portal.support.valuing import Valued
from portal.words import W

RUNNING = frozenset({State.COMMITTED.value, State.DELIVERED.value})


@dataclass(frozen=True, slots=True)
class Part:
    """One delivery with what belongs to it and what the group said."""

    delivery: Delivery
    more: Particulars | None
    said: Reception | None
    is_silent_yes: bool
    # Of a track: entered among the steps of one of its groups, which no group of a pact confirms.
    is_of_track: bool = False

    @property
    def waits(self) -> bool:
        """Say whether the group can still say what arrived."""
        return self.said is None

    @property
    def words(self) -> W:
        """Return how the group took it."""
        if self.is_of_track:
            return W("Entered among the steps of a group")
        if self.said is None:
            return (
                W("Accepted: nobody objected in time")
                if self.is_silent_yes
                else W("Not yet confirmed by the group")
            )
        return W("Confirmed by the group") if self.said.verdict == "accepted" else GROUNDS[self.said.ground]

    @property
    def tone(self) -> str:
        """Return the tone of its tag."""
        if self.is_of_track:
            return "green"
        if self.said is None:
            return "green" if self.is_silent_yes else ""
        return "green" if self.said.verdict == "accepted" else "ochre"

    @property
    def out(self) -> int:
        """Return how much of it is still out on loan."""
        return self.more.lent - self.more.back if self.more is not None else 0


@dataclass(frozen=True, slots=True)
class Given:
    """One row of support on its way from the promise to the settlement."""

    row: Allocation
    plan: list[Due]
    is_planned: bool
    late_days: int
    next: Due | None
    parts: list[Part]
    back: list[GivenBack]

    @property
    def valued(self) -> Valued | None:
        """Return how its worth was found."""
        return valuing.read(self.row.valued_by)


def giving_of(row: Allocation) -> Giving | None:
    """Return what the rules of the pact say about days and silence, or None where they are not known."""
    profile = rules_of(row)
    return profile.giving if profile is not None else None


def shown(rows: Sequence[Allocation], plans: Iterable[PlannedPart] | None = None) -> list[Given]:
    """Return the rows with all that belongs to them; of `plans` where they came along with the rows."""
    ids = [row.id for row in rows]
    session = db.session()
    planned = list(session.scalars(queries.planned(*ids)) if plans is None else plans)
    parts = session.execute(queries.deliveries(ids)).all()
    back = list(session.scalars(queries.given_back(ids)))
    today = clock.today()
    return [
        _given(
            row,
            [Due(one.due_on, one.amount) for one in planned if one.allocation_id == row.id],
            [part_of(row, one, today) for one in parts if one.Delivery.allocation_id == row.id],
            [one for one in back if one.allocation_id == row.id],
        )
        for row in rows
    ]


def _given(row: Allocation, planned: list[Due], parts: list[Part], back: list[GivenBack]) -> Given:
    plan = plan_for(row, planned)
    is_running = row.state in RUNNING
    # While the pact is suspended nobody is late.
    counts = is_running and row.suspended_on is None
    late = rules.days_late(plan, row.delivered, clock.today()) if counts else 0
    following = rules.next_due(plan, row.delivered) if is_running else None
    return Given(row, plan, bool(planned), late, following, parts, back)


def plan_for(row: Allocation, planned: Iterable[Due]) -> list[Due]:
    """Return what is due when for an allocation: its planned parts, else the whole on one day."""
    return rules.plan_of(promise_of(row), planned, usual_days(row))


def promise_of(row: Allocation) -> Promise:
    """Return what decides when an allocation is due."""
    return Promise(row.kind, row.amount, row.starts_on, row.ends_on, row.due_on)


def usual_days(row: Allocation) -> int:
    """Return within how many days of its beginning the rules of the pact let support be given."""
    giving = giving_of(row)
    return giving.due_days if giving else rules.USUAL_DAYS


def part_of(row: Allocation, found: Any, today: date) -> Part:
    """Return one delivery of a row as both sides see it."""
    delivery, more, said = found
    giving = giving_of(row)
    silent = giving is not None and rules.is_silent_yes(
        clock.local(delivery.entered_at).date(),
        today,
        days=giving.accept_days,
        silence_accepts=giving.silence_accepts,
    )
    return Part(delivery, more, said, silent, is_of_track=is_track(row.subject))
