"""Nobody decides about a group on whose side they stand: as applicant, as member, or by their own statement."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.errors import Invalid, NotAllowed, WrongState
from portal.organisations import actions as groups
from portal.organisations.models import Kind
from portal.proposals.incubation import actions, interests
from portal.proposals.incubation.actions import Idea, Step
from portal.proposals.incubation.interests import whose
from portal.proposals.models import StageDecision, Venture, VentureInterest
from portal.record import Act
from portal.record.publicity import why_private
from portal.support import actions as support
from portal.support.models import Allocation, Pool
from tests.at_once import at_once, kinds
from tests.browser import Browser
from tests.proposals.calls.steps import do
from tests.proposals.incubation.test_hours import cast as staff
from tests.proposals.incubation.test_hours import pools, rows, staged
from tests.proposals.incubation.test_track import applied, approve, let_on, plans, propose, see, with_venture

__all__ = ["pools"]
cast = staff


@pytest.fixture
def group(cast):
    """A cooperative of which Giulia, an officer, is a member."""
    with db.writing() as session:
        rosa = session.merge(cast.person("rosa"))
        made = groups.found("Bici comune", Kind.COOPERATIVE, by=cast.rosa, speaker=rosa)
        session.add(made)
        session.flush()
        _join(made, cast.person("giulia"))
        return made.id


def _join(group, person):
    from portal.organisations.models import Membership

    db.session().add(Membership(organisation_id=group.id, person_id=person.id, starts_at=clock.now()))
    db.session().flush()


@pytest.fixture
def track(cast):
    return staged(cast, {})


def applied_for(ref, by, group=None, name="Bici comune"):
    idea = Idea(name, "A platform of its riders.", group_id=group)
    return do(ref, lambda call: actions.apply(call, idea, by=by).id)


def states(venture, by, which="My brother founds it"):
    with_venture(venture, lambda one: interests.state(one, which, by=by))


def verbs(venture, by):
    """Everything that an officer decides about a venture, as acts that can be tried."""
    step = Step("mentoring", clock.today(), "Diary", 2)
    return (
        lambda: propose(venture, by),
        lambda: propose(venture, by, "not_chosen"),
        lambda: with_venture(venture, lambda one: actions.enter_step(one, step, by=by)),
    )


def test_a_member_of_the_group_that_was_named_decides_nothing_about_it(both, cast, track, group):
    mine = applied_for(track, cast.rosa, group)
    for act in verbs(mine, cast.giulia):
        with pytest.raises(NotAllowed, match="You belong to the group that applied"):
            act()
    decision = propose(mine, cast.marco)
    with pytest.raises(NotAllowed, match="You belong to the group that applied"):
        approve(mine, decision, cast.fresh("giulia"))
    other = applied_for(track, cast.teo, name="Of others")
    propose(other, cast.giulia)
    assert (see(mine).stage, see(mine).group_id) == (0, group)


def test_who_applied_says_so_and_decides_nothing(cast, track):
    own = applied_for(track, cast.giulia)
    for act in verbs(own, cast.giulia):
        with pytest.raises(NotAllowed, match="You applied with this group yourself"):
            act()
    with pytest.raises(NotAllowed, match="You applied"):
        approve(own, propose(own, cast.marco), cast.fresh("giulia"))


def test_nobody_applies_for_a_group_of_others(cast, track, group):
    with pytest.raises(Invalid, match="to which you belong") as refused:
        applied_for(track, cast.teo, group)
    assert refused.value.field == "group"


def test_an_interest_that_was_stated_ends_ones_part_for_good(both, cast, track):
    mine, other = applied(track, cast.rosa), applied(track, cast.teo, "Second")
    propose(mine, cast.giulia)
    propose(other, cast.giulia)
    states(mine, cast.giulia)
    with db.reading() as session:
        waiting = session.scalars(select(StageDecision.venture_id)).all()
        said = session.scalars(select(VentureInterest)).one()
        act = session.scalars(select(Act).where(Act.verb == "venture:interest_stated")).one()
    assert waiting == [other], "what Giulia proposed of the group waits no more"
    assert (said.role, said.which) == ("officer", "My brother founds it")
    assert act.facts == {"number": 1, "took_back": True}
    assert why_private(act.verb, act.facts) is None
    for try_it in verbs(mine, cast.giulia):
        with pytest.raises(NotAllowed, match="You stated an interest"):
            try_it()
    with pytest.raises(WrongState, match="that stands"):
        states(mine, cast.giulia)
    decision = propose(mine, cast.marco)
    with pytest.raises(NotAllowed, match="You stated an interest"):
        approve(mine, decision, cast.fresh("giulia"))


def test_an_interest_needs_words_an_official_and_a_group_on_the_track(cast, track):
    mine = applied(track, cast.rosa)
    for wrong in ("", "x" * 1001):
        with pytest.raises(Invalid) as refused:
            states(mine, cast.giulia, wrong)
        assert refused.value.field == "which"
    for name in ("eve", "rosa", "nuria"):
        with pytest.raises(NotAllowed):
            states(mine, getattr(cast, name))
    with_venture(mine, lambda one: actions.withdraw(one, by=cast.rosa))
    with pytest.raises(WrongState, match="no more"):
        states(mine, cast.giulia)


def test_of_stating_and_approving_at_once_one_is_first_and_the_other_knows(both, cast, track):
    mine = applied(track, cast.rosa)
    decision = propose(mine, cast.giulia)
    giulia, marco = cast.giulia, cast.fresh("marco")
    told = at_once(
        lambda: states(mine, marco), lambda: approve(mine, decision, marco), lambda: states(mine, giulia)
    )
    # Whoever comes too late is refused, or finds the decision gone or changed meanwhile.
    late = {"NotAllowed", "Stale", "WrongState", "StaleDataError", "NoResultFound"}
    assert {type(one).__name__ for one in told} <= late
    venture = see(mine)
    with db.reading() as session:
        decided = session.scalars(
            select(StageDecision).where(StageDecision.approved_by_id.is_not(None))
        ).all()
    assert len(decided) == venture.stage
    assert giulia.person_id in venture.conflicted_ids
    assert marco.person_id in venture.conflicted_ids


def test_two_windows_of_one_official_state_one_interest(both, cast, track):
    mine = applied(track, cast.rosa)
    giulia = cast.giulia
    told = at_once(*[lambda: states(mine, giulia)] * 4)
    assert kinds(told) == ["WrongState"] * 3
    with db.reading() as session:
        assert len(session.scalars(select(VentureInterest)).all()) == 1
    assert see(mine).conflicted_ids == [giulia.person_id]


def test_nobody_says_that_their_own_cooperative_came_of_a_track(cast, track, group):
    mine = applied(track, cast.teo)
    let_on(mine, cast)
    from portal.organisations.models import Organisation

    def found(by):
        made = db.session().get_one(Organisation, group)
        actions.found(db.session().get_one(Venture, mine), made, by=by)

    with pytest.raises(NotAllowed), db.writing():
        found(cast.giulia)
    marco = cast.marco
    with db.writing():
        found(marco)
    assert see(mine).state == "founded"


def test_hours_that_one_group_alone_can_have_are_decided_by_others(both, cast, pools, group):
    ref = staged(cast, {"training": 3})
    mine = applied_for(ref, cast.rosa, group)

    def proposes(by):
        (one,) = rows(ref).values()
        with db.writing() as session:
            pool = session.get_one(Pool, pools["training"])
            support.propose(session.get_one(Allocation, one.id), pool, "In the plan", by=by)

    assert sides(ref) == {"s1t": ([cast.person("rosa").id], group)}
    with pytest.raises(NotAllowed, match="for one group alone"):
        proposes(cast.giulia)
    states(mine, cast.marco)
    with pytest.raises(NotAllowed, match="for one group alone"):
        proposes(cast.marco)
    other = applied_for(ref, cast.teo, name="Second")
    assert sides(ref) == {"s1t": ([], None)}, "now two groups may have them"
    proposes(cast.giulia)
    with_venture(other, lambda one: actions.withdraw(one, by=cast.teo))
    with pytest.raises(NotAllowed, match="for one group alone"), db.writing() as session:
        (one,) = rows(ref).values()
        support.approve(session.get_one(Allocation, one.id), by=cast.fresh("marco"))
    with db.writing() as session:
        (one,) = rows(ref).values()
        support.approve(session.get_one(Allocation, one.id), by=cast.fresh("tina"))


def sides(ref):
    return {key: (one.conflicted_ids, one.conflicted_group_id) for key, one in rows(ref).items()}


def test_whoever_approves_hours_while_they_become_one_groups_alone_is_told_or_was_first(
    both, cast, pools, group
):
    ref = staged(cast, {"training": 3})
    applied_for(ref, cast.rosa, group)
    other = applied_for(ref, cast.teo, name="Second")
    ((number, tina, teo, giulia),) = [
        (one.id, cast.tina, cast.teo, cast.fresh("giulia")) for one in rows(ref).values()
    ]
    with db.writing() as session:
        pool = session.get_one(Pool, pools["training"])
        support.propose(session.get_one(Allocation, number), pool, "In the plan", by=tina)

    def approves():
        with db.writing() as session:
            support.approve(session.get_one(Allocation, number), by=giulia)

    told = at_once(approves, lambda: with_venture(other, lambda one: actions.withdraw(one, by=teo)))
    assert see(other).state == "withdrawn", "nobody who leaves waits for the desk"
    (after,) = rows(ref).values()
    assert after.conflicted_group_id == group
    assert (after.state == "approved") == (told == [])


def test_many_who_apply_at_once_all_apply_and_the_hours_are_nobodys(both, cast, pools):
    ref = staged(cast, {"training": 3})
    people = [cast.rosa, cast.teo, cast.eve] * 2
    told = at_once(*[lambda who=who: applied_for(ref, who) for who in people])
    assert told == []
    assert sides(ref) == {"s1t": ([], None)}


def test_hours_are_for_one_group_where_one_can_still_come_as_far():
    from types import SimpleNamespace as One

    one, other = (One(person_id=n, group_id=None, conflicted_ids=[9]) for n in (1, 2))
    assert whose([]) == ([], None)
    assert whose([one]) == ([1, 9], None)
    assert whose([one, other]) == ([], None)


def test_the_page_says_why_no_button_is_there_and_everybody_reads_the_role(app, client, cast, track, group):
    applied_for(track, cast.rosa, group)
    let_on(applied_for(track, cast.teo, name="Second"), cast)
    desk, page = f"/en/desk/calls/{track}/track", f"/en/calls/{track}/track"
    giulia, marco = Browser(app), Browser(app)
    giulia.sign_in("giulia@city.example")
    giulia.get(f"{desk}/1")
    assert "You belong to the group that applied" in giulia.page
    assert "Bici comune" in giulia.page
    for gone in ("Propose a decision", "Enter hours of help", "I have an interest"):
        assert gone not in giulia.page
    marco.sign_in("marco@city.example")
    assert marco.post(f"{desk}/2/interest", {"which": ""}, at=f"{desk}/2").status_code == 422
    assert "Say which interest you have" in marco.page
    marco.post(f"{desk}/2/interest", {"which": "A loan of mine"}, at=f"{desk}/2")
    assert "You stated an interest" in marco.page
    assert "A loan of mine" in marco.page
    for gone in ("Propose a decision", "Enter hours of help", "Say that it is founded"):
        assert gone not in marco.page
    client.get(page)
    assert "Group 2: an official (Officer)" in client.page
    for secret in ("A loan of mine", "Marco", "Second"):
        assert secret not in client.page
    teo = Browser(app)
    teo.sign_in("teo@example.org")
    teo.get(f"{page}/2")
    assert "an official (Officer) stated an interest" in teo.page
    assert "A loan of mine" not in teo.page


def test_the_sheet_offers_the_hours_of_other_groups_and_says_why_not_those_of_ones_own(
    app, cast, pools, group
):
    first, second = (replace(one, starts_on=clock.today() + timedelta(days=1)) for one in plans(3, 2))
    ref = staged(cast, {})
    some = [replace(first, hours={"training": 3}), replace(second, hours={"legal": 2})]
    do(ref, lambda call: actions.set_stages(call, some, by=cast.giulia))
    let_on_without_hours(applied_for(ref, cast.teo, name="Second"))
    applied_for(ref, cast.rosa, group)
    assert sides(ref) == {"s1t": ([cast.person("rosa").id], group), "s2l": ([], None)}
    giulia, sheet = Browser(app), f"/en/desk/allocate/call:{ref}"
    giulia.sign_in("giulia@city.example")
    giulia.get(sheet)
    assert giulia.page.count("These hours are for one group alone") == 1
    assert 'name="pool_s1t"' not in giulia.page
    assert 'name="pool_s2l"' in giulia.page
    with db.reading() as session:
        keys = {kind: session.get_one(Pool, number).key for kind, number in pools.items()}
    chosen = {"pool_s1t": keys["training"], "pool_s2l": keys["legal"], "reason": "In the plan"}
    giulia.post(sheet, chosen, at=sheet)
    assert {key: one.state for key, one in rows(ref).items()} == {"s1t": "asked", "s2l": "proposed"}
    one = f"{sheet}/s1t/proposal"
    assert giulia.post(one, chosen).status_code == 403
    assert rows(ref)["s1t"].state == "asked"


def let_on_without_hours(venture):
    """Put a group past the first stage, as if it had begun before hours were asked for it."""

    def past(one):
        one.stage, one.state = 2, "on_track"

    with_venture(venture, past)


def test_one_chooses_among_the_own_groups_and_another_number_is_refused(app, cast, track, group):
    rosa, teo, page = Browser(app), Browser(app), f"/en/calls/{track}/track"
    rosa.sign_in("rosa@example.org")
    teo.sign_in("teo@example.org")
    teo.get(f"{page}/application")
    assert "For which group" not in teo.page
    idea = {"name": "Bici comune", "summary": "Of its riders", "group": str(group)}
    assert teo.post(f"{page}/application", idea).status_code == 422
    rosa.get(f"{page}/application")
    assert "For which group" in rosa.page
    for wrong in ("999", "x", "-1", "1e9"):
        assert rosa.post(f"{page}/application", {**idea, "group": wrong}).status_code == 422
        assert "Of its riders" in rosa.page
    rosa.post(f"{page}/application", idea, at=f"{page}/application")
    assert 'For the group <a href="/en/organisations/bici-comune"' in rosa.page.replace("\n", " ")


def test_stages_that_are_set_anew_ask_again_on_the_same_side(cast, pools, group):
    ref = staged(cast, {"training": 3})
    applied_for(ref, cast.rosa, group)
    staged(cast, {"training": 4}, ref=ref)
    assert sides(ref) == {"s1t": ([cast.person("rosa").id], group)}
