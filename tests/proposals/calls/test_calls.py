"""A call from its draft to its decision, and the proposals that answer it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal import clock, db
from portal.errors import Invalid, NotAllowed, NotFresh, WrongState
from portal.policy import VISITOR
from portal.proposals import actions as proposals
from portal.proposals.calls import actions, queries
from portal.proposals.models import Call
from portal.record import Act, Did
from tests.proposals.calls.steps import GREEN, MATCHED, dated, do, drafted, published
from tests.proposals.steps import PROFILE, load, write_whole
from tests.proposals.steps import do as do_proposal


def begun(by, ref, *, kind="place"):
    with db.writing() as session:
        call = session.scalars(select(Call).where(Call.ref == ref)).one()
        proposal = proposals.start(by=by, profile=PROFILE, language="en", call=call).proposal
        write_whole(proposal, by, kind)
        return proposal.code


def sent(by, ref):
    code = begun(by, ref)
    do_proposal(code, lambda one: proposals.submit(one, by=by))
    return code


def test_one_person_writes_another_publishes_who_was_asked_again(cast):
    ref = drafted(cast)
    with pytest.raises(NotAllowed, match="You wrote this call"):
        do(ref, lambda call: actions.publish(call, by=cast.fresh("giulia")))
    with pytest.raises(NotFresh):
        do(ref, lambda call: actions.publish(call, by=cast.marco))
    do(ref, lambda call: actions.publish(call, by=cast.fresh("marco")))
    with db.reading() as session:
        acts = session.scalars(select(Act.verb).where(Act.subject == f"call:{ref}").order_by(Act.id)).all()
    assert acts == [Did.CALL_DRAFTED, Did.CALL_PUBLISHED]


def test_who_changes_a_draft_is_its_writer_from_then_on(cast):
    ref = drafted(cast)
    do(ref, lambda call: actions.change(call, dated(MATCHED), by=cast.marco))
    with pytest.raises(NotAllowed):
        do(ref, lambda call: actions.publish(call, by=cast.fresh("marco")))
    do(ref, lambda call: actions.publish(call, by=cast.fresh("nuria")))


@pytest.mark.parametrize("name", ["rosa", "eve", "aldo", "ada", "ivan"])
def test_others_write_publish_and_steer_nothing(cast, name):
    ref = published(cast)
    with pytest.raises(NotAllowed), db.writing():
        actions.draft(dated(), by=getattr(cast, name))
    later = clock.now() + timedelta(days=90)
    for verb in (
        lambda call: actions.extend(call, later, "x", by=getattr(cast, name)),
        lambda call: actions.cancel(call, "x", by=getattr(cast, name)),
    ):
        with pytest.raises(NotAllowed):
            do(ref, verb)


def test_what_lacks_dates_or_the_decision_behind_it_is_not_published(cast):
    for notice, sentence in (
        (GREEN, "from when to when"),
        (dated(opens=-9, closes=-1), "last day of the call is over"),
        (replace(dated(), source=""), "Name the decision"),
    ):
        ref = drafted(cast, notice)
        with pytest.raises(Invalid, match=sentence):
            do(ref, lambda call: actions.publish(call, by=cast.fresh("marco")))


def test_a_draft_is_the_desks_alone(cast):
    ref = drafted(cast)
    for actor, sees in ((VISITOR, 0), (cast.eve, 0), (cast.rosa, 0), (cast.giulia, 1), (cast.aldo, 1)):
        with db.reading() as session:
            assert len(session.scalars(queries.by_ref(queries.visible_to(actor), ref)).all()) == sees


def test_matchfunding_without_terms_is_refused(cast):
    for broken, where in (
        (replace(MATCHED, match_ratio_bp=0), "match_ratio"),
        (replace(MATCHED, match_cap_cents=0), "match_cap"),
    ):
        with pytest.raises(Invalid) as refused, db.writing():
            actions.draft(broken, by=cast.giulia)
        assert refused.value.field == where


def test_a_call_is_made_longer_never_shorter_and_never_after_its_end(cast, move_clock):
    ref = published(cast)
    now = clock.now()
    with pytest.raises(Invalid, match="only be made longer"):
        do(ref, lambda call: actions.extend(call, now + timedelta(days=29), "x", by=cast.marco))
    do(ref, lambda call: actions.extend(call, now + timedelta(days=40), "Holidays", by=cast.marco))
    move_clock(timedelta(days=41))
    with pytest.raises(WrongState, match="not opened again"):
        do(ref, lambda call: actions.extend(call, now + timedelta(days=60), "x", by=cast.marco))
    do(ref, lambda call: actions.decide(call, "Two groups were chosen.", by=cast.marco))
    with pytest.raises(WrongState):
        do(ref, lambda call: actions.cancel(call, "x", by=cast.marco))


def test_nothing_is_decided_before_the_end(cast):
    ref = published(cast)
    with pytest.raises(WrongState, match="after it has closed"):
        do(ref, lambda call: actions.decide(call, "x", by=cast.marco))


def test_two_calls_written_at_once_have_two_numbers(both, cast):
    giulia = cast.giulia
    notice = dated()

    def write(_number):
        with db.writing():
            return actions.draft(notice, by=giulia).ref

    with ThreadPoolExecutor(8) as threads:
        refs = list(threads.map(write, range(8)))
    assert len(set(refs)) == 8


def test_a_proposal_is_sent_under_its_call_while_that_is_open(cast):
    ref = published(cast)
    code = sent(cast.rosa, ref)
    with db.reading() as session:
        call = session.scalars(select(Call)).one()
        assert [row.code for row in session.execute(queries.answers(call))] == [code]


def test_at_the_last_instant_it_is_too_late_and_the_draft_goes_its_own_way(cast, move_clock):
    ref = published(cast, dated(closes=2))
    code = begun(cast.rosa, ref)
    move_clock(timedelta(days=2))
    with pytest.raises(Invalid, match="This call is closed"):
        do_proposal(code, lambda one: proposals.submit(one, by=cast.rosa))
    do_proposal(code, lambda one: proposals.leave_call(one, by=cast.rosa))
    do_proposal(code, lambda one: proposals.submit(one, by=cast.rosa))


def test_before_the_first_day_it_can_be_written_not_sent(cast, move_clock):
    ref = published(cast, dated(opens=3))
    code = begun(cast.rosa, ref)
    with pytest.raises(Invalid, match="not open yet"):
        do_proposal(code, lambda one: proposals.submit(one, by=cast.rosa))
    move_clock(timedelta(days=4))
    do_proposal(code, lambda one: proposals.submit(one, by=cast.rosa))


def test_what_the_call_does_not_invite_is_not_sent_under_it(cast):
    ref = published(cast, dated(replace(GREEN, kinds=["software"])))
    code = begun(cast.rosa, ref)
    with pytest.raises(Invalid, match="something else"):
        do_proposal(code, lambda one: proposals.submit(one, by=cast.rosa))
    with db.reading():
        assert load(code).state == "draft"


def test_a_stranger_takes_no_draft_out_of_its_call(cast):
    code = begun(cast.rosa, published(cast))
    with pytest.raises(NotAllowed):
        do_proposal(code, lambda one: proposals.leave_call(one, by=cast.eve))


def test_a_sent_proposal_stays_under_its_call(cast):
    code = sent(cast.rosa, published(cast))
    with pytest.raises(WrongState):
        do_proposal(code, lambda one: proposals.leave_call(one, by=cast.rosa))


def test_a_draft_that_was_called_off_is_nobodys_business(cast):
    ref = drafted(cast)
    do(ref, lambda call: actions.cancel(call, "A mistake", by=cast.marco))
    with db.reading() as session:
        act = session.scalars(select(Act).where(Act.verb == Did.CALL_CANCELLED)).one()
        assert act.facts["was_published"] is False
        assert session.scalar(select(func.count()).select_from(Call)) == 1
        assert session.scalars(queries.past(clock.now())).all() == []
