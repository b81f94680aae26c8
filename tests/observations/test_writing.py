"""Anybody speaks without an account; what looks odd waits for a person, and nothing is thrown away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal import clock, db
from portal.errors import Invalid, WrongState
from portal.observations import codes, suspicion
from portal.observations.lifecycle import State
from portal.observations.suspicion import Signs
from portal.people.models import Person
from portal.policy import VISITOR
from portal.proposals import actions as proposals
from portal.record import Act, Did
from portal.record.publicity import why_private
from tests.observations import steps
from tests.observations.steps import say
from tests.pacts import journey

NOW = clock.real()


def test_a_neighbour_speaks_without_an_account_and_gets_a_code(cast: Any, code: str) -> None:
    steps.publish(code, cast.giulia)
    made = say(code, "The gate is too narrow for a wheelchair.")
    assert codes.CODE.fullmatch(made.code)
    assert made.state == State.PUBLISHED
    assert made.is_formal
    # Fifteen days after the last of fifteen days, whole.
    assert (clock.local(made.answer_due_at).date() - clock.today()).days >= 30


def test_before_and_after_the_period_it_has_no_formal_effect(cast: Any, code: str, move_clock: Any) -> None:
    steps.publish(code, cast.giulia, ahead=2)
    assert not say(code).is_formal
    move_clock(timedelta(days=2))
    assert say(code).is_formal
    move_clock(timedelta(days=15))
    late = say(code)
    assert not late.is_formal
    assert late.state == State.PUBLISHED


def test_an_objection_in_a_period_has_a_name_that_may_stay_hidden(cast: Any, code: str) -> None:
    assert say(code, kind="objection").is_formal is False
    steps.publish(code, cast.giulia)
    with pytest.raises(Invalid, match="must know who objects") as refused:
        say(code, kind="objection")
    assert refused.value.field == "name"
    made = say(code, kind="objection", name="Nina Costa")
    assert made.needs_identity
    assert not made.shows_name
    assert not say(code, kind="worry").needs_identity


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"kind": "praise"}, "kind"),
        ({"name": "x" * 121}, "name"),
        ({"email": "x" * 250 + "@example.org"}, "email"),
    ],
)
def test_bad_input_is_refused_beside_its_field(
    cast: Any, code: str, told: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        say(code, told.pop("text", "Something."), **told)
    assert refused.value.field == field


def test_nothing_is_said_about_what_was_taken_back(cast: Any, code: str) -> None:
    rosa = cast.rosa
    with db.writing() as session:
        proposals.withdraw(session.merge(journey.reload_proposal(code)), by=rosa)
    with pytest.raises(WrongState):
        say(code)


def test_who_speaks_stands_in_no_public_act(cast: Any, code: str) -> None:
    nina = cast.nina
    made = say(code, "A secret worry of mine.", by=nina, name="Nina Canarina", email="x@example.org")
    with db.reading() as session:
        acts = session.scalars(select(Act).where(Act.verb.startswith("observation"))).all()
    assert [act.verb for act in acts] == [Did.OBSERVATION_RECEIVED, Did.OBSERVATION_PUBLISHED]
    public = [act for act in acts if why_private(act.verb, act.facts) is None]
    assert [act.verb for act in public] == [Did.OBSERVATION_PUBLISHED]
    for act in acts:
        for private in (b"worry of mine", b"Canarina", b"x@example.org"):
            assert private not in act.canonical
    assert nina.pseudonym.encode() not in public[0].canonical
    assert made.code.encode() in public[0].canonical


@pytest.mark.parametrize(
    "text",
    [
        "See https://spam.example/x",
        "see WWW.spam.example",
        "go to spam.com now",
        "write to me@spam.org",
        "spam [dot] com",
        "hxxp://bad",
        "[click](here)",
        "javascript://x",
    ],
)
def test_a_link_of_somebody_unknown_waits_for_a_person(cast: Any, code: str, text: str) -> None:
    made = say(code, text)
    assert (made.state, made.held_for) == (State.RECEIVED, ["link"])


@pytest.mark.parametrize(
    "text",
    [
        "It costs 3.50 a day.",
        "Sì. Ma poi? Alle 10.30, in via Larga 12/a.",
        "Art.5 del regolamento",
        "e.g. trees",
    ],
)
def test_ordinary_words_are_no_link(text: str) -> None:
    assert not suspicion.has_link(text)


def test_a_new_account_counts_as_unknown_and_an_old_one_does_not(
    cast: Any, code: str, move_clock: Any
) -> None:
    nina = cast.nina
    assert say(code, "See https://example.org", by=nina).state == State.RECEIVED
    move_clock(timedelta(days=7))
    assert say(code, "See https://example.org", by=nina).state == State.PUBLISHED


@pytest.mark.parametrize(
    ("signs", "held"),
    [
        (Signs(seconds=60), ()),
        (Signs(seconds=None), ("hurry",)),
        (Signs(seconds=1), ("hurry",)),
        (Signs(seconds=-5), ("hurry",)),
        (Signs(seconds=60, filled_the_trap=True), ("trap",)),
        (Signs(seconds=60, has_photo=True), ("photo",)),
        (Signs(seconds=60, has_photo=True, joined_at=NOW - timedelta(days=8)), ()),
        (Signs(seconds=60, filled_the_trap=True, joined_at=NOW - timedelta(days=8)), ("trap",)),
    ],
)
def test_what_makes_a_person_look_first(signs: Signs, held: tuple[str, ...]) -> None:
    assert suspicion.why_held(("A calm sentence.",), signs, NOW) == held


@given(st.text(max_size=200), st.sampled_from(["http://x.y", "https://a.b/c", "www.x.org", "ftp://x"]))
def test_no_words_around_a_link_hide_it(text: str, link: str) -> None:
    assert suspicion.has_link(f"{text} {link} {text}")


def test_an_account_keeps_its_own_address(cast: Any, code: str) -> None:
    nina = cast.nina
    made = say(code, by=nina, email="other@example.org")
    assert made.email == ""
    with db.reading() as session:
        assert session.get_one(Person, made.person_id).email == "nina@example.org"


def test_the_secret_of_one_opens_no_other(cast: Any, code: str) -> None:
    one, two = say(code), say(code)
    assert codes.is_token(one.code, codes.token_of(one.code))
    assert not codes.is_token(two.code, codes.token_of(one.code))
    assert not codes.is_token(one.code, "è" * 64)
    assert one.relations(replace(VISITOR, keys=frozenset({one.key})))
    assert not two.relations(replace(VISITOR, keys=frozenset({one.key})))
