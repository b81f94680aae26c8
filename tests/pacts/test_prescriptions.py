"""What an office prescribes stands at its clause, and is answered before the pact can be made ready to sign."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from portal import city, db
from portal.errors import Invalid, NotAllowed, NotFound, WrongState
from portal.notices.models import Message
from portal.pacts import actions
from portal.pacts.models import PrescriptionAnswer, Suggestion
from portal.pacts.prescriptions import Answered, Source, answers_of, at_clauses, came_of, missing, prescribed
from portal.pacts.room import room_at
from portal.policy import VISITOR
from portal.proposals.assessment import actions as assessment
from portal.proposals.assessment.prescriptions import Prescription
from portal.proposals.models import Opinion
from portal.record import Act, Did
from tests.browser import Browser
from tests.pacts import journey
from tests.pacts.test_races import at_once
from tests.proposals.test_others import react

AT = datetime(2026, 3, 3, tzinfo=UTC)
PATH = "Keep the path free for wheelchairs"
NIGHT = "Close at ten"
WORDS = {"text": {"it": "Parole nostre.", "en": "Our words."}}
OPINION = (7, "green", [{"words": PATH, "clause": "object"}, {"words": NIGHT, "clause": ""}], AT)


def test_prescriptions_stand_at_their_clause_or_beside_the_text():
    rows = prescribed([OPINION, (8, "heritage", ["An older line"], AT)], {(7, 2): Answered(3, "", AT)})
    assert [one.key for one in rows] == ["7-1", "7-2", "8-1"]
    at, beside = at_clauses(rows, ["object", "duties"])
    assert [one.words for one in at["object"]] == [PATH]
    assert [one.words for one in beside] == [NIGHT, "An older line"]
    # A clause that this text does not have is named beside it, never lost.
    assert at_clauses(rows, ["duties"])[0] == {}


def test_the_guard_names_each_that_nobody_answered():
    profile = city.profile("bologna")
    rows = prescribed([OPINION], {(7, 2): Answered(0, "It is a street.", AT)})
    (said,) = missing(rows, profile)
    assert PATH in str(said)


def test_an_answer_is_asked_anew_only_where_a_later_version_changed_its_clause():
    profile = city.profile("bologna")
    # Of each: opinion, number, version that meets it, why not, when, what one later version changed.
    answered = [
        (7, 1, 2, "", AT, ["duties"]),
        (7, 1, 2, "", AT, ["object", "duties"]),
        (7, 2, 2, "", AT, ["object"]),
        (8, 1, 3, "", AT, None),
        (8, 2, 0, "It is a street.", AT, None),
    ]
    other = (8, "green", [{"words": one, "clause": "object"} for one in ("Keep the trees", "No cars")], AT)
    rows = prescribed([OPINION, other], answers_of(answered))
    assert [one.was_changed for one in rows] == [True, False, False, False]
    assert [one.answer and one.answer.version for one in rows] == [2, 2, 3, 0]
    (said,) = missing(rows, profile)
    assert "was changed since" in str(said)
    assert PATH in str(said)


@pytest.mark.parametrize(
    ("number", "met_by", "suggestion"),
    [
        (1, 2, 11),  # of its clause's last change until then
        (1, 3, 11),
        (1, 5, 14),
        (1, 1, None),  # as the library has it
        (2, 3, None),  # written by the city itself
        (2, 4, 13),  # for the whole text: that version's own
    ],
)
def test_what_meets_it_is_followed_back_to_the_suggestion_that_made_it(
    number: int, met_by: int, suggestion: int | None
) -> None:
    sources = (
        Source(5, ("object",), 14, "object"),
        Source(4, ("duties",), 13, "duties"),
        Source(3, (), None, ""),
        Source(2, ("object",), 11, "object"),
        Source(1, (), None, ""),
    )
    rows = prescribed([OPINION], {(7, number): Answered(met_by, "", AT)})
    found = came_of(rows[number - 1], sources)
    assert (found and found.suggestion) == suggestion
    # The other one is not answered, so nothing meets it.
    assert came_of(rows[2 - number], sources) is None


def prescribe(cast: Any, pact: Any, *rows: Prescription, office: str = "legal") -> int:
    """Let an office give its opinion on conditions, and return the opinion's number."""
    lea = cast.person("lea") and cast.lea
    with db.writing() as session:
        found = session.merge(journey.reload_proposal(pact.proposal_code))
        made, _ = assessment.ask(found, office, "May it be done?", by=cast.giulia)
        assessment.state_interest(found, "", has_conflict=False, by=lea)
        answer = assessment.Answer("prescriptions", "On conditions.", rows)
        assessment.give(found, made, answer, by=lea)
        return made.id


