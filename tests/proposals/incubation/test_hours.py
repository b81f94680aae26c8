"""The hours of a stage come out of the pools: asked, decided by two persons, bound as it begins, given."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from portal import city, clock, db
from portal.errors import Invalid, NotAllowed, Stale, WrongState
from portal.policy import SYSTEM
from portal.proposals.incubation import actions, hours
from portal.proposals.incubation.actions import Step
from portal.proposals.models import VentureStep
from portal.record import Act
from portal.subscriptions import about_pacts
from portal.subscriptions.telling import News
from portal.support import actions as support
from portal.support import queries as support_queries
from portal.support.handing import actions as handing
from portal.support.models import Allocation, Pool
from tests.browser import Browser
from tests.proposals.calls.steps import GREEN, dated, do, published
from tests.proposals.incubation.test_track import applied, let_on, plans, with_venture

RULES = city.profile("bologna")
TRAINING = {"training": 10, "legal": 4}


@pytest.fixture
def cast(cast):
    for name in ("rosa", "teo", "eve", "giulia", "marco", "nuria", "tina"):
        cast.person(name)
    return cast


@pytest.fixture
def pools(cast):
    with db.writing():
        return {
            kind: support.open_pool(clock.today().year + ahead, kind, kind, kind, 50, by=SYSTEM).id
            for kind in ("training", "legal")
            for ahead in (_ahead(),)
        }


def _ahead() -> int:
    return (clock.today() + timedelta(days=1)).year - clock.today().year


def staged(cast, asked=TRAINING, ref=""):
    ref = ref or published(cast, dated(replace(GREEN, track="incubation"), closes=10))
    first, second = (replace(one, starts_on=clock.today() + timedelta(days=1)) for one in plans(3, 1))
    set_plans = [replace(first, hours=asked), second]
    do(ref, lambda call: actions.set_stages(call, set_plans, rules=RULES, by=cast.giulia))
    return ref


def rows(ref):
    with db.reading():
        return do_read(ref)


def do_read(ref):
    return {one.row_key: one for one in db.session().scalars(support_queries.current(f"call:{ref}"))}


def decide(ref, pools, cast):
    for one in rows(ref).values():
        with db.writing() as session:
            mine, pool = session.get_one(Allocation, one.id), session.get_one(Pool, pools[one.kind])
            support.propose(mine, pool, "The track is in the plan", by=cast.giulia)
        with db.writing() as session:
            support.approve(session.get_one(Allocation, one.id), by=cast.fresh("marco"))


def figures(pools, kind="training"):
    with db.reading() as session:
        pool = session.get_one(Pool, pools[kind])
        balance = support_queries.balances()[pool.id]
        found = (pool.reserved, pool.committed, pool.delivered)
        assert (balance.reserved, balance.committed, balance.delivered) == found
        assert support_queries.held_in(pool.id) == found
        return found


def helped(venture, cast, hours_, kind="training", by=None):
    step = Step(kind, clock.today(), "List of presence of Ippolita", hours_)
    return with_venture(venture, lambda one: actions.enter_step(one, step, by=by or cast.giulia))


def test_from_the_plan_to_the_hours_that_were_given(both, cast, pools):
    ref = staged(cast)
    assert {key: (one.amount, one.value_cents) for key, one in rows(ref).items()} == {
        "s1t": (10, 60_000),
        "s1l": (4, 36_000),
    }
    mine = applied(ref, cast.rosa)
    with pytest.raises(WrongState, match="second person"):
        let_on(mine, cast)
    decide(ref, pools, cast)
    assert figures(pools) == (10, 0, 0)
    other = applied(ref, cast.teo, "Second")
    # The decision that waited is still there: its second person can approve now.
    with db.reading() as session:
        waiting = session.scalars(actions.queries.waiting_of(mine)).one().id
    from tests.proposals.incubation.test_track import approve

    approve(mine, waiting, cast.fresh("marco"))
    assert figures(pools) == (0, 10, 0)
    let_on(other, cast)
    assert figures(pools) == (0, 10, 0), "bound once"
    helped(mine, cast, 6)
    with pytest.raises(Invalid) as refused:
        helped(other, cast, 5)
    assert refused.value.field == "hours"
    helped(other, cast, 4)
    with pytest.raises(Invalid, match="All hours"):
        helped(mine, cast, 1)
    assert figures(pools) == (0, 10, 10)
    with db.reading() as session:
        given = session.get_one(Allocation, rows(ref)["s1t"].id)
        assert given.state == "delivered"
        steps = session.query(VentureStep).all()
        assert all(one.delivery_id for one in steps)


def test_mentoring_is_a_row_of_its_own_out_of_the_pool_of_training(both, cast, pools):
    ref = staged(cast, {"training": 10, "mentoring": 5})
    found = rows(ref)
    assert {key: (one.kind, one.amount, one.what) for key, one in found.items()} == {
        "s1t": ("training", 10, "Stage 1"),
        "s1m": ("training", 5, "Stage 1: ore di affiancamento"),
    }
    decide(ref, pools, cast)
    assert figures(pools) == (15, 0, 0), (
        "one pool, and the rule against giving the same twice tells them apart"
    )
    mine = applied(ref, cast.rosa)
    let_on(mine, cast)
    assert figures(pools) == (0, 15, 0)
    helped(mine, cast, 5, "mentoring")
    with pytest.raises(Invalid, match="All hours"):
        helped(mine, cast, 1, "mentoring")
    helped(mine, cast, 4)
    assert {key: (one.delivered, one.state) for key, one in rows(ref).items()} == {
        "s1t": (4, "committed"),
        "s1m": (5, "delivered"),
    }
    assert figures(pools) == (0, 15, 9)


def test_training_and_mentoring_stand_apart_on_every_page_and_in_the_file(app, cast, pools):
    ref = staged(cast, {"training": 10, "mentoring": 5})
    decide(ref, pools, cast)
    let_on(applied(ref, cast.rosa), cast)
    giulia, desk = Browser(app), f"/en/desk/calls/{ref}/track"
    giulia.sign_in("giulia@city.example")
    presence = {"kind": "mentoring", "on": f"{clock.today():%d/%m/%Y}", "hours": "3", "evidence": "Diary"}
    giulia.post(f"{desk}/1/presence", presence, at=f"{desk}/1")
    assert "Mentoring" in giulia.page
    anybody = Browser(app)
    for browser, page in ((giulia, desk), (anybody, f"/en/calls/{ref}/track")):
        browser.get(page)
        found = [row for row in browser.page.split("<tr>") if "The decision" in row]
        assert [("Mentoring" in row, ">3 h<" in row) for row in found] == [
            (False, False),
            (True, True),
        ]
    heads, _, first, *_ = anybody.get(f"/en/calls/{ref}/track.csv").get_data(as_text=True).splitlines()
    said = dict(zip(heads.split(","), first.split(","), strict=True))
    assert (said["hours of training promised"], said["hours of training given"]) == ("10", "0")
    assert (said["hours of mentoring promised"], said["hours of mentoring given"]) == ("5", "3")
    assert said["hours of legal promised"] == ""


def test_nobody_is_let_in_while_the_mentoring_alone_waits_for_its_second_person(cast, pools):
    ref = staged(cast, {"mentoring": 5})
    mine = applied(ref, cast.rosa)
    with pytest.raises(WrongState, match="second person"):
        let_on(mine, cast)
    assert rows(ref)["s1m"].state == "asked"


def test_what_is_not_promised_is_noted_only_and_what_is_left_goes_back(cast, pools):
    ref = staged(cast, {"training": 5})
    decide(ref, pools, cast)
    mine = applied(ref, cast.rosa)
    let_on(mine, cast)
    assert helped(mine, cast, 3, "legal").delivery_id is None
    helped(mine, cast, 2)
    with db.writing() as session:
        handing.close(session.get_one(Allocation, rows(ref)["s1t"].id), "The stage is over", by=cast.giulia)
    assert figures(pools) == (0, 2, 2)
    # The second stage asked for nothing: it begins without.
    let_on(mine, cast)
    assert helped(mine, cast, 2).delivery_id is None


def test_the_same_plan_again_keeps_what_was_approved_and_another_lets_go_of_it(cast, pools):
    ref = staged(cast)
    decide(ref, pools, cast)
    staged(cast, ref=ref)
    assert {one.state for one in rows(ref).values()} == {"approved"}
    staged(cast, {"training": 3}, ref=ref)
    assert {key: (one.amount, one.state) for key, one in rows(ref).items()} == {"s1t": (3, "asked")}
    assert figures(pools) == (0, 0, 0)
    staged(cast, {}, ref=ref)
    assert rows(ref) == {}
    staged(cast, ref=ref)
    assert {one.state for one in rows(ref).values()} == {"asked"}


def test_a_stage_goes_on_without_what_the_city_refused(cast, pools):
    ref = staged(cast, {"training": 3})
    with db.writing() as session:
        handing.refuse(session.get_one(Allocation, rows(ref)["s1t"].id), "There is no trainer", by=cast.tina)
    mine = applied(ref, cast.rosa)
    let_on(mine, cast)
    assert helped(mine, cast, 2).delivery_id is None


def test_nobody_approves_what_they_proposed_nor_gives_hours_as_a_group(cast, pools):
    ref = staged(cast, {"training": 3})
    (one,) = rows(ref).values()
    with db.writing() as session:
        pool = session.get_one(Pool, pools["training"])
        support.propose(session.get_one(Allocation, one.id), pool, "In the plan", by=cast.giulia)
    with pytest.raises(NotAllowed), db.writing() as session:
        support.approve(session.get_one(Allocation, one.id), by=cast.fresh("giulia"))
    mine = applied(ref, cast.rosa)
    with pytest.raises(NotAllowed):
        helped(mine, cast, 1, by=cast.rosa)


@pytest.mark.parametrize("many", [-1, 10_001])
def test_hours_that_no_stage_has_are_refused(cast, many):
    with pytest.raises(Invalid):
        staged(cast, {"training": many})


def test_two_who_give_the_last_hours_at_once_give_them_once(both, cast, pools):
    from tests.support.spaces.test_booking import crowd

    ref = staged(cast, {"training": 4})
    decide(ref, pools, cast)
    mine = applied(ref, cast.rosa)
    let_on(mine, cast)
    told = crowd(*[lambda: helped(mine, cast, 3)] * 6)
    assert sum(told.values()) == 5
    assert figures(pools) == (0, 4, 3)
    assert not set(told) - {"Invalid", Stale.__name__, "StaleDataError"}


def test_the_books_name_the_track_and_no_group(app, cast, pools):
    ref = staged(cast, {"training": 4})
    decide(ref, pools, cast)
    mine = applied(ref, cast.rosa, "Idea of Ippolita")
    let_on(mine, cast)
    helped(mine, cast, 3)
    anybody = Browser(app)
    number = rows(ref)["s1t"].id
    for path in ("/en/money/rows", f"/en/money/decisions/{number}"):
        assert anybody.get(path).status_code == 200
        assert f"/en/calls/{ref}/track" in anybody.page
        assert "Groups of the track" in anybody.page
        assert "without a registered group" not in anybody.page
        assert "Ippolita" not in anybody.page
    with db.writing() as session:
        session.execute(update(Allocation).values(value_cents=200_000, committed_at=clock.now()))
    anybody.get("/en/money/benefits")
    assert f'<a href="/en/calls/{ref}/track">Groups of the track</a>' in anybody.page
    assert "Natural person" not in anybody.page
    listed = anybody.get("/en/money/benefits.csv").get_data(as_text=True)
    assert ",Groups of the track," in listed
    assert "Natural person" not in listed
    anybody.get(f"/en/calls/{ref}/track")
    assert f"/en/money/decisions/{number}" in anybody.page
    assert anybody.get(f"/en/pacts/call:{ref}/support").status_code == 200
    assert "Ippolita" not in anybody.page
    giulia = Browser(app)
    giulia.sign_in("giulia@city.example")
    for path in (f"call:{ref}", f"call:{ref}/s1t"):
        assert giulia.get(f"/en/desk/allocate/{path}").status_code == 200
    assert giulia.get(f"/en/desk/calls/{ref}/track").status_code == 200


def test_who_may_approve_is_told_and_leads_to_the_sheet(cast, pools):
    ref = staged(cast, {"training": 4})
    decide(ref, pools, cast)
    mine = applied(ref, cast.rosa)
    let_on(mine, cast)
    helped(mine, cast, 3)
    with db.writing() as session:
        acts = session.query(Act).where(Act.subject == f"call:{ref}", Act.verb.startswith("support:")).all()
        assert {one.verb for one in acts} >= {"support:proposed", "support:delivered"}
        for act in acts:
            for told in (about_pacts.support_proposed, about_pacts.support_given, about_pacts.support_ended):
                told(News(act, "http://x"))
    assert hours.key_of(2, "legal") == "s2l"


def test_the_decision_says_what_bound_the_hours_and_no_group_is_asked_to_confirm(app, cast, pools):
    ref = staged(cast, {"training": 4})
    decide(ref, pools, cast)
    mine = applied(ref, cast.rosa)
    let_on(mine, cast)
    helped(mine, cast, 3)
    anybody = Browser(app)
    anybody.get(f"/en/money/decisions/{rows(ref)['s1t'].id}")
    assert "Bound as the stage began" in anybody.page
    assert "Promised by signature" not in anybody.page
    assert "Entered among the steps of a group" in anybody.page
    assert "Not yet confirmed" not in anybody.page
    with db.reading() as session:
        pool = session.get_one(Pool, pools["training"])
    for page in (f"/en/money/pools/{pool.year}/{pool.slug}", f"/en/money/pools/{pool.year}/{pool.slug}.csv"):
        assert "Bound as the stage began" in anybody.get(page).get_data(as_text=True)
