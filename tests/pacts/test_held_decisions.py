"""A decision is prepared, held back and published once at its moment, or not at all and staff see why."""

from __future__ import annotations

import re
import threading
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import clock, db, worker
from portal.errors import Invalid, NotAllowed, Refused, WrongState
from portal.notices.models import Message
from portal.pacts import actions
from portal.pacts.models import DeskCase, HeldDecision, Pact
from portal.people.models import Grant
from portal.proposals import actions as proposals
from portal.proposals import answering_clock
from portal.record import Act
from portal.schedule.models import FailedItem
from tests.pacts import journey
from tests.proposals.steps import clear, do, load, see, send

REASON = "A reason that nobody outside may know yet."
DAY = timedelta(days=1)


def tomorrow(days: int = 1) -> datetime:
    return clock.now() + days * DAY


def acceptance(publish_at: datetime | None = None) -> actions.Prepared:
    return actions.Prepared("accept", REASON, pact_class="ordinary", publish_at=publish_at)


def hold(code: str, prepared: actions.Prepared, by: Any) -> None:
    do(code, lambda p: actions.hold_decision(p, prepared, by=by))


def held(code: str) -> HeldDecision:
    with db.reading() as session:
        found = select(HeldDecision).where(HeldDecision.proposal_id == load(code).id)
        return session.scalars(found.order_by(HeldDecision.id.desc())).first()


def run() -> str:
    return worker.run_now("held_decisions", None)  # type: ignore[arg-type]


def verbs_of(*subjects: str) -> list[tuple[str, str]]:
    with db.reading() as session:
        return [
            (act.verb, act.actor) for act in session.scalars(select(Act).where(Act.subject.in_(subjects)))
        ]


def test_an_acceptance_is_published_once_at_its_moment_as_whoever_prepared_it(cast: Any, move_clock: Any):
    code = journey.checked(cast).code
    hold(code, acceptance(tomorrow()), cast.giulia)
    assert run() == ""
    assert see(code, lambda p: p.state) == "submitted"
    move_clock(DAY)
    run()
    run()
    assert see(code, lambda p: (p.state, p.reason, p.assessor_id)) == (
        "accepted",
        REASON,
        cast.giulia.person_id,
    )
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Pact)) == 1
    said = verbs_of(f"proposal:{code}", f"case:{code}")
    assert said.count(("proposal:accepted", cast.giulia.pseudonym)) == 1
    assert said.count(("case:decision_published", "system")) == 1
    assert held(code).state == "published"


def test_a_refusal_is_released_by_hand_and_not_before_the_reply(cast: Any):
    cast.person("marco")
    code = send(cast.rosa)
    clear(code, cast.giulia)
    do(code, lambda p: proposals.notice_refusal(p, "Private land.", "Article 4", by=cast.giulia))
    hold(code, actions.Prepared("refuse", REASON, source="Article 4"), cast.giulia)
    run()
    assert [str(one) for one in against(code)] == [refused_by(code, cast.marco)]
    assert "Wait for the reply" in refused_by(code, cast.marco)
    assert (held(code).state, see(code, lambda p: p.state)) == ("held", "refusal_noticed")
    do(code, lambda p: proposals.reply(p, "It is not.", by=cast.rosa))
    assert against(code) == []
    do(code, lambda p: actions.release_decision(p, by=cast.marco))
    assert see(code, lambda p: (p.state, p.reason)) == ("refused", REASON)
    assert ("proposal:refused", cast.giulia.pseudonym) in verbs_of(f"proposal:{code}")
    with pytest.raises(WrongState, match="No decision is held back"):
        do(code, lambda p: actions.release_decision(p, by=cast.marco))


def against(code: str) -> list[Any]:
    """Return what stands against publishing what is held back, as its page says it."""
    with db.reading():
        return list(actions.against_publishing(load(code), held(code)))


def refused_by(code: str, by: Any) -> str:
    """Return the sentence with which the verb itself refuses."""
    with pytest.raises(WrongState) as refused:
        do(code, lambda p: actions.release_decision(p, by=by))
    return str(refused.value)