@pytest.fixture
def opinion(cast: Any) -> tuple[Any, int]:
    pact = journey.accepted(cast)
    return pact, prescribe(cast, pact, Prescription(PATH, "object"), Prescription(NIGHT))


def answers() -> list[tuple[Any, ...]]:
    with db.reading() as session:
        rows = session.scalars(select(PrescriptionAnswer).order_by(PrescriptionAnswer.number)).all()
        return [(one.number, one.answer, one.version, one.because) for one in rows]


def test_the_room_and_the_clause_show_them_and_the_officer_answers(app: Any, cast: Any, opinion: Any) -> None:
    pact, number = opinion
    giulia = Browser(app)
    giulia.sign_in("giulia@city.example")
    room = f"/en/pacts/{pact.code}/co-design"
    giulia.get(room)
    line = giulia.page.partition('id="clause-object"')[2].partition("</li>")[0]
    assert PATH in line
    assert "Not answered yet" in line
    assert NIGHT in giulia.page.partition("For no clause of this text")[2]
    giulia.get(f"{room}/clauses/object")
    assert PATH in giulia.page
    assert NIGHT not in giulia.page
    page, key = f"{room}/prescriptions", f"p{number}-1-"
    giulia.get(page)
    for wrong in ({}, {f"{key}answer": "met", f"{key}version": "99"}, {f"{key}answer": "not_followed"}):
        assert giulia.post(f"{page}/{number}/1", wrong, at=page).status_code == 422
    assert answers() == []
    giulia.post(f"{page}/{number}/1", {f"{key}answer": "met", f"{key}version": "1"}, at=page)
    assert "Met by version 1" in giulia.page
    second = {f"p{number}-2-answer": "not_followed", f"p{number}-2-because": "The street is lit."}
    giulia.post(f"{page}/{number}/2", second, at=page)
    assert answers() == [(1, "met", 1, ""), (2, "not_followed", None, "The street is lit.")]
    giulia.get(room)
    assert "All answered" in giulia.page
    rosa = Browser(app)
    rosa.sign_in("rosa@example.org")
    rosa.get(page)
    assert "The street is lit." in rosa.page
    assert "Answer it" not in rosa.page
    assert rosa.post(f"{page}/{number}/1", {f"{key}answer": "met"}, at=page).status_code == 403
    assert Browser(app).get(page).status_code in {302, 403, 404}


def test_no_signature_before_each_is_answered(both: db.Database, cast: Any) -> None:
    pact, _ = journey.settled(cast), cast.nuria
    number = prescribe(cast, pact, Prescription(PATH, "object"))
    pact = journey.resource(cast, journey.agree(journey.agree(pact, cast.rosa), cast.giulia))
    with pytest.raises(WrongState, match=PATH), db.writing():
        actions.open_signing(journey.here(pact), by=cast.giulia)
    with db.writing():
        actions.meet_prescription(journey.here(pact), number, 1, pact.last_version, by=cast.giulia)
    with db.writing():
        actions.open_signing(journey.here(pact), by=cast.giulia)
    with pytest.raises(WrongState, match="ready to sign"), db.writing():
        actions.not_follow_prescription(journey.here(pact), number, 1, "Late.", by=cast.giulia)
    with db.reading():
        room = room_at(pact.code)
        assert room is not None
        assert [one.answer and one.answer.version for one in room.prescribed()] == [pact.last_version]


