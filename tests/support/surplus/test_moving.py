"""Money that was entered for the wrong group, and money of a year that is closed: put right, and traced."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from portal import clock, db
from portal.errors import Invalid, NotAllowed, Refused, WrongState
from portal.support import actions as support
from portal.support.changes import Change
from portal.support.models import Allocation, Pool, PoolEntry, PoolRequest
from portal.support.models.surplus import Surplus, SurplusArrival
from portal.support.surplus import actions, queries, said
from tests.support.conftest import RULES
from tests.support.surplus.conftest import EURO, Group, arrive
from tests.support.surplus.test_correcting import correct
from tests.support.surplus.test_pages import browser
from tests.support.surplus.test_surplus import _row, fund


@pytest.fixture
def other(cast):
    return Group(cast, "Pixel")


def move(number, to, *, by, reason="The statement names Pixel"):
    with db.writing() as session:
        found = session.get_one(SurplusArrival, number)
        return actions.move(found, to, reason, by=by, rules=RULES)


def arrived(group):
    with db.reading() as session:
        of_group = Surplus.is_current, Surplus.organisation_id == group.id
        return session.scalar(select(Surplus.arrived_cents).where(*of_group))


def shares():
    with db.reading():
        return {one["name"]: one["cents"] for one in said.fund()["financed"]}


def spend(desk, cast, euros):
    desk.approved(fund(), {**_row(), "amount": euros * EURO, "value_cents": euros * EURO})
    with db.writing():
        support.commit("pact:BO-2026-041", 1, by=cast.nuria)


def closed_year(desk, cast, *, given=0, carried=0):
    """Give so much of the fund, make it last year's, carry so much of it over into this year's, and close it."""
    pool, year = fund(), clock.today().year
    if given:
        spend(desk, cast, given)
        with db.writing() as session:
            mine = session.scalars(select(Allocation)).one()
            support.deliver(mine, given * EURO, clock.today(), "Payment order 118", by=cast.tina)
    with db.writing() as session:
        session.execute(update(Pool).where(Pool.id == pool.id).values(year=year - 1))
    later = desk.opened(1 * EURO, slug=queries.FUND)
    if carried:
        desk.changed(Change.CARRY_OVER, pool, carried * EURO, other_id=later.id)
    desk.changed(Change.CLOSE, pool)
    return pool, later


def test_money_of_another_group_is_entered_for_it_under_the_same_row_of_the_bank(
    both, cast, group, other, desk
):
    first = arrive(group.declare(cast.speaker), 2_000 * EURO, "CRO 1", by=cast.tina)
    right = other.declare(cast.speaker)
    arrive(right, 500 * EURO, "CRO 2", by=cast.tina)
    assert move(first, right, by=cast.tina).state == "booked"
    assert (arrived(group), arrived(other), fund().capacity) == (0, 2_500 * EURO, 2_500 * EURO)
    assert desk.figures(fund()) == (0, 0, 0)
    with db.reading() as session:
        of_bank = select(SurplusArrival).where(SurplusArrival.bank_reference == "CRO 1")
        before, after = session.scalars(of_bank.order_by(SurplusArrival.number))
        assert (after.number, after.replaces_id, after.amount_cents) == (2, before.id, 2_000 * EURO)
        assert after.arrived_on == before.arrived_on
        assert [(one["was"], one["now"]) for one in said.fund()["corrections"]] == [(2_000 * EURO, 0)]
    with pytest.raises(Invalid, match="entered for another group by now"):
        correct(first, 5, by=cast.tina)
    with pytest.raises(Invalid, match="entered for another group by now"):
        move(first, right, by=cast.tina, reason="Pressed twice")
    with pytest.raises(Invalid, match="entered already"):
        arrive(right, 5, "CRO 1", by=cast.tina)


def test_the_trace_follows_and_the_money_keeps_its_place(both, cast, group, other, desk):
    first = arrive(group.declare(cast.speaker), 2_000 * EURO, "CRO 1", by=cast.tina)
    third = Group(cast, "Terza")
    arrive(third.declare(cast.speaker), 3_000 * EURO, "CRO 2", by=cast.tina)
    spend(desk, cast, 2_500)
    assert shares() == {"Ruota Libera": 2_000 * EURO, "Terza": 500 * EURO}
    # All of it is promised already: what is entered anew is there before the first row comes to nothing.
    arrive(group.declare(cast.speaker, year=2020), 1 * EURO, "CRO 3", by=cast.tina)
    move(first, other.declare(cast.speaker), by=cast.tina)
    assert shares() == {"Pixel": 2_000 * EURO, "Terza": 500 * EURO}
    with db.reading():
        promised = db.rows(queries.PROMISED_AND_FINANCED, {"subject": "pact:BO-2026-041"})
    assert {one["name"]: one["cents"] for one in said.financed_of(promised)} == shares()


def test_what_came_to_nothing_may_be_entered_anew(both, cast, group, other):
    first = arrive(group.declare(cast.speaker), 2_000 * EURO, "CRO 1", by=cast.tina)
    right = other.declare(cast.speaker)
    correct(first, 0, by=cast.tina)
    arrive(right, 1_900 * EURO, "CRO 1", by=cast.tina)
    assert (arrived(group), arrived(other)) == (0, 1_900 * EURO)
    with pytest.raises(Invalid, match="entered for another group by now"):
        correct(first, 2_000 * EURO, by=cast.tina)


def test_two_who_move_and_correct_at_once_count_the_money_once(both, cast, group, other, desk):
    mine = group.declare(cast.speaker)
    first = arrive(mine, 1_000 * EURO, "CRO 1", by=cast.tina)
    targets = [other.declare(cast.speaker), Group(cast, "Terza").declare(cast.speaker)]
    tina = cast.tina

    def act(number):
        try:
            if number % 3:
                move(first, targets[number % 2], by=tina)
            else:
                correct(first, (900 - number) * EURO, by=tina)
        except (Refused, SQLAlchemyError):
            return 0
        return 1

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(act, range(6))) >= 1
    with db.reading() as session:
        every = session.scalars(select(Surplus.arrived_cents)).all()
        came = [cents for *_, cents in session.execute(queries.inflows()) if cents]
        assert len(session.scalars(select(SurplusArrival)).all()) <= 2
    assert sum(every) == sum(came) == fund().capacity <= 1_000 * EURO
    assert len([one for one in every if one]) == len(came) == 1
    assert desk.figures(fund()) == (0, 0, 0)


def test_above_the_citys_sum_a_second_person_sees_whose_it_is_and_decides(app, cast, group, other, desk):
    first = arrive(
        group.declare(cast.speaker, 90_000 * EURO, 30_000 * EURO), 20_000 * EURO, "A", by=cast.tina
    )
    right = other.declare(cast.speaker, 90_000 * EURO, 30_000 * EURO)
    asked = move(first, right, by=cast.tina)
    assert (asked.state, arrived(group), arrived(other)) == ("waiting", 20_000 * EURO, 0)
    nuria = browser(app, "nuria@city.example")
    nuria.get(f"/en/desk/pools/{clock.today().year}/commons-fund")
    assert "It belongs to Pixel" in nuria.page
    # It stands on the list of work of those who decide, and of the colleague who asked.
    assert nuria.get("/en/desk").status_code == 200
    for words in ("Commons fund", "It belongs to Pixel", "You can decide", "today"):
        assert words in nuria.page
    tina = browser(app, "tina@city.example")
    tina.get("/en/desk")
    assert "A colleague decides: you asked for it" in tina.page
    giulia = browser(app, "giulia@city.example")
    giulia.get("/en/desk")
    assert "It belongs to Pixel" not in giulia.page
    own = replace(cast.fresh("nuria"), organisations=frozenset({other.id}))
    with pytest.raises(NotAllowed), db.writing() as session:
        support.approve_change(session.get_one(PoolRequest, asked.id), by=own)
    other.declare(cast.speaker, 90_000 * EURO, 25_000 * EURO, why="A slip")
    desk.answers(asked)
    assert (arrived(group), arrived(other)) == (0, 20_000 * EURO)


def test_what_changed_meanwhile_is_not_moved(cast, group, other, desk):
    first = arrive(
        group.declare(cast.speaker, 90_000 * EURO, 30_000 * EURO), 20_000 * EURO, "A", by=cast.tina
    )
    asked = move(first, other.declare(cast.speaker, 90_000 * EURO, 30_000 * EURO), by=cast.tina)
    desk.answers(correct(first, 19_000 * EURO, by=cast.tina))
    with pytest.raises(WrongState, match="in the meantime"):
        desk.answers(asked)


def test_only_to_a_group_that_declared_so_much_and_by_nobody_of_either(cast, group, other):
    mine = group.declare(cast.speaker)
    first = arrive(mine, 2_000 * EURO, "A", by=cast.tina)
    little = other.declare(cast.speaker, part=1_000 * EURO)
    for wrong in (mine, 0, 999):
        with pytest.raises(Invalid, match="to which the money belongs"):
            move(first, wrong, by=cast.tina)
    with pytest.raises(Invalid, match="declared less"):
        move(first, little, by=cast.tina)
    with pytest.raises(Invalid, match="Say why"):
        move(first, other.declare(cast.speaker, why="More"), by=cast.tina, reason=" ")
    for of_whom in (group, other):
        own = replace(cast.tina, organisations=frozenset({of_whom.id}))
        with pytest.raises(NotAllowed):
            move(first, little, by=own)
    for actor in (cast.speaker, cast.eve, cast.giulia, cast.nuria, cast.aldo):
        with pytest.raises(NotAllowed):
            move(first, little, by=actor)


def test_the_page_that_moves_it(app, client, cast, group, other):
    arrive(group.declare(cast.speaker), 2_000 * EURO, "CRO 7", by=cast.tina)
    page, target = ("/en/desk/commons-fund/1/arrivals/1/" + one for one in ("correction", "group"))
    tina = browser(app, "tina@city.example")
    tina.get(page)
    assert "No other group declared so much" in tina.page
    right = other.declare(cast.speaker)
    tina.get(page)
    assert f"Pixel, {clock.today().year - 1}" in tina.page
    reason = {"to-to": "", "to-reason": "Read <again>"}
    assert tina.post(target, reason, at=page).status_code == 422
    assert "Read &lt;again&gt;" in tina.page
    assert "Choose the group to which" in tina.page
    tina.post(target, {**reason, "to-to": str(right)}, at=page)
    assert "Entered anew" in tina.page
    assert page not in tina.parsed.links
    client.get("/en/commons-fund")
    assert "Read &lt;again&gt;" in client.page
    for one in (client, browser(app, "eve@example.org"), browser(app, "aldo@city.example")):
        assert one.post(target, {**reason, "to-to": str(right)}).status_code == 403


def rows_of(pool):
    with db.reading() as session:
        mine = select(PoolEntry).where(PoolEntry.pool_id == pool.id).order_by(PoolEntry.id)
        return [
            (one.movement, one.amount, one.corrects_id, one.other_pool_id) for one in session.scalars(mine)
        ]


def test_a_closed_year_is_put_right_in_the_open_one_by_a_row_that_names_it(both, cast, group, desk):
    first = arrive(group.declare(cast.speaker), 2_000 * EURO, "CRO 1", by=cast.tina)
    closed, later = closed_year(desk, cast, given=1_200, carried=800)
    before = rows_of(closed)
    assert correct(first, 1_700 * EURO, by=cast.tina).state == "booked"
    with db.reading() as session:
        entry = session.get_one(SurplusArrival, first).entry_id
    assert rows_of(closed) == before
    assert rows_of(later)[-1] == ("increased", -300 * EURO, entry, closed.id)
    assert (desk.pool(later).capacity, arrived(group)) == (501 * EURO, 1_700 * EURO)
    # What the year had given stays given: it cannot have taken in less than that.
    with pytest.raises(Invalid, match=r"Enter €.1,200 or more"):
        correct(first, 1_199 * EURO, by=cast.tina)
    correct(first, 1_200 * EURO, by=cast.tina)
    correct(first, 2_500 * EURO, by=cast.tina)
    assert (desk.pool(later).capacity, arrived(group)) == (1_301 * EURO, 2_500 * EURO)
    assert desk.figures(later) == (0, 0, 0)
    with db.reading():
        assert [(one["was"], one["now"]) for one in said.fund()["corrections"]] == [
            (2_000 * EURO, 1_700 * EURO), (1_700 * EURO, 1_200 * EURO), (1_200 * EURO, 2_500 * EURO)
        ]  # fmt: skip


def test_what_was_left_over_at_the_closing_costs_the_open_year_nothing(both, cast, group, desk):
    first = arrive(group.declare(cast.speaker), 2_000 * EURO, "CRO 1", by=cast.tina)
    closed, later = closed_year(desk, cast, given=500, carried=600)
    correct(first, 1_300 * EURO, by=cast.tina)
    assert desk.pool(later).capacity == 601 * EURO
    correct(first, 1_000 * EURO, by=cast.tina)
    assert desk.pool(later).capacity == 501 * EURO
    assert [one[:2] for one in rows_of(later)[-4:]] == [
        ("closed", -700 * EURO), ("increased", -700 * EURO), ("closed", -200 * EURO), ("increased", -300 * EURO)
    ]  # fmt: skip
    correct(first, 2_000 * EURO, by=cast.tina)
    assert (desk.pool(later).capacity, arrived(group)) == (601 * EURO, 2_000 * EURO)
    assert desk.figures(later) == (0, 0, 0)
    assert desk.figures(closed) == (0, 500 * EURO, 500 * EURO)


def stands(group):
    """Return the arrival of a group that stands."""
    with db.reading() as session:
        of_group = select(SurplusArrival.id).join(Surplus, Surplus.id == SurplusArrival.surplus_id)
        return session.scalars(
            of_group.where(Surplus.organisation_id == group.id).order_by(SurplusArrival.id.desc())
        ).first()


def a_year_later(desk, later):
    """Make every fund a year older, close the last one, and open a new one."""
    with db.writing() as session:
        for one in session.scalars(select(Pool).order_by(Pool.year)):
            one.year -= 1
            session.flush()
    desk.changed(Change.CLOSE, later)
    return desk.opened(1 * EURO, slug=queries.FUND)


def test_what_moved_to_another_group_counts_for_its_own_year(both, cast, group, other, desk):
    first = arrive(group.declare(cast.speaker), 2_000 * EURO, "CRO 1", by=cast.tina)
    closed, later = closed_year(desk, cast, given=500, carried=600)
    move(first, other.declare(cast.speaker), by=cast.tina)
    assert (desk.pool(later).capacity, shares()) == (601 * EURO, {"Pixel": 500 * EURO})
    # Of 900 that were left over at the closing the open year has nothing, and loses nothing.
    correct(stands(other), 1_300 * EURO, by=cast.tina)
    assert (desk.pool(later).capacity, arrived(other)) == (601 * EURO, 1_300 * EURO)
    assert [one[:2] + one[3:] for one in rows_of(later)[-2:]] == [
        ("closed", -700 * EURO, closed.id), ("increased", -700 * EURO, closed.id)
    ]  # fmt: skip
    with pytest.raises(Invalid, match=r"Enter €.500 or more"):
        correct(stands(other), 499 * EURO, by=cast.tina)
    # From the open fund's own ledger it is put right in the same way.
    with db.reading() as session:
        entry = session.get_one(SurplusArrival, stands(other)).entry_id
    desk.changed(Change.CORRECT, later, 2_000 * EURO, entry_id=entry)
    assert (desk.pool(later).capacity, arrived(other)) == (601 * EURO, 2_000 * EURO)
    assert shares() == {"Pixel": 500 * EURO}
    assert desk.figures(later) == (0, 0, 0)


def test_the_pages_of_a_closed_year_say_what_of_it_was_put_right_since(app, cast, group, desk):
    first = arrive(group.declare(cast.speaker), 2_000 * EURO, "CRO 1", by=cast.tina)
    closed_year(desk, cast, given=500, carried=600)
    correct(first, 1_300 * EURO, by=cast.tina)
    tina, at = browser(app, "tina@city.example"), f"/en/desk/pools/{clock.today().year - 1}/{queries.FUND}"
    tina.get(f"{at}/close")
    assert "€ 200" in tina.page, "900 were left over, 700 of them never arrived"
    with db.reading() as session:
        entry = session.get_one(SurplusArrival, first).entry_id
    # What arrived is still put right, so its form is there.
    assert tina.get(f"{at}/correct?entry={entry}").status_code == 200
    assert "The right amount" in tina.page
    assert "nothing in it changes any more" not in tina.page


def test_what_moved_twice_still_names_the_year_it_came_in(both, cast, group, other, desk):
    first = arrive(group.declare(cast.speaker), 2_000 * EURO, "CRO 1", by=cast.tina)
    closed, later = closed_year(desk, cast, given=500)
    move(first, other.declare(cast.speaker), by=cast.tina)
    newest = a_year_later(desk, later)
    third = Group(cast, "Terza")
    assert move(stands(other), third.declare(cast.speaker), by=cast.tina).state == "booked"
    assert [one[:2] + one[3:] for one in rows_of(newest)[1:]] == [
        ("increased", 2_000 * EURO, closed.id), ("increased", -2_000 * EURO, closed.id)
    ]  # fmt: skip
    assert (arrived(group), arrived(other), arrived(third)) == (0, 0, 2_000 * EURO)
    correct(stands(third), 500 * EURO, by=cast.tina)
    assert (desk.pool(newest).capacity, shares()) == (1 * EURO, {"Terza": 500 * EURO})
    assert desk.figures(newest) == (0, 0, 0)


def test_what_came_to_nothing_in_a_closed_year_counts_for_it_when_it_is_entered_anew(
    both, cast, group, other, desk
):
    first = arrive(group.declare(cast.speaker), 2_000 * EURO, "CRO 1", by=cast.tina)
    closed, later = closed_year(desk, cast, carried=600)
    correct(first, 0, by=cast.tina)
    assert desk.pool(later).capacity == 1 * EURO
    arrive(other.declare(cast.speaker), 1_900 * EURO, "CRO 1", by=cast.tina)
    # The hundred that are missing were left over, so the open year has again what was carried on.
    assert (desk.pool(later).capacity, arrived(other)) == (601 * EURO, 1_900 * EURO)
    assert rows_of(later)[-2][:2] + rows_of(later)[-2][3:] == ("increased", 1_900 * EURO, closed.id)
    assert desk.figures(later) == (0, 0, 0)


def test_what_was_carried_on_and_promised_since_is_not_taken_away(cast, group, desk):
    first = arrive(group.declare(cast.speaker), 2_000 * EURO, "CRO 1", by=cast.tina)
    _, later = closed_year(desk, cast, carried=2_000)
    desk.approved(later, {**_row(), "amount": 1_500 * EURO, "value_cents": 1_500 * EURO})
    with pytest.raises(Invalid, match=r"Only €.501 is left in Digital fund"):
        correct(first, 1_000 * EURO, by=cast.tina)
    correct(first, 1_500 * EURO, by=cast.tina)
    assert desk.pool(later).left == 1 * EURO


def test_where_this_year_has_no_fund_yet_it_is_opened_for_what_is_put_right(both, cast, group, other, desk):
    first = arrive(group.declare(cast.speaker), 2_000 * EURO, "CRO 1", by=cast.tina)
    pool = fund()
    with db.writing() as session:
        session.execute(update(Pool).where(Pool.id == pool.id).values(year=pool.year - 1))
    desk.changed(Change.CLOSE, pool)
    assert move(first, other.declare(cast.speaker), by=cast.tina).state == "booked"
    with db.reading() as session:
        opened = session.scalars(select(Pool).where(Pool.year == clock.today().year)).one()
    assert (opened.slug, opened.capacity, arrived(group), arrived(other)) == (
        "commons-fund", 0, 0, 2_000 * EURO
    )  # fmt: skip
    assert [one[:2] + one[3:] for one in rows_of(opened)] == [
        ("increased", 2_000 * EURO, pool.id), ("increased", -2_000 * EURO, pool.id)
    ]  # fmt: skip


def test_a_closed_year_takes_two_persons_above_the_citys_sum_and_nothing_else_changes_in_it(
    cast, group, desk
):
    first = arrive(
        group.declare(cast.speaker, 90_000 * EURO, 30_000 * EURO), 20_000 * EURO, "A", by=cast.tina
    )
    pool, later = closed_year(desk, cast, carried=20_000)
    asked = correct(first, 15_000 * EURO, by=cast.tina)
    assert (asked.state, arrived(group)) == ("waiting", 20_000 * EURO)
    desk.answers(asked)
    assert (arrived(group), desk.pool(later).capacity) == (15_000 * EURO, 15_001 * EURO)
    with db.reading() as session:
        carried = session.scalars(select(PoolEntry.id).where(PoolEntry.movement == "carried_out")).one()
    with pytest.raises(Invalid, match="is closed, so nothing in it changes"):
        desk.asks(Change.CORRECT, pool, 5, entry_id=carried)


def test_corrections_of_a_closed_year_at_once_agree_in_the_end(both, cast, group, other, desk):
    first = arrive(group.declare(cast.speaker), 1_000 * EURO, "CRO 1", by=cast.tina)
    _, later = closed_year(desk, cast, given=200, carried=500)
    right, tina = other.declare(cast.speaker), cast.tina

    def act(number):
        try:
            if number == 5:
                move(first, right, by=tina)
            else:
                correct(first, (200 + 100 * number) * EURO, by=tina)
        except (Refused, SQLAlchemyError):
            return

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(act, range(6)))
    with db.reading() as session:
        came = sum(cents for one, _, cents in session.execute(queries.inflows()) if one)
    assert arrived(group) + arrived(other) == came >= 200 * EURO
    assert desk.pool(later).capacity == 501 * EURO + min(0, came - 700 * EURO)
    assert desk.figures(later) == (0, 0, 0)
