"""Groups are told of a stage, of what a call adds to their money, and of a surplus that arrived."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.notices.models import Message
from portal.proposals.calls import actions as calls
from portal.proposals.matching import actions as matching
from portal.proposals.models import Call
from portal.record import actions as record
from portal.schedule import actions as schedule
from portal.subscriptions import react
from portal.subscriptions.reminders import matches
from portal.support.changes import Change
from portal.support.models.surplus import SurplusArrival
from portal.support.surplus import actions as surplus
from tests.proposals.calls.steps import GREEN, dated, published
from tests.proposals.calls.steps import do as do_call
from tests.proposals.incubation import test_track as track
from tests.proposals.matching.steps import EURO, call_with, confirm, pledge, project
from tests.support.conftest import RULES, Desk
from tests.support.surplus.conftest import Group, arrive
from tests.support.surplus.conftest import cast as speaking

money_cast = speaking


def told():
    with db.writing():
        record.sequence()
    with db.writing():
        run = schedule.claim("reactions", clock.real().isoformat(), due_at=clock.now())
    react(run, base_url="https://x.example")
    with db.reading() as session:
        wanted = Message.event.in_(("E19", "E13"))
        return session.scalars(select(Message).where(wanted).order_by(Message.id)).all()


@pytest.mark.parametrize(
    ("outcome", "sentence"), [("goes_on", "comune» passa alla"), ("not_chosen", "comune» non passa alla")]
)
def test_who_applied_is_told_of_a_stage_once(cast, outcome, sentence):
    for name in ("rosa", "giulia", "marco"):
        cast.person(name)
    ref = published(cast, dated(replace(GREEN, track="incubation"), closes=10))
    do_call(ref, lambda call: track.actions.set_stages(call, track.plans(2), by=cast.giulia))
    mine = track.applied(ref, cast.rosa)
    decision = track.propose(mine, cast.giulia, outcome)
    assert told() == []
    track.approve(mine, decision, cast.fresh("marco"))
    (message,) = told()
    assert message.person_id == cast.person("rosa").id
    assert message.link.endswith(f"/calls/{ref}/track/1")
    assert sentence in str(message.body)
    assert len(told()) == 1


def test_each_group_is_told_what_the_city_adds_to_all_of_its_projects(cast, move_clock):
    for name in ("rosa", "teo", "giulia", "marco"):
        cast.person(name)
    ref = call_with(cast)
    marco, tina = cast.fresh("marco"), cast.tina
    first, second = project(cast, ref), project(cast, ref)
    other = project(cast, ref, cast.teo)
    confirm(first, pledge(first, by=cast.rosa), by=tina)
    move_clock(timedelta(days=11))
    do_call(ref, lambda call: matching.settle(call, by=marco))
    to_rosa, to_teo = told()
    assert to_rosa.person_id == cast.person("rosa").id
    assert "non aggiunge nulla" in str(to_rosa.body)
    assert "1.000" in str(to_rosa.body)
    assert to_rosa.link.endswith(f"/calls/{ref}/match")
    assert "non aggiunge nulla" in str(to_teo.body)
    assert to_teo.link.endswith(f"/proposals/{other}/campaign")
    assert second != first


def test_what_is_not_drawn_is_said_before_the_year_ends_and_again_when_it_went_back(cast, move_clock):
    for name in ("rosa", "giulia", "marco", "tina", "nuria"):
        cast.person(name)
    year = clock.today().year + 1
    fund = Desk(cast).opened(10_000 * EURO, year=year)
    ref = call_with(cast, pool_id=fund.id)
    code = project(cast, ref)
    confirm(code, pledge(code, by=cast.rosa), by=cast.tina)
    move_clock(timedelta(days=11))
    do_call(ref, lambda call: matching.settle(call, by=cast.fresh("marco")))
    assert len(told()) == 1
    move_clock(date(year, 12, 31) - clock.today() - timedelta(days=46))
    assert said_of_rest() == []
    with db.reading() as session:
        assert len(session.scalars(matches.due(46)).all()) == 1, "a city may say it earlier"
    move_clock(timedelta(days=2))
    first = said_of_rest()
    people = {cast.person(name).id for name in ("rosa", "giulia", "tina")}
    assert {one.person_id for one in first} >= people
    assert len(said_of_rest()) == len(first)
    (mine,) = [one for one in first if one.person_id == cast.person("rosa").id]
    assert mine.link.endswith(f"/proposals/{code}/campaign")
    assert "31" in str(mine.body)
    do_call(ref, lambda call: calls.decide(call, "One goes on", by=cast.fresh("giulia")))
    do_call(ref, lambda call: matching.give_back(call, "Nobody drew it", by=cast.fresh("nuria")))
    back = [one for one in told() if "Nobody drew it" in str(one.body)]
    assert [one.person_id for one in back] == [cast.person("rosa").id]
    assert len(said_of_rest()) == len(first)


def test_for_whom_a_match_waits_is_told_that_it_goes_on_and_asked_again_a_year_later(cast, move_clock):
    for name in ("rosa", "teo", "giulia", "marco", "tina", "nuria"):
        cast.person(name)
    year = clock.today().year + 1
    desk = Desk(cast)
    fund = desk.opened(10_000 * EURO, year=year)
    ref = call_with(cast, pool_id=fund.id)
    code, other = project(cast, ref), project(cast, ref, cast.teo)
    confirm(code, pledge(code, by=cast.rosa), by=cast.tina)
    move_clock(timedelta(days=11))
    do_call(ref, lambda call: matching.settle(call, by=cast.fresh("marco")))
    told()
    with db.reading() as session:
        call = session.scalars(select(Call).where(Call.ref == ref)).one()
        pool = session.scalars(matching.queries.own_pool(call)).one()
    desk.changed(Change.CARRY_OVER, pool)
    (mine,) = [one for one in told() if str(year + 1) in str(one.body)]
    assert mine.person_id == cast.person("rosa").id
    assert mine.link.endswith(f"/proposals/{code}/campaign")
    assert "1.000" in str(mine.body)
    assert other not in mine.link
    assert len(told()) == len(told())
    with db.reading() as session:
        staff = session.scalars(select(Message).where(Message.body.contains(str(year + 1)))).all()
    assert {one.person_id for one in staff} >= {cast.person(name).id for name in ("rosa", "giulia", "marco")}
    move_clock(date(year, 12, 31) - clock.today() - timedelta(days=40))
    assert said_of_rest() == [], "this year has nothing of it any more"
    move_clock(timedelta(days=365))
    assert cast.person("rosa").id in {one.person_id for one in said_of_rest()}


def said_of_rest(days=45):
    with db.reading() as session:
        found = session.scalars(matches.due(days)).all()
    for one in found:
        matches.remind_of(one, "https://x.example")
    with db.reading() as session:
        about_rest = Message.key.contains(":undrawn-")
        return session.scalars(select(Message).where(about_rest).order_by(Message.id)).all()


def test_who_speaks_for_a_group_is_told_that_its_surplus_arrived(money_cast):
    group = Group(money_cast)
    said, tina = group.declare(money_cast.speaker), money_cast.tina
    arrive(said, 3_000 * EURO, "CRO 1", by=tina)
    (message,) = told()
    assert message.person_id == money_cast.person("rosa").id
    assert "3.000" in str(message.body)
    assert message.link.endswith(f"/organisations/{group.slug}/surplus")


def test_both_groups_are_told_whose_money_it_is(money_cast):
    wrong, right, tina = Group(money_cast), Group(money_cast, "Pixel", "teo"), money_cast.tina
    first = arrive(wrong.declare(money_cast.speaker), 3_000 * EURO, "CRO 1", by=tina)
    declared = right.declare(money_cast.speaker_of(who="teo"))
    assert len(told()) == 1
    with db.writing() as session:
        surplus.move(session.get_one(SurplusArrival, first), declared, "A slip", by=tina, rules=RULES)
    _, to_right, to_wrong = told()
    assert to_right.link.endswith(f"/organisations/{right.slug}/surplus")
    assert to_wrong.link.endswith(f"/organisations/{wrong.slug}/surplus")
    assert "3.000" in str(to_right.body)
    assert "3.000" in str(to_wrong.body)
    assert len(told()) == 3
