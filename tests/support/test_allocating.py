"""From asked to given: two persons, one pool, and nothing promised twice."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from portal import clock, db
from portal.errors import Invalid, NotAllowed, Stale, WrongState
from portal.organisations import actions as organisations
from portal.organisations.models import Kind as Organisation
from portal.people.models import Person
from portal.policy import SYSTEM
from portal.record import Act
from portal.support import actions, queries
from portal.support.lifecycle import State
from portal.support.models import Allocation, Pool, PoolEntry
from portal.words import say
from tests.support.conftest import PACT, row, this_year


def verbs() -> list[str]:
    with db.reading() as session:
        return [act.verb for act in session.scalars(select(Act).order_by(Act.id)) if act.subject == PACT]


def test_a_promise_goes_from_asked_to_given(both, desk, cast):
    pool = desk.opened()
    (one,) = desk.approved(pool)
    assert desk.figures(pool) == (400_000, 0, 0)
    with db.writing():
        actions.commit(PACT, 1, by=cast.nuria)
    assert desk.figures(pool) == (0, 400_000, 0)
    for part in (150_000, 250_000):
        with db.writing() as session:
            allocation = session.get_one(Allocation, one.id)
            actions.deliver(allocation, part, clock.today(), "Payment order 118", by=cast.tina)
    assert desk.figures(pool) == (0, 400_000, 400_000)
    assert desk.allocation(one.id).state == State.DELIVERED
    assert verbs() == [
        "support:asked",
        "support:proposed",
        "support:approved",
        "support:committed",
        "support:delivered",
        "support:delivered",
    ]


def test_whoever_proposed_may_not_approve(both, desk):
    (one,) = desk.proposed(desk.opened(), by="giulia")
    with pytest.raises(NotAllowed, match="You proposed this allocation, so somebody else must approve it"):
        desk.approve(one.id, by="giulia")
    assert desk.allocation(one.id).state == State.PROPOSED


def test_the_database_itself_wants_two_persons(both, desk):
    (one,) = desk.proposed(desk.opened())
    sole = text("UPDATE allocation SET approved_by_id = proposed_by_id WHERE id = :id")
    with pytest.raises(IntegrityError, match="two_persons"), db.writing() as session:
        session.execute(sole, {"id": one.id})


def test_nobody_decides_on_the_own_organisation(both, desk, cast):
    pool = desk.opened()
    with db.writing() as session:
        giulia = session.get_one(Person, cast.person("giulia").id)
        group = organisations.found("Air watchers", Organisation.ASSOCIATION, by=SYSTEM, speaker=giulia)
    desk.cast.giulia = replace(cast.giulia, organisations=frozenset({group.id}))
    with pytest.raises(NotAllowed, match="You belong to this organisation"):
        desk.proposed(pool, organisation_id=group.id)
    with db.reading() as session:
        (one,) = session.scalars(queries.current(PACT))
        assert one.state == State.ASKED


@pytest.mark.parametrize("name", ["eve", "rosa", "nuria", "aldo", "ada"])
def test_only_support_staff_propose_approve_and_deliver(desk, cast, name):
    pool = desk.opened()
    (one,) = desk.proposed(pool)
    actor = cast.fresh(name)
    with db.writing() as session:
        allocation, there = session.get_one(Allocation, one.id), session.get_one(Pool, pool.id)
        for verb in (
            lambda: actions.propose(allocation, there, "Because", by=actor),
            lambda: actions.approve(allocation, by=actor),
            lambda: actions.send_back(allocation, "Because", by=actor),
            lambda: actions.deliver(allocation, 1, clock.today(), "Because", by=actor),
            lambda: actions.open_pool(2026, "mine", "funding", "Mine", 1, by=actor),
        ):
            with pytest.raises(NotAllowed):
                verb()


def test_only_the_treasurer_opens_a_pool(desk, cast):
    with pytest.raises(NotAllowed), db.writing():
        actions.open_pool(2026, "mine", "funding", "Mine", 1, by=cast.giulia)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ((1999, "digital", "funding", "Digital fund", 1), "year"),
        ((2101, "digital", "funding", "Digital fund", 1), "year"),
        ((2026, "", "funding", "!!", 1), "name"),
        ((2026, "Digital", "funding", "Digital fund", 1), "name"),
        ((2026, "digital", "gold", "Digital fund", 1), "kind"),
        ((2026, "digital", "funding", "Digital fund", 0), "capacity"),
        ((2026, "digital", "funding", "Digital fund", -1), "capacity"),
    ],
)
def test_a_pool_needs_its_facts(cast, facts, field):
    with pytest.raises(Invalid) as refused, db.writing():
        actions.open_pool(*facts, by=SYSTEM)
    assert refused.value.field == field


def test_a_year_has_one_pool_of_a_name(desk):
    desk.opened()
    with pytest.raises(Invalid, match="already"):
        desk.opened()


def test_a_pool_of_another_kind_or_year_is_refused(desk):
    with pytest.raises(Invalid, match="Choose a fund of the same kind"):
        desk.proposed(desk.opened(slug="desk", kind="legal"))
    with pytest.raises(Invalid, match="Choose a fund of that year"):
        desk.proposed(desk.opened(slug="next", year=this_year() + 1))
    with pytest.raises(Invalid, match=f"ended with the year {this_year() - 1}"):
        desk.proposed(desk.opened(slug="old", year=this_year() - 1))


def test_a_pact_that_starts_next_year_takes_from_next_years_pool(desk):
    start = date(this_year() + 1, 2, 1)
    with pytest.raises(Invalid, match=f"begins in {this_year() + 1}"):
        desk.proposed(desk.opened(), starts_on=start)
    assert desk.approved(desk.opened(slug="next", year=this_year() + 1), starts_on=start)


def test_a_pool_that_ends_between_proposal_and_approval_is_refused(desk, move_clock):
    (one,) = desk.proposed(desk.opened())
    move_clock(timedelta(days=366))
    with pytest.raises(WrongState, match="ended with the year"):
        desk.approve(one.id)


def test_more_than_is_left_is_refused_with_what_is_left(desk):
    pool = desk.opened(1_500_000)
    with pytest.raises(
        Invalid, match=r"Only €.15,000 is left in Digital fund .*: lower the amount or choose another fund"
    ):
        desk.proposed(pool, row(amount=1_600_000))


def test_whoever_was_slower_reads_what_was_promised_and_when(both, desk):
    pool = desk.opened(1_500_000)
    (slow,) = desk.proposed(pool, row(amount=1_200_000), subject="pact:BO-2026-042")
    desk.approved(pool, row(amount=400_000))
    with pytest.raises(Stale) as refused:
        desk.approve(slow.id)
    sentence = say(refused.value.words, "en")
    assert re.fullmatch(
        r"€.4,000 was promised to another pact at \d\d:\d\d\. €.11,000 is left now\.", sentence
    )
    assert desk.figures(pool) == (400_000, 0, 0)
    assert desk.allocation(slow.id).state == State.PROPOSED


def test_two_officials_approve_the_same_row_once(both, desk, cast):
    pool = desk.opened()
    (one,) = desk.proposed(pool)
    with db.writing() as session:
        slow = session.get_one(Allocation, one.id)
        session.execute(text("UPDATE allocation SET version_id = version_id + 1"))
        with pytest.raises(StaleDataError):
            actions.approve(slow, by=cast.fresh("marco"))
        session.rollback()
    assert desk.figures(pool) == (0, 0, 0)


def test_a_proposal_needs_a_public_reason(desk, cast):
    pool = desk.opened()
    (one,) = desk.asked()
    with pytest.raises(Invalid, match="Say why"), db.writing() as session:
        actions.propose(
            session.get_one(Allocation, one.id), session.get_one(Pool, pool.id), "  ", by=cast.giulia
        )


def test_several_rows_are_proposed_together_or_not_at_all(both, desk, cast):
    pool = desk.opened(500_000)
    desk.asked(row("s1", amount=300_000), row("s2", amount=300_000))
    with db.writing() as session:
        there = session.get_one(Pool, pool.id)
        choices = [(one, there) for one in session.scalars(queries.current(PACT))]
        with pytest.raises(Invalid, match="Only") as refused:
            actions.propose_rows(choices, "Score 78 of 100", by=cast.giulia)
        assert refused.value.field == "pool_s2"
    with db.reading() as session:
        assert {one.state for one in session.scalars(queries.current(PACT))} == {State.ASKED}


def test_what_is_sent_back_can_be_proposed_again(both, desk, cast):
    pool = desk.opened()
    (one,) = desk.proposed(pool)
    with pytest.raises(NotAllowed), db.writing() as session:
        actions.send_back(session.get_one(Allocation, one.id), "Take the green fund", by=cast.giulia)
    with db.writing() as session:
        actions.send_back(session.get_one(Allocation, one.id), "Take the green fund", by=cast.marco)
    back = desk.allocation(one.id)
    assert (back.state, back.sent_back_reason, back.reason) == (
        State.ASKED,
        "Take the green fund",
        "Score 78 of 100",
    )
    with db.writing() as session:
        actions.propose(
            session.get_one(Allocation, one.id), session.get_one(Pool, pool.id), "Again", by=cast.marco
        )
    desk.approve(one.id, by="giulia")
    assert desk.figures(pool) == (400_000, 0, 0)


def test_releasing_gives_back_what_was_kept_aside(both, desk, cast):
    pool = desk.opened()
    desk.approved(pool, row("s1"), row("s2", amount=100_000))
    with db.writing():
        released = actions.release(PACT, by=cast.giulia)
        assert len(released) == 2
        assert actions.release(PACT, by=cast.giulia) == []
    assert desk.figures(pool) == (0, 0, 0)


def test_a_newer_version_lets_go_of_the_older_one(both, desk):
    pool = desk.opened()
    desk.approved(pool)
    (new,) = desk.asked(row(amount=500_000), version=2)
    assert desk.figures(pool) == (0, 0, 0)
    with db.reading() as session:
        assert [one.id for one in session.scalars(queries.current(PACT))] == [new.id]


def test_asking_twice_changes_nothing_and_asking_again_starts_anew(both, desk, cast):
    pool = desk.opened()
    (one,) = desk.approved(pool)
    assert [again.id for again in desk.asked()] == [one.id]
    assert desk.allocation(one.id).state == State.APPROVED
    with db.writing():
        actions.release(PACT, by=cast.giulia)
    assert [again.id for again in desk.asked()] == [one.id]
    fresh = desk.allocation(one.id)
    assert (fresh.state, fresh.pool_id, fresh.approved_by_id, fresh.reason) == (State.ASKED, None, None, "")


def test_what_has_no_pool_is_not_asked_for(desk):
    assert desk.asked(row(kind="recognition"), row("s2", "server", 2)) != []
    with db.reading() as session:
        assert [one.row_key for one in session.scalars(queries.current(PACT))] == ["s2"]


def test_nothing_is_bound_while_a_row_is_not_approved(both, desk, cast):
    pool = desk.opened()
    desk.approved(pool)
    desk.proposed(pool, row("s2", amount=100, what="Hosting"))
    with pytest.raises(WrongState, match="not yet approved by a second person: Hosting"), db.writing():
        actions.commit(PACT, 1, by=cast.nuria)
    assert desk.figures(pool) == (400_000, 0, 0)


def test_binding_twice_changes_nothing(both, desk, cast):
    pool = desk.opened()
    desk.approved(pool)
    with db.writing():
        assert len(actions.commit(PACT, 1, by=cast.nuria)) == 1
        assert actions.commit(PACT, 1, by=cast.nuria) == []
    assert desk.figures(pool) == (0, 400_000, 0)


def test_a_version_is_resourced_when_every_row_is_approved(desk, cast):
    pool = desk.opened()
    with db.reading():
        assert queries.is_resourced(PACT, 1)
    desk.approved(pool)
    (second,) = desk.proposed(pool, row("s2", amount=100))
    with db.reading():
        assert not queries.is_resourced(PACT, 1)
    desk.approve(second.id)
    with db.reading():
        assert queries.is_resourced(PACT, 1)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ((0, 0, "Order 1"), "amount"),
        ((-1, 0, "Order 1"), "amount"),
        ((400_001, 0, "Order 1"), "amount"),
        ((1, 1, "Order 1"), "delivered_on"),
        ((1, 0, "  "), "evidence"),
    ],
)
def test_a_delivery_needs_its_facts(desk, cast, facts, field):
    amount, days, evidence = facts
    (one,) = desk.approved(desk.opened())
    with db.writing():
        actions.commit(PACT, 1, by=cast.nuria)
    on = clock.today() + timedelta(days=days)
    with pytest.raises(Invalid) as refused, db.writing() as session:
        actions.deliver(session.get_one(Allocation, one.id), amount, on, evidence, by=cast.tina)
    assert refused.value.field == field


def test_nothing_is_given_before_the_signature(desk, cast):
    (one,) = desk.approved(desk.opened())
    with pytest.raises(WrongState), db.writing() as session:
        actions.deliver(session.get_one(Allocation, one.id), 1, clock.today(), "Order 1", by=cast.tina)


def test_the_money_bar_counts_what_was_promised_and_its_worth_given(both, desk, cast):
    pool, servers = desk.opened(), desk.opened(120, slug="servers", kind="server")
    desk.approved(pool, row("s1", amount=100_000), row("s2", amount=50_000))
    (hosting,) = desk.approved(servers, row("s3", "server", 3, value_cents=100_000))
    desk.asked(row("s4", "legal", 10, value_cents=90_000))
    with db.writing() as session:
        session.get_one(Allocation, hosting.id).state = State.RELEASED.value
    with db.reading():
        assert queries.of_subject(PACT) == [
            {
                "kind": "funding",
                "label": "Funding",
                "tone": "green",
                "promised": 150_000,
                "given": 0,
                "late": 0,
            }
        ]


def test_worth_given_is_pro_rata_and_rounded_down(desk, cast):
    servers = desk.opened(120, slug="servers", kind="server")
    (hosting,) = desk.approved(servers, row("s3", "server", 3, value_cents=100_000))
    with db.writing() as session:
        actions.commit(PACT, 1, by=cast.nuria)
        actions.deliver(session.get_one(Allocation, hosting.id), 2, clock.today(), "Machine 12", by=cast.ivan)
    with db.reading():
        assert queries.of_subject(PACT) == [
            {
                "kind": "server",
                "label": "Server space",
                "tone": "blue",
                "promised": 100_000,
                "given": 66_666,
                "late": 0,
            }
        ]


@pytest.mark.parametrize("change", ["UPDATE pool_entry SET amount = 1", "DELETE FROM pool_entry"])
def test_the_ledger_cannot_be_rewritten(both, desk, change):
    desk.opened()
    with pytest.raises(DatabaseError, match="append-only"), db.writing() as session:
        session.execute(text(change))
    with db.reading() as session:
        assert [one.amount for one in session.scalars(select(PoolEntry))] == [8_000_000]


@pytest.mark.parametrize(
    "change", ["reserved = 9000000", "committed = 9000000", "reserved = -1", "delivered = 1"]
)
def test_the_database_itself_refuses_a_pool_beyond_its_capacity(both, desk, change):
    desk.opened()
    with pytest.raises(IntegrityError), db.writing() as session:
        session.execute(text(f"UPDATE pool SET {change}"))
