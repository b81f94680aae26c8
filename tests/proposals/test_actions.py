"""The verbs of a proposal, on both databases: who may, from where to where, what is remembered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal import city, clock, db
from portal.errors import Invalid, NotAllowed, NotFound, TooMany, WrongState
from portal.policy import VISITOR, Actor
from portal.proposals import actions, lists, queries
from portal.proposals.answering_clock import reply_day
from portal.proposals.countdown import of_proposal
from portal.proposals.models import Proposal
from portal.proposals.shapes import Group, Promise, Term, What, Where
from portal.record import Act
from tests.observations.steps import judge
from tests.proposals.steps import PRIVATE, PROFILE, begin, clear, do, find_in_order, load, see, send

WRONG = "quercia-quercia-0000"


def verbs_of(code: str) -> list[str]:
    with db.reading() as session:
        found = session.scalars(select(Act.verb).where(Act.subject == f"proposal:{code}").order_by(Act.id))
        return list(found)


def test_a_proposal_is_written_sent_looked_at_and_accepted(both, cast):
    code = send(cast.rosa)
    do(code, lambda p: actions.assign(p, by=cast.giulia))
    do(code, lambda p: actions.save_completeness(p, find_in_order(), by=cast.giulia))
    do(code, lambda p: judge(p, cast.giulia))
    do(code, lambda p: actions.accept_for_codesign(p, "Open to all, well prepared.", by=cast.giulia))

    state, assessor = see(code, lambda p: (p.state, p.assessor_id))
    assert (state, assessor) == ("accepted", cast.giulia.person_id)
    assert verbs_of(code) == ["proposal:started", "proposal:submitted", "case:assigned", "proposal:accepted"]


def test_the_record_holds_nothing_personal(both, cast):
    code = send(cast.rosa)
    do(code, lambda p: actions.ask_supplement(p, "Tell us more, Rosa Privata.", by=cast.giulia))
    do(code, lambda p: actions.supply(p, "Gladly, says Rosa Privata.", by=cast.rosa))
    with db.reading() as session:
        written = " ".join(str(act.canonical) for act in session.scalars(select(Act)))
    assert not [text for text in (*PRIVATE, "Gladly") if text in written]


def test_sending_twice_is_sending_once(both, cast):
    code = send(cast.rosa)
    first = see(code, lambda p: p.submitted_at)
    do(code, lambda p: actions.submit(p, by=cast.rosa))
    assert see(code, lambda p: p.submitted_at) == first
    assert verbs_of(code).count("proposal:submitted") == 1


def test_an_unfinished_proposal_cannot_be_sent(both, cast):
    code = begin(cast.rosa, whole=False)
    with pytest.raises(Invalid):
        do(code, lambda p: actions.submit(p, by=cast.rosa))
    assert see(code, lambda p: p.state) == "draft"


def test_a_minor_can_propose_with_a_named_adult(both, cast):
    code = begin(cast.rosa)
    minor = Group("citizen", contact_name="Teo", contact_email="teo@example.org", is_adult=False)
    do(code, lambda p: actions.save_group(p, minor, by=cast.rosa))
    with pytest.raises(Invalid):
        do(code, lambda p: actions.submit(p, by=cast.rosa))
    named = Group(
        "citizen", contact_name="Teo", contact_email="t@example.org", is_adult=False, adult_name="Ada"
    )
    do(code, lambda p: actions.save_group(p, named, by=cast.rosa))
    do(code, lambda p: actions.submit(p, by=cast.rosa))
    assert see(code, lambda p: p.state) == "submitted"


def test_the_clock_stands_still_while_an_answer_is_awaited(both, cast, move_clock):
    code = send(cast.rosa)
    sent_on, due = see(code, lambda p: (clock.local(p.submitted_at).date(), p.answer_due_on))
    examination = PROFILE.clock("examination")
    assert due == city.deadline(sent_on, examination)

    move_clock(timedelta(days=5))
    do(code, lambda p: actions.ask_supplement(p, "Who owns the place?", by=cast.giulia))
    move_clock(timedelta(days=9))
    do(code, lambda p: actions.add_to_supplement(p, "And the water?", by=cast.giulia))
    assert see(code, lambda p: p.supplements[-1].request) == "Who owns the place?\nAnd the water?"
    do(code, lambda p: actions.supply(p, "The city does.", by=cast.rosa))
    with pytest.raises(WrongState, match="No request is open"):
        do(code, lambda p: actions.add_to_supplement(p, "And the gate?", by=cast.giulia))

    state, moved = see(code, lambda p: (p.state, p.answer_due_on))
    assert state == "submitted"
    assert moved == city.deadline(sent_on, replace(examination, days=examination.days + 9))


def test_the_clock_stops_only_once(both, cast):
    code = send(cast.rosa)
    do(code, lambda p: actions.ask_supplement(p, "Who owns the place?", by=cast.giulia))
    with pytest.raises(WrongState, match="open request"):
        do(code, lambda p: actions.ask_supplement(p, "And the water?", by=cast.giulia))
    do(code, lambda p: actions.supply(p, "The city does.", by=cast.rosa))
    with pytest.raises(WrongState, match="only once"):
        do(code, lambda p: actions.ask_supplement(p, "And the water?", by=cast.giulia))


def test_a_refusal_needs_its_notice_and_the_days_for_a_reply(both, cast, move_clock):
    code = send(cast.rosa)
    clear(code, cast.giulia)
    with pytest.raises(WrongState):
        do(code, lambda p: actions.refuse(p, "Private land.", "Regulation, article 4", by=cast.giulia))
    do(code, lambda p: actions.notice_refusal(p, "Private land.", "Regulation, article 4", by=cast.giulia))
    with pytest.raises(WrongState, match="Wait for the reply"):
        do(code, lambda p: actions.refuse(p, "Private land.", "Regulation, article 4", by=cast.giulia))
    move_clock(timedelta(days=10))
    if clock.today() <= see(code, reply_day):
        with pytest.raises(WrongState):
            do(code, lambda p: actions.refuse(p, "Private land.", "Regulation, article 4", by=cast.giulia))
    move_clock(timedelta(days=4))
    do(code, lambda p: actions.refuse(p, "Private land.", "Regulation, article 4", by=cast.giulia))
    assert see(code, lambda p: p.state) == "refused"


def test_a_refusal_answers_what_the_group_replied(cast):
    code = send(cast.rosa)
    clear(code, cast.giulia)
    do(code, lambda p: actions.notice_refusal(p, "Private land.", "Regulation, article 4", by=cast.giulia))
    do(code, lambda p: actions.reply(p, "It was bought in March.", by=cast.rosa))
    said = see(code, lambda p: of_proposal(p, "en", yours=True))
    assert str(said.headline).startswith("It is answered: the clock runs again tomorrow")
    with pytest.raises(Invalid, match="the words of the notice"):
        do(code, lambda p: actions.refuse(p, "Private land. ", "Regulation, article 4", by=cast.giulia))
    assert see(code, lambda p: p.state) == "refusal_noticed"
    answer = "Private land: the register of April still names its owner."
    do(code, lambda p: actions.refuse(p, answer, "Regulation, article 4", by=cast.giulia))
    assert see(code, lambda p: p.reason) == answer


def test_a_reply_lets_the_city_decide_at_once_either_way(both, cast):
    code = send(cast.rosa)
    clear(code, cast.giulia)
    do(code, lambda p: actions.notice_refusal(p, "Private land.", "Regulation, article 4", by=cast.giulia))
    do(code, lambda p: actions.reply(p, "It is the city's: see the land register.", by=cast.rosa))
    with pytest.raises(WrongState, match="already"):
        do(code, lambda p: actions.reply(p, "And one thing more.", by=cast.rosa))
    do(code, lambda p: actions.save_completeness(p, find_in_order(), by=cast.giulia))
    do(code, lambda p: judge(p, cast.giulia))
    do(code, lambda p: actions.accept_for_codesign(p, "The reply is right.", by=cast.giulia))
    assert see(code, lambda p: (p.state, p.reason)) == ("accepted", "The reply is right.")


def test_a_refusal_without_a_reason_or_its_source_is_none(both, cast):
    code = send(cast.rosa)
    clear(code, cast.giulia)
    for reason, source in (("", "Regulation"), ("Private land.", "")):
        with pytest.raises(Invalid):
            do(code, lambda p, r=reason, s=source: actions.notice_refusal(p, r, s, by=cast.giulia))


def test_nothing_is_accepted_before_the_check_is_complete(both, cast):
    code = send(cast.rosa)
    with pytest.raises(WrongState):
        do(code, lambda p: actions.accept_for_codesign(p, "Good.", by=cast.giulia))
    half = {**find_in_order(), "land": ("missing", "")}
    do(code, lambda p: actions.save_completeness(p, half, by=cast.giulia))
    with pytest.raises(WrongState):
        do(code, lambda p: actions.accept_for_codesign(p, "Good.", by=cast.giulia))


def test_taking_over_a_case_remembers_who_had_it(both, cast):
    code = send(cast.rosa)
    do(code, lambda p: actions.assign(p, by=cast.giulia))
    do(code, lambda p: actions.assign(p, by=cast.giulia))
    do(code, lambda p: actions.assign(p, by=cast.marco))
    with db.reading() as session:
        acts = session.scalars(select(Act).where(Act.verb == "case:assigned").order_by(Act.id)).all()
    assert [act.facts["former"] for act in acts] == ["", cast.giulia.pseudonym]


def test_an_officer_does_not_touch_a_case_of_their_own(both, cast):
    code = send(cast.giulia)
    for verb in (
        lambda p: actions.assign(p, by=cast.giulia),
        lambda p: actions.ask_supplement(p, "More?", by=cast.giulia),
        lambda p: actions.save_completeness(p, {}, by=cast.giulia),
        lambda p: actions.notice_refusal(p, "No.", "Rule", by=cast.giulia),
    ):
        with pytest.raises(NotAllowed):
            do(code, verb)


def test_a_stranger_can_do_nothing_with_a_proposal(both, cast):
    draft, sent = begin(cast.rosa), send(cast.rosa)
    for who in (cast.eve, VISITOR):
        for code, verb in (
            (draft, lambda p, w=who: actions.save_what(p, What("place", "Mine", "Mine."), by=w)),
            (draft, lambda p, w=who: actions.add_commitment(p, Promise("Take it"), by=w)),
            (draft, lambda p, w=who: actions.submit(p, by=w)),
            (sent, lambda p, w=who: actions.withdraw(p, by=w)),
            (sent, lambda p, w=who: actions.supply(p, "x", by=w)),
            (sent, lambda p, w=who: actions.assign(p, by=w)),
            (sent, lambda p, w=who: actions.accept_for_codesign(p, "x", by=w)),
        ):
            with pytest.raises(NotAllowed):
                do(code, verb)


def test_a_stranger_sees_what_was_sent_and_no_draft(both, cast):
    draft, sent = begin(cast.rosa), send(cast.rosa)
    for who in (cast.eve, VISITOR, cast.giulia):
        with db.reading() as session:
            codes = set(session.scalars(queries.visible_to(who).with_only_columns(Proposal.code)))
            held = set(session.scalars(queries.held_by(who).with_only_columns(Proposal.code)))
        assert codes == {sent}
        assert held == set()
    with db.reading() as session:
        mine = set(session.scalars(queries.held_by(cast.rosa).with_only_columns(Proposal.code)))
    assert mine == {draft, sent}


def test_after_sending_the_sections_are_closed(both, cast):
    code = send(cast.rosa)
    with pytest.raises(WrongState):
        do(code, lambda p: actions.save_what(p, What("place", "Other", "Other."), by=cast.rosa))


def test_the_word_and_the_link_open_the_draft_and_only_hashes_are_kept(both, cast):
    with db.writing():
        begun = actions.start(by=VISITOR, profile=PROFILE, language="it")
    code = begun.proposal.code
    with db.writing():
        assert actions.open_with_word(code.lower(), begun.word.upper().replace("-", " ")).code == code
    with db.writing():
        assert actions.open_with_link(begun.token).code == code
    kept = see(code, lambda p: " ".join(str(getattr(p, c.key)) for c in Proposal.__table__.columns))
    assert begun.word not in kept
    assert begun.token not in kept


def test_a_key_makes_a_holder(both, cast):
    with db.writing():
        begun = actions.start(by=VISITOR, profile=PROFILE, language="it")
    keyed = Actor(pseudonym="visitor", keys=frozenset({begun.proposal.key}))
    do(begun.proposal.code, lambda p: actions.save_what(p, What("", "Half", ""), by=keyed))
    assert see(begun.proposal.code, lambda p: p.title) == "Half"


def test_wrong_words_are_counted(both, cast):
    code = begin(cast.rosa, whole=False)
    for _ in range(10):
        with db.writing(), pytest.raises(NotFound):
            actions.open_with_word(code, WRONG, origin="here")
    with db.writing(), pytest.raises(TooMany):
        actions.open_with_word(code, WRONG, origin="here")
    with db.writing(), pytest.raises(NotFound):
        actions.open_with_word(code, WRONG, origin="elsewhere")


def test_another_kind_takes_the_fences_back(both, cast):
    code = begin(cast.rosa)
    do(code, lambda p: actions.save_what(p, What("software", "Tool", "A tool."), by=cast.rosa))
    fences, saved = see(code, lambda p: (list(p.fences), p.saved_sections))
    assert fences == []
    assert "fences" not in saved


def test_choosing_asks_again_keeps_what_was_said(both, cast):
    code = begin(cast.rosa)
    do(code, lambda p: actions.choose_asks(p, ["funding", "legal"], by=cast.rosa))
    asks = see(code, lambda p: {one.kind: (one.amount, one.unit) for one in p.asks})
    assert asks == {"funding": (120_000, "cent"), "legal": (0, "hour")}


def test_a_point_gives_its_district_and_outside_is_refused(both, cast):
    code = begin(cast.rosa)
    assert see(code, lambda p: p.district)
    for where in (Where(latitude_e6=41_900_000, longitude_e6=12_500_000), Where(latitude_e6=44_494_900)):
        with pytest.raises(Invalid):
            do(code, lambda p, w=where: actions.save_where(p, w, by=cast.rosa))


@pytest.mark.parametrize(("start_in", "days"), [(0, 100), (-3, 100), (10, 0), (10, -5), (10, 365 * 9 + 10)])
def test_days_that_no_pact_may_have_are_refused(database, cast, start_in, days):
    code = begin(cast.rosa)
    first = clock.today() + timedelta(days=start_in)
    with pytest.raises(Invalid):
        do(code, lambda p: actions.save_term(p, Term(first, first + timedelta(days=days)), by=cast.rosa))


def test_a_withdrawn_proposal_stays_withdrawn(both, cast):
    code = send(cast.rosa)
    do(code, lambda p: actions.withdraw(p, by=cast.rosa))
    for verb in (
        lambda p: actions.assign(p, by=cast.giulia),
        lambda p: actions.withdraw(p, by=cast.rosa),
        lambda p: actions.save_completeness(p, find_in_order(), by=cast.giulia),
    ):
        with pytest.raises(WrongState):
            do(code, verb)


def test_public_lists_page_by_key_and_show_no_draft(both, cast):
    begin(cast.rosa)
    sent = [send(cast.rosa) for _ in range(3)]
    with db.reading() as session:
        start = {"before_at": queries.FAR_FUTURE, "before_id": 0}
        first = session.execute(lists.listed(), start).all()
        second = {"before_at": first[0].submitted_at, "before_id": first[0].id}
        after = session.execute(lists.listed(), second).all()
        other_kind = session.execute(lists.listed(kind="software"), {**start, "kind": "software"}).all()
        newest = session.execute(queries.PUBLIC_NEWEST, {"size": 10}).all()
        points = session.execute(queries.PUBLIC_POINTS, {"size": 10}).all()
        like = {"kind": "place", "code": sent[0], "district": "", "size": 5}
        similar = session.execute(queries.PUBLIC_SIMILAR, like).all()
    assert [row.code for row in first] == sent[::-1]
    assert [row.code for row in after] == sent[-2::-1]
    assert other_kind == []
    assert len(newest) == len(points) == 3
    assert {row.code for row in similar} == set(sent[1:])


def test_a_forgotten_draft_lapses_by_the_job(both, cast, move_clock):
    code = begin(cast.rosa)
    move_clock(timedelta(days=200))
    with db.writing() as session:
        old = session.scalars(queries.old_drafts(clock.now() - timedelta(days=183))).all()
        for one in old:
            actions.lapse(one, by=Actor(kind="system", pseudonym="system"))
    assert see(code, lambda p: p.state) == "lapsed"


def test_a_proposal_on_the_desk_is_loaded_in_few_statements(database, cast):
    code = send(cast.rosa)
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(queries.open_cases().subquery())) == 1
        assert load(code).commitments[0].what == "Open the gate"


def test_the_city_may_take_more_days_once_with_a_reason(both, cast, move_clock):
    code = send(cast.rosa)
    sent_on, due = see(code, lambda p: (clock.local(p.submitted_at).date(), p.answer_due_on))
    with pytest.raises(NotAllowed):
        do(code, lambda p: actions.extend(p, 5, "A visit is needed.", by=cast.eve))
    for days, reason in ((0, "A visit."), (31, "A visit."), (5, "")):
        with pytest.raises(Invalid):
            do(code, lambda p, days=days, reason=reason: actions.extend(p, days, reason, by=cast.giulia))
    assert see(code, lambda p: p.answer_due_on) == due
    do(code, lambda p: actions.extend(p, 5, "A visit is needed.", by=cast.giulia))
    longer = replace(PROFILE.clock("examination"), days=35)
    assert see(code, lambda p: p.answer_due_on) == city.deadline(sent_on, longer)
    assert verbs_of(code)[-1] == "proposal:extended"
    with pytest.raises(WrongState, match="only once"):
        do(code, lambda p: actions.extend(p, 5, "Another visit.", by=cast.giulia))
    late = send(cast.rosa)
    move_clock(timedelta(days=40))
    with pytest.raises(WrongState, match="has passed"):
        do(late, lambda p: actions.extend(p, 5, "A visit is needed.", by=cast.giulia))


def test_a_notice_of_refusal_stops_the_clock_until_the_reply(both, cast, move_clock):
    code = send(cast.rosa)
    first = see(code, lambda p: p.answer_due_on)
    clear(code, cast.giulia)
    do(code, lambda p: actions.notice_refusal(p, "Private land.", "Regulation, article 4", by=cast.giulia))
    assert see(code, lambda p: p.answer_due_on) >= first + timedelta(days=10)
    move_clock(timedelta(days=3))
    do(code, lambda p: actions.reply(p, "It is a public path.", by=cast.rosa))
    sent_on, due = see(code, lambda p: (clock.local(p.submitted_at).date(), p.answer_due_on))
    assert due == city.deadline(sent_on, replace(PROFILE.clock("examination"), days=33))
