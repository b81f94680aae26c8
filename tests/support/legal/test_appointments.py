"""Times are offered, taken, proposed, moved and missed; nobody is in two places at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal import clock, db
from portal.errors import Invalid, NotAllowed, Stale, WrongState
from portal.support.legal import actions
from portal.support.legal.models import LegalAppointment
from portal.support.legal.parts import parts_of
from tests.at_once import at_once, kinds
from tests.support.legal.conftest import RULES, Office, Room, plan

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def offered(office: Office, **options: Any) -> LegalAppointment:
    with db.writing():
        return actions.offer(plan(**options), by=office.lea)


def test_two_groups_for_the_last_free_time_get_it_once(both: Any, office: Office) -> None:
    other = Room("BO-2026-042", frozenset({office.cast.nina.person_id}))
    office.promised(other, 5)
    office.asked()
    office.asked(room=other, by=office.cast.nina)
    slot = offered(office)

    def take(room: Room, who: Any) -> None:
        with db.writing():
            actions.take(room, office.matter(room=room), office.appointment(slot), by=who)

    both_at_once = (lambda: take(office.room, office.rosa), lambda: take(other, office.cast.nina))
    assert kinds(at_once(*both_at_once)) == ["Stale"]
    with db.reading():
        found = office.appointment(slot)
        assert (found.state, found.matter_id is not None) == ("booked", True)


def test_the_page_of_a_matter_asks_for_all_its_parts_together(both: Any, office: Office) -> None:
    matter = office.asked()
    free, mine = (
        offered(office, after=4 * DAY),
        office.do(actions.propose, plan(after=2 * DAY), by=office.lea),
    )
    sooner = offered(office, after=DAY)
    office.do(actions.note, "Ask the notary", by=office.lea)
    made = office.worked(30)
    with db.reading():
        found, whole = parts_of(matter.id, clock.now()), office.matter()
        said = [(one.kind, one.words, one.at) for one in whole.messages]
        assert [(one.kind, one.words, one.at) for one in found.messages] == said
        assert [one.kind for one in found.messages] == ["question", "note"]
        assert [one.id for one in found.slots] == [sooner.id, free.id]
        (time,), (work,) = found.appointments, found.work
        assert (time.id, time.begins_at, time.state) == (mine.id, mine.begins_at, "proposed")
        assert (work.id, work.minutes, work.done_on, work.corrects) == (made.id, 30, clock.today(), 0)
        assert work.name == office.cast.person("lea").name


def test_two_offers_of_one_quarter_of_an_hour_are_one(both: Any, office: Office) -> None:
    assert kinds(at_once(*[lambda: offered(office)] * 2)) == ["Invalid"]
    with pytest.raises(Invalid) as refused:
        offered(office, minutes=15)
    assert refused.value.field == "begins"
    slot = offered(office, after=4 * DAY)
    with db.writing():
        actions.withdraw(office.appointment(slot), by=office.lea)
    offered(office, after=4 * DAY)


def test_a_time_is_proposed_by_one_side_and_accepted_by_the_other(office: Office) -> None:
    office.asked()
    mine = office.do(actions.propose, plan(), by=office.rosa)
    with pytest.raises(NotAllowed):
        office.arrange(actions.accept, mine, by=office.rosa)
    office.arrange(actions.accept, mine, by=office.lea)
    with db.reading():
        found = office.appointment(mine)
        assert (found.state, found.officer_id) == ("booked", office.lea.person_id)
    # Lea is there now, so she cannot propose the same hour to anybody.
    with pytest.raises(Invalid):
        office.do(actions.propose, plan(), by=office.lea)
    hers = office.do(actions.propose, plan(5 * DAY), by=office.lea)
    office.arrange(actions.cancel, hers, "We are away", rules=RULES, by=office.rosa)
    assert office.figures() == (0, 0, 0)


def test_moving_keeps_the_entry_and_frees_the_old_time(office: Office) -> None:
    office.asked()
    one = office.do(actions.propose, plan(), by=office.lea)
    office.arrange(actions.accept, one, by=office.rosa)
    later = plan(3 * DAY + HOUR, mode="video", place="https://meet.example/legal")
    with pytest.raises(NotAllowed):
        office.arrange(actions.change, one, later, by=office.rosa)
    office.arrange(actions.change, one, later, by=office.lea)
    with db.reading():
        found = office.appointment(one)
        assert (found.sequence, found.mode, len(found.quarters)) == (1, "video", 4)
    offered(office)


def test_a_late_word_costs_what_the_city_says_and_an_early_one_nothing(
    office: Office, move_clock: Any
) -> None:
    office.asked()
    slots = [offered(office, after=days * DAY) for days in (3, 4)]
    for slot in slots:
        office.arrange(actions.take, slot, by=office.rosa)
    with pytest.raises(Invalid):
        office.arrange(actions.cancel, slots[0], " ", rules=RULES, by=office.rosa)
    office.arrange(actions.cancel, slots[0], "We are ill", rules=RULES, by=office.rosa)
    assert office.figures() == (0, 0, 0)
    move_clock(4 * DAY - HOUR)
    office.arrange(actions.cancel, slots[1], "We forgot", rules=RULES, by=office.rosa)
    assert office.figures() == (30, 0, 0)
    with db.reading():
        (work,) = office.matter().work
        assert (work.kind, work.person_id) == ("missed", office.lea.person_id)


def test_who_did_not_come_is_said_after_the_beginning_only(office: Office, move_clock: Any) -> None:
    office.asked()
    slots = [offered(office, after=days * DAY) for days in (3, 4)]
    for slot in slots:
        office.arrange(actions.take, slot, by=office.rosa)
    with pytest.raises(WrongState):
        office.arrange(actions.miss, slots[0], "community", rules=RULES, by=office.lea)
    move_clock(6 * DAY)
    with pytest.raises(WrongState):
        office.arrange(actions.cancel, slots[0], "Too late", rules=RULES, by=office.lea)
    with pytest.raises(Invalid):
        office.arrange(actions.miss, slots[0], "community", rules=RULES, by=office.rosa)
    # The official stayed away: that costs the group nothing.
    office.arrange(actions.miss, slots[0], "city", rules=RULES, by=office.rosa)
    assert office.figures() == (0, 0, 0)
    office.arrange(actions.miss, slots[1], "community", rules=RULES, by=office.lea)
    assert office.figures() == (30, 0, 0)


def test_an_appointment_takes_place_when_its_work_is_entered(office: Office, move_clock: Any) -> None:
    office.asked()
    slot = offered(office)
    office.arrange(actions.take, slot, by=office.rosa)

    def enter() -> None:
        with db.writing():
            work = actions.Work(clock.today(), 60, "meeting")
            matter, kept = office.matter(), office.appointment(slot)
            actions.enter(office.room, matter, work, appointment=kept, by=office.lea)

    with pytest.raises(WrongState):
        enter()
    move_clock(4 * DAY)
    enter()
    with pytest.raises(Stale):
        enter()
    assert office.figures() == (60, 0, 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"after": -DAY}, "day"),
        ({"minutes": 0}, "until"),
        ({"minutes": 255}, "until"),
        ({"minutes": 50}, "begins"),
        ({"mode": "pigeon"}, "mode"),
        ({"place": "  "}, "place"),
    ],
)
def test_what_is_no_time_is_refused(office: Office, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        offered(office, **changes)
    assert refused.value.field == field


def test_an_appointment_over_the_change_of_clocks_is_as_long_as_its_instants(office: Office) -> None:
    # On 28 March 2027 the clocks of Bologna go from 2:00 to 3:00.
    begins = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    across = actions.Plan(begins, begins + HOUR, "phone", "051 000 000")
    with db.writing():
        made = actions.offer(across, by=office.lea)
    assert (made.minutes, len(made.quarters)) == (60, 4)
    assert f"{clock.local(made.begins_at):%H:%M}-{clock.local(made.ends_at):%H:%M}" == "01:30-03:30"


def test_nobody_else_offers_takes_or_moves(office: Office) -> None:
    office.asked()
    slot = offered(office)
    cast = office.cast
    for who in (cast.eve, cast.giulia, cast.nina, cast.aldo):
        with pytest.raises(NotAllowed), db.writing():
            actions.offer(plan(9 * DAY), by=who)
        with pytest.raises(NotAllowed):
            office.arrange(actions.take, slot, by=who)
        with pytest.raises(NotAllowed):
            office.do(actions.propose, plan(9 * DAY), by=who)
    with pytest.raises(NotAllowed):
        office.arrange(actions.take, slot, by=office.lea)
