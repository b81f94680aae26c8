"""Hidden is hidden with a reason that everybody sees; a second person decides; two at once are one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import db
from portal.errors import Invalid, NotAllowed, WrongState
from portal.observations import actions, queries
from portal.observations.lifecycle import LIFE, State, Verb
from portal.observations.models import Observation, ReaderReport
from portal.observations.subjects import Concerned
from portal.policy import VISITOR
from portal.record import Act, Did
from tests.observations import steps
from tests.pacts.test_races import at_once

INSULT = "You are all thieves and liars."


def author_of(made: Observation) -> Any:
    return replace(VISITOR, keys=frozenset({made.key}))


def contest(made: Observation, words: str = "It is only the truth.") -> Observation:
    with db.writing() as session:
        actions.contest(session.merge(made), words, by=author_of(made))
    return steps.load(made.code)


def in_list(code: str) -> list[Any]:
    with db.reading() as session:
        wanted = {"key": f"proposal:{code}", "other_key": f"proposal:{code}", "before": queries.NO_BOUND}
        return list(session.execute(queries.LIST, wanted))


def test_what_was_hidden_leaves_a_trace_without_its_words(cast: Any, code: str) -> None:
    made = steps.hide(steps.say(code, INSULT, name="Nina Canarina", shows_name=True), cast.giulia)
    row = in_list(code)[0]
    assert (row.state, row.hidden_for, row.text, row.name) == (State.HIDDEN, "insult", "", "")
    with db.reading() as session:
        act = session.scalars(select(Act).where(Act.verb == Did.OBSERVATION_HIDDEN)).one()
    assert act.facts == {"because": "insult", "observation": made.code}
    assert b"thieves" not in act.canonical


def test_hiding_needs_a_reason_from_the_list_and_a_word_to_the_author(cast: Any, code: str) -> None:
    made, giulia = steps.say(code, INSULT), cast.giulia
    with pytest.raises(Invalid):
        steps.hide(made, giulia, "i_do_not_like_it")
    with pytest.raises(Invalid):
        steps.hide(made, giulia, "insult", "")
    assert steps.load(made.code).state == State.PUBLISHED


@pytest.mark.parametrize("who", ["rosa", "eve", "nina"])
def test_no_citizen_hides_or_answers(cast: Any, code: str, who: str) -> None:
    made, by = steps.say(code), getattr(cast, who)
    for verb in (
        lambda it: actions.hide(it, "insult", "x", by=by),
        lambda it: actions.answer(it, "accepted", "x", by=by),
        lambda it: actions.publish(it, by=by),
        lambda it: actions.uphold(it, "x", by=by),
        lambda it: actions.settle_reports(it, by=by),
        lambda it: actions.identify(it, "known", by=by),
    ):
        with pytest.raises(NotAllowed):
            steps.do(made, verb)


def test_an_officer_of_the_group_hides_no_criticism_of_it(cast: Any, code: str) -> None:
    made = steps.say(code)
    by = replace(cast.giulia, keys=frozenset({f"proposal:{code}"}))
    with pytest.raises(NotAllowed, match="Pass the case to a colleague"):
        steps.hide(made, by)


def test_an_officer_decides_nothing_about_their_own_observation(cast: Any, code: str) -> None:
    giulia = cast.giulia
    made = steps.say(code, by=giulia)
    for verb in (steps.hide, steps.answer):
        with pytest.raises(NotAllowed, match="You wrote this observation"):
            verb(made, giulia)


def test_the_author_contests_once_and_a_second_person_puts_it_back(cast: Any, code: str) -> None:
    giulia, marco = cast.giulia, cast.marco
    made = contest(steps.hide(steps.say(code, "The mayor lives there."), giulia, "personal"))
    assert made.state == State.CONTESTED
    assert in_list(code)[0].text == ""
    with pytest.raises(NotAllowed, match="You hid this observation"):
        steps.do(made, lambda it: actions.restore(it, "I was right.", by=giulia))
    back = steps.do(made, lambda it: actions.restore(it, "Everybody knows that.", by=marco))
    assert back.state == State.PUBLISHED
    assert in_list(code)[0].text == "The mayor lives there."
    with pytest.raises(WrongState, match="A second person has decided"):
        steps.hide(back, giulia)
    with pytest.raises(WrongState):
        contest(back)


def test_what_the_second_person_keeps_hidden_stays_so(cast: Any, code: str) -> None:
    made = contest(steps.hide(steps.say(code, INSULT), cast.giulia))
    lea = cast.lea
    kept = steps.do(made, lambda it: actions.uphold(it, "It is an insult.", by=lea))
    assert kept.state == State.KEPT_HIDDEN
    with pytest.raises(WrongState):
        contest(kept)
    with pytest.raises(WrongState):
        steps.answer(kept, cast.marco)


def test_nobody_else_contests_it(cast: Any, code: str) -> None:
    made, eve = steps.hide(steps.say(code, INSULT), cast.giulia), cast.eve
    for by in (eve, VISITOR, replace(VISITOR, keys=frozenset({"observation:OS-AAAA-AA"}))):
        with pytest.raises(NotAllowed), db.writing() as session:
            actions.contest(session.merge(made), "Let me.", by=by)


def test_the_database_itself_refuses_the_same_person_twice(both: db.Database, cast: Any, code: str) -> None:
    giulia = cast.giulia
    made = contest(steps.hide(steps.say(code, INSULT), giulia))
    with pytest.raises(IntegrityError), db.writing() as session:
        found = session.merge(made)
        found.state, found.decided_why = State.KEPT_HIDDEN.value, "x"
        found.decided_at, found.decided_by_id = found.contested_at, giulia.person_id
        session.flush()


def test_two_people_who_hide_it_at_once_hide_it_once(both: db.Database, cast: Any, code: str) -> None:
    made, officers = steps.say(code, INSULT), (cast.giulia, cast.marco)

    def hide(by: Any) -> None:
        found = db.session().scalars(queries.by_code(made.code)).one()
        actions.hide(Concerned(found, steps.subject_of(code)), "insult", by.pseudonym, by=by)

    raised = at_once(*(lambda by=by: hide(by) for by in officers))
    assert sum(one is None for one in raised) == 1
    with db.reading() as session:
        acts = session.scalars(select(Act).where(Act.verb == Did.OBSERVATION_HIDDEN)).all()
    winner = officers[raised.index(None)]
    assert [act.actor for act in acts] == [winner.pseudonym]
    assert steps.load(made.code).hidden_why == winner.pseudonym


def test_two_answers_at_once_are_one(both: db.Database, cast: Any, code: str) -> None:
    made, officers = steps.say(code), (cast.giulia, cast.marco)

    def answer(by: Any) -> None:
        found = db.session().scalars(queries.by_code(made.code)).one()
        actions.answer(Concerned(found, steps.subject_of(code)), "partly", by.pseudonym, by=by)

    raised = at_once(*(lambda by=by: answer(by) for by in officers))
    assert sum(one is None for one in raised) == 1
    assert steps.load(made.code).answer_text == officers[raised.index(None)].pseudonym


def test_an_answer_meets_a_hiding_and_one_of_them_loses(both: db.Database, cast: Any, code: str) -> None:
    made, giulia, marco = steps.say(code), cast.giulia, cast.marco

    def concerned() -> Concerned:
        return Concerned(db.session().scalars(queries.by_code(made.code)).one(), steps.subject_of(code))

    raised = at_once(
        lambda: actions.answer(concerned(), "accepted", "Yes.", by=giulia),
        lambda: actions.hide(concerned(), "off_topic", "Elsewhere.", by=marco),
    )
    found = steps.load(made.code)
    # One after the other both may stand (an answer, then a hiding); never a hiding that an answer undid.
    assert raised[1] is None or found.state == State.PUBLISHED
    assert (found.answer == "accepted") == (raised[0] is None)


def test_readers_report_and_who_did_is_not_kept(cast: Any, code: str) -> None:
    made, nina = steps.say(code, INSULT), cast.nina
    with db.writing() as session:
        actions.report(session.merge(made), "insult", by=nina)
        actions.report(session.merge(made), "insult", by=VISITOR)
    with db.reading() as session:
        assert [count for _, count in session.execute(queries.REPORTED)] == [2]
        assert {column.name for column in ReaderReport.__table__.columns} == {
            "id", "observation_id", "reason", "reported_at", "settled_at",
        }  # fmt: skip
    giulia = cast.giulia
    steps.do(made, lambda it: actions.settle_reports(it, by=giulia))
    with db.reading() as session:
        assert session.execute(queries.REPORTED).all() == []


def test_every_move_not_in_the_table_is_refused() -> None:
    allowed = {(verb, state) for state in State for verb in Verb if LIFE.allows(state, verb)}
    assert allowed == {
        (Verb.PUBLISH, State.RECEIVED),
        (Verb.HIDE, State.RECEIVED),
        (Verb.HIDE, State.PUBLISHED),
        (Verb.CONTEST, State.HIDDEN),
        (Verb.RESTORE, State.CONTESTED),
        (Verb.UPHOLD, State.CONTESTED),
        (Verb.ANSWER, State.PUBLISHED),
    }


def test_the_author_says_whether_it_was_an_answer(cast: Any, code: str) -> None:
    made = steps.say(code)
    with pytest.raises(WrongState), db.writing() as session:
        actions.judge(session.merge(made), was_answered=True, by=author_of(made))
    made, eve = steps.answer(made, cast.giulia), cast.eve
    with pytest.raises(NotAllowed), db.writing() as session:
        actions.judge(session.merge(made), was_answered=True, by=eve)
    for word in (False, True):
        with db.writing() as session:
            actions.judge(session.merge(steps.load(made.code)), was_answered=word, by=author_of(made))
        assert steps.load(made.code).was_answered is word


def test_the_city_sees_who_objects_and_keeps_no_number(cast: Any, code: str) -> None:
    giulia = cast.giulia
    steps.publish(code, giulia)
    made = steps.say(code, kind="objection", name="Nina Costa")
    with pytest.raises(Invalid):
        steps.do(made, lambda it: actions.identify(it, "CA12345AB", by=giulia))
    seen = steps.do(made, lambda it: actions.identify(it, "document", by=giulia))
    assert (seen.identity_how, seen.needs_identity) == ("document", False)
    with pytest.raises(WrongState):
        steps.do(made, lambda it: actions.identify(it, "document", by=giulia))