def test_a_clause_that_changes_later_is_named_and_its_answer_asked_anew(
    app: Any, both: db.Database, cast: Any
) -> None:
    pact, _ = journey.settled(cast), cast.nuria
    row = next(one for one in journey.version_of(pact).text["clauses"] if is_free(one))
    number = prescribe(cast, pact, Prescription(PATH, row["id"]), Prescription(NIGHT))
    met = pact.last_version
    with db.writing():
        for each in (1, 2):
            actions.meet_prescription(journey.here(pact), number, each, met, by=cast.giulia)
    pact = journey.change(cast, pact, row["id"], {"text": {"it": "Parole nostre.", "en": "Our words."}})
    with db.reading():
        found = room_at(pact.code)
        assert found is not None
        assert [one.was_changed for one in found.prescribed()] == [True, False]
    pact = journey.resource(cast, journey.agree(journey.agree(pact, cast.rosa), cast.giulia))
    with pytest.raises(WrongState, match="changed since"), db.writing():
        actions.open_signing(journey.here(pact), by=cast.giulia)
    giulia = Browser(app)
    giulia.sign_in("giulia@city.example")
    for page in ("", "/prescriptions", f"/clauses/{row['id']}"):
        giulia.get(f"/en/pacts/{pact.code}/co-design{page}")
        assert giulia.page.count("The clause was changed since") == 1, page
    with db.writing():
        actions.meet_prescription(journey.here(pact), number, 1, pact.last_version, by=cast.giulia)
    with db.writing():
        actions.open_signing(journey.here(pact), by=cast.giulia)


def test_a_version_from_before_the_change_of_its_clause_cannot_be_named(
    app: Any, both: db.Database, cast: Any
) -> None:
    pact = journey.accepted(cast)
    number = prescribe(cast, pact, Prescription(PATH, "object"), Prescription(NIGHT))
    pact = journey.change(cast, pact, "object", WORDS)
    with pytest.raises(Invalid, match="Version 2 changed this clause"), db.writing():
        actions.meet_prescription(journey.here(pact), number, 1, 1, by=cast.giulia)
    # For no clause, and of a version after the change, there is nothing to refuse.
    for each, version in ((2, 1), (1, 2)):
        with db.writing():
            actions.meet_prescription(journey.here(pact), number, each, version, by=cast.giulia)
    assert answers() == [(1, "met", 2, ""), (2, "met", 1, "")]
    giulia = Browser(app)
    giulia.sign_in("giulia@city.example")
    page, key = f"/en/pacts/{pact.code}/co-design/prescriptions", f"p{number}-1-"
    giulia.get(page)
    typed = {f"{key}answer": "met", f"{key}version": "1"}
    assert giulia.post(f"{page}/{number}/1", typed, at=page).status_code == 422
    assert "Enter version 2 or a later one" in giulia.page
    assert f'name="{key}version" value="1"' in giulia.page
    assert answers()[0] == (1, "met", 2, "")


def test_of_a_change_and_an_answer_at_once_no_older_version_stands_as_what_meets_it(
    both: db.Database, cast: Any
) -> None:
    pact, giulia, marco = journey.accepted(cast), cast.giulia, cast.marco
    number = prescribe(cast, pact, Prescription(PATH, "object"))
    with db.writing():
        made = actions.suggest(journey.here(pact), "object", WORDS, by=cast.rosa)
        suggestion = made.id

    def accept() -> None:
        found = db.session().get_one(Suggestion, suggestion)
        actions.answer_suggestion(found, accept=True, pact=journey.here(pact), by=giulia)

    def meet() -> None:
        actions.meet_prescription(journey.here(pact), number, 1, 1, by=marco)

    raised = at_once(accept, meet)
    assert raised[0] is None
    with db.reading():
        found = room_at(pact.code)
        assert found is not None
        (one,) = found.prescribed()
    # The answer came before the change and waits to be given anew, or it was refused.
    assert one.waits
    assert one.was_changed == (raised[1] is None)


