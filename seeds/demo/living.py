"""How a signed pact of the demonstration lives: support arrives, fences are measured, it pauses or ends."""

from __future__ import annotations

from functools import partial
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from portal import clock, db
from portal.fences import actions as fences
from portal.fences import queries as fence_queries
from portal.pacts import actions as pacts
from portal.support import actions as support
from portal.support import queries as support_queries
from portal.support.actions.particulars import Also
from seeds.demo import giving
from seeds.demo.advising import HELPED, advise
from seeds.demo.booking import book
from seeds.demo.cast import SIGNATORY, SYSTEMS, TREASURER, actor
from seeds.demo.finding import days_from_today, pact_of
from seeds.demo.paying import TITLES
from seeds.demo.reporting import reports
from seeds.demo.serving import serve
from seeds.demo.story import Story, Upto

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from portal.fences.models import Fence
    from portal.pacts.models import Pact

REGULATION = "Regolamento 2023"
ENDINGS = {
    Upto.SUSPENDED: pacts.suspend,
    Upto.CONCLUDED: pacts.conclude,
    Upto.TERMINATED: pacts.terminate,
}
# What is usually measured where a fence holds, from and to; in the unit's smallest step.
USUAL = {
    "open_hours": (27, 44),
    "no_exclusive_use": (3, 14),
    "reinvestment_share": (60, 85),
    "fee_cap": (0, 8),
    "transparency": (15, 45),
    "open_door": (3, 20),
    "step_in": (5, 20),
    "distribution_limit": (0, 2),
}
YES = (1, 1)
# (how often measured, days from the newest measure to the end, days between two measures) by frequency.
TURNS = {"month": (3, 5, 30), "quarter": (2, 10, 85), "year": (1, 30, 300)}
Step = tuple[int, "Callable[[], None]"]


class Life(NamedTuple):
    """A pact's days counted from the day of seeding: its first, and the last on which something happens."""

    code: str
    begins: int
    until: int


def live(story: Story, code: str) -> Iterator[int]:
    """Yield the days of a signed pact's life."""
    if story.upto < Upto.RUNNING:
        return
    pact = pact_of(code)
    life = _life_of(story, pact)
    steps = [*_deliveries(story, life), *_measures(story, life, pact), *reports(story, pact)]
    steps += serve(story, code, life.begins, life.until)
    steps += book(story, life)
    steps += advise(story, code, life.begins, life.until)
    if story.upto in ENDINGS:
        steps.append((story.ended, partial(_end, story, code)))
    for day, step in sorted(steps, key=lambda one: one[0]):
        yield day
        step()


def _life_of(story: Story, pact: Pact) -> Life:
    assert pact.starts_on is not None  # noqa: S101 - a signed pact has its days
    assert pact.ends_on is not None  # noqa: S101
    last = min(story.ended if story.upto in ENDINGS else 0, days_from_today(pact.ends_on))
    return Life(pact.code, days_from_today(pact.starts_on), last)


def _end(story: Story, code: str) -> None:
    ENDINGS[story.upto](pact_of(code), story.why_ended, REGULATION, by=actor(SIGNATORY))


def _deliveries(story: Story, life: Life) -> Iterator[Step]:
    """Give the first half early and the rest after some months; less where the story says so."""
    if story.what.title in giving.TITLES:
        yield from giving.steps(story, life)
        return
    first = min(story.delivered, 50)
    if first:
        yield life.begins + 10, partial(_deliver, life.code, first)
    if story.delivered > first and life.begins + 150 < life.until:
        yield life.begins + 150, partial(_deliver, life.code, story.delivered)


def _deliver(code: str, percent: int) -> None:
    for row in db.session().scalars(support_queries.current(f"pact:{code}")).all():
        if row.is_paid_by_plan or (row.kind == "funding" and row.title in TITLES):
            continue  # paid in parts, as the bank says: see paying.py
        if row.kind == "legal" and row.title in HELPED:
            continue  # given by the hour, once the group has confirmed it: see advising.py
        part = max(1, row.amount * percent // 100) - row.delivered
        if part > 0:
            by = actor(SYSTEMS if row.kind == "server" else TREASURER)
            # A fee that is not asked needs the rule that allows it.
            also = Also(legal_basis="Regolamento del canone unico") if row.kind == "waivers" else None
            support.deliver(row, part, clock.today(), "Mandato e ricevuta agli atti", by=by, also=also)


def _measures(story: Story, life: Life, pact: Pact) -> Iterator[Step]:
    for fence in db.session().scalars(fence_queries.of_subject(pact.key)).all():
        times, since, apart = TURNS[fence.frequency]
        values = story.measures.get(fence.catalogue, _usual(story, fence, times))
        # Two fences are not measured on one day, and not all pacts on the same.
        newest = life.until - since - len(story.what.title) % 9 - fence.id % 3
        for turn, value in enumerate(reversed(values)):
            day = newest - turn * apart
            if day > life.begins + 4:
                yield day, partial(_measure, story, life.code, fence.row_key, value)


def _usual(story: Story, fence: Fence, times: int) -> tuple[int, ...]:
    chance = Random(f"{story.what.title} {fence.catalogue}")
    return tuple(chance.randint(*USUAL.get(fence.catalogue, YES)) for _ in range(times))


def _measure(story: Story, code: str, row_key: str, value: int) -> None:
    pact = pact_of(code)
    fence = db.session().scalars(fence_queries.one(pact.key, row_key)).one()
    evidence = "Registro del gruppo, visto dall'ufficio"
    fences.measure(fence, value, clock.today(), evidence, pact, by=actor(story.by.holder))
