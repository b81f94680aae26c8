"""Both sides write one clause: other words, comments, clauses of their own, and whose turn it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from portal import db
from portal.errors import Invalid, NotAllowed, Stale, WrongState
from portal.pacts import actions, queries
from portal.pacts.actions.texts import NEW, clause_of
from portal.pacts.models import Suggestion
from portal.pacts.turn import Standing, whose_turn
from portal.words import say
from tests.browser import Browser
from tests.counting import counting
from tests.pacts import crowded, journey

WORDS = {"text": {"it": "Il cancello apre alle nove.", "en": "The gate opens at nine."}}
OTHER = {"text": {"it": "Il cancello apre alle dieci.", "en": "The gate opens at ten."}}
OWN = {
    "own": {
        "heading": {"it": "Le api"},
        "plain": {"it": "Due arnie restano."},
        "text": {"it": "Le arnie restano dove sono."},
        "after": "object",
    }
}
CLAUSE = "object"


def suggest(pact: Any, change: dict[str, Any], by: Any, clause_id: str = CLAUSE) -> Suggestion:
    with db.writing():
        return actions.suggest(journey.here(pact), clause_id, change, by=by)


def answer(pact: Any, one: Suggestion, by: Any, *, accept: bool = True) -> Any:
    with db.writing() as session:
        found = session.scalars(queries.suggestion(pact.id, one.id)).one()
        return actions.answer_suggestion(found, accept=accept, answer="No", pact=journey.here(pact), by=by)


def counter(pact: Any, one: Suggestion, change: dict[str, Any], by: Any) -> Suggestion:
    with db.writing() as session:
        found = session.scalars(queries.suggestion(pact.id, one.id)).one()
        return actions.counter(found, change, "Later is better", pact=journey.here(pact), by=by)


def state(pact: Any, one: Suggestion) -> str:
    with db.reading() as session:
        return session.scalars(queries.suggestion(pact.id, one.id)).one().state


def test_a_suggestion_is_answered_with_other_words_that_its_side_answers_in_turn(
    both: db.Database, cast: Any
) -> None:
    pact, rosa, giulia = journey.accepted(cast), cast.rosa, cast.giulia
    first = suggest(pact, WORDS, rosa)
    with pytest.raises(NotAllowed):
        counter(pact, first, OTHER, rosa)
    second = counter(pact, first, OTHER, giulia)
    assert (state(pact, first), second.answers_id) == ("countered", first.id)
    with pytest.raises(WrongState):
        answer(pact, first, giulia)
    made = answer(pact, second, rosa)
    assert clause_of(made.text, CLAUSE)["text"]["it"] == "Il cancello apre alle dieci."
    assert made.changed == [CLAUSE]


def test_other_words_taken_back_leave_the_first_ones_waiting_again(cast: Any) -> None:
    pact, rosa, giulia = journey.accepted(cast), cast.rosa, cast.giulia
    first = suggest(pact, WORDS, rosa)
    second = counter(pact, first, OTHER, giulia)
    with db.writing() as session:
        found = session.scalars(queries.suggestion(pact.id, second.id)).one()
        actions.withdraw_suggestion(found, pact=journey.here(pact), by=giulia)
    assert (state(pact, first), state(pact, second)) == ("open", "withdrawn")


def test_both_sides_talk_about_a_clause_and_the_text_stays(cast: Any) -> None:
    pact, rosa, giulia, eve = journey.accepted(cast), cast.rosa, cast.giulia, cast.eve
    one = suggest(pact, WORDS, rosa)
    with db.writing() as session:
        found = session.scalars(queries.suggestion(pact.id, one.id)).one()
        actions.remark(journey.here(pact), CLAUSE, "Why nine?", by=giulia, suggestion=found)
        actions.remark(journey.here(pact), CLAUSE, "Because of the school.", by=rosa)
    with db.reading() as session:
        rows = session.execute(queries.remarks_at(pact.id, CLAUSE, 10)).all()
    assert [(said.side, said.suggestion_id) for said, _ in rows] == [("community", None), ("city", one.id)]
    with pytest.raises(Invalid), db.writing():
        actions.remark(journey.here(pact), CLAUSE, "  ", by=rosa)
    with pytest.raises(NotAllowed), db.writing():
        actions.remark(journey.here(pact), CLAUSE, "Hello", by=eve)
    assert journey.reload(pact).last_version == 1


def test_a_clause_of_their_own_comes_in_moves_and_goes_as_suggestions(both: db.Database, cast: Any) -> None:
    pact, rosa, giulia = journey.accepted(cast), cast.rosa, cast.giulia
    one = suggest(pact, OWN, rosa, NEW)
    made = answer(pact, one, giulia)
    rows = {row["id"]: row for row in made.text["clauses"]}
    assert one.clause_id == "own-1"
    assert rows["own-1"]["number"] == rows["object"]["number"] + 1
    assert [row["number"] for row in made.text["clauses"]] == list(range(len(rows)))
    assert rows["own-1"]["text"] == {"it": "Le arnie restano dove sono.", "en": "Le arnie restano dove sono."}
    # Another clause counts anew without being changed: what was suggested there stays good.
    waiting = suggest(journey.reload(pact), WORDS, rosa, "duration")
    moved = suggest(pact, {"own": {**OWN["own"], "after": "actions"}}, giulia, "own-1")
    made = answer(pact, moved, rosa)
    ids = [row["id"] for row in made.text["clauses"]]
    assert ids.index("own-1") == ids.index("actions") + 1
    answer(pact, waiting, giulia)
    gone = answer(pact, suggest(pact, {"removed": True}, rosa, "own-1"), giulia)
    assert clause_of(gone.text, "own-1") is None
    assert suggest(pact, OWN, rosa, NEW).clause_id == "own-2"


@pytest.mark.parametrize(
    ("change", "clause_id"),
    [
        ({"own": {**OWN["own"], "text": {"en": "Only English"}}}, NEW),
        ({"own": {**OWN["own"], "plain": {}}}, NEW),
        ({"removed": True}, "duration"),
        (OWN, "duration"),
        (WORDS, "premises"),
        (WORDS, "own-7"),
    ],
)
def test_what_the_library_locks_or_the_clause_lacks_is_refused(
    cast: Any, change: dict[str, Any], clause_id: str
) -> None:
    pact = journey.accepted(cast)
    with pytest.raises(Invalid):
        suggest(pact, change, cast.rosa, clause_id)


def test_the_city_sends_a_version_once_a_day(cast: Any) -> None:
    pact, rosa, giulia = journey.accepted(cast), cast.rosa, cast.giulia
    with pytest.raises(NotAllowed), db.writing():
        actions.send_version(journey.here(pact), by=rosa)
    with db.writing():
        actions.send_version(journey.here(pact), by=giulia)
    with pytest.raises(WrongState, match="has this version already"), db.writing():
        actions.send_version(journey.here(pact), by=giulia)
    journey.change(cast, pact, CLAUSE, WORDS)
    with pytest.raises(WrongState, match="today already"), db.writing():
        actions.send_version(journey.here(pact), by=giulia)
    assert journey.reload(pact).sent_version == 1


STANDING = Standing(0, 0, 0, we_agree=False, they_agree=False)


@pytest.mark.parametrize(
    ("standing", "sentence"),
    [
        (replace(STANDING, waits_for_us=2, waits_for_them=1, to_settle=3), "It is your turn. Suggestions"),
        (replace(STANDING, waits_for_them=1, to_settle=3), "It is the other side’s turn. Suggestions"),
        (replace(STANDING, to_settle=3), "Either side can go on"),
        (replace(STANDING, we_agree=True), "It is the other side’s turn: you agree"),
        (replace(STANDING, they_agree=True), "It is your turn: the other side agrees"),
        (STANDING, "The text is complete"),
    ],
)
def test_the_room_says_whose_turn_it_is(standing: Standing, sentence: str) -> None:
    assert say(whose_turn(standing), "en").startswith(sentence)


@pytest.fixture
def windows(app: Any, cast: Any) -> dict[str, Browser]:
    found = {}
    for name in ("rosa", "giulia"):
        found[name] = Browser(app)
        found[name].sign_in(cast.person(name).email)
    return found


def test_agreeing_in_one_tab_while_a_word_changes_in_the_other(
    cast: Any, windows: dict[str, Browser]
) -> None:
    pact = journey.settled(cast)
    room, rosa = f"/en/pacts/{pact.code}/co-design", windows["rosa"]
    rosa.get(room)
    stale = {"version": str(pact.last_version), "content_hash": journey.version_of(pact).content_hash}
    assert rosa.post(f"/en/pacts/{pact.code}/agreement", stale).status_code == 200
    journey.change(cast, pact, CLAUSE, WORDS)
    rosa.get(room)
    assert "Your agreement is void" in rosa.page
    assert "What changed since you agreed" in rosa.page
    assert rosa.post(f"/en/pacts/{pact.code}/agreement", stale).status_code == 409
    windows["giulia"].get(room)
    assert "Your agreement is void" not in windows["giulia"].page
    journey.agree(journey.reload(pact), cast.rosa)
    rosa.get(room)
    assert "Your agreement is void" not in rosa.page


def test_an_outdated_suggestion_is_suggested_anew_on_the_present_text(
    cast: Any, windows: dict[str, Browser]
) -> None:
    pact, rosa, giulia = journey.accepted(cast), cast.rosa, windows["rosa"]
    long = "Il cancello resta aperto ogni giorno dalle nove alle sei e la chiave sta al bar."
    text = {"it": long, "en": "Open."}
    pact = journey.change(cast, pact, CLAUSE, {"text": text})
    mine = suggest(pact, {"text": {**text, "it": long.replace("nove", "dieci")}}, rosa)
    journey.change(cast, pact, CLAUSE, {"text": {**text, "it": long.replace("bar", "circolo")}})
    with pytest.raises(Stale):
        answer(pact, mine, cast.giulia)
    page = f"/it/pacts/{pact.code}/co-design/clauses/{CLAUSE}"
    giulia.get(f"{page}?on={mine.id}")
    both = long.replace("nove", "dieci").replace("bar", "circolo")
    assert both in giulia.page
    values = {"clause": CLAUSE, "version": "3", "text-it": both, "text-en": "Open.", "replaces": str(mine.id)}
    assert giulia.post(f"/it/pacts/{pact.code}/co-design/suggestions", values).status_code == 200
    assert state(pact, mine) == "withdrawn"


def test_comments_and_other_words_by_pages(cast: Any, windows: dict[str, Browser]) -> None:
    pact, giulia = journey.accepted(cast), windows["giulia"]
    one = suggest(pact, WORDS, cast.rosa)
    room = f"/en/pacts/{pact.code}/co-design"
    page = f"{room}/clauses/{CLAUSE}"
    giulia.get(f"{page}?on={one.id}")
    assert f"Answer suggestion {one.id} with other words" in giulia.page
    assert giulia.post(f"{page}/remarks", {"words": " "}).status_code == 422
    assert "Write what you want to say." in giulia.page
    giulia.post(f"{page}/remarks", {"words": "Who opens?", "suggestion": str(one.id)})
    values = {"clause": CLAUSE, "version": "1", "counters": str(one.id), "text-it": "Alle dieci."}
    assert giulia.post(f"{room}/suggestions", values).status_code == 200
    assert "It answers suggestion" in giulia.page
    assert "Who opens?" in giulia.page
    assert giulia.get(f"{room}/clauses/none-such").status_code == 404
    assert giulia.get(f"{room}/clauses/new").status_code == 200


def test_sixty_clauses_and_three_hundred_suggestions_ask_as_little_as_few(
    cast: Any, windows: dict[str, Browser]
) -> None:
    pact, rosa = journey.change(cast, journey.accepted(cast), CLAUSE, WORDS), windows["rosa"]
    crowded.fill(pact)
    # The thirteenth question of a clause is what the offices prescribed for it.
    for path, most, size in (("", 10, 30_000), ("/clauses/object", 13, 60_000)):
        with counting() as asked:
            answered = rosa.get(f"/en/pacts/{pact.code}/co-design{path}")
        assert answered.status_code == 200
        assert len(asked) <= most, "\n\n".join(asked)
        assert len(answered.data) <= size, len(answered.data)
