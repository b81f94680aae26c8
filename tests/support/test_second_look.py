"""What a second person sees, what a page costs, and what happens twice at once."""

from __future__ import annotations

import pytest

from portal import clock, db
from portal.people import limits
from portal.policy import SYSTEM
from portal.support import actions
from portal.support.handing import actions as handing
from portal.support.handing import desk as handing_desk
from portal.support.handing import views as handing_views
from portal.support.handing.actions import Back
from portal.support.models import Allocation
from tests.at_once import at_once
from tests.counting import counting
from tests.support.conftest import PACT, row
from tests.support.test_desk import browse, plain  # noqa: F401 - a fixture

SHEET = "/en/desk/allocate/BO-2026-041"
PAGE = "/en/pacts/BO-2026-041/support"
CASE = {"pact_class": "ordinary", "profile_version": "bologna/2023/2023-01-01"}
DETAIL, DESK, MOST_BYTES = 6, 10, 30_000


def test_the_second_person_sees_what_was_asked_for_at_first(desk, browse):  # noqa: F811
    pool = desk.opened()
    desk.proposed(pool, row("s1") | {"first_amount": 650_000}, row("s2", what="Paint") | {"first_amount": 0})
    marco = browse("marco")
    marco.get(SHEET)
    assert "Asked for at first € 6,500" in plain(marco.page)
    assert "nothing: it was added while the text was written" in marco.page
    marco.get(f"{SHEET}/s1")
    assert "Asked for at first € 6,500" in plain(marco.page)


def test_whoever_proposed_is_not_the_second_person(desk, browse):  # noqa: F811
    desk.proposed(desk.opened())
    for name, waits in (("marco", True), ("giulia", False)):
        one = browse(name)
        one.get("/en/desk/support?second=yes")
        assert ("BO-2026-041" in one.page) is waits


@pytest.fixture
def promised(desk, cast):
    """Return the number of a row of which so much was given, with as many parts and returns as wanted."""

    def made(times: int) -> int:
        rows = [row(f"s{number}", amount=40_000, what=f"Things {number}") for number in range(1, times + 1)]
        found = desk.approved(desk.opened(), *rows, party_person_id=cast.rosa.person_id, **CASE)
        with db.writing():
            actions.commit(PACT, 1, by=SYSTEM)
        with db.writing() as session:
            for one in found:
                mine = session.get_one(Allocation, one.id)
                for _ in range(times):
                    actions.deliver(mine, 2_000, clock.today(), "Order 12", by=cast.giulia)
                    handing.give_back(mine, Back(500, clock.today(), "Not used"), by=cast.giulia)
        return found[0].id

    return made


@pytest.mark.parametrize("times", [1, 6])
def test_the_pages_of_support_ask_and_weigh_little(promised, browse, times):  # noqa: F811
    number = promised(times)
    giulia, eve, rosa = browse("giulia"), browse("eve"), browse("rosa")
    for who, address, most in (
        (eve, f"/en/money/decisions/{number}", DETAIL + 2),
        (eve, PAGE, DETAIL + 2),
        (rosa, PAGE, DETAIL + 3),
        (giulia, SHEET, DESK),
        (giulia, f"{SHEET}/s1", DESK),
        (giulia, "/en/desk/support", DESK),
    ):
        with counting() as asked:
            assert who.get(address).status_code == 200
        assert len(asked) <= most, (address, len(asked), "\n\n".join(asked))
        if who is eve:
            assert len(who.page) <= MOST_BYTES, (address, len(who.page))


def test_a_decision_shows_the_rules_the_reception_and_the_worth(desk, cast, browse):  # noqa: F811
    pool = desk.opened(100, kind="materials", slug="tools")
    (found,) = desk.approved(
        pool, row(kind="materials", amount=4, unit="piece"), party_person_id=cast.rosa.person_id, **CASE
    )
    with db.writing():
        actions.commit(PACT, 1, by=SYSTEM)
    with db.writing() as session:
        mine = session.get_one(Allocation, found.id)
        part = actions.deliver(mine, 4, clock.today(), "Note 7", by=cast.giulia)
        handing.object_to(mine, part, "damaged", "Two are broken", by=cast.rosa)
    eve = browse("eve")
    eve.get(f"/en/money/decisions/{found.id}")
    for words in (
        "By the rules of the city",
        "Fits",
        "It arrived damaged",
        "How its worth was found",
        "€ 20",
    ):
        assert words in plain(eve.page), words


def test_nobody_tries_without_end(desk, cast, browse, monkeypatch):  # noqa: F811
    desk.approved(desk.opened(), party_person_id=cast.rosa.person_id)
    monkeypatch.setattr(handing_desk, "ACTS", limits.Step(1, limits.MINUTE))
    monkeypatch.setattr(handing_views, "MOST_A_MINUTE", 1)
    giulia, rosa = browse("giulia"), browse("rosa")
    giulia.get(f"{SHEET}/s1")
    rosa.get(PAGE)
    answers = [giulia.post(f"{SHEET}/s1/closure", {"reason": ""}).status_code for _ in range(2)]
    assert answers[1] == 429
    assert [rosa.post(f"{PAGE}/declaration", {"other_aid": "x"}).status_code for _ in range(2)] == [422, 429]


def test_two_approve_the_same_row_at_once_and_it_is_kept_aside_once(both, desk, cast):
    pool = desk.opened(1_000)
    (asked,) = desk.proposed(pool, row(amount=300))
    assert len(at_once(*(lambda by=name: desk.approve(asked.id, by=by) for name in ("marco", "tina")))) == 1
    assert desk.figures(pool) == (300, 0, 0)


def test_two_take_back_at_once_and_it_comes_back_once(both, desk, cast):
    pool = desk.opened(1_000)
    (asked,) = desk.approved(pool, row(amount=300))
    with db.writing() as session:
        actions.commit(PACT, 1, by=SYSTEM)
        actions.deliver(session.get_one(Allocation, asked.id), 300, clock.today(), "Note", by=cast.giulia)

    def take_back() -> None:
        with db.writing() as session:
            mine = session.get_one(Allocation, asked.id)
            handing.give_back(mine, Back(200, clock.today(), "Not used"), by=cast.giulia)

    assert len(at_once(take_back, take_back)) == 1
    assert desk.allocation(asked.id).returned == 200
