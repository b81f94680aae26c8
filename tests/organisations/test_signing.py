"""A pact of a group is signed by who has its mandate at that moment, and the record says for whom."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal import db
from portal.errors import NotAllowed
from portal.organisations import actions, queries
from portal.organisations.models import Mandate, Organisation
from portal.record import Act, Did
from tests.organisations import groups
from tests.pacts import journey


def group_of(pact: Any) -> Organisation:
    with db.reading() as session:
        return session.scalars(queries.by_id(pact.organisation_id)).one()


def test_without_a_mandate_nobody_signs_and_with_one_another_member_may(cast: Any) -> None:
    pact = journey.signing(cast)
    group, rosa = group_of(pact), cast.rosa
    with db.writing() as session:
        number = session.scalars(select(Mandate.id).where(Mandate.organisation_id == group.id)).one()
        actions.end_mandate(groups.here(group), number, by=rosa)
    with pytest.raises(NotAllowed, match="no mandate"):
        journey.sign(pact, cast.fresh("rosa"))
    groups.admitted(cast, group, "teo")
    with pytest.raises(NotAllowed):
        journey.sign(pact, cast.fresh("teo"))
    groups.mandated(cast, group, "teo", groups.given())
    signed = journey.sign(pact, cast.fresh("teo"))
    assert [one.signer_name for one in signed.signatures] == ["Teo Galli"]
    with db.reading() as session:
        act = session.scalars(select(Act).where(Act.verb == Did.PACT_SIGNED_BY.value)).one()
    assert act.behalf == group.key
    assert act.actor == cast.person("teo").pseudonym


def test_who_left_the_group_neither_enters_its_room_nor_signs(cast: Any) -> None:
    from portal.pacts import queries as pacts

    pact = journey.signing(cast)
    group = group_of(pact)
    groups.admitted(cast, group, "teo", speaks=True)
    teo = cast.teo
    with db.writing():
        actions.remove(groups.here(group), cast.person("rosa").pseudonym, by=teo)
    with db.reading() as session:
        assert session.scalars(pacts.room_of(cast.rosa, pact.code)).all() == []
    with pytest.raises(NotAllowed):
        journey.sign(pact, cast.fresh("rosa"))
