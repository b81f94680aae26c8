"""Who belongs to a group: invited, asking, made to speak for it, gone; and what two at once come to."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import clock, db
from portal.errors import Invalid, NotAllowed, NotFound, Refused, WrongState
from portal.organisations import actions
from portal.organisations.models import Membership
from portal.people.models import Invitation
from portal.record import Act
from tests.organisations import groups


def invited(cast: Any, group: Any, email: str, *, speaks: bool = False, by: str = "rosa") -> str:
    actor = getattr(cast, by)
    with db.writing():
        return actions.invite(groups.here(group), email, speaks_for_it=speaks, by=actor)


def accept(cast: Any, token: str, name: str, **how: Any) -> None:
    actor = getattr(cast, name)
    with db.writing():
        actions.accept(token, groups.actions_person(cast, name), by=actor, **how)


def members(group: Any) -> int:
    with db.reading() as session:
        found = select(func.count()).where(Membership.organisation_id == group.id, Membership.until.is_(None))
        return session.scalars(found).one()


def at_once(*doings: Any) -> list[Exception | None]:
    """Do several things at the same moment; return what each was refused with."""
    told: list[Exception | None] = [None] * len(doings)
    gate = threading.Barrier(len(doings))

    def run(place: int) -> None:
        gate.wait()
        try:
            doings[place]()
        except Exception as error:
            told[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(doings))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_an_invitation_opens_once_to_its_address(cast: Any) -> None:
    group = groups.founded(cast)
    token = invited(cast, group, "Teo@example.org")
    accept(cast, token, "teo")
    assert group.id in cast.teo.organisations
    assert group.id not in cast.teo.speaks_for
    with pytest.raises(NotFound):
        accept(cast, token, "teo")


def test_another_account_takes_it_up_only_on_purpose(cast: Any) -> None:
    group = groups.founded(cast)
    token = invited(cast, group, "altro@example.org", speaks=True)
    with pytest.raises(Invalid):
        accept(cast, token, "teo")
    accept(cast, token, "teo", is_other_account=True)
    assert group.id in cast.teo.speaks_for


def test_a_second_invitation_voids_the_first_and_a_recall_both(cast: Any) -> None:
    group, rosa = groups.founded(cast), cast.rosa
    first, second = (invited(cast, group, "teo@example.org") for _ in range(2))
    with pytest.raises(NotFound):
        accept(cast, first, "teo")
    with db.writing() as session:
        number = session.scalars(select(Invitation.id).where(Invitation.outcome == "")).one()
        actions.call_back(groups.here(group), number, by=rosa)
    with pytest.raises(NotFound):
        accept(cast, second, "teo")


def test_whoever_speaks_no_longer_leaves_no_open_invitation_behind(cast: Any) -> None:
    group, rosa = groups.founded(cast), cast.rosa
    groups.admitted(cast, group, "teo", speaks=True)
    token = invited(cast, group, "nina@example.org", speaks=True, by="teo")
    with db.writing():
        actions.set_speaker(groups.here(group), cast.person("teo").pseudonym, speaks=False, by=rosa)
    with pytest.raises(NotFound):
        accept(cast, token, "nina")


def test_nobody_is_invited_by_who_does_not_speak_for_the_group(cast: Any) -> None:
    group = groups.founded(cast)
    groups.admitted(cast, group, "teo")
    for name in ("teo", "eve", "giulia", "ada"):
        with pytest.raises(NotAllowed):
            invited(cast, group, "x@example.org", by=name)


def test_two_links_taken_up_at_once_make_one_member(both: db.Database, cast: Any) -> None:
    del both
    group = groups.founded(cast)
    one, other = invited(cast, group, "a@example.org"), invited(cast, group, "b@example.org", speaks=True)
    cast.person("teo")
    told = at_once(
        lambda: accept(cast, one, "teo", is_other_account=True),
        lambda: accept(cast, other, "teo", is_other_account=True),
    )
    assert told == [None, None]
    assert members(group) == 2
    assert group.id in cast.teo.speaks_for


def test_one_link_taken_up_twice_at_once_lets_one_in(both: db.Database, cast: Any) -> None:
    del both
    group = groups.founded(cast)
    token = invited(cast, group, "teo@example.org")
    cast.person("teo")
    cast.person("nina")
    told = at_once(
        lambda: accept(cast, token, "teo"), lambda: accept(cast, token, "nina", is_other_account=True)
    )
    assert sum(isinstance(one, NotFound) for one in told) == 1
    assert members(group) == 2


def test_the_last_two_who_speak_cannot_both_leave_at_once(both: db.Database, cast: Any) -> None:
    del both
    group = groups.founded(cast)
    groups.admitted(cast, group, "teo", speaks=True)
    rosa, teo = cast.rosa, cast.teo

    def leave(actor: Any) -> None:
        with db.writing():
            actions.leave(groups.here(group), by=actor)

    told = at_once(lambda: leave(rosa), lambda: leave(teo))
    assert sum(isinstance(one, WrongState) for one in told) == 1
    assert members(group) == 1


def test_whoever_began_to_leave_earlier_and_waited_sees_that_the_other_is_gone(cast: Any) -> None:
    group = groups.founded(cast)
    groups.admitted(cast, group, "teo", speaks=True)
    rosa, teo, now = cast.rosa, cast.teo, clock.now()
    with db.writing():
        before = clock.fix(now + timedelta(seconds=1))
        actions.leave(groups.here(group), by=rosa)
        clock.fix(before)
    with pytest.raises(WrongState), db.writing():
        before = clock.fix(now)
        try:
            actions.leave(groups.here(group), by=teo)
        finally:
            clock.fix(before)


def test_the_last_one_who_speaks_neither_leaves_nor_falls_silent(cast: Any) -> None:
    group = groups.founded(cast)
    groups.admitted(cast, group, "teo")
    rosa, pseudonym = cast.rosa, cast.person("rosa").pseudonym
    with pytest.raises(WrongState), db.writing():
        actions.leave(groups.here(group), by=rosa)
    with pytest.raises(WrongState), db.writing():
        actions.set_speaker(groups.here(group), pseudonym, speaks=False, by=rosa)
    with db.writing():
        actions.set_speaker(groups.here(group), cast.person("teo").pseudonym, speaks=True, by=rosa)
    with db.writing():
        actions.leave(groups.here(group), by=rosa)
    assert group.id not in cast.rosa.organisations
    assert group.id in cast.teo.speaks_for


def test_a_speaker_whose_account_is_suspended_is_no_successor(cast: Any) -> None:
    group = groups.founded(cast)
    groups.admitted(cast, group, "teo", speaks=True)
    rosa, ada = cast.rosa, cast.fresh("ada")
    from portal.people import actions as people

    with db.writing():
        people.suspend(groups.actions_person(cast, "teo"), "Prova", by=ada)
    with pytest.raises(WrongState), db.writing():
        actions.leave(groups.here(group), by=rosa)


def test_a_request_is_answered_once_by_who_speaks_for_the_group(both: db.Database, cast: Any) -> None:
    del both
    group, rosa, nina = groups.founded(cast), cast.rosa, cast.nina
    with db.writing():
        asked = actions.ask_to_join(groups.here(group), "Abito qui accanto.", by=nina)
    with pytest.raises(WrongState), db.writing():
        actions.ask_to_join(groups.here(group), "Ancora io.", by=nina)

    def answer(actor: Any, *, accept: bool) -> None:
        with db.writing():
            actions.answer_request(groups.here(group), asked.id, accept=accept, by=actor)

    with pytest.raises(NotAllowed):
        answer(nina, accept=True)
    told = at_once(lambda: answer(rosa, accept=True), lambda: answer(rosa, accept=True))
    assert sum(isinstance(one, Refused) for one in told) == 1
    assert members(group) == 2
    with pytest.raises(WrongState), db.writing():
        actions.ask_to_join(groups.here(group), "", by=cast.nina)


def test_whoever_left_can_come_back(cast: Any) -> None:
    group = groups.founded(cast)
    groups.admitted(cast, group, "teo")
    teo = cast.teo
    with db.writing():
        actions.leave(groups.here(group), by=teo)
    groups.admitted(cast, group, "teo")
    assert group.id in cast.teo.organisations


def test_the_record_of_a_group_names_nobody(cast: Any) -> None:
    group = groups.founded(cast)
    accept(cast, invited(cast, group, "teo@example.org"), "teo")
    with db.reading() as session:
        told = b"".join(session.scalars(select(Act.canonical).where(Act.subject == group.key))).decode()
    assert told
    assert not [word for word in ("Rosa", "Teo", "@") if word in told]
