"""Support of the demonstration that does not go smoothly: in parts and late, objected to, returned, lent."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol

from portal import clock, db
from portal.support import actions as support
from portal.support import queries as support_queries
from portal.support.actions.particulars import Also
from portal.support.handing import actions
from portal.support.handing.actions import Back
from portal.support.lateness import Due
from portal.support.models import Allocation, Delivery
from seeds.demo.cast import LEGAL, TREASURER, actor
from seeds.demo.finding import day_of_seeding
from seeds.demo.story import EURO, Story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

IN_PARTS = "Parco giochi della Civetta"
SETTLED = "Sponda del canale, pulita e fiorita"
LENT = "Biblioteca del cortile"
REFUSED = "Portico dei libri"
TITLES = frozenset({IN_PARTS, SETTLED, LENT})
# The last part was promised for this day, and has not come; what is lent is due back on that one.
PROMISED_FOR, DUE_BACK = -12, 6
PAPERS = "Mandato e ricevuta agli atti"
Step = tuple[int, "Callable[[], None]"]


class Days(Protocol):
    """The pact and its first day, counted from the day of seeding."""

    @property
    def code(self) -> str: ...
    @property
    def begins(self) -> int: ...


def steps(story: Story, life: Days) -> Iterator[Step]:
    """Yield what happens to the support of one of these stories, day by day."""
    told = {IN_PARTS: _in_parts, SETTLED: _settled, LENT: _lent}[story.what.title]
    return told(story, life)


def _in_parts(story: Story, life: Days) -> Iterator[Step]:
    """Three parts with their days: one is confirmed, one is objected to and answered, one is late."""
    first, second, by = life.begins + 20, life.begins + 90, story.by.holder
    yield life.begins + 3, partial(_plan, life.code, first, second)
    yield first - 2, partial(_give, life.code, 400 * EURO)
    yield first + 4, partial(_accept, life.code, by)
    yield second, partial(_give, life.code, 400 * EURO)
    yield second + 5, partial(_object, life.code, by)
    yield second + 9, partial(_answer, life.code)


def _settled(story: Story, life: Days) -> Iterator[Step]:
    """All of it arrives, some comes back, and the rest is settled."""
    yield life.begins + 15, partial(_give, life.code, 0)
    yield life.begins + 18, partial(_accept, life.code, story.by.holder)
    yield life.begins + 150, partial(_return, life.code, 120 * EURO)
    yield life.begins + 160, partial(_close, life.code)


def _lent(story: Story, life: Days) -> Iterator[Step]:
    """Half of the money arrives, and the tools of the city are lent for some days."""
    yield life.begins + 10, partial(_give, life.code, story.asks["funding"].amount // 2)
    yield -20, partial(_lend, life.code)
    yield -18, partial(_accept, life.code, story.by.holder, "materials")


def refuse(code: str) -> None:
    """Refuse the money that a text asks for; what else it asks for waits for a second person."""
    why = "Sedute e lampade sono già nel cantiere del portico: qui si pagherebbero due volte."
    actions.refuse(_row(code), why, by=actor(LEGAL))


def _row(code: str, kind: str = "funding") -> Allocation:
    rows = db.session().scalars(support_queries.current(f"pact:{code}")).all()
    return next(row for row in rows if row.kind == kind)


def _last(row: Allocation) -> Delivery:
    return row.deliveries[-1]


def _plan(code: str, first: int, second: int) -> None:
    row = _row(code)
    parts = [(first, 400 * EURO), (second, 400 * EURO), (PROMISED_FOR, row.amount - 800 * EURO)]
    days = [Due(day_of_seeding() + timedelta(days=day), amount) for day, amount in parts]
    actions.plan(row, days, by=actor(TREASURER))


def _give(code: str, amount: int) -> None:
    row = _row(code)
    support.deliver(row, amount or row.rest, clock.today(), PAPERS, by=actor(TREASURER))


def _accept(code: str, by: str, kind: str = "funding") -> None:
    row = _row(code, kind)
    actions.accept(row, _last(row), by=actor(by))


def _object(code: str, by: str) -> None:
    row = _row(code)
    why = "Sono arrivati 350 euro: ne mancano 50."
    actions.object_to(row, _last(row), "partly", why, by=actor(by))


def _answer(code: str) -> None:
    row = _row(code)
    words = "La banca ha trattenuto 50 euro per errore: arrivano con la prossima parte."
    actions.answer(row, _last(row).id, words, by=actor(TREASURER))


def _return(code: str, amount: int) -> None:
    back = Back(amount, clock.today(), "Le piante sono costate meno del previsto")
    actions.give_back(_row(code), back, by=actor(TREASURER))


def _close(code: str) -> None:
    why = "Tutto è arrivato e rendicontato; 120 euro non spesi sono tornati al fondo."
    actions.close(_row(code), why, by=actor(TREASURER))


def _lend(code: str) -> None:
    row = _row(code, "materials")
    also = Also(condition="Usati, in ordine", due_back_on=day_of_seeding() + timedelta(days=DUE_BACK))
    support.deliver(row, row.amount, clock.today(), "Verbale di consegna", by=actor(TREASURER), also=also)