def test_every_reason_is_named_at_once_on_a_page_of_its_own(client: Any, cast: Any):
    code = send(cast.rosa)
    clear(code, cast.giulia)
    marco = cast.marco
    hold(code, acceptance(), cast.giulia)
    said = [str(one) for one in against(code)]
    assert [one.split(" ")[0] for one in said] == ["Publish", "Look", "Finish"]
    assert refused_by(code, marco) == said[0]
    client.sign_in("marco@city.example")
    client.get(f"/en/desk/cases/{code}")
    assert said[1] not in client.page.partition('id="held"')[2].partition("</section>")[0]
    client.get(f"/en/desk/cases/{code}/held")
    assert all(one in client.page for one in said)
    client.sign_in("rosa@example.org")
    assert client.get(f"/en/desk/cases/{code}/held").status_code == 403


def lose_the_role(code: str, cast: Any) -> None:
    with db.writing() as session:
        for grant in session.scalars(select(Grant).where(Grant.person_id == cast.giulia.person_id)):
            grant.until = clock.now()


def find_a_gap(code: str, cast: Any) -> None:
    do(code, lambda p: proposals.save_completeness(p, {"land": ("missing", "Whose?")}, by=cast.marco))


@pytest.mark.parametrize(
    ("happens", "sentence"),
    [
        (lose_the_role, "Whoever prepared this decision may not take it any more."),
        (find_a_gap, "Look at every item of the completeness check first"),
    ],
)
def test_where_a_rule_stands_against_it_nothing_is_published_and_staff_see_why(
    client: Any, cast: Any, move_clock: Any, happens: Any, sentence: str
):
    code = journey.checked(cast).code
    cast.person("marco")
    hold(code, acceptance(tomorrow()), cast.giulia)
    assert against(code) == []
    happens(code, cast)
    assert str(against(code)[0]).startswith(sentence)
    move_clock(DAY)
    run()
    run()
    assert see(code, lambda p: p.state) == "submitted"
    with db.reading() as session:
        failed = session.scalars(select(FailedItem)).one()
        assert (failed.item, failed.standing, failed.attempts) == (code, "rests", 1)
        assert "page of the case says why" in failed.reason
        assert session.scalars(select(DeskCase.action)).one() == (
            "The prepared decision was not published: see why"
        )
    assert [verb for verb, _ in verbs_of(f"case:{code}")].count("case:decision_stopped") == 1
    client.sign_in("marco@city.example")
    client.get(f"/en/desk/cases/{code}")
    assert sentence in client.page
    client.get("/en/desk/jobs/failed")
    clear(code, cast.marco)
    hold(code, acceptance(tomorrow()), cast.marco)
    with db.reading() as session:
        assert session.scalars(select(FailedItem)).all() == []
    assert held(code).stopped_at is None


def test_the_last_day_still_counts_and_the_day_after_does_not(cast: Any, move_clock: Any):
    code = journey.checked(cast).code
    last = see(code, answering_clock.last_day)
    end = datetime.combine(last, time(23, 59), clock.zone())
    hold(code, acceptance(end), cast.giulia)
    with pytest.raises(Invalid, match="Hold it no longer"):
        hold(code, acceptance(end + timedelta(minutes=1)), cast.giulia)
    assert clock.local(held(code).publish_at) == end
    move_clock(end + timedelta(minutes=2) - clock.now())
    with pytest.raises(Invalid, match="Decide now"):
        hold(code, acceptance(), cast.giulia)


BAD = [
    ({"held_outcome": ""}, "Choose what is decided"),
    ({"held_class": "palace"}, "Choose from the list"),
    ({"held_on": "1/1/2020", "held_hour": "9:00"}, "This moment has passed"),
    ({"held_on": "", "held_hour": "9:00"}, "Enter the day as well"),
    ({"held_on": "28/03/2027", "held_hour": "2:30"}, "The clocks are changed at this hour"),
]


def test_bad_input_is_a_sentence_and_what_was_typed_stays(client: Any, cast: Any):
    code = send(cast.rosa)
    clear(code, cast.giulia)
    client.sign_in("giulia@city.example")
    client.get(f"/en/desk/cases/{code}")
    good = {"held_outcome": "accept", "held_class": "ordinary", "held_reason": REASON}
    for typed, sentence in BAD:
        assert client.post(f"/en/desk/cases/{code}/held", good | typed).status_code == 422
        assert sentence in client.page
        assert REASON in client.page
    assert held(code) is None


