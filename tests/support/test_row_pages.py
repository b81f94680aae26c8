"""One row of support on the city's desk, and the group's own page: refuse, plan, give, object, settle."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest

from portal import clock, db
from portal.policy import SYSTEM
from portal.support import actions
from portal.support.models import Allocation
from tests.counting import counting
from tests.support.conftest import PACT, row
from tests.support.test_desk import browse, plain  # noqa: F401 - a fixture

ROW = "/en/desk/allocate/BO-2026-041/s1"
PAGE = "/en/pacts/BO-2026-041/support"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def mine(desk, cast):
    """Return the id of a row promised to rosa by signature."""
    pool = desk.opened()
    case = {"pact_class": "ordinary", "profile_version": "bologna/2023/2023-01-01"}
    (found,) = desk.approved(pool, row(), party_person_id=cast.rosa.person_id, **case)
    with db.writing():
        actions.commit(PACT, 1, by=SYSTEM)
    return found.id


def state(allocation_id: int) -> Allocation:
    with db.reading() as session:
        return session.get_one(Allocation, allocation_id)


def as_typed(day) -> str:
    return f"{day:%d/%m/%Y}"


def part(amount: str = "1,000", **more):
    return {"amount": amount, "delivered_on": as_typed(clock.today()), "evidence": "Order 12"} | more


def test_an_official_plans_and_gives_and_the_group_says_what_arrived(mine, browse):  # noqa: F811
    first = clock.today() + timedelta(days=3)
    giulia = browse("giulia")
    giulia.get(ROW)
    giulia.post(f"{ROW}/plan", {"on_1": as_typed(first), "amount_1": "4,000"})
    assert "Comes next € 4,000 by" in plain(giulia.page)
    giulia.post(f"{ROW}/parts", part() | {"document": (io.BytesIO(PDF), "note.pdf")})
    assert "Not yet confirmed by the group" in giulia.page

    rosa = browse("rosa")
    rosa.get(PAGE)
    assert "€ 1,000" in plain(rosa.page)
    delivery = re.search(r"deliveries/(\d+)/acceptance", rosa.page)[1]
    rosa.get(f"{PAGE}/deliveries/{delivery}/document")
    refused = rosa.post(f"{PAGE}/deliveries/{delivery}/objection", {"ground": "partly", "reason": ""})
    assert refused.status_code == 422
    rosa.post(f"{PAGE}/deliveries/{delivery}/objection", {"ground": "partly", "reason": "Two of four boxes"})
    assert "Only a part arrived" in rosa.page
    assert "Two of four boxes" in rosa.page

    giulia.get(ROW)
    giulia.post(f"{ROW}/deliveries/{delivery}/answer", {"answer": "The rest comes on Monday"})
    assert "The rest comes on Monday" in giulia.page
    giulia.post(f"{ROW}/returns", {"amount": "500", "back_on": as_typed(clock.today()), "reason": "Not used"})
    assert "Came back € 500" in plain(giulia.page)
    giulia.post(f"{ROW}/closure", {"reason": "The workshop took place"})
    assert (state(mine).state, state(mine).kept) == ("closed", 50_000)


def test_the_page_of_what_is_given_asks_little_however_much_arrived(mine, browse):  # noqa: F811
    giulia, rosa = browse("giulia"), browse("rosa")
    giulia.get(ROW)
    days = {f"on_{n}": as_typed(clock.today() + timedelta(days=n)) for n in (1, 2)}
    giulia.post(f"{ROW}/plan", days | {"amount_1": "2,000", "amount_2": "2,000"})
    for _ in range(2):
        giulia.post(f"{ROW}/parts", part("500"))
        rosa.get(PAGE)
        with counting() as asked:
            rosa.get(PAGE)
        assert len(asked) <= 6, "\n\n".join(asked)
    assert plain(rosa.page).count("€ 500") >= 2


def test_a_stranger_reads_what_is_public_and_can_do_nothing(mine, browse):  # noqa: F811
    giulia = browse("giulia")
    giulia.get(ROW)
    giulia.post(f"{ROW}/parts", part() | {"document": (io.BytesIO(PDF), "note.pdf")})
    delivery = re.search(r"deliveries/(\d+)/document", giulia.page)[1]
    eve = browse("eve")
    assert eve.get(PAGE).status_code == 200
    assert "Order 12" in eve.page
    assert "acceptance" not in eve.page
    assert "What else you get" not in eve.page
    assert eve.get(f"{PAGE}/deliveries/{delivery}/document").status_code in {403, 404}
    assert eve.get(ROW).status_code == 403
    for address in (f"{PAGE}/deliveries/{delivery}/acceptance", f"{PAGE}/declaration"):
        assert eve.post(address, {}).status_code == 403
    assert eve.get("/en/pacts/BO-2026-999/support").status_code == 404


@pytest.mark.parametrize("amount", ["Infinity", "1e400", "0.001", "-5", "١٢", "", "9" * 30, "4,000.01"])
def test_what_is_no_amount_is_refused_in_words_and_keeps_what_was_typed(mine, browse, amount):  # noqa: F811
    giulia = browse("giulia")
    giulia.get(ROW)
    typed = part(amount, evidence="Order 12 of Monday")
    assert giulia.post(f"{ROW}/parts", typed).status_code == 422
    assert "Order 12 of Monday" in giulia.page
    assert state(mine).delivered == 0
    back = {"amount": amount, "back_on": as_typed(clock.today()), "reason": "x"}
    assert giulia.post(f"{ROW}/returns", back).status_code == 422


def test_the_city_is_late_in_public(mine, browse):  # noqa: F811
    with db.writing() as session:
        session.get_one(Allocation, mine).due_on = clock.today() - timedelta(days=12)
    eve = browse("eve")
    eve.get(PAGE)
    assert "The city is late by 12 days" in eve.page


def test_an_official_refuses_in_words_that_the_group_reads(desk, browse):  # noqa: F811
    desk.opened()
    desk.asked(row())
    giulia = browse("giulia")
    giulia.get(ROW)
    assert giulia.post(f"{ROW}/refusal", {"reason": ""}).status_code == 422
    giulia.post(f"{ROW}/refusal", {"reason": "No fund of this kind this year"})
    assert "Refused" in giulia.page
    assert "No fund of this kind this year" in giulia.page


def test_the_group_declares_what_else_it_gets(mine, browse):  # noqa: F811
    rosa = browse("rosa")
    rosa.get(PAGE)
    assert rosa.post(f"{PAGE}/declaration", {"other_aid": "-1"}).status_code == 422
    rosa.post(f"{PAGE}/declaration", {"is_undertaking": "y", "other_aid": "1,200", "other_funding": "Region"})
    assert "Declared last on" in rosa.page
    assert "Region" in rosa.page


def test_the_list_of_all_support_filters_in_the_address_and_as_a_file(mine, desk, browse):  # noqa: F811
    desk.asked(row("s5", "legal", 10, what="Statute"), subject="pact:BO-2026-050")
    tina = browse("tina")
    tina.get("/en/desk/support")
    assert re.search(r'aria-current="[^"]+">Pools<', tina.page)
    assert "BO-2026-041" in tina.page
    assert "BO-2026-050" in tina.page
    tina.get("/en/desk/support?kind=legal&state=nonsense")
    assert "BO-2026-041" not in tina.page
    tina.get("/en/desk/support?late=yes")
    assert "No support fits these filters." in tina.page
    with db.writing() as session:
        session.get_one(Allocation, mine).due_on = clock.today() - timedelta(days=1)
    tina.get("/en/desk/support?late=yes")
    assert "BO-2026-041" in tina.page
    file = tina.get("/en/desk/support.csv?kind=funding").get_data(as_text=True)
    assert re.search(r"BO-2026-041,.*,[0-9]+\.[0-9]{2},0\.00,0\.00,EUR,", file)
    assert "BO-2026-050" not in file
    assert browse("rosa").get("/en/desk/support").status_code == 403


@pytest.mark.parametrize("kind", ["funding", "legal"])
@pytest.mark.parametrize("days", [(-1, 9, 0), (0, 9, 0), (None, -1, -31), (None, 9, -30)])
def test_the_database_and_the_rule_agree_on_what_is_late(desk, kind, days):
    from portal.support.handing.listing import Wanted, allocations
    from portal.support.handing.showing import shown

    today, (due, ends, starts) = clock.today(), days
    pool = desk.opened(900_000, kind=kind)
    (found,) = desk.approved(pool, row(kind=kind, amount=100))
    with db.writing():
        actions.commit(PACT, 1, by=SYSTEM)
    with db.writing() as session:
        one = session.get_one(Allocation, found.id)
        one.due_on = None if due is None else today + timedelta(days=due)
        one.ends_on, one.starts_on = today + timedelta(days=ends), today + timedelta(days=starts)
    with db.reading() as session:
        listed = [one.id for one in session.scalars(allocations(Wanted(late=True), today))]
        (given,) = shown([session.get_one(Allocation, found.id)])
    assert (found.id in listed) is (given.late_days > 0)
