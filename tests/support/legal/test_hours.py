"""Minutes of work become whole hours when the group has seen them, and never more than was promised."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.errors import Invalid, NotAllowed, Stale, WrongState
from portal.support.legal import actions, hours, queries
from portal.support.legal.lifecycle import Outcome
from portal.support.legal.models import LegalWork
from portal.support.models import Allocation, Pool, PoolEntry
from tests.at_once import at_once, kinds
from tests.support.legal.conftest import RULES, Office

DAY = timedelta(days=1)


def test_minutes_are_kept_and_whole_hours_are_given(both: Any, office: Office) -> None:
    office.asked()
    first, second = office.worked(45), office.worked(90)
    assert office.figures() == (135, 0, 0)
    office.on_work(actions.confirm, first, by=office.rosa)
    assert office.figures() == (135, 45, 0)
    office.on_work(actions.confirm, second, by=office.rosa)
    # Two hours and a quarter: the quarter counts with the next work.
    assert office.figures() == (135, 135, 2)
    third = office.worked(45)
    office.on_work(actions.confirm, third, by=office.rosa)
    assert office.figures() == (180, 180, 3)


def test_two_at_once_for_the_last_hour_get_one_hour(both: Any, cast: Any) -> None:
    office = Office(cast, hours=1)
    office.asked()
    assert kinds(at_once(*[lambda: office.worked(60)] * 2)) == ["Invalid"]
    assert office.figures() == (60, 0, 0)


def test_two_corrections_of_one_row_are_one(both: Any, office: Office) -> None:
    office.asked()
    work = office.worked(60)

    def correct() -> None:
        office.on_work(actions.correct, work, 30, "Half of it was for another group", by=office.lea)

    assert kinds(at_once(correct, correct)) == ["Stale"]
    assert office.figures() == (30, 0, 0)


def test_a_correction_is_a_new_row_that_names_the_old_one_and_is_answered_anew(office: Office) -> None:
    office.asked()
    work = office.worked(120)
    office.on_work(actions.confirm, work, by=office.rosa)
    assert office.figures() == (120, 120, 2)
    for minutes, reason in ((-1, "x"), (721, "x"), (30, " "), (30, "x" * 301)):
        with pytest.raises(Invalid):
            office.on_work(actions.correct, work, minutes, reason, by=office.lea)
    fixed = office.on_work(actions.correct, work, 90, "The call was shorter", by=office.lea)
    assert (fixed.corrects_id, fixed.minutes) == (work.id, 90)
    assert office.figures() == (90, 0, 2)
    office.on_work(actions.confirm, fixed, by=office.rosa)
    more = office.worked(45)
    office.on_work(actions.confirm, more, by=office.rosa)
    # Two hours were given already: what was given too early counts with the next work.
    assert office.figures() == (135, 135, 2)
    gone = office.on_work(actions.correct, more, 0, "Entered in the wrong matter", by=office.lea)
    assert gone.minutes == 0
    assert office.figures() == (90, 90, 2)


def test_the_group_objects_and_the_official_says_why_it_stays(office: Office) -> None:
    office.asked()
    work = office.worked(60)
    with pytest.raises(NotAllowed):
        office.on_work(actions.confirm, work, by=office.lea)
    with pytest.raises(Invalid):
        office.on_work(actions.object_to, work, "  ", by=office.rosa)
    office.on_work(actions.object_to, work, "We spoke for half an hour", by=office.rosa)
    with pytest.raises(Stale):
        office.on_work(actions.confirm, work, by=office.rosa)
    assert office.figures() == (60, 0, 0)
    with db.reading():
        assert office.matter().waits_on == "city"


@pytest.mark.parametrize(
    ("minutes", "kind", "days", "field"),
    [
        (0, "study", 0, "minutes"),
        (-60, "study", 0, "minutes"),
        (721, "study", 0, "minutes"),
        (60, "golf", 0, "kind"),
        (60, "missed", 0, "kind"),
        (60, "study", 1, "done_on"),
        (60, "study", -9, "done_on"),
    ],
)
def test_what_is_no_work_is_refused_and_changes_nothing(
    office: Office, minutes: int, kind: str, days: int, field: str
) -> None:
    office.asked()
    work = actions.Work(clock.today() + days * DAY, minutes, kind)
    with pytest.raises(Invalid) as refused:
        office.do(actions.enter, work, by=office.lea)
    assert refused.value.field == field
    assert office.figures() == (0, 0, 0)


def test_silence_confirms_after_the_days_of_the_profile(office: Office, move_clock: Any) -> None:
    office.asked()
    work, corrected = office.worked(60), office.worked(30)
    office.on_work(actions.correct, corrected, 45, "Longer", by=office.lea)
    move_clock((RULES.silent_days + 1) * DAY)
    with db.reading() as session:
        due = session.scalars(queries.unanswered()).all()
    assert work.id in due
    assert corrected.id not in due
    for one in (*due, *due):
        with db.writing():
            actions.confirm_by_silence(one)
    assert office.figures() == (105, 105, 1)
    with db.reading() as session:
        assert session.get_one(LegalWork, work.id).answer == "silent"


@pytest.mark.parametrize(("rounding", "given"), [("down", 1), ("up", 2)])
def test_what_is_left_of_an_hour_is_rounded_once_at_the_end(
    office: Office, rounding: Any, given: int
) -> None:
    rules = RULES.__class__(24, 30, 14, rounding, RULES.source)
    office.asked()
    work = office.worked(100)

    def settle() -> int:
        with db.writing():
            return actions.settle(office.room, office.help(), rules=rules, by=office.lea)

    with pytest.raises(WrongState):
        settle()
    office.on_work(actions.confirm, work, by=office.rosa)
    with pytest.raises(WrongState):
        settle()
    office.do(actions.close, Outcome.SOLVED.value, by=office.lea)
    assert settle() == given
    assert office.figures() == (100, 100, given)
    with pytest.raises(WrongState):
        settle()
    with pytest.raises(WrongState):
        office.asked()


def test_hours_that_a_correction_took_back_go_to_the_pool_once(both: Any, office: Office) -> None:
    office.asked()
    work = office.worked(120)
    office.on_work(actions.confirm, work, by=office.rosa)
    fixed = office.on_work(actions.correct, work, 75, "The rest was for another group", by=office.lea)
    office.on_work(actions.confirm, fixed, by=office.rosa)
    assert office.figures() == (75, 75, 2)
    office.do(actions.close, Outcome.SOLVED.value, by=office.lea)

    def settle() -> None:
        with db.writing():
            actions.settle(office.room, office.help(), rules=RULES, by=office.lea)

    assert kinds(at_once(settle, settle)) == ["WrongState"]
    assert office.figures() == (75, 75, 1)
    with db.reading() as session:
        pool = session.get_one(Pool, office.pool.id)
        assert (pool.capacity, pool.committed, pool.delivered) == (200, 9, 1)
        rows = select(PoolEntry.movement, PoolEntry.amount).where(PoolEntry.pool_id == pool.id)
        assert session.execute(rows.order_by(PoolEntry.id.desc())).first() == ("returned", 1)
        promise = session.get_one(Allocation, office.allocation_id)
        assert (promise.delivered, promise.returned, promise.state) == (2, 1, "committed")


def test_nobody_else_enters_answers_or_settles_work(office: Office) -> None:
    office.asked()
    work = office.worked(60)
    cast = office.cast
    for who in (cast.eve, cast.giulia, cast.aldo, cast.nina):
        with pytest.raises(NotAllowed):
            office.worked(60, by=who)
        with pytest.raises(NotAllowed):
            office.on_work(actions.confirm, work, by=who)
        with pytest.raises(NotAllowed):
            office.on_work(actions.correct, work, 30, "x", by=who)
    # Lea in the group is one of the group: she does not book its hours.
    office.room.group = frozenset({cast.rosa.person_id, cast.lea.person_id})
    with pytest.raises(NotAllowed):
        office.worked(60)


def test_the_arithmetic_of_minutes() -> None:
    assert [hours.to_give(one, 1) for one in (0, 59, 119, 120, 200)] == [0, 0, 0, 1, 2]
    assert [hours.settled(one, "up") for one in (0, 1, 60, 61)] == [0, 1, 1, 2]
    assert [hours.settled(one, "down") for one in (0, 59, 60, 119)] == [0, 0, 1, 1]
    assert str(hours.said(135)) == "2 h 15 min"
