"""Who is told while both sides write, from when everybody reads the versions, and other words on the terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import clock, db
from portal.errors import WrongState
from portal.notices.models import Message
from portal.observations.actions import periods
from portal.pacts import actions, observed, queries, standing
from portal.pacts.terms import TERMS, as_change, terms_of
from portal.words import W, say
from tests.browser import Browser
from tests.pacts import journey
from tests.proposals.test_others import react

CLAUSE = "object"
DAY = timedelta(days=1)
WORDS = {"text": {"it": "Il cancello apre alle nove.", "en": "The gate opens at nine."}}


@pytest.fixture
def pact(cast: Any) -> Any:
    return journey.settled(cast)


def told(cast: Any, title: W, since: int = 0) -> dict[str, str]:
    """Let everybody be told, and return what a title says to each member of the cast."""
    react()
    names = {cast.person(name).id: name for name in ("rosa", "giulia", "eve")}
    with db.reading() as session:
        found = session.scalars(select(Message).where(Message.id > since).order_by(Message.id)).all()
    return {names[one.person_id]: one.body for one in found if say(title, "it") in one.title}


def newest() -> int:
    react()
    with db.reading() as session:
        return session.scalar(select(func.max(Message.id))) or 0


def test_everybody_who_agreed_is_told_that_it_is_void_and_of_which_words(pact: Any, cast: Any) -> None:
    journey.agree(pact, cast.rosa)
    journey.change(cast, pact, CLAUSE, WORDS)
    heading = next(row for row in journey.version_of(pact).text["clauses"] if row["id"] == CLAUSE)["heading"]
    said = told(cast, W("Your agreement is void"))
    assert set(said) == {"rosa", "giulia"}
    assert all(heading["it"] in one for one in said.values())


def test_a_text_taken_up_again_tells_both_sides_the_reason(pact: Any, cast: Any) -> None:
    journey.agree(pact, cast.rosa)
    journey.agree(pact, cast.giulia)
    with db.writing():
        actions.reopen(journey.here(pact), "Le date non reggono.", by=cast.rosa)
    assert "Le date non reggono." in told(cast, W("The text is open again"))["giulia"]


def test_a_suggestion_tells_the_other_side_alone(pact: Any, cast: Any) -> None:
    rosa, before = cast.rosa, newest()
    with db.writing():
        actions.suggest(journey.here(pact), CLAUSE, WORDS, by=rosa)
    assert set(told(cast, W("A suggestion waits for your answer"), before)) == {"giulia"}


def test_a_group_gets_a_version_once_a_day(pact: Any, cast: Any, move_clock: Any) -> None:
    giulia = cast.giulia
    with db.writing():
        actions.send_version(journey.here(pact), by=giulia)
    pact = journey.change(cast, pact, CLAUSE, WORDS)
    with pytest.raises(WrongState, match="today already"), db.writing():
        actions.send_version(journey.here(pact), by=giulia)
    move_clock(DAY)
    with db.writing():
        actions.send_version(journey.here(pact), by=giulia)
    said = told(cast, W("A version of the text for your group"))
    assert set(said) == {"rosa"}
    assert journey.reload(pact).sent_version == pact.last_version


def test_other_words_on_the_terms_name_those_they_answer(pact: Any, cast: Any) -> None:
    terms, rosa, giulia = terms_of(journey.version_of(pact).text), cast.rosa, cast.giulia
    cheaper, dearer = (
        {TERMS: as_change(replace(terms, support=(replace(terms.support[0], amount=amount),)))}
        for amount in (200_000, 250_000)
    )
    with db.writing():
        first = actions.suggest(journey.here(pact), TERMS, cheaper, by=rosa).id
    with db.writing() as session:
        found = session.scalars(queries.suggestion(pact.id, first)).one()
        second = actions.counter(found, dearer, pact=journey.here(pact), by=giulia)
    assert (second.clause_id, second.answers_id) == (TERMS, first)
    with db.writing() as session:
        assert session.scalars(queries.suggestion(pact.id, first)).one().state == "countered"
        found = session.scalars(queries.suggestion(pact.id, second.id)).one()
        made = actions.answer_suggestion(found, accept=True, pact=journey.here(pact), by=rosa)
    assert [one["amount"] for one in made.text["support"]] == [250_000]


def test_a_text_laid_out_for_observations_is_everybodys(
    pact: Any, app: Any, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = standing.profile_of(pact)
    shown = tuple(replace(one, observation_on="version", observation_days=15) for one in rules.classes)
    monkeypatch.setattr(observed, "profile_of", lambda _pact: replace(rules, classes=shown))
    page = f"/en/pacts/{pact.code}/versions/1"
    assert Browser(app).get(page).status_code in {403, 404}
    with db.writing():
        first = clock.today()
        periods.open_period(observed.find(pact.code), first, first + 14 * DAY, by=cast.giulia)
    assert Browser(app).get(page).status_code == 200
