"""A draft begun without an account moves into the account of whoever signs in, and never into another's."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal import db
from portal.proposals.models import Proposal
from portal.record import Act, Did
from tests.browser import Browser
from tests.conftest import CAST, Cast
from tests.proposals.test_journey import fill, started


def holder_of(code: str) -> int | None:
    with db.reading() as session:
        return session.scalars(select(Proposal.person_id).where(Proposal.code == code)).one()


def test_a_draft_goes_with_whoever_began_it_and_signs_in(client: Browser, cast: Cast) -> None:
    rosa = cast.person("rosa")
    code = started(client)
    client.sign_in(CAST["rosa"][1])
    assert holder_of(code) == rosa.id
    elsewhere = Browser(client.app)
    elsewhere.sign_in(CAST["rosa"][1])
    elsewhere.get("/en/account")
    assert code in elsewhere.page
    with db.reading() as session:
        act = session.scalars(select(Act).where(Act.verb == Did.PROPOSAL_MOVED_IN)).one()
    assert (act.subject, act.actor) == (f"proposal:{code}", rosa.pseudonym)


@pytest.mark.parametrize(
    ("who", "named"),
    [
        ("eve", {"contact_name": "Rosa Neri", "contact_email": "rosa@example.org"}),
        ("eve", {"contact_name": "Rosa Neri", "contact_phone": "051 000 000"}),
        ("giulia", {}),
    ],
)
def test_nobody_gets_what_another_has_begun(
    client: Browser, cast: Cast, who: str, named: dict[str, str]
) -> None:
    cast.person(who)
    code = started(client)
    if named:
        fill(client, code, "group", {"group_kind": "citizen", "is_adult": "yes", **named})
    client.sign_in(CAST[who][1])
    assert holder_of(code) is None
    stranger = Browser(client.app)
    stranger.sign_in(CAST[who][1])
    assert code not in stranger.get("/en/account").text