def test_the_version_the_suggestion_and_what_was_prescribed_lead_to_each_other(app: Any, cast: Any) -> None:
    pact = journey.accepted(cast)
    number = prescribe(cast, pact, Prescription(PATH, "object"))
    pact = journey.change(cast, pact, "object", WORDS)
    with db.writing() as session:
        actions.meet_prescription(journey.here(pact), number, 1, 2, by=cast.giulia)
        suggestion = session.scalars(select(Suggestion.id).where(Suggestion.made_version == 2)).one()
    rosa, at = Browser(app), f"/en/pacts/{pact.code}"
    rosa.sign_in("rosa@example.org")
    to_version = f'href="{at}/versions/2#clause-object"'
    to_suggestion = f'href="{at}/co-design/clauses/object?older={suggestion + 1}#suggestion-{suggestion}"'
    back = f'href="{at}/co-design/prescriptions#p{number}-1"'
    for page, links in {
        "/co-design": [to_version],
        "/co-design/prescriptions": [to_version, to_suggestion],
        "/co-design/clauses/object": [to_version, to_suggestion, back],
        "/versions/2": [back],
    }.items():
        rosa.get(f"{at}{page}")
        assert [one for one in links if one not in rosa.page] == [], page
    card = rosa.get(f"{at}/co-design/clauses/object").text.partition(f'id="suggestion-{suggestion}"')[2]
    assert "It meets what" in card.partition("</article>")[0]
    rosa.get(f"{at}/versions/1")
    assert back not in rosa.page


def test_whoever_may_not_enter_the_room_reads_no_prescription_beside_a_public_version(
    app: Any, cast: Any
) -> None:
    pact = journey.settled(cast)
    number = prescribe(cast, pact, Prescription(PATH, "object"))
    pact = journey.resource(cast, journey.agree(journey.agree(pact, cast.rosa), cast.giulia))
    with db.writing():
        actions.meet_prescription(journey.here(pact), number, 1, pact.last_version, by=cast.giulia)
    cast.person("nuria")
    with db.writing():
        actions.open_signing(journey.here(pact), by=cast.giulia)
    page = f"/en/pacts/{pact.code}/versions/{pact.last_version}"
    eve = Browser(app)
    for who in ("", "eve@example.org", "rosa@example.org"):
        if who:
            cast.person("eve")
            eve.sign_in(who)
        assert eve.get(page).status_code == 200
        assert (PATH in eve.page) == who.startswith("rosa"), who


def test_what_is_prescribed_says_its_language_where_the_page_speaks_another(app: Any, cast: Any) -> None:
    pact = journey.accepted(cast)
    prescribe(cast, pact, Prescription(PATH, "object", "en"), Prescription("Chiudere alle dieci", "object"))
    giulia = Browser(app)
    giulia.sign_in("giulia@city.example")
    for page in ("", "/prescriptions", "/clauses/object"):
        giulia.get(f"/en/pacts/{pact.code}/co-design{page}")
        # What does not say its language is in the city's.
        assert '<span lang="it">Chiudere alle dieci</span>' in giulia.page, page
        assert f"“{PATH}”" in giulia.page, page
        giulia.get(f"/it/pacts/{pact.code}/co-design{page}")
        assert f'<span lang="en">{PATH}</span>' in giulia.page, page
        assert "“Chiudere alle dieci”" in giulia.page, page


OUTSIDE = "ufficio@outside.example"


def told_outside() -> list[tuple[str, str]]:
    react()
    with db.reading() as session:
        found = select(Message.title, Message.body).where(Message.address == OUTSIDE).order_by(Message.id)
        return [(title, body) for title, body in session.execute(found)]


def test_whoever_advised_by_a_link_hears_by_mail_how_it_was_answered_and_why(cast: Any) -> None:
    pact = journey.accepted(cast)
    rows = (Prescription(PATH, "object"), Prescription(NIGHT))
    with db.writing() as session:
        found = session.merge(journey.reload_proposal(pact.proposal_code))
        made, token = assessment.ask(found, "heritage", "May it?", address=OUTSIDE, by=cast.giulia)
        answer = assessment.Answer("prescriptions", "On conditions.", rows)
        assessment.give_by_link(found, token, answer, "Ada Outside", by=VISITOR)
        number = made.id
    assert told_outside() == []
    with db.writing():
        actions.meet_prescription(journey.here(pact), number, 1, 1, by=cast.giulia)
        # Said, and said anew before anybody was told: only what stands is told.
        actions.meet_prescription(journey.here(pact), number, 2, 1, by=cast.giulia)
        actions.not_follow_prescription(journey.here(pact), number, 2, "The street is lit.", by=cast.giulia)
    first, second = told_outside()
    assert PATH in first[1]
    assert "1" in first[1].partition(PATH)[2]
    assert NIGHT in second[1]
    assert "The street is lit." in second[1]
    # Run again, it tells nobody twice.
    assert len(told_outside()) == 2


