"""Two proposals become one when both groups say yes; a no, silence, or a moved case changes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import clock, db, search
from portal.errors import Invalid, NotAllowed, Refused, WrongState
from portal.notices.actions import Wish, follow
from portal.notices.models import Follow, Message, Reader, What
from portal.observations import actions as speaking
from portal.observations import queries as speaking_queries
from portal.observations.actions.periods import last_day
from portal.observations.phases import Phase, phase
from portal.organisations.actors import actor_for
from portal.pacts import queries as pact_queries
from portal.people.models import Invitation, Share
from portal.policy import SYSTEM, VISITOR, Actor
from portal.proposals import actions as proposals
from portal.proposals import queries as proposal_queries
from portal.proposals.merging import actions, showing
from portal.proposals.models import MergeOffer
from portal.record import Act, Did
from portal.record import actions as record
from portal.record.publicity import why_private
from portal.schedule import actions as schedule
from portal.search.asking import Wanted
from portal.subscriptions import react
from tests.browser import Browser
from tests.observations import steps
from tests.proposals.steps import PROFILE, clear, do, load, see, send, write_whole
from tests.residents import people as residents

REASON = "Both want the same courtyard."


@pytest.fixture
def two(cast: Any) -> tuple[str, str]:
    """Rosa's courtyard and Nina's, both with Giulia, who has no conflict in either."""
    for name in ("nina", "teo"):
        cast.person(name)
    codes = send(cast.rosa), send(cast.nina)
    for code in codes:
        take(code, cast)
    return codes


def take(code: str, cast: Any) -> None:
    do(code, lambda p: proposals.assign(p, by=cast.giulia))
    clear(code, cast.giulia)


def offer(one: str, other: str, by: Actor, reason: str = REASON) -> int:
    with db.writing():
        return actions.offer(load(one), load(other), reason, by=by).id


def answer(code: str, number: int, by: Actor, *, agrees: bool = True) -> str:
    with db.writing() as session:
        found = load(code)
        return actions.answer(session.get_one(MergeOffer, number), found, agrees=agrees, by=by)


def state_of(number: int) -> str:
    with db.reading() as session:
        return session.get_one(MergeOffer, number).state


def merge(two: tuple[str, str], cast: Any) -> int:
    number = offer(*two, cast.giulia)
    answer(two[0], number, cast.rosa)
    answer(two[1], number, cast.nina)
    return number


def merge_in(code: str, holder: Actor, into: str, cast: Any) -> None:
    number = offer(code, into, cast.giulia)
    answer(into, number, cast.nina)
    answer(code, number, holder)


def told() -> dict[str, list[str]]:
    """Let the worker tell, and return the events of all messages by person."""
    with db.writing():
        while record.sequence():
            pass
        run = schedule.claim("reactions", clock.real().isoformat(), due_at=clock.now())
    assert run is not None
    react(run, base_url="https://x.example")
    with db.reading() as session:
        rows = session.execute(select(Message.person_id, Message.event)).all()
    found: dict[Any, list[str]] = {}
    for person_id, event in rows:
        found.setdefault(person_id, []).append(event)
    return found


def end(code: str, number: int, by: Actor) -> None:
    with db.writing() as session:
        found = load(code)
        actions.take_back(session.get_one(MergeOffer, number), found, by=by)


def test_an_offer_is_taken_back_until_both_said_yes(cast: Any, two: tuple[str, str], app: Any) -> None:
    number = offer(*two, cast.giulia)
    answer(two[0], number, cast.rosa)
    with pytest.raises(NotAllowed):
        end(two[0], number, cast.rosa)
    with pytest.raises(NotAllowed, match="Who made the offer"):
        end(two[0], number, cast.marco)
    giulia = Browser(app)
    giulia.sign_in("giulia@city.example")
    giulia.get(f"/en/desk/cases/{two[1]}")
    assert "Take the offer back" in giulia.page
    assert giulia.post(f"/en/desk/cases/{two[1]}/merge/{number + 1}/end").status_code == 404
    assert giulia.post(f"/en/desk/cases/{two[1]}/merge/{number}/end").status_code == 200
    assert "Take the offer back" not in giulia.page
    assert "Both go on alone" in giulia.page
    assert state_of(number) == "lapsed"
    with pytest.raises(WrongState):
        answer(two[1], number, cast.nina)
    assert giulia.post(f"/en/desk/cases/{two[1]}/merge/{number}/end").status_code == 409
    events = told()
    assert "E04" in events[cast.person("rosa").id]
    assert "E04" in events[cast.person("nina").id]
    # The next offer finds its way free; once both said yes nothing is taken back.
    again = merge(two, cast)
    with pytest.raises(WrongState):
        end(two[1], again, cast.giulia)


def test_who_may_not_offer_is_told_why(cast: Any, two: tuple[str, str]) -> None:
    with pytest.raises(Invalid, match="with you"):
        offer(*two, cast.marco)
    do(two[1], lambda p: proposals.assign(p, by=cast.marco))
    with pytest.raises(Invalid, match="with you"):
        offer(*two, cast.giulia)
    third = send(cast.eve)
    do(third, lambda p: proposals.assign(p, by=cast.giulia))
    with pytest.raises(WrongState, match="First state"):
        offer(two[0], third, cast.giulia)
    clear(third, cast.giulia)
    with pytest.raises(Invalid, match="Give the reason"):
        offer(two[0], third, cast.giulia, "")
    own = send(cast.giulia)
    for who in (cast.rosa, cast.giulia):
        with pytest.raises(NotAllowed):
            offer(two[0], own, who)


def test_two_yeses_make_one_and_everything_of_the_other_stays(cast: Any, two: tuple[str, str]) -> None:
    before = see(two[1], lambda p: ([one.what for one in p.commitments], [one.kind for one in p.asks]))
    with db.writing():
        follow(Wish(What.PROPOSAL, two[0], "Courtyard"), "en", by=cast.eve)
        follow(Wish(What.PROPOSAL, two[1], "Courtyard"), "en", by=cast.teo)
        follow(Wish(What.PROPOSAL, two[0], "Courtyard"), "en", by=cast.teo)
    number = offer(*two, cast.giulia)
    answer(two[0], number, cast.rosa)
    assert see(two[0], lambda p: p.state) == "submitted"
    answer(two[1], number, cast.nina)
    answer(two[1], number, cast.nina)  # a second click
    assert state_of(number) == "merged"
    joined = see(two[0], lambda p: (p.state, p.reason, p.commitments[0].what, p.merged_into_id))
    assert joined == ("merged", REASON, "Open the gate", see(two[1], lambda p: p.id))
    stays = see(two[1], lambda p: ([one.what for one in p.commitments], [one.kind for one in p.asks]))
    assert stays == before
    with db.reading() as session:
        rosa = actor_for(cast.person("rosa"))
        assert f"proposal:{two[1]}" in rosa.shares - rosa.decides
        assert session.scalars(select(Follow.target)).all() == [two[1], two[1]]
        assert [row.code for row in search.queries.find(Wanted("Courtyard garden", "proposal")).rows] == [
            two[1]
        ]
        acts = session.execute(select(Act.verb, Act.facts).where(Act.verb.like("merge:%"))).all()
        assert all(why_private(verb, facts) for verb, facts in acts)
        pact = SimpleNamespace(code="CP-2026-001", key="pact:CP-2026-001", proposal_code=two[1])
        history = [act.verb for act in session.scalars(pact_queries.acts_of(pact))]
        assert Did.PROPOSAL_JOINED in history
        assert not {Did.MERGE_OFFERED, Did.MERGE_ANSWERED} & set(history)
        public = session.execute(
            select(Act.subject, Act.facts)
            .where(Act.verb.in_([Did.PROPOSAL_MERGED, Did.PROPOSAL_JOINED]))
            .order_by(Act.id)
        ).all()
    assert [tuple(row) for row in public] == [
        (f"proposal:{two[0]}", {"into": two[1]}),
        (f"proposal:{two[1]}", {"joined": two[0]}),
    ]


def follows_of(who: str, cast: Any) -> set[str]:
    with db.reading() as session:
        reader = select(Reader.id).where(Reader.person_id == cast.person(who).id)
        return set(session.scalars(select(Follow.target).where(Follow.reader_id.in_(reader))))


def test_who_follows_at_the_very_moment_follows_the_other(cast: Any, two: tuple[str, str]) -> None:
    merge(two, cast)
    with db.writing():
        follow(Wish(What.PROPOSAL, two[0], "Courtyard"), "en", by=cast.eve)
    assert "E17" in told()[cast.person("eve").id]
    assert follows_of("eve", cast) == {two[1]}


def test_who_comes_late_is_led_on_to_the_end_of_the_way(cast: Any, two: tuple[str, str], app: Any) -> None:
    merge(two, cast)
    third = send(cast.eve)
    do(third, lambda p: proposals.assign(p, by=cast.giulia))
    clear(third, cast.giulia)
    number = offer(two[1], third, cast.giulia)
    answer(two[1], number, cast.nina)
    answer(third, number, cast.eve)
    teo = Browser(app)
    teo.sign_in("teo@example.org")
    teo.get(f"/en/proposals/{two[0]}")
    assert "Follow what it goes on as" in teo.page
    teo.get(f"/en/follow?what=proposal&target={two[0]}")
    assert "The proposal that goes on with it" in teo.page
    teo.post("/en/follow", {"what": "proposal", "target": two[0], "choice": "case"})
    assert follows_of("teo", cast) == {third}


def test_who_confirmed_the_one_need_not_confirm_the_other(cast: Any, two: tuple[str, str]) -> None:
    with db.writing():
        follow(Wish(What.PROPOSAL, two[0], "Courtyard"), "en", by=cast.eve)
        waiting = follow(Wish(What.PROPOSAL, two[1], "Courtyard"), "en", by=cast.eve)
        waiting.confirmed_at, waiting.asked_at, waiting.token_hash = None, clock.now(), "x" * 64
    merge(two, cast)
    with db.reading() as session:
        (kept,) = session.scalars(select(Follow)).all()
        assert (kept.target, kept.confirmed_at is not None) == (two[1], True)


def test_everybody_concerned_is_told_once(cast: Any, two: tuple[str, str]) -> None:
    with db.writing():
        follow(Wish(What.PROPOSAL, two[0], "Courtyard"), "en", by=cast.eve)
    number = offer(*two, cast.giulia)
    before = told()
    asked = {name for name in ("rosa", "nina", "eve", "giulia") if "E03" in before[cast.person(name).id]}
    assert asked == {"rosa", "nina"}
    answer(two[0], number, cast.rosa)
    answer(two[1], number, cast.nina)
    after = told()
    for name, event in (("rosa", "E04"), ("nina", "E04"), ("giulia", "E20"), ("eve", "E17")):
        person = cast.person(name).id
        assert [*after[person]] == [*before[person], event], name


def test_a_no_or_no_answer_in_time_ends_the_offer(cast: Any, two: tuple[str, str]) -> None:
    number = offer(*two, cast.giulia)
    answer(two[0], number, cast.rosa)
    answer(two[0], number, cast.rosa, agrees=False)
    assert state_of(number) == "declined"
    found = told()
    for name, event in (("rosa", "E04"), ("nina", "E04"), ("giulia", "E20")):
        assert found[cast.person(name).id][-1] == event, name
    second = offer(*two, cast.giulia)
    clock.set_offset(timedelta(days=40))
    for code, who in zip(two, (cast.rosa, cast.nina), strict=True):
        with pytest.raises(WrongState, match="over"):
            answer(code, second, who)
    third = offer(*two, cast.giulia)
    assert (state_of(second), state_of(third)) == ("lapsed", "offered")
    assert see(two[0], lambda p: p.state) == "submitted"


def test_no_chain_and_no_circle_is_offered_but_two_may_join_one(cast: Any, two: tuple[str, str]) -> None:
    third = send(cast.eve)
    take(third, cast)
    offer(*two, cast.giulia)
    for one, other in ((two[1], two[0]), (two[1], third), (third, two[0]), two):
        with pytest.raises(WrongState, match="another offer"):
            offer(one, other, cast.giulia)
    number = offer(third, two[1], cast.giulia)
    answer(third, number, cast.eve)
    answer(two[1], number, cast.nina)
    with pytest.raises(Invalid, match="under examination"):
        offer(two[1], third, cast.giulia)


def test_both_answer_at_once_and_one_withdraws_meanwhile(both: Any, cast: Any) -> None:
    cast.person("nina")
    codes = send(cast.rosa), send(cast.nina)
    for code in codes:
        take(code, cast)
    number = offer(*codes, cast.giulia)
    with ThreadPoolExecutor(4) as pool:
        tries = [
            pool.submit(_try, lambda code=code, who=who: answer(code, number, who))
            for code, who in zip(codes * 2, (cast.rosa, cast.nina) * 2, strict=True)
        ]
        assert [one.result() for one in tries] == [""] * 4
    assert see(codes[0], lambda p: p.state) == "merged"
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Share)) == 1
    third = send(cast.eve)
    take(third, cast)
    again = offer(third, codes[1], cast.giulia)
    answer(codes[1], again, cast.nina)
    with ThreadPoolExecutor(2) as pool:
        left = pool.submit(_try, lambda: do(third, lambda p: proposals.withdraw(p, by=cast.eve)))
        agreed = pool.submit(_try, lambda: answer(third, again, cast.eve))
        outcomes = left.result(), agreed.result()
    assert outcomes.count("") == 1
    assert see(third, lambda p: p.state) == ("withdrawn" if outcomes[0] == "" else "merged")


def test_a_second_yes_and_taking_back_at_once_leave_one_of_them(both: Any, cast: Any) -> None:
    cast.person("nina")
    codes = send(cast.rosa), send(cast.nina)
    for code in codes:
        take(code, cast)
    number, nina, giulia = offer(*codes, cast.giulia), cast.nina, cast.giulia
    answer(codes[0], number, cast.rosa)
    with ThreadPoolExecutor(2) as pool:
        agreed = pool.submit(_try, lambda: answer(codes[1], number, nina))
        ended = pool.submit(_try, lambda: end(codes[0], number, giulia))
        outcomes = agreed.result(), ended.result()
    assert outcomes.count("") == 1
    assert state_of(number) == ("merged" if outcomes[0] == "" else "lapsed")
    assert see(codes[0], lambda p: p.state) == ("merged" if outcomes[0] == "" else "submitted")


def _try(verb: Any) -> str:
    try:
        verb()
    except Refused as refusal:
        return str(refusal.words)
    except Exception as error:  # a lost race: pages answer 409
        return type(error).__name__
    return ""


def test_nobody_is_counted_twice(cast: Any, two: tuple[str, str]) -> None:
    people = {"teo": residents.TEO, "nina": residents.NINA, "rosa": residents.ROSA}
    for name, number in people.items():
        residents.settle(cast.person(name), number, by=SYSTEM)
    for name, codes in (("teo", two), ("nina", two[:1]), ("rosa", two[1:])):
        for code in codes:
            with db.writing():
                speaking.endorse(steps.subject_of(code), by=getattr(cast, name))
    steps.publish(two[0], cast.giulia)
    steps.say(two[0])
    merge(two, cast)
    with db.reading():
        found = showing.joined_to(db.session().scalars(_page(two[1])).unique().one())
        assert found is not None
        assert (found.here, found.there, found.endorsers) == (2, 2, 3)
        assert [row["observations"] for row in found.rows] == [1]
        assert showing.joined_to(db.session().scalars(_page(two[0])).unique().one()) is None
        assert steps.subject_of(two[0]).is_closed
    with db.writing(), pytest.raises(WrongState):
        speaking.endorse(steps.subject_of(two[0]), by=cast.rosa)
    with pytest.raises(WrongState):
        steps.say(two[0], "Too late.")


def _page(code: str) -> Any:
    return proposal_queries.sent(code)


def test_its_period_ends_with_it(cast: Any, two: tuple[str, str]) -> None:
    third = send(cast.eve)
    take(third, cast)
    steps.publish(two[0], cast.giulia)
    steps.publish(third, cast.giulia, ahead=3)
    merge(two, cast)
    merge_in(third, cast.eve, two[1], cast)
    with db.reading() as session:
        running = session.scalars(speaking_queries.period_of(f"proposal:{two[0]}")).one()
        assert last_day(running) == clock.today()
        assert phase(running.opens_at, running.closes_at, clock.now()) is Phase.OVER
        assert session.scalars(speaking_queries.period_of(f"proposal:{third}")).first() is None


def test_a_holder_with_the_link_alone_answers_and_is_invited(cast: Any, two: tuple[str, str]) -> None:
    with db.writing():
        begun = proposals.start(by=VISITOR, profile=PROFILE, language="en")
        holder = replace(VISITOR, keys=frozenset({begun.proposal.key}))
        write_whole(begun.proposal, holder)
        proposals.submit(begun.proposal, by=holder)
        code = begun.proposal.code
    take(code, cast)
    number = offer(code, two[1], cast.giulia)
    for stranger in (cast.eve, cast.nina, cast.giulia, VISITOR):
        with pytest.raises(NotAllowed):
            answer(code, number, stranger)
    answer(two[1], number, cast.nina)
    assert answer(code, number, holder)
    with db.reading() as session:
        invited = session.scalars(select(Invitation)).one()
    assert (invited.subject, invited.email) == (f"proposal:{two[1]}", "rosa.privata@example.org")


def test_browsers_offer_answer_and_find_the_way(app: Any, cast: Any, two: tuple[str, str]) -> None:
    case, track = f"/en/desk/cases/{two[0]}", [f"/en/track/{code}" for code in two]
    giulia, stranger = Browser(app), Browser(app)
    giulia.sign_in("giulia@city.example")
    giulia.get(case)
    for typed, said in (({"into_code": "PR-AAAA-AA"}, "has this code"), ({"into": ""}, "Choose the other")):
        assert giulia.post(f"{case}/merge", {"merge_reason": REASON, **typed}).status_code == 422
        assert said in giulia.page
        assert REASON in giulia.page
    giulia.post(f"{case}/merge", {"into": two[1], "merge_reason": REASON})
    assert "Neither has answered yet" in giulia.page
    for page in (*track, f"/en/proposals/{two[0]}", f"/en/proposals/{two[1]}"):
        stranger.get(page)
        assert REASON not in stranger.page
    assert stranger.post(f"{track[0]}/merge/1", {"m1-answer": "yes"}).status_code == 404
    for name, page in zip(("rosa", "nina"), track, strict=True):
        holder = Browser(app)
        holder.sign_in(f"{name}@example.org")
        holder.get(page)
        assert REASON in holder.page
        assert holder.post(f"{page}/merge/1", {}).status_code == 422
        holder.post(f"{page}/merge/1", {"m1-answer": "yes"})
    stranger.get(f"/en/search?q={two[0]}")
    assert f"/en/proposals/{two[1]}" in stranger.page
    assert REASON in stranger.page
    stranger.get(f"/en/proposals/{two[1]}")
    assert "A proposal that joined this one" in stranger.page
    giulia.get("/en/desk")
    assert two[0] not in giulia.page
    giulia.get(case)
    assert "Both groups said yes." in giulia.page