PAGES = (
    "proposals/{}", "track/{}", "proposals", "search?q=giardino", "", "record", "record?about={}", "commons", "pacts",
    "observations",
)  # fmt: skip
FILES = ("feeds/proposals.atom", "feeds/record.atom", "record/export.jsonl")


def look(client: Any, code: str) -> list[str]:
    """Return what somebody reads, without what is new on every page."""
    found = []
    for path in [f"/en/{page}" for page in PAGES] + [f"/{name}" for name in FILES]:
        answer = client.get(path.format(code))
        assert answer.status_code == 200, path
        found.append(re.sub(r'value="[^"]{40,}"', "", answer.get_data(as_text=True)))
    return found


def told() -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(Message)) or 0


def test_nobody_outside_sees_anything_until_then(client: Any, cast: Any):
    code = journey.checked(cast).code
    cast.person("marco")
    client.sign_in("rosa@example.org")
    worker.run_now("record", None)  # type: ignore[arg-type]
    worker.run_now("reactions", _Addressed())  # type: ignore[arg-type]
    before, mails = look(client, code), told()
    hold(code, acceptance(tomorrow()), cast.giulia)
    do(code, lambda p: actions.give_up_decision(p, by=cast.giulia))
    clear(code, cast.marco)
    hold(code, acceptance(), cast.marco)
    worker.run_now("record", None)  # type: ignore[arg-type]
    worker.run_now("reactions", _Addressed())  # type: ignore[arg-type]
    after = look(client, code)
    assert told() == mails
    assert after[:5] == before[:5]
    for page in after:
        assert REASON not in page
        assert "decision_" not in page
        assert "held back" not in page
    # Nor does an official who stands on the group's side.
    own = send(cast.giulia)
    clear(own, cast.marco)
    hold(own, acceptance(), cast.marco)
    with pytest.raises(NotAllowed, match="You belong to this organisation"):
        hold(own, acceptance(), cast.giulia)
    client.sign_in("giulia@city.example")
    client.get(f"/en/desk/cases/{own}")
    assert REASON not in client.page
    assert client.get(f"/en/desk/cases/{own}/held").status_code == 403


class _Addressed:
    base_url = "http://city.example"


def test_two_workers_and_a_change_at_the_same_moment_publish_it_once_at_most(
    both: db.Database, cast: Any, move_clock: Any
):
    code = journey.checked(cast).code
    giulia = cast.giulia
    hold(code, acceptance(tomorrow()), giulia)
    move_clock(DAY)
    barrier, wrong = threading.Barrier(3), []

    def at_once(step: Any) -> None:
        try:
            barrier.wait(timeout=20)
            step()
        except Refused:
            pass
        except BaseException as error:
            wrong.append(error)

    later = tomorrow(2)
    steps = (run, run, lambda: hold(code, acceptance(later), giulia))
    threads = [threading.Thread(target=at_once, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert wrong == []
    state, is_published = see(code, lambda p: p.state), held(code).state == "published"
    accepted = [verb for verb, _ in verbs_of(f"proposal:{code}")].count("proposal:accepted")
    assert (state == "accepted", accepted) == (is_published, int(is_published))
    with db.reading() as session:
        assert session.scalars(select(FailedItem)).all() == []
    move_clock(2 * DAY)
    run()
    assert see(code, lambda p: p.state) == "accepted"
    assert [verb for verb, _ in verbs_of(f"proposal:{code}")].count("proposal:accepted") == 1


def test_a_decision_taken_in_another_way_leaves_nothing_to_publish(client: Any, cast: Any):
    code = journey.checked(cast).code
    client.sign_in("giulia@city.example")
    page = f"/en/desk/cases/{code}"
    client.get(page)
    typed = {"held_outcome": "accept", "held_class": "ordinary", "held_reason": REASON}
    client.post(f"{page}/held", typed)
    assert "It waits until somebody releases it." in client.page
    with db.reading() as session:
        assert session.scalars(select(DeskCase.action)).one() == "Release the prepared decision"
    do(code, lambda p: proposals.withdraw(p, by=cast.rosa))
    run()
    assert held(code).state == "moot"
    client.get(page)
    assert REASON not in client.page
