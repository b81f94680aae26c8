"""When a mandate holds: the same by the rule and by the statement, at every instant; and who gives one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal import clock, db
from portal.errors import Invalid, NotAllowed, NotFound
from portal.organisations import actions
from portal.organisations.models import Mandate, Scope
from portal.organisations.queries.mandates import valid
from portal.record import Act, Did
from tests.organisations import groups

START = datetime(2026, 3, 1, tzinfo=UTC)
HOURS = st.integers(-48, 48)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(starts=HOURS, lasts=st.none() | st.integers(1, 48), ended=st.none() | HOURS, at=HOURS)
@example(starts=0, lasts=5, ended=None, at=5)
@example(starts=0, lasts=5, ended=3, at=3)
@example(starts=0, lasts=None, ended=-3, at=0)
def test_the_rule_and_its_sql_twin_agree_at_every_instant(  # noqa: PLR0917 - one for each date
    both: db.Database, cast: Any, starts: int, lasts: int | None, ended: int | None, at: int
) -> None:
    del both
    group_id, person_id = _group(cast)
    begins = START + timedelta(hours=starts)
    mandate = Mandate(
        organisation_id=group_id,
        person_id=person_id,
        scope=Scope.EVERYTHING.value,
        starts_at=begins,
        until=begins + timedelta(hours=lasts) if lasts else None,
        ended_at=START + timedelta(hours=ended) if ended is not None else None,
        given_at=begins,
        decided_by="Assemblea",
    )
    instant = START + timedelta(hours=at)
    with db.unit(writes=True) as session:
        session.add(mandate)
        session.flush()
        found = session.scalar(select(func.count()).where(Mandate.id == mandate.id, valid(instant)))
    assert bool(found) == mandate.is_valid(instant)


def _group(cast: Any) -> tuple[int, int]:
    if not hasattr(cast, "_kept"):
        cast._kept = groups.founded(cast).id
    return cast._kept, cast.person("rosa").id


def test_a_mandate_lets_its_person_bind_the_group_from_the_next_request(cast: Any) -> None:
    group = groups.founded(cast)
    groups.admitted(cast, group, "teo")
    assert not cast.teo.may_bind(group.id)
    groups.mandated(cast, group, "teo", groups.given())
    assert cast.teo.may_bind(group.id, "pact:BO-2026-001")


def test_a_mandate_for_one_case_binds_in_no_other(cast: Any) -> None:
    group = groups.founded(cast)
    groups.mandated(cast, group, "rosa", groups.given(Scope.CASE, subject="pact:BO-2026-001"))
    assert cast.rosa.may_bind(group.id, "pact:BO-2026-001")
    assert not cast.rosa.may_bind(group.id, "pact:BO-2026-002")


def test_a_mandate_ends_with_its_time_its_ending_and_its_membership(cast: Any, move_clock: Any) -> None:
    group = groups.founded(cast)
    groups.admitted(cast, group, "teo")
    soon = clock.real() + timedelta(days=10)
    groups.mandated(cast, group, "teo", groups.given(until=soon))
    lasting = groups.mandated(cast, group, "rosa", groups.given())
    move_clock(timedelta(days=11))
    assert not cast.teo.may_bind(group.id)
    assert cast.rosa.may_bind(group.id)
    rosa = cast.rosa
    with db.writing():
        actions.end_mandate(groups.here(group), lasting.id, by=rosa)
    assert not cast.rosa.may_bind(group.id)
    with pytest.raises(NotFound), db.writing():
        actions.end_mandate(groups.here(group), lasting.id, by=rosa)
    groups.mandated(cast, group, "teo", groups.given())
    assert cast.teo.may_bind(group.id)
    with db.writing():
        actions.remove(groups.here(group), cast.person("teo").pseudonym, by=rosa)
    assert not cast.teo.may_bind(group.id)


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"scope": "anything"}, "scope"),
        ({"scope": "case"}, "case"),
        ({"subject": "pact:BO-2026-001"}, "case"),
        ({"scope": "legal_representative"}, "ends_on"),
        ({"decided_by": ""}, "decided_by"),
        ({"until": datetime(2001, 1, 1, tzinfo=UTC)}, "ends_on"),
    ],
)
def test_a_mandate_that_says_too_little_is_refused(cast: Any, what: dict[str, Any], field: str) -> None:
    group = groups.founded(cast)
    rosa, pseudonym = cast.rosa, cast.person("rosa").pseudonym
    with pytest.raises(Invalid) as refusal, db.writing():
        actions.give_mandate(groups.here(group), pseudonym, replace(groups.given(), **what), by=rosa)
    assert refusal.value.field == field


def test_nobody_gives_a_mandate_for_a_group_they_do_not_speak_for(cast: Any) -> None:
    group = groups.founded(cast)
    groups.admitted(cast, group, "teo")
    for name in ("teo", "eve", "giulia"):
        actor = getattr(cast, name)
        with pytest.raises(NotAllowed), db.writing():
            actions.give_mandate(groups.here(group), cast.person("teo").pseudonym, groups.given(), by=actor)


def test_who_is_no_member_is_given_no_mandate(cast: Any) -> None:
    group, rosa, eve = groups.founded(cast), cast.rosa, cast.person("eve")
    with pytest.raises(NotFound), db.writing():
        actions.give_mandate(groups.here(group), eve.pseudonym, groups.given(), by=rosa)


def test_the_record_keeps_the_mandate_without_a_name(cast: Any) -> None:
    group = groups.founded(cast)
    groups.mandated(cast, group, "rosa", groups.given(decided_by="Rosa Neri e Teo Galli, al bar"))
    with db.reading() as session:
        act = session.scalars(select(Act).where(Act.verb == Did.MANDATE_GIVEN.value)).one()
    assert act.subject == group.key
    assert act.facts["member"] == cast.person("rosa").pseudonym
    assert "Rosa" not in act.canonical.decode()
