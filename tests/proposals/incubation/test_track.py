"""A track from its stages to a founded cooperative: who may, places, two persons, and races."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.errors import Invalid, NotAllowed, Refused, WrongState
from portal.organisations import actions as groups
from portal.organisations.models import Kind
from portal.proposals.incubation import actions, queries
from portal.proposals.incubation.actions import Idea, Plan, Step
from portal.proposals.incubation.funnel import Counted, founded, levels
from portal.proposals.models import Call, Stage, StageDecision, Venture
from tests.proposals.calls.steps import GREEN, dated, do, published

PLACES = (2, 1)


@pytest.fixture
def cast(cast):
    for name in ("rosa", "teo", "eve", "giulia", "marco", "nuria", "aldo"):
        cast.person(name)
    return cast


def plans(*places):
    day = clock.today()
    return [
        Plan({"en": f"Stage {n}"}, day + timedelta(days=30 * n), day + timedelta(days=30 * n + 29), most)
        for n, most in enumerate(places, start=1)
    ]


@pytest.fixture
def track(cast):
    ref = published(cast, dated(replace(GREEN, track="incubation"), closes=10))
    do(ref, lambda call: actions.set_stages(call, plans(*PLACES), by=cast.giulia))
    return ref


def applied(ref, by, name="Bici comune"):
    return do(ref, lambda call: actions.apply(call, Idea(name, "A platform of its riders."), by=by).id)


def with_venture(venture_id, verb):
    with db.writing() as session:
        return verb(session.get_one(Venture, venture_id))


def propose(venture_id, by, outcome="goes_on"):
    return with_venture(venture_id, lambda one: actions.propose(one, outcome, "A clear plan", by=by).id)


def approve(venture_id, decision_id, by):
    def act(one):
        actions.approve(one, db.session().get_one(StageDecision, decision_id), by=by)

    with_venture(venture_id, act)


def let_on(venture_id, cast):
    approve(venture_id, propose(venture_id, cast.giulia), cast.fresh("marco"))


def see(venture_id):
    with db.reading() as session:
        return session.get_one(Venture, venture_id)


def test_from_the_application_to_the_cooperative(both, cast):
    ref = published(cast, dated(replace(GREEN, track="incubation"), closes=10))
    do(ref, lambda call: actions.set_stages(call, plans(*PLACES), by=cast.giulia))
    mine = applied(ref, cast.rosa)
    let_on(mine, cast)
    step = Step("statute", clock.today(), "Draft of the statute, 3 May")
    with_venture(mine, lambda one: actions.enter_step(one, step, by=cast.rosa))
    hours = Step("training", clock.today(), "List of those present", 6)
    with_venture(mine, lambda one: actions.enter_step(one, hours, by=cast.giulia))
    let_on(mine, cast)
    with pytest.raises(WrongState, match="no further stage"):
        propose(mine, cast.giulia)
    rosa = cast.person("rosa")
    with db.writing() as session:
        made = groups.found(
            "Bici comune", Kind.COOPERATIVE, by=cast.rosa, speaker=session.get_one(type(rosa), rosa.id)
        )
        actions.found(session.get_one(Venture, mine), made, by=cast.giulia)
    assert (see(mine).state, see(mine).stage) == ("founded", 2)
    with db.reading() as session:
        counts = [Counted(*one[:3]) for one in session.execute(queries.counts(see(mine).call_id))]
        assert founded(counts) == 1
        assert [one.came for one in levels([(1, 2), (2, 1)], counts)] == [1, 1, 1]


def test_two_persons_decide_and_neither_has_a_part_in_it(cast, track):
    mine = applied(track, cast.rosa)
    for name in ("rosa", "eve", "nuria", "aldo"):
        with pytest.raises(NotAllowed):
            propose(mine, getattr(cast, name))
    own = applied(track, cast.giulia, "Of an official")
    with pytest.raises(NotAllowed):
        propose(own, cast.giulia)
    decision = propose(mine, cast.giulia)
    for name in ("giulia", "eve", "rosa", "aldo"):
        with pytest.raises(NotAllowed):
            approve(mine, decision, cast.fresh(name))
    with pytest.raises(Refused):
        propose(mine, cast.marco)
    approve(mine, decision, cast.fresh("marco"))
    with pytest.raises(WrongState):
        approve(mine, decision, cast.fresh("marco"))


def test_who_is_not_chosen_is_told_why_and_goes_on_no_more(cast, track):
    mine = applied(track, cast.rosa)
    approve(mine, propose(mine, cast.giulia, "not_chosen"), cast.fresh("marco"))
    assert (see(mine).state, see(mine).reason) == ("not_chosen", "A clear plan")
    for verb in (
        lambda one: actions.withdraw(one, by=cast.rosa),
        lambda one: actions.enter_step(one, Step("other", clock.today(), "x"), by=cast.rosa),
    ):
        with pytest.raises(WrongState):
            with_venture(mine, verb)


def test_the_last_place_is_given_once(both, cast):
    ref = published(cast, dated(replace(GREEN, track="incubation"), closes=10))
    do(ref, lambda call: actions.set_stages(call, plans(2), by=cast.giulia))
    some = [applied(ref, cast.rosa, f"Idea {n}") for n in range(5)]
    decisions = [propose(one, cast.giulia) for one in some]
    marco = cast.fresh("marco")

    def race(pair):
        try:
            approve(*pair, marco)
        except Refused:
            return 0
        return 1

    with ThreadPoolExecutor(5) as threads:
        assert sum(threads.map(race, zip(some, decisions, strict=True))) == 2
    with db.reading() as session:
        assert session.scalar(select(Stage.taken)) == 2
        states = sorted(session.scalars(select(Venture.state)))
    assert states == ["applied"] * 3 + ["on_track"] * 2


@pytest.mark.parametrize("name", ["", "x" * 121])
def test_an_idea_without_a_name_is_refused(cast, track, name):
    with pytest.raises(Invalid):
        applied(track, cast.rosa, name)


def test_before_and_after_the_call_nobody_applies_and_other_calls_have_no_track(cast, track, move_clock):
    other = published(cast)
    with pytest.raises(WrongState, match="no track"):
        applied(other, cast.rosa)
    move_clock(timedelta(days=10))
    with pytest.raises(WrongState, match="while the call is open"):
        applied(track, cast.rosa)


def test_stages_are_whole_and_stay_once_somebody_is_in(cast, track):
    def set_to(*some):
        do(track, lambda call: actions.set_stages(call, list(some), by=cast.giulia))

    whole = plans(3)[0]
    for wrong in ((), (replace(whole, places=0),), (replace(whole, name={"en": ""}),), (whole,) * 7):
        with pytest.raises(Invalid):
            set_to(*wrong)
    with pytest.raises(Invalid):
        set_to(replace(whole, ends_on=whole.starts_on - timedelta(days=1)))
    with pytest.raises(NotAllowed):
        do(track, lambda call: actions.set_stages(call, plans(3), by=cast.eve))
    let_on(applied(track, cast.rosa), cast)
    with pytest.raises(WrongState):
        set_to(*plans(3))


def test_a_stranger_withdraws_and_shows_nothing(cast, track):
    mine = applied(track, cast.rosa)
    for actor in (cast.eve, cast.teo, cast.giulia):
        with pytest.raises(NotAllowed):
            with_venture(mine, lambda one, by=actor: actions.withdraw(one, by=by))
    for kind, hours in (("statute", 0), ("training", 3)):
        with pytest.raises(NotAllowed):
            step = Step(kind, clock.today(), "x", hours)
            with_venture(mine, lambda one, step=step: actions.enter_step(one, step, by=cast.eve))
    with_venture(mine, lambda one: actions.withdraw(one, by=cast.rosa))
    assert see(mine).state == "withdrawn"


def test_the_funnel_counts_whoever_came_as_far():
    counts = [
        Counted("not_chosen", 0, 50), Counted("withdrawn", 1, 30), Counted("not_chosen", 1, 50),
        Counted("on_track", 2, 10), Counted("founded", 3, 10),
    ]  # fmt: skip
    assert [(one.came, one.not_chosen, one.withdrawn) for one in levels([(1, 100), (2, 20), (3, 10)], counts)] == [
        (150, 50, 0), (100, 50, 30), (20, 0, 0), (10, 0, 0)
    ]  # fmt: skip


def test_a_track_is_found_by_its_call(cast, track):
    mine = applied(track, cast.rosa)
    with db.reading() as session:
        assert session.scalars(queries.call_of(mine)).one().ref == track
        assert session.scalars(select(Call.ref)).all() == [track]