def is_free(row: Any) -> bool:
    return not row["locked"] and not row["none_because"]


def test_of_two_officers_at_once_one_answer_stands_whole_and_each_is_recorded(
    both: db.Database, cast: Any
) -> None:
    pact, (giulia, marco) = journey.accepted(cast), (cast.giulia, cast.marco)
    number = prescribe(cast, pact, Prescription(PATH, "object"))

    def meet() -> None:
        actions.meet_prescription(journey.here(pact), number, 1, 1, by=giulia)

    def refuse() -> None:
        actions.not_follow_prescription(journey.here(pact), number, 1, "Too steep.", by=marco)

    raised = at_once(meet, refuse)
    done = sum(one is None for one in raised)
    assert done >= 1, raised
    assert answers() in ([(1, "met", 1, "")], [(1, "not_followed", None, "Too steep.")])
    with db.reading() as session:
        verb = Act.verb == Did.PRESCRIPTION_ANSWERED
        acts = session.scalars(select(Act.facts).where(verb).order_by(Act.id)).all()
    assert len(acts) == done
    # Whoever came second is told, or said it after having waited: what stands is what was recorded last.
    assert [one["answer"] for one in acts][-1] == answers()[0][1]


def test_it_is_said_anew_and_each_time_recorded(cast: Any, opinion: Any) -> None:
    (pact, number), marco = opinion, cast.marco
    with db.writing():
        actions.meet_prescription(journey.here(pact), number, 1, 1, by=cast.giulia)
    with db.writing():
        actions.not_follow_prescription(journey.here(pact), number, 1, "Too steep.", by=marco)
    assert answers() == [(1, "not_followed", None, "Too steep.")]
    with db.reading() as session:
        verbs = select(Act.facts).where(Act.verb == Did.PRESCRIPTION_ANSWERED).order_by(Act.id)
        assert [facts["answer"] for facts in session.scalars(verbs)] == ["met", "not_followed"]
    react()
    with db.reading() as session:
        told = session.scalars(select(Message.title).where(Message.person_id == cast.lea.person_id)).all()
    assert sum("non è seguita" in one or "is not followed" in one for one in told) == 1


def test_who_may_not_and_what_is_not_there(cast: Any, opinion: Any) -> None:
    pact, number = opinion
    for actor in (cast.rosa, cast.eve, cast.lea, cast.tina):
        with pytest.raises(NotAllowed), db.writing():
            actions.meet_prescription(journey.here(pact), number, 1, 1, by=actor)
    for place in ((number, 3), (number, 0), (number + 9, 1)):
        with pytest.raises(NotFound), db.writing():
            actions.meet_prescription(journey.here(pact), *place, 1, by=cast.giulia)
    for version in (0, -1, 99):
        with pytest.raises(Invalid, match="from 1 to 1"), db.writing():
            actions.meet_prescription(journey.here(pact), number, 1, version, by=cast.giulia)
    with pytest.raises(Invalid, match="Say why"), db.writing():
        actions.not_follow_prescription(journey.here(pact), number, 1, "  ", by=cast.giulia)


def test_an_older_opinion_of_lines_is_answered_like_any_other(cast: Any, opinion: Any) -> None:
    pact, number = opinion
    with db.writing() as session:
        session.get_one(Opinion, number).prescriptions = ["Keep it open", NIGHT]
    with db.writing():
        actions.meet_prescription(journey.here(pact), number, 2, 1, by=cast.giulia)
    assert answers() == [(2, "met", 1, "")]
