"""Whoever stands on the side of a project neither sees its money arrive nor settles what the city adds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.errors import NotAllowed
from portal.organisations import actions as groups
from portal.organisations.models import Kind, Membership
from portal.proposals.assessment import actions as assessment
from portal.proposals.calls import actions as calls
from portal.proposals.matching import actions
from portal.proposals.models import Call, PledgeCheck
from tests.browser import Browser
from tests.proposals.calls.steps import do as do_call
from tests.proposals.matching.steps import call_with, confirm, pledge, project, row
from tests.proposals.steps import do

SIDES = "side of a project of this call"


@pytest.fixture
def cast(cast):
    for name in ("rosa", "teo", "giulia", "marco", "tina", "nuria", "aldo", "eve", "ivan", "ada"):
        cast.person(name)
    return cast


@pytest.fixture
def ref(cast):
    return call_with(cast)


def of_a_group_with(code, cast, name):
    """Let the project be that of a group to which this official belongs."""
    with db.writing() as session:
        rosa = session.merge(cast.person("rosa"))
        made = groups.found("Orto comune", Kind.ASSOCIATION, by=cast.rosa, speaker=rosa)
        session.add(made)
        session.flush()
        who = cast.person(name).id
        session.add(Membership(organisation_id=made.id, person_id=who, starts_at=clock.now()))
        number = made.id
    do(code, lambda one: setattr(one, "organisation_id", number))


def settle(ref, by):
    return do_call(ref, lambda call: len(actions.settle(call, by=by)))


def test_an_officer_of_a_project_neither_settles_nor_gives_back(both, cast, ref, move_clock):
    code, tina = project(cast, ref), cast.tina
    of_a_group_with(code, cast, "giulia")
    confirm(code, pledge(code, by=cast.rosa), by=tina)
    move_clock(timedelta(days=11))
    with pytest.raises(NotAllowed, match=SIDES):
        settle(ref, cast.fresh("giulia"))
    with db.reading() as session:
        assert session.scalars(select(Call.settled_at)).one() is None
    assert settle(ref, cast.fresh("marco")) == 1
    do_call(ref, lambda call: calls.decide(call, "It goes on", by=cast.fresh("marco")))
    with pytest.raises(NotAllowed, match=SIDES):
        do_call(ref, lambda call: actions.give_back(call, "Not needed", by=cast.fresh("giulia")))


def test_who_proposed_it_settles_nothing_and_who_took_it_back_does_again(cast, ref, move_clock):
    code = project(cast, ref, cast.giulia)
    move_clock(timedelta(days=11))
    with pytest.raises(NotAllowed, match=SIDES):
        settle(ref, cast.fresh("giulia"))
    do(code, lambda one: setattr(one, "state", "withdrawn"))
    assert settle(ref, cast.fresh("giulia")) == 0


@pytest.mark.parametrize("name", ["giulia", "nuria"])
def test_an_interest_in_one_project_is_one_in_what_the_call_adds(cast, ref, move_clock, name):
    code, other = project(cast, ref), project(cast, ref, cast.teo)
    assert code != other
    actor = getattr(cast, name)
    do(other, lambda one: assessment.state_interest(one, "A friend", has_conflict=True, by=actor))
    move_clock(timedelta(days=11))
    with pytest.raises(NotAllowed, match=SIDES):
        settle(ref, cast.fresh(name))
    assert settle(ref, cast.fresh("marco")) == 2


def test_a_treasurer_with_an_interest_sees_no_money_arrive_for_that_project(cast, ref):
    code, tina = project(cast, ref), cast.tina
    numbers = pledge(code, by=cast.rosa)
    do(code, lambda one: assessment.state_interest(one, "My sister", has_conflict=True, by=tina))
    with pytest.raises(NotAllowed, match="conflict of interest"):
        confirm(code, numbers, by=tina)
    with db.reading() as session:
        assert session.scalars(select(PledgeCheck)).all() == []


def test_the_desk_offers_no_box_for_a_project_of_ones_own_and_says_why(app, cast, ref, move_clock):
    own, other = project(cast, ref), project(cast, ref, cast.teo)
    mine, theirs = pledge(own, by=cast.rosa), pledge(other, row(reference="T-2"), by=cast.teo)
    of_a_group_with(own, cast, "tina")
    tina, desk = Browser(app), f"/en/desk/calls/{ref}/match"
    tina.sign_in("tina@city.example")
    tina.get(desk)
    assert f'value="{theirs[0]}"' in tina.page
    assert f'name="pledge" value="{mine[0]}"' not in tina.page
    assert "A colleague checks it" in tina.page
    tina.get(f"{desk}/pledges/{mine[0]}")
    assert "Confirm" not in tina.page.partition("<main")[2].partition("<footer")[0]
    seen = {"received_on": f"{clock.today():%d/%m/%Y}", "evidence": "Statement 4", "pledge": [mine[0]]}
    assert tina.post(f"{desk}/checks", seen).status_code == 403
    of_a_group_with(other, cast, "giulia")
    move_clock(timedelta(days=11))
    giulia = Browser(app)
    giulia.sign_in("giulia@city.example")
    giulia.get(desk)
    assert "You stand on the side of a project of this call" in giulia.page
    assert "Settle what the city adds" not in giulia.page
