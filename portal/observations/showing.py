"""What the pages show of a period and of an observation, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from portal import clock, db
from portal.observations import phases, queries
from portal.observations.lifecycle import State
from portal.observations.phases import Phase
from portal.observations.shapes import (
    ANSWER_TONES,
    ANSWERS,
    KIND_TONES,
    KIND_WORDS,
    REASONS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

_MOST = 2**31 - 1


class Dated(Protocol):
    """Whatever has the two instants of a period."""

    opens_at: Any
    closes_at: Any
    extended_why: Any


@dataclass(frozen=True, slots=True)
class Counter:
    """The public counter of a period: its phase, the day, how many, and its first and last day."""

    phase: str
    day: int
    days: int
    first: date
    last: date
    # Why it lasts longer than was published first; "" where it does not.
    extended_why: str = ""

    @property
    def is_open(self) -> bool:
        """Say whether an observation has formal effect now."""
        return self.phase == Phase.OPEN


def counter(period: Dated | None) -> Counter | None:
    """Return the counter of a period as it stands now; None where there is no period."""
    if period is None or period.opens_at is None:
        return None
    counted = phases.count(period.opens_at, period.closes_at, clock.now(), clock.zone())
    phase = phases.phase(period.opens_at, period.closes_at, clock.now())
    first = clock.local(period.opens_at).date()
    return Counter(phase.value, counted.day, counted.days, first, counted.last, period.extended_why)


def row(found: Any) -> dict[str, Any]:
    """Return a public row for the templates, without anything that is not public."""
    return {
        **{column.key: getattr(found, column.key) for column in queries.PUBLIC_COLUMNS},
        "kind_words": str(KIND_WORDS[found.kind]),
        "kind_tone": KIND_TONES[found.kind],
        "answer_words": str(ANSWERS[found.answer]) if found.answer else "",
        "answer_tone": ANSWER_TONES.get(found.answer, ""),
        "is_formal": found.period_id is not None,
        "is_shown": found.state == State.PUBLISHED,
        "is_hidden": found.state in queries.HIDDEN,
        "hidden_words": str(REASONS[found.hidden_for]) if found.hidden_for in REASONS else "",
        "lines": [line for line in found.text.split("\n") if line.strip()],
        "answer_lines": [line for line in found.answer_text.split("\n") if line.strip()],
        "due_on": last_day(found.answer_due_at),
    }


def last_day(instant: datetime) -> date:
    """Return the last whole day before an instant at midnight of the city."""
    return clock.local(instant).date() - phases.ONE_DAY


@dataclass(frozen=True, slots=True)
class Overview:
    """All that a public page shows of observations and endorsements."""

    period: Dated | None
    counter: Counter | None
    shown_count: int
    hidden_count: int
    endorsements: int
    endorsed_by_me: bool
    rows: list[dict[str, Any]]


def overview(key: str, other_key: str = "", *, person_id: int | None = None) -> Overview:
    """Return the overview of a subject and of what it came from, by one question."""
    return overview_of(spoken(key, other_key, person_id=person_id))


def spoken(key: str, other_key: str = "", *, person_id: int | None = None) -> Sequence[Any]:
    """Return the rows that an overview is made of."""
    wanted = {"key": key, "other_key": other_key or key, "person": person_id or 0}
    return db.rows(queries.OVERVIEW, wanted)


def overview_of(found: Sequence[Any]) -> Overview:
    """Return the overview that these rows make."""
    first = found[0]
    return Overview(
        first if first.opens_at is not None else None,
        counter(first),
        first.shown_count,
        first.hidden_count,
        first.endorsements,
        bool(first.endorsed_by_me),
        [row(one) for one in found if one.id is not None],
    )


def number_in(text: str) -> int:
    """Return the number in an address; 0 where it is none, and never one too large for the database."""
    return (
        min(int(text), _MOST) if text.isascii() and text.isdigit() and len(text) < len(str(_MOST)) + 1 else 0
    )
