"""Money of the demonstration that is paid in parts: advances, receipts, second parts, a failed account."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image, ImageDraw
from sqlalchemy import select

from portal import clock, db
from portal.pacts.models import Pact
from portal.support.payments import actions, queries, target_days
from portal.support.payments.actions import Cost, Judged
from portal.support.payments.conditions import Part, Planned
from portal.support.payments.models import Payee
from seeds.demo import groups
from seeds.demo.cast import SIGNATORY, TREASURER, actor
from seeds.demo.story import EURO, GIULIA, MARCO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from portal.documents.store import Store
    from portal.support.payments.models import CostStatement, PaymentPlan

ACCOUNT, OTHER = "IT60X0542811101000000123456", "DE89370400440532013000"
SHOPS = ("Vivaio del Reno", "Ferramenta Due Torri", "Assicurazioni Galvani")
DAYS_OF_THE_BANK = 5
KINDS = ("consumables", "materials", "insurance")


class Paid(NamedTuple):
    """One pact whose money is paid in parts: its title, who speaks for it, the day on which that begins."""

    title: str
    holder: str
    begins: int
    goes: str


PAID = (
    Paid("Giardino Scipione, curato da chi ci abita", groups.ORTO.holder, -220, "settled"),
    Paid("Casa dei Mulini, la casa di tutto il rione", groups.MULINI.holder, -200, "waiting"),
    Paid("Ex officina di via dell'Ortolano", groups.SALICE.holder, -120, "rejected"),
)
TITLES = frozenset(one.title for one in PAID)


def tell_paying(store: Store, titles: Iterable[str]) -> Iterator[Iterator[int]]:
    """Yield the life of each pact that is paid in parts, where its story is told."""
    told = set(titles)
    yield from (_tell(one, store) for one in PAID if one.title in told)


def _tell(paid: Paid, store: Store) -> Iterator[int]:
    yield paid.begins
    _plan(paid)
    yield from _pay(paid, 1, paid.begins + 2, "AC04" if paid.goes == "rejected" else "")
    if paid.goes == "settled":
        yield from _settle(paid, store)
    if paid.goes == "waiting":
        yield -3
        _spend(paid, store, 2)


def _settle(paid: Paid, store: Store) -> Iterator[int]:
    yield paid.begins + 90
    statement = _spend(paid, store, 3)
    yield paid.begins + 96
    _approve(paid, statement.id)
    yield from _pay(paid, 2, paid.begins + 100)


def _plan_of(paid: Paid) -> PaymentPlan:
    code = db.session().scalars(select(Pact.code).where(Pact.title == paid.title)).one()
    return db.session().scalars(queries.plans_of(f"pact:{code}")).unique().one()


def _plan(paid: Paid) -> None:
    code = db.session().scalars(select(Pact.code).where(Pact.title == paid.title)).one()
    allocation = db.session().scalars(queries.money_of(f"pact:{code}")).first()
    assert allocation is not None  # noqa: S101 - each of these stories asks for money
    half = allocation.amount // 2
    parts = [Planned(Part.ADVANCE, half, clock.today()), Planned(Part.INSTALMENT, allocation.amount - half)]
    treasurer, holder = actor(TREASURER, is_fresh=True), actor(paid.holder, is_fresh=True)
    plan = actions.plan_payments(allocation, parts, by=treasurer)
    account = OTHER if paid.goes == "waiting" else ACCOUNT
    payee = actions.enter_account(plan, groups.NAMES[paid.holder], account, account, by=holder)
    actions.confirm_account(db.session().get_one(Payee, payee.id), account[-6:], by=treasurer)


def _pay(paid: Paid, number: int, day: int, code: str = "") -> Iterator[int]:
    """Prepare and release on one day; some days later the bank answers, and with a code it says no."""
    yield day
    parts = [one for one in _plan_of(paid).tranches if one.number == number]
    treasurer, on = actor(TREASURER), target_days.next_open(clock.today())
    batch = actions.prepare_batch(parts, on, by=treasurer)
    held = db.session().scalars(queries.batch(batch.id)).unique().one()
    actions.release_batch(held, by=actor(SIGNATORY, is_fresh=True))
    (number,) = (one.id for one in held.payments)
    yield day + DAYS_OF_THE_BANK
    payment = db.session().scalars(queries.payment(number)).one()
    reference = f"CRO {batch.id:08}"
    if code:
        actions.enter_rejected(payment, code, clock.today(), reference, by=treasurer)
    else:
        actions.enter_paid(payment, clock.today(), reference, by=treasurer)


def _spend(paid: Paid, store: Store, receipts: int) -> CostStatement:
    plan, holder = _plan_of(paid), actor(paid.holder)
    statement = actions.begin_statement(plan, by=holder)
    each = plan.amount * 9 // 10 // receipts // EURO * EURO
    for number in range(receipts):
        held = db.session().scalars(queries.statement(plan.subject, statement.id)).one()
        shop, serial = SHOPS[number], f"{plan.id}/{number + 1}"
        cost = Cost(
            clock.today(),
            KINDS[number],
            "Per le attività del patto",
            shop,
            serial,
            each,
            _drawn(shop, serial),
        )
        actions.add_cost(held, cost, store=store, by=holder)
    held = db.session().scalars(queries.statement(plan.subject, statement.id)).one()
    actions.send_costs(held, by=holder)
    return held


def _drawn(shop: str, serial: str) -> bytes:
    picture, file = Image.new("RGB", (360, 240), "white"), io.BytesIO()
    ImageDraw.Draw(picture).text((20, 20), f"{shop}\nRicevuta n. {serial}\nEsempio", fill="black")
    picture.save(file, "PNG")
    return file.getvalue()


def _approve(paid: Paid, number: int) -> None:
    subject = _plan_of(paid).subject
    held = db.session().scalars(queries.statement(subject, number)).one()
    judged = {line.id: Judged(line.amount) for line in held.lines}
    actions.check_costs(held, judged, by=actor(GIULIA))
    if held.needs_two:
        held = db.session().scalars(queries.statement(subject, number)).one()
        actions.approve_costs(held, by=actor(MARCO, is_fresh=True))
