"""A period is published by an officer for enough days, and a case goes on when everybody was heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.errors import Invalid, NotAllowed, Stale, WrongState
from portal.notices.models import Message
from portal.observations import actions
from portal.observations.models import Observation, Period
from portal.observations.subjects import Rules
from portal.pacts import actions as pacts
from portal.pacts import observed as pacts_observed
from portal.proposals import actions as proposals
from portal.record import Act, Did
from portal.subscriptions.reactions import _tell_of
from tests.observations import steps
from tests.pacts import journey
from tests.pacts.test_races import at_once


def accept(code: str, by: Any) -> Any:
    with db.writing():
        found = (
            db.session()
            .scalars(journey.proposal_queries.with_parts(journey.proposal_queries.by_any_code(code)))
            .one()
        )
        return pacts.open_from(found, reason="Good.", pact_class="ordinary", by=by).code


@pytest.fixture
def ready(cast: Any, code: str) -> str:
    """The code of a proposal that Giulia has found complete, and nobody was asked about."""
    giulia = cast.giulia
    with db.writing():
        found = db.session().merge(journey.reload_proposal(code))
        proposals.assign(found, by=giulia)
        marks = {item.id: ("ok", "") for item in journey.checklist.items_for(found.kind)}
        proposals.save_completeness(found, marks, by=giulia)
        steps.judge(found, giulia)
    return code


def test_an_officer_publishes_it_and_the_record_says_so(cast: Any, code: str) -> None:
    steps.publish(code, cast.giulia)
    with db.reading() as session:
        period = session.scalars(select(Period)).one()
        act = session.scalars(select(Act).where(Act.verb == Did.OBSERVATIONS_OPENED)).one()
        assert clock.local(period.opens_at).date() == clock.today()
    assert act.facts["days"] == 15
    assert act.facts["first"] == str(clock.today())


@pytest.mark.parametrize("who", ["rosa", "eve", "lea"])
def test_nobody_else_publishes_one(cast: Any, code: str, who: str) -> None:
    by = getattr(cast, who)
    with pytest.raises(NotAllowed):
        steps.publish(code, by)


def test_who_belongs_to_the_group_leaves_it_to_a_colleague(cast: Any, code: str) -> None:
    by = replace(cast.giulia, keys=frozenset({f"proposal:{code}"}))
    with pytest.raises(NotAllowed, match="Pass the case to a colleague"):
        steps.publish(code, by)


def test_too_few_days_are_refused_with_the_rule_that_asks_for_more(cast: Any, code: str) -> None:
    giulia = cast.giulia
    with pytest.raises(Invalid, match=r"at least 15 days\. Source: the municipal regulation") as refused:
        steps.publish(code, giulia, days=14)
    assert refused.value.field == "last"


def test_a_day_that_is_past_and_a_mistyped_year_are_refused(cast: Any, code: str) -> None:
    giulia = cast.giulia
    with pytest.raises(Invalid, match="has passed already"):
        steps.publish(code, giulia, ahead=-1, days=30)
    with pytest.raises(Invalid, match="a year at most"):
        steps.publish(code, giulia, days=500)


def test_there_is_one_period_and_two_officers_at_once_make_no_second(
    both: db.Database, cast: Any, code: str
) -> None:
    def publish(by: Any) -> None:
        first = clock.today()
        actions.open_period(steps.subject_of(code), first, first + timedelta(days=14), by=by)

    raised = at_once(*(lambda by=by: publish(by) for by in (cast.giulia, cast.marco)))
    assert sum(one is None for one in raised) == 1
    assert isinstance(next(one for one in raised if one), Stale | WrongState)
    with db.reading() as session:
        assert len(session.scalars(select(Period)).all()) == 1


WHY = "The notice hung askew for a week."


def extend(code: str, by: Any, days: int, why: str = WHY) -> None:
    with db.writing():
        actions.extend_period(steps.subject_of(code), clock.today() + timedelta(days=days), why, by=by)


def test_a_period_is_made_longer_before_its_end_and_everybody_concerned_is_told(
    cast: Any, code: str, client: Any, move_clock: Any
) -> None:
    giulia = cast.giulia
    steps.publish(code, giulia)
    steps.say(code, email="neighbour@example.org")
    extend(code, giulia, 20)
    client.get(f"/en/proposals/{code}")
    assert "day 1 of 21" in client.page
    assert WHY in client.page
    with db.writing() as session:
        act = session.scalars(select(Act).where(Act.verb == Did.OBSERVATIONS_EXTENDED)).one()
        _tell_of(act, "https://x.example")
        told = session.scalars(select(Message).where(Message.event == "E07", Message.kind == "act")).all()
    rosa = cast.person("rosa").id
    assert {one.address or one.person_id for one in told} == {"neighbour@example.org", rosa}
    move_clock(timedelta(days=18))
    steps.say(code, "In time, thanks to the extension.")
    with db.reading() as session:
        period = session.scalars(select(Period)).one()
        act = session.scalars(select(Act).where(Act.verb == Did.OBSERVATIONS_EXTENDED)).one()
        assert (period.extensions, act.facts["last"]) == (1, str(clock.today() + timedelta(days=2)))
        assert {one.period_id for one in session.scalars(select(Observation))} == {period.id}
    move_clock(timedelta(days=21))
    with pytest.raises(WrongState, match="What is over is not opened again"):
        extend(code, giulia, 30)


def test_a_period_is_never_made_shorter_and_not_without_a_reason(cast: Any, code: str) -> None:
    giulia = cast.giulia
    with pytest.raises(WrongState, match="No period for observations is published here"):
        extend(code, giulia, 20)
    steps.publish(code, giulia)
    for days, why, field in ((14, WHY, "extended_on"), (400, WHY, "extended_on"), (20, "", "extended_why")):
        with pytest.raises(Invalid) as refused:
            extend(code, giulia, days, why)
        assert refused.value.field == field
    for who in (cast.eve, cast.lea, replace(giulia, keys=frozenset({f"proposal:{code}"}))):
        with pytest.raises(NotAllowed):
            extend(code, who, 20)


def test_an_officer_gives_more_time_on_the_page_of_the_period(enter: Any, cast: Any, code: str) -> None:
    steps.publish(code, cast.giulia)
    giulia, where = enter("giulia"), f"/en/desk/cases/{code}/observations"
    giulia.get(where)
    last = f"{clock.today() + timedelta(days=20):%d/%m/%Y}"
    empty = giulia.post(f"{where}/extension", {"extended_on": last, "extended_why": ""})
    assert (empty.status_code, last in giulia.page) == (422, True)
    giulia.post(f"{where}/extension", {"extended_on": last, "extended_why": WHY}, at=where)
    assert "day 1 of 21" in giulia.page
    assert where in giulia.parsed.links


def test_nothing_is_accepted_that_nobody_was_asked_about(cast: Any, ready: str) -> None:
    giulia = cast.giulia
    with pytest.raises(WrongState, match="Publish this for observations first"):
        accept(ready, giulia)


def test_nothing_is_accepted_while_people_may_speak(cast: Any, ready: str, move_clock: Any) -> None:
    giulia = cast.giulia
    steps.publish(ready, giulia)
    with pytest.raises(WrongState, match="Wait until the period for observations is over"):
        accept(ready, giulia)
    move_clock(timedelta(days=15))
    assert accept(ready, giulia).startswith("BO-")


def test_every_observation_is_answered_or_passed_over_first(cast: Any, ready: str, move_clock: Any) -> None:
    giulia = cast.giulia
    steps.publish(ready, giulia)
    one, two = steps.say(ready), steps.say(ready, "And who waters it in August?")
    move_clock(timedelta(days=16))
    with pytest.raises(WrongState, match=r"2 observations have no answer\. Answer them before you go on\."):
        accept(ready, giulia)
    steps.answer(one, giulia)
    with pytest.raises(WrongState, match="1 observation has no answer"):
        accept(ready, giulia)
    steps.answer(two, giulia, "passed_over", "It asks the same as the first one.")
    assert accept(ready, giulia).startswith("BO-")


def test_what_is_hidden_or_came_too_late_keeps_nobody_waiting(cast: Any, ready: str, move_clock: Any) -> None:
    giulia = cast.giulia
    steps.publish(ready, giulia)
    steps.hide(steps.say(ready, "You are all thieves."), giulia)
    move_clock(timedelta(days=16))
    late = steps.say(ready, "I come too late.")
    assert not late.is_formal
    assert accept(ready, giulia).startswith("BO-")


def test_what_waits_for_a_look_or_a_second_person_must_be_seen_to_first(
    cast: Any, ready: str, move_clock: Any
) -> None:
    giulia, marco = cast.giulia, cast.marco
    steps.publish(ready, giulia)
    held = steps.say(ready, "Look at https://example.org")
    move_clock(timedelta(days=16))
    with pytest.raises(WrongState, match="1 observation has no answer"):
        accept(ready, giulia)
    hidden = steps.hide(held, giulia, "advertising", "It is an advertisement.")
    with db.writing() as session:
        author = replace(steps.VISITOR, keys=frozenset({hidden.key}))
        actions.contest(session.merge(hidden), "It is my own garden.", by=author)
    with pytest.raises(WrongState, match="1 observation has no answer"):
        accept(ready, giulia)
    steps.do(hidden, lambda it: actions.uphold(it, "It sells plants.", by=marco))
    assert accept(ready, giulia).startswith("BO-")


def test_a_city_may_ask_about_the_text_instead(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pact, giulia = journey.resourced(cast), cast.giulia
    cast.person("nuria")
    monkeypatch.setattr(pacts_observed, "_rules", lambda _pact: Rules(15, "reg2023"))
    with db.reading():
        assert any(
            "Publish this for observations" in str(one)
            for one in pacts.missing_for_signing(journey.here(pact))
        )
    with db.writing():
        found = pacts_observed.find(pact.code)
        assert found is not None
        assert found.version == pact.last_version
        before = clock.fix(clock.now() - timedelta(days=20))
        first = clock.today()
        actions.open_period(found, first, first + timedelta(days=14), by=giulia)
        clock.fix(before)
    with db.reading():
        assert not pacts.missing_for_signing(journey.here(pact))
