"""News reach whoever follows the case, its place, its district, a circle or a search; each person once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal import clock, db
from portal.commons.models import Commons
from portal.notices import near
from portal.notices.actions import Wish, ask_to_follow, confirm, follow
from portal.notices.models import Follow, Message, What
from portal.policy import SYSTEM
from portal.record import Act, Did
from portal.subscriptions.reactions import _tell_of
from tests.conftest import Cast
from tests.pacts import journey

BASE = "https://x.example"


def _tell(verb: Did) -> None:
    with db.writing() as session:
        act = session.scalars(select(Act).where(Act.verb == verb.value).order_by(Act.id.desc())).first()
        assert act is not None
        _tell_of(act, BASE)


def _told(event: str) -> list[tuple[str, str]]:
    """Return (kind, whom) of everybody who was told."""
    with db.reading() as session:
        found = session.scalars(select(Message).where(Message.event == event).order_by(Message.id))
        return [(one.kind, one.address or f"p{one.person_id}") for one in found]


def _by_mail(address: str, wish: Wish) -> None:
    with db.writing():
        token = ask_to_follow(wish, address, "en")
        assert token
        confirm(token)


def test_a_new_proposal_reaches_district_circle_and_search(database: db.Database, cast: Cast) -> None:
    proposal = journey.checked(cast)
    here = (proposal.latitude_e6, proposal.longitude_e6)
    _by_mail("district@x.org", Wish(What.DISTRICT, proposal.district, "x"))
    _by_mail("search@x.org", Wish(What.SEARCH, "a", "x", kind=proposal.kind))
    _by_mail("other@x.org", Wish(What.SEARCH, "b", "x", kind="software"))
    for name, shift in (("near", 2_000), ("far", 9_000)):  # some 220 and 1,000 metres to the north
        circle = {"latitude_e6": here[0] + shift, "longitude_e6": here[1], "radius_m": 300}
        _by_mail(f"{name}@x.org", Wish(What.POINT, name, "x", **circle))
    with db.writing():
        ask_to_follow(Wish(What.DISTRICT, proposal.district, "x"), "unconfirmed@x.org", "en")
    _tell(Did.PROPOSAL_SUBMITTED)
    assert _told("E07") == [("news", f"{name}@x.org") for name in ("district", "search", "near")]


def test_one_person_in_two_roles_has_one_message(database: db.Database, cast: Cast) -> None:
    pact = journey.signed(cast)
    rosa, actors = cast.person("rosa"), (cast.rosa, cast.eve)
    with db.writing() as session:
        slug = session.get_one(Commons, pact.commons_id).slug
        for wish in (Wish(What.PACT, pact.code, "x"), Wish(What.COMMONS, slug, "x")):
            for actor in actors:
                follow(wish, "en", by=actor)
    _by_mail(rosa.email, Wish(What.PACT, pact.code, "x"))
    from portal.pacts.actions import lives

    giulia = cast.giulia
    with db.writing():
        lives.suspend(journey.here(pact), "Works in the street", "Art. 9", by=giulia)
    _tell(Did.PACT_SUSPENDED)
    assert _told("E18") == [("legal", f"p{rosa.id}")]  # the officer did it, and is told nothing
    assert _told("E17") == [("news", f"p{cast.person('eve').id}")]


def test_following_a_proposal_goes_on_with_its_pact(database: db.Database, cast: Cast) -> None:
    pact = journey.accepted(cast)
    _by_mail("anna@x.org", Wish(What.PROPOSAL, pact.proposal_code, "x"))
    _tell(Did.PROPOSAL_ACCEPTED)
    assert ("news", "anna@x.org") in _told("E17")


def test_a_breach_is_told_once_and_a_return_to_order_not_at_all(database: db.Database, cast: Cast) -> None:
    from portal.fences import actions as fences
    from portal.fences.models import Fence

    pact = journey.signed(cast)
    _by_mail("anna@x.org", Wish(What.PACT, pact.code, "x"))
    with db.reading() as session:
        fence = session.scalars(select(Fence).where(Fence.unit != "yes_no")).first()
    assert fence is not None
    clock.set_offset(clock.offset() + timedelta(days=max(0, (fence.in_force_from - clock.today()).days) + 3))
    bad = fence.threshold - 1 if fence.comparator == "at_least" else fence.threshold + 1
    is_least = fence.comparator == "at_least"
    good = max(fence.threshold, fence.close) + 1 if is_least else min(fence.threshold, fence.close) - 1
    for value in (bad, bad, good):
        with db.writing():
            fences.measure(fence, value, clock.today(), "the log", journey.here(pact), by=SYSTEM)
        _tell(Did.FENCE_MEASURED)
    told = _told("E15")
    assert told.count(("news", "anna@x.org")) == 1
    assert {kind for kind, whom in told if whom != "anna@x.org"} == {"legal"}


points = st.tuples(st.integers(-80_000_000, 80_000_000), st.integers(-180_000_000, 180_000_000))


@given(points, points)
def test_distances_are_the_same_both_ways_and_the_band_misses_nobody(one: Any, other: Any) -> None:
    assert near.metres(one, other) == pytest.approx(near.metres(other, one))
    south, north = near.band(other[0])
    assert south <= one[0] <= north or near.metres(one, other) > near.MOST_RADIUS_M


def test_a_thousandth_of_a_degree_is_some_hundred_metres() -> None:
    assert near.metres((44_494_000, 11_342_000), (44_495_000, 11_342_000)) == pytest.approx(111.2, abs=0.3)
    assert near.metres((44_494_000, 11_342_000), (44_494_000, 11_343_000)) == pytest.approx(79.3, abs=0.3)


def test_follows_of_nobody_are_told_nothing(database: db.Database, cast: Cast) -> None:
    journey.checked(cast)
    _tell(Did.PROPOSAL_SUBMITTED)
    with db.reading() as session:
        assert session.scalars(select(Follow)).all() == []
    assert _told("E07") == []
