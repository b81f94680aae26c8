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
from portal.pacts.models import PrescriptionAnswer
from portal.pacts.prescriptions import Answered, answers_of, at_clauses, missing, prescribed
from portal.pacts.room import room_at
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
