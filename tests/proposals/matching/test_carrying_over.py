"""A match that waits in a pool of its own goes on whole in the next year, with what is left of each share."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.errors import Invalid, NotAllowed, Refused, WrongState
from portal.proposals.calls import actions as calls
from portal.proposals.matching import actions, queries
from portal.proposals.models import Call
from portal.support import actions as support
from portal.support.actions import changes
from portal.support.changes import Change, Wish
from portal.support.handing import actions as handing
from portal.support.handing.actions.settling import Back
from portal.support.models import Allocation, Pool, PoolShare
from tests.at_once import at_once
from tests.browser import Browser
from tests.proposals.calls.steps import do as do_call
from tests.proposals.matching.steps import EURO, call_with, confirm, pledge, project, row
from tests.proposals.matching.test_aside import asks, everything, settle
from tests.proposals.matching.test_aside import cast as people
from tests.proposals.matching.test_aside import desk as at_desk
from tests.proposals.matching.test_aside import fund as of_the_city
from tests.support.conftest import RULES

cast, desk, fund = people, at_desk, of_the_city
FIRST, SECOND = 2_000 * EURO, 1_000 * EURO + 1
WHOLE = FIRST + SECOND


@pytest.fixture
def waiting(cast, fund, move_clock):
    """Set a match aside for two projects; return the call, both projects, and the pool."""
    ref = call_with(cast, pool_id=fund.id)
    first, second = project(cast, ref), project(cast, ref, cast.teo)
    confirm(first, pledge(first, row(FIRST), by=cast.rosa), by=cast.tina)
    confirm(second, pledge(second, row(SECOND), by=cast.teo), by=cast.tina)
    move_clock(timedelta(days=11))
    assert settle(ref, cast.fresh("marco")) == [FIRST, SECOND]
    return ref, first, second, now(ref)


def now(ref):
    """Return the pool in which the match of a call waits at present."""
    with db.reading() as session:
        call = session.scalars(select(Call).where(Call.ref == ref)).one()
        return session.scalars(queries.own_pool(call)).one()


def shares(pool):
    with db.reading() as session:
        found = session.scalars(select(PoolShare).where(PoolShare.pool_id == pool.id))
        return {one.case_key.removeprefix("proposal:"): one.amount for one in found}


def carried(desk, pool):
    desk.changed(Change.CARRY_OVER, pool)


def given(desk, number, cents, cast):
    """Let the promise be signed, and so much of it be given."""
    with db.writing() as session:
        one = session.get_one(Allocation, number)
        if one.state == "approved":
            support.commit_row(one, by=cast.tina)
        support.deliver(one, cents, clock.today(), "Order 12", by=cast.tina)


def test_what_is_not_drawn_goes_on_and_a_share_stays_what_it_was_to_the_cent(both, desk, cast, fund, waiting):
    ref, first, second, old = waiting
    one = asks(desk, old, first, 1_500 * EURO)
    desk.approve(one.id)
    given(desk, one.id, 400 * EURO, cast)
    carried(desk, old)
    new = now(ref)
    assert (new.year, new.slug, new.kept_for) == (old.year + 1, old.slug, old.kept_for)
    assert shares(old) == {first: 400 * EURO}
    assert shares(new) == {first: FIRST - 400 * EURO, second: SECOND}
    assert desk.figures(old) == (0, 400 * EURO, 400 * EURO)
    assert desk.figures(new) == (0, 1_100 * EURO, 0)
    assert desk.pool(old).closed_at is not None
    assert new.left == 500 * EURO + SECOND
    assert everything(fund, old, new) == 10_000 * EURO
    assert desk.allocation(one.id).pool_id == new.id
    with pytest.raises(Invalid, match=r"this case has €.1,600 at most"):
        asks(desk, new, first, 500 * EURO + 1, "s8")
    desk.approve(asks(desk, new, first, 500 * EURO, "s9").id)
    desk.approve(asks(desk, new, second, SECOND, "s2").id)
    given(desk, one.id, 1_100 * EURO, cast)
    assert now(ref).left == 0
    with pytest.raises(Invalid, match="is closed"):
        asks(desk, old, second, 1, "s7")
    assert everything(fund, old, new) == 10_000 * EURO


def test_it_goes_on_year_by_year_and_what_nobody_took_goes_back_from_the_last(
    both, desk, cast, fund, waiting
):
    ref, first, second, old = waiting
    carried(desk, old)
    middle = now(ref)
    desk.approve(asks(desk, middle, second, 300 * EURO).id)
    carried(desk, middle)
    last = now(ref)
    assert [one.year - old.year for one in (old, middle, last)] == [0, 1, 2]
    assert shares(last) == {first: FIRST, second: SECOND}
    assert desk.figures(last) == (300 * EURO, 0, 0)
    do_call(ref, lambda call: calls.decide(call, "Both go on", by=cast.fresh("giulia")))
    nuria = cast.fresh("nuria")
    back = do_call(ref, lambda call: actions.give_back(call, "Nobody needs it", by=nuria))
    assert back == WHOLE - 300 * EURO
    assert desk.pool(fund).left == 10_000 * EURO - 300 * EURO
    assert everything(fund, old, middle, last) == 10_000 * EURO
    carried(desk, last)
    assert desk.figures(now(ref)) == (300 * EURO, 0, 0)
    with db.reading() as session:
        assert session.scalars(queries.with_a_rest(old.year + 9)).all() == [], "nothing of it is left"


def test_what_was_given_in_the_closed_year_and_comes_back_is_in_the_pool_that_goes_on(
    both, desk, cast, waiting
):
    ref, first, _, old = waiting
    one = asks(desk, old, first, 500 * EURO)
    desk.approve(one.id)
    given(desk, one.id, 500 * EURO, cast)
    carried(desk, old)
    before, tina = now(ref).capacity, cast.tina
    with db.writing() as session:
        back = Back(200 * EURO, clock.today(), "Bought cheaper")
        handing.give_back(session.get_one(Allocation, one.id), back, by=tina)
    assert now(ref).capacity == before + 200 * EURO
    assert desk.pool(old).capacity == 500 * EURO


def test_a_part_another_fund_and_nothing_are_refused(desk, cast, fund, waiting):
    ref, first, second, old = waiting
    for wrong in ({"amount": 100}, {"amount": 0, "other_id": fund.id}):
        with pytest.raises(Invalid, match="goes on whole"):
            desk.asks(Change.CARRY_OVER, old, wrong.pop("amount"), **wrong)
    do_call(ref, lambda call: calls.decide(call, "None goes on", by=cast.fresh("giulia")))
    nuria = cast.fresh("nuria")
    do_call(ref, lambda call: actions.give_back(call, "Nobody needs it", by=nuria))
    with pytest.raises(Invalid, match="left to carry over"):
        desk.asks(Change.CARRY_OVER, old, 0)
    assert shares(old) == {first: FIRST, second: SECOND}


def test_above_the_amount_of_the_city_a_second_person_decides(both, desk, cast, waiting):
    ref, first, _, old = waiting
    strict = replace(RULES, second_person_above={**RULES.second_person_above, "funding": WHOLE - 1})
    tina, eve = cast.tina, cast.fresh("eve")
    with db.writing() as session:
        mine = session.get_one(Pool, old.id)
        asked = changes.ask(Change.CARRY_OVER, mine, Wish(0, "The year ends"), by=tina, rules=strict)
    assert (asked.state, now(ref).id) == ("waiting", old.id)
    for name in ("tina", "eve"):
        with pytest.raises(NotAllowed):
            desk.answers(asked, by=name)
    assert eve.person_id
    # What is drawn meanwhile goes along.
    desk.approve(asks(desk, old, first, 700 * EURO).id)
    desk.answers(asked)
    assert desk.figures(now(ref)) == (700 * EURO, 0, 0)
    again = asks(desk, now(ref), first, 100, "s5")
    assert desk.allocation(again.id).pool_id == now(ref).id
    with pytest.raises(WrongState):
        desk.answers(asked)


def test_of_a_draw_and_a_carry_over_at_once_nothing_is_drawn_twice(both, desk, cast, fund, waiting):
    ref, first, _, old = waiting
    one = asks(desk, old, first, 1_500 * EURO)
    told = at_once(lambda: carried(desk, old), lambda: desk.approve(one.id))
    assert all(isinstance(refused, Refused) for refused in told), told
    new = now(ref)
    assert new.year == old.year + 1, "the carry-over is done, before the draw or after it"
    drawn = 0 if told else 1_500 * EURO
    assert desk.figures(new) == (drawn, 0, 0)
    assert desk.figures(old) == (0, 0, 0)
    assert sum(shares(new).values()) == WHOLE
    assert everything(fund, old, new) == 10_000 * EURO


def test_many_who_carry_over_at_once_do_it_once(both, desk, cast, fund, waiting):
    ref, *_, old = waiting
    tina = cast.tina

    def carries():
        with db.writing() as session:
            wish = Wish(0, "The year ends")
            changes.ask(Change.CARRY_OVER, session.get_one(Pool, old.id), wish, by=tina, rules=RULES)

    told = at_once(*[carries] * 4)
    assert len(told) == 3
    assert all(isinstance(one, Refused) for one in told), told
    assert sum(shares(now(ref)).values()) == WHOLE
    assert everything(fund, old, now(ref)) == 10_000 * EURO


def test_of_giving_back_and_carrying_over_at_once_each_cent_is_in_one_place(both, desk, cast, fund, waiting):
    ref, *_, old = waiting
    do_call(ref, lambda call: calls.decide(call, "None goes on", by=cast.fresh("giulia")))
    nuria = cast.fresh("nuria")
    told = at_once(
        lambda: carried(desk, old),
        lambda: do_call(ref, lambda call: actions.give_back(call, "Nobody needs it", by=nuria)),
    )
    assert all(isinstance(one, Refused) for one in told), told
    pools = {one.id: one for one in (old, now(ref))}.values()
    assert everything(fund, *pools) == 10_000 * EURO
    assert now(ref).left in {0, WHOLE}


def test_the_treasurer_lets_it_go_on_in_a_browser_and_everybody_reads_where_it_waits(
    app, client, cast, waiting
):
    ref, *_, old = waiting
    tina, eve = Browser(app), Browser(app)
    tina.sign_in("tina@city.example")
    eve.sign_in("eve@example.org")
    page = f"/en/desk/pools/{old.year}/{old.slug}/carry-over"
    assert f'href="{page}"' in tina.get(f"/en/desk/calls/{ref}/match").get_data(as_text=True)
    tina.get(page)
    for gone in ('name="amount"', 'name="other"'):
        assert gone not in tina.page
    assert "keeps what it has not drawn" in tina.page
    assert eve.post(page, {"reason": "Mine"}).status_code == 403
    assert tina.post(page, {"reason": ""}, at=page).status_code == 422
    assert now(ref).id == old.id
    tina.post(page, {"reason": "The year ends", "amount": "5", "other": "1"}, at=page)
    client.get(f"/en/calls/{ref}/match")
    assert f"{old.year + 1}" in client.page.partition("fund of its own")[2][:300]
    client.get(f"/en/money/pools/{old.year + 1}/{old.slug}")
    assert "Carried over from another year" in client.page
    assert ref in client.page
    tina.get(f"/en/desk/pools/{old.year}/{old.slug}")
    assert "Closed on" in tina.page
    assert "carry-over" not in tina.page


def test_what_is_given_while_it_goes_on_is_given_out_of_one_year(both, desk, cast, fund, waiting):
    ref, first, _, old = waiting
    one = asks(desk, old, first, 1_500 * EURO)
    desk.approve(one.id)
    with db.writing() as session:
        support.commit_row(session.get_one(Allocation, one.id), by=cast.tina)
    told = at_once(lambda: carried(desk, old), lambda: given(desk, one.id, 400 * EURO, cast))
    assert all(isinstance(refused, Refused) for refused in told), told
    parts = [old] if old.id == now(ref).id else [old, now(ref)]
    delivered = sum(desk.pool(one).delivered for one in parts)
    assert delivered == desk.allocation(one.id).delivered
    assert sum(sum(shares(one).values()) for one in parts) == WHOLE
    assert everything(fund, *parts) == 10_000 * EURO
