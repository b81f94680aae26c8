"""The arithmetic of pools, and the life of an allocation, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import Invalid, WrongState
from portal.support import said
from portal.support.amounts import Amount, read
from portal.support.bars import bars, unfit
from portal.support.ledger import Balance, Course, Kind, Movement, balance, course, given_cents
from portal.support.lifecycle import LIFE, State, Verb
from portal.words import in_language

TABLE = {
    Verb.PROPOSE: {"asked": "proposed"},
    Verb.SEND_BACK: {"proposed": "asked"},
    Verb.APPROVE: {"proposed": "approved"},
    Verb.COMMIT: {"approved": "committed"},
    Verb.DELIVER_PART: {"committed": "committed"},
    Verb.DELIVER_REST: {"committed": "delivered"},
    Verb.RETURN: {"committed": "committed", "delivered": "delivered"},
    Verb.CLOSE: {"committed": "closed", "delivered": "closed"},
    Verb.REFUSE: {"asked": "refused", "proposed": "refused"},
    Verb.RELEASE: {"asked": "released", "proposed": "released", "approved": "released"},
    Verb.ASK_AGAIN: {"released": "asked"},
    Verb.UNDO: {"committed": "committed", "delivered": "committed"},
}


@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize("state", State)
def test_the_life_of_an_allocation_is_this_table(verb, state):
    target = TABLE[verb].get(state.value)
    if target is None:
        with pytest.raises(WrongState):
            LIFE.after(state, verb)
    else:
        assert LIFE.after(state, verb) == target


def test_every_state_kind_and_movement_has_its_word():
    assert set(said.STATES) == set(said.STATE_TONES) == set(State)
    assert set(said.KINDS) == set(said.TONES) == set(Kind)
    assert set(said.MOVEMENTS) == set(Movement)


@dataclass
class Promise:
    amount: int
    state: str = "asked"
    delivered: int = 0


WISHES = st.lists(
    st.tuples(
        st.integers(0, 7), st.sampled_from(["approve", "release", "commit", "deliver"]), st.integers(1, 400)
    ),
    max_size=60,
)


def booked(promise: Promise, wish: str, part: int, left: int) -> tuple[str, int] | None:
    """Return the row that a wish leads to, as the verbs decide it, or None where they refuse."""
    if wish == "approve" and promise.state == "asked" and promise.amount <= left:
        promise.state = "approved"
        return "reserved", promise.amount
    if wish == "release" and promise.state == "approved":
        promise.state = "asked"
        return "released", promise.amount
    if wish == "commit" and promise.state == "approved":
        promise.state = "committed"
        return "committed", promise.amount
    if wish == "deliver" and promise.state == "committed" and promise.delivered < promise.amount:
        part = min(part, promise.amount - promise.delivered)
        promise.delivered += part
        return "delivered", part
    return None


@given(
    capacity=st.integers(1, 1000),
    amounts=st.lists(st.integers(1, 400), min_size=8, max_size=8),
    wishes=WISHES,
)
def test_whatever_is_wished_the_rows_add_up_to_the_promises(capacity, amounts, wishes):
    rows: list[tuple[str, int]] = [("opened", capacity)]
    promises = [Promise(amount) for amount in amounts]
    for which, wish, part in wishes:
        entry = booked(promises[which], wish, part, balance(rows).left)
        rows += [entry] if entry else []
        now = balance(rows)
        assert now.is_sound
        assert now == Balance(
            capacity,
            sum(one.amount for one in promises if one.state == "approved"),
            sum(one.amount for one in promises if one.state == "committed"),
            sum(one.delivered for one in promises),
        )
        told = course(rows)
        assert (told.remains, told.given) == (now.reserved + now.committed, now.delivered)


def test_what_came_back_out_of_a_closed_year_remains_no_more():
    moved = [("reserved", 9), ("committed", 9), ("promise_out", 2), ("promise_in", 2), ("delivered", 8)]
    back = [("freed", 1), ("returned", 1), ("recovered", 2), ("lost", 1)]
    told = course([*moved, *back])
    assert told == Course(promised=9, freed=1, back=3, lost=1, given=4)
    assert told.remains == 4


@given(st.integers(0, 10**12), st.integers(1, 10**6), st.data())
def test_worth_given_in_parts_never_exceeds_the_promise(value, amount, data):
    delivered = data.draw(st.integers(0, amount))
    assert 0 <= given_cents(value, delivered, amount) <= value
    assert given_cents(value, amount, amount) == value


@dataclass
class Fund:
    id: int = 1
    year: int = 2026
    kind: str = "funding"
    name: str = "Digital fund"
    unit: str = "cent"
    capacity: int = 8_000_000
    reserved: int = 100_000
    committed: int = 6_000_000
    closed_at: datetime | None = None
    head_id: int | None = None
    kept_for: str = ""


@dataclass
class Request:
    amount: int = 400_000
    state: str = "asked"
    pool_id: int | None = None
    kind: str = "funding"
    unit: str = "cent"
    starts_on: date = date(2026, 12, 1)

    @property
    def measures(self) -> dict[str, int]:
        return {self.unit: self.amount}

    @property
    def held(self) -> dict[str, int]:
        return self.measures if self.state in {"approved", "committed", "delivered"} else {}


@pytest.mark.parametrize(
    ("request_", "taken", "asked", "left"),
    [
        (Request(), 6_100_000, 400_000, 1_500_000),
        (Request(state="proposed", pool_id=1), 6_100_000, 400_000, 1_500_000),
        (Request(amount=100_000, state="approved", pool_id=1), 6_000_000, 100_000, 1_900_000),
        (Request(state="committed", pool_id=1), 5_700_000, 400_000, 1_900_000),
        (Request(state="proposed", pool_id=2), 6_100_000, 0, 1_900_000),
        (Request(state="released", pool_id=1), 6_100_000, 0, 1_900_000),
        (Request(kind="legal"), 6_100_000, 0, 1_900_000),
        (Request(amount=2_000_000), 6_100_000, 2_000_000, -100_000),
    ],
)
def test_a_bar_already_includes_this_request(request_, taken, asked, left):
    (bar,) = bars([Fund()], [request_])
    assert (bar.taken, bar.asked, bar.left) == (taken, asked, left)


def test_every_measure_of_a_server_has_its_bar():
    class Medium(Request):
        @property
        def measures(self) -> dict[str, int]:
            return {"vcpu": 4, "memory_gb": 8}

    head = Fund(kind="server", unit="vcpu", capacity=16, reserved=0, committed=2)
    memory = Fund(2, kind="server", unit="memory_gb", capacity=12, reserved=2, committed=4, head_id=1)
    asked = [Medium(kind="server"), Medium(kind="server", state="proposed", pool_id=1)]
    first, second = bars([head, memory], asked)
    assert (first.taken, first.asked, first.left, first.is_part) == (2, 8, 6, False)
    assert (second.taken, second.asked, second.left, second.is_part) == (6, 16, -10, True)


def test_a_bar_says_itself():
    (bar,) = bars([Fund()], [Request()])
    assert (
        str(bar.words)
        == "€\u00a061,000 already promised · €\u00a04,000 for this pact · €\u00a015,000 left of €\u00a080,000"
    )
    (short,) = bars([Fund()], [Request(amount=2_000_000)])
    assert (
        str(short.words)
        == "€\u00a061,000 already promised · €\u00a020,000 for this pact · €\u00a01,000 too much"
    )


@pytest.mark.parametrize(
    ("fund", "start", "today", "why"),
    [
        (Fund(), date(2026, 12, 1), date(2026, 11, 22), None),
        (
            Fund(closed_at=datetime(2026, 11, 1, tzinfo=UTC)),
            date(2026, 12, 1),
            date(2026, 11, 22),
            "Digital fund 2026 is closed. Choose another fund.",
        ),
        (Fund(year=2027), date(2027, 1, 1), date(2026, 11, 22), None),
        (Fund(year=2027), date(2026, 12, 31), date(2027, 1, 1), None),
        (
            Fund(),
            date(2026, 12, 31),
            date(2027, 1, 1),
            "Digital fund ended with the year 2026. Choose a fund of 2027.",
        ),
        (
            Fund(),
            date(2027, 1, 1),
            date(2026, 11, 22),
            "This support begins in 2027. Choose a fund of that year.",
        ),
        (
            Fund(year=2027),
            date(2026, 12, 1),
            date(2026, 11, 22),
            "This support begins in 2026. Choose a fund of that year.",
        ),
        (
            Fund(kind="legal"),
            date(2026, 12, 1),
            date(2026, 11, 22),
            "Digital fund gives something else than what is asked here. Choose a fund of the same kind.",
        ),
    ],
)
def test_a_pool_serves_its_own_kind_and_year(fund, start, today, why):
    found = unfit(fund, Request(starts_on=start), today)
    assert (str(found) if found else None) == why


@pytest.mark.parametrize(
    ("amount", "en", "it"),
    [
        (Amount(400_000, "cent"), "€ 4,000", "€ 4.000"),
        (Amount(2, "vcpu"), "2 vCPU", "2 vCPU"),
        (Amount(1_420, "hour"), "1,420 h", "1.420 h"),
    ],
)
def test_an_amount_is_said_with_its_unit_in_the_readers_language(amount, en, it):
    assert str(amount).replace("\u00a0", " ") == en
    with in_language("it"):
        assert str(amount).replace("\u00a0", " ") == it


BAD = [
    "",
    " ",
    "Infinity",
    "NaN",
    "1e400",
    "0.001",
    "0,001",
    "٣",
    "１２",
    "-1",
    "-0",
    "0",
    "000",
    "1_000",
    "0x10",
    "1 2 3",
    "€",
]


@pytest.mark.parametrize("unit", ["cent", "vcpu", "hour"])
@pytest.mark.parametrize("typed", [*BAD, "9" * 40])
def test_what_is_no_amount_is_refused(typed, unit):
    with pytest.raises(Invalid) as refused:
        read(typed, unit)
    assert refused.value.field == "amount"


@pytest.mark.parametrize(
    ("typed", "unit", "found"),
    [
        ("4,000", "cent", 400_000),
        ("€ 0.50", "cent", 50),
        ("1.200,50", "cent", 120_050),
        (" 12 ", "hour", 12),
        ("2", "vcpu", 2),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed, unit, found):
    assert read(typed, unit) == found
