"""The officials' pages: pools, ledgers, and the sheet that two persons share."""

from __future__ import annotations

import re

import pytest

from portal import clock, db
from portal.support import actions, queries
from portal.support.models import Allocation, Pool
from tests.support.conftest import PACT, row, this_year

SHEET = "/en/desk/allocate/BO-2026-041"
POOLS = "/en/desk/pools"
REASON = {"reason": "Score 78 of 100; digital line of the fund."}


@pytest.fixture
def browse(app, cast):
    """Open a browser for a member of the cast, signed in."""
    from tests.browser import Browser

    def signed_in(name: str) -> Browser:
        cast.person(name)
        browser = Browser(app)
        browser.sign_in(
            f"{name}@{'city.example' if name in {'giulia', 'marco', 'tina', 'nuria', 'aldo'} else 'example.org'}"
        )
        return browser

    return signed_in


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.replace("\u00a0", " ")))


def state() -> list[str]:
    with db.reading() as session:
        return [one.state for one in session.scalars(queries.current(PACT))]


def test_one_proposes_and_another_approves_on_the_same_page(desk, browse):
    pool = desk.opened()
    desk.asked(row("s1"), row("s2", amount=100_000, what="Paint"))
    giulia = browse("giulia")
    assert giulia.get(SHEET).status_code == 200
    assert "Allocate support: Air-data commons" in giulia.page
    assert "€ 0 already promised · € 5,000 for this pact · € 75,000 left of € 80,000" in plain(giulia.page)
    assert giulia.post(SHEET, REASON).status_code == 200
    assert state() == ["proposed", "proposed"]
    assert "You proposed this allocation, so somebody else must approve it." in plain(giulia.page)
    assert "approval" not in giulia.page

    marco = browse("marco")
    marco.get(SHEET)
    assert "Score 78 of 100" in marco.page
    marco.post(f"{SHEET}/s2/return", {"reason": "Take it from the green fund"})
    assert state() == ["proposed", "asked"]
    assert "Take it from the green fund" in marco.page
    marco.post(f"{SHEET}/s1/approval")
    assert state() == ["approved", "asked"]
    assert desk.figures(pool) == (400_000, 0, 0)
    assert "€ 0 already promised · € 5,000 for this pact · € 75,000 left of € 80,000" in plain(marco.page)


def test_all_rows_are_approved_at_once(desk, browse):
    pool = desk.opened()
    desk.proposed(pool, row("s1"), row("s2", amount=100_000))
    marco = browse("marco")
    marco.get(SHEET)
    assert "Approve all that wait" in marco.page
    assert marco.post(f"{SHEET}/approval").status_code == 200
    assert state() == ["approved", "approved"]


def test_one_row_is_proposed_by_itself(desk, browse):
    pool = desk.opened()
    desk.asked(row("s1"), row("s2", amount=100_000))
    giulia = browse("giulia")
    giulia.post(f"{SHEET}/s2/proposal", {"pool_s2": pool.key, **REASON}, at=SHEET)
    assert state() == ["asked", "proposed"]


def test_approving_ones_own_proposal_is_refused_in_words(desk, browse):
    desk.proposed(desk.opened(), by="giulia")
    giulia = browse("giulia")
    answer = giulia.post(f"{SHEET}/s1/approval", at=SHEET)
    assert answer.status_code == 403
    assert "You proposed this allocation, so somebody else must approve it." in plain(giulia.page)
    assert state() == ["proposed"]


def test_whoever_is_slower_reads_so_on_the_page(desk, browse):
    pool = desk.opened(1_500_000)
    desk.proposed(pool, row(amount=1_200_000))
    marco = browse("marco")
    marco.get(SHEET)
    desk.approved(pool, row(amount=400_000), subject="pact:BO-2026-042")
    assert marco.post(f"{SHEET}/s1/approval").status_code == 409
    assert re.search(
        r"€ 4,000 was promised to another pact at \d\d:\d\d\. € 11,000 is left now\.", plain(marco.page)
    )


def test_too_little_left_is_said_beside_the_fund_and_what_was_typed_stays(desk, browse):
    pool = desk.opened(300_000)
    desk.asked()
    giulia = browse("giulia")
    answer = giulia.post(SHEET, {"pool_s1": pool.key, **REASON}, at=SHEET)
    assert answer.status_code == 422
    page = plain(giulia.page)
    assert (
        f"Only € 3,000 is left in Digital fund {this_year()}: lower the amount or choose another fund" in page
    )
    assert "Score 78 of 100" in page
    assert "€ 1,000 too much" in page
    assert state() == ["asked"]


def test_a_proposal_that_lacks_something_is_shown_again(desk, browse):
    desk.opened(slug="old", year=2020)
    desk.opened()
    desk.asked()
    giulia = browse("giulia")
    giulia.get(SHEET)
    for values in (
        {"pool_s1": "pool:2020:old", **REASON},
        {"pool_s1": "", **REASON},
        {"reason": ""},
        {"reason": "x" * 2001},
    ):
        assert giulia.post(SHEET, values).status_code == 422, values
        assert "There is a problem" in giulia.page
    assert state() == ["asked"]


def test_sending_back_needs_a_reason(desk, browse):
    desk.proposed(desk.opened())
    marco = browse("marco")
    assert marco.post(f"{SHEET}/s1/return", {"reason": " "}, at=SHEET).status_code == 422
    assert "Say what should change" in marco.page
    assert state() == ["proposed"]


@pytest.fixture
def bound(desk, cast) -> Allocation:
    (one,) = desk.approved(desk.opened())
    with db.writing():
        actions.commit(PACT, 1, by=cast.nuria)
    return one


def test_a_delivery_is_entered_in_parts(desk, browse, bound):
    tina = browse("tina")
    today = f"{clock.today():%d/%m/%Y}"
    tina.post(
        f"{SHEET}/s1/delivery", {"amount": "1,500", "delivered_on": today, "evidence": "Order 118"}, at=SHEET
    )
    assert "Order 118" in tina.page
    assert "€ 2,500 is still to be given" in plain(tina.page)
    tina.post(f"{SHEET}/s1/delivery", {"amount": "2500", "delivered_on": today, "evidence": "Order 119"})
    assert state() == ["delivered"]
    assert "Enter what arrived" not in tina.page


BAD = ["", "Infinity", "NaN", "1e400", "0.001", "٣", "１２", "-1", "0", "1_000", "4,000.01"]


def test_what_is_no_amount_is_refused_on_the_page_and_kept(desk, browse, bound):
    tina = browse("tina")
    tina.get(SHEET)
    for typed in BAD:
        values = {"amount": typed, "delivered_on": f"{clock.today():%Y-%m-%d}", "evidence": "Order 118"}
        assert tina.post(f"{SHEET}/s1/delivery", values).status_code == 422, typed
        assert "There is a problem" in tina.page
        assert f'value="{typed}"' in tina.page
    assert desk.allocation(bound.id).delivered == 0


def test_what_is_no_day_of_delivery_is_refused(desk, browse, bound):
    tina = browse("tina")
    tina.get(SHEET)
    for day in ("", "31/02/2026", "yesterday", "01/01/2199", "01/01/0001", "30-11"):
        values = {"amount": "1", "delivered_on": day, "evidence": "Order 118"}
        assert tina.post(f"{SHEET}/s1/delivery", values).status_code == 422, day
    assert desk.allocation(bound.id).delivered == 0


def test_the_treasurer_opens_a_pool_and_sees_its_book(desk, browse):
    tina = browse("tina")
    values = {
        "name": "Digital fund",
        "kind": "funding",
        "year": str(this_year()),
        "capacity": "8.000",
        "reason": "Budget",
    }
    assert tina.post(POOLS, values, at=POOLS).status_code == 200
    assert f"Digital fund {this_year()}" in tina.page
    assert "Fund opened" in tina.page
    tina.get(POOLS)
    assert "€ 0 already promised · € 8,000 left of € 8,000" in plain(tina.page)
    assert tina.post(POOLS, values).status_code == 422
    assert "There is a fund of this name" in tina.page


def test_a_pool_may_have_its_name_in_any_script(browse):
    tina = browse("tina")
    values = {"name": "디지털 기금", "kind": "funding", "year": "2027", "capacity": "1", "reason": "Budget"}
    assert tina.post(POOLS, values, at=POOLS).status_code == 200
    assert "디지털 기금 2027" in tina.page


def test_a_pool_without_its_facts_is_refused(browse):
    changes = [{"capacity": typed} for typed in BAD if typed != "4,000.01"]
    changes += [
        {"year": "٢٠٢٧"},
        {"year": "1999"},
        {"name": ""},
        {"name": "x" * 121},
        {"name": "!"},
        {"kind": "gold"},
        {"reason": " "},
        {"office": "none"},
        {"memory_gb": "Infinity"},
    ]
    tina = browse("tina")
    tina.get(POOLS)
    for change in changes:
        values = {
            "name": "Digital fund",
            "kind": "funding",
            "year": "2027",
            "capacity": "1",
            "reason": "Budget",
        } | change
        assert tina.post(POOLS, values).status_code == 422, change
    with db.reading() as session:
        assert session.scalars(queries.pools()).all() == []


def test_officers_read_the_pools_but_do_not_open_any(desk, browse):
    desk.asked()
    giulia = browse("giulia")
    assert giulia.get(POOLS).status_code == 200
    assert "BO-2026-041" in giulia.page
    assert "Only the treasurer opens funds." in giulia.page
    values = {"name": "Mine", "kind": "funding", "year": "2027", "capacity": "1", "reason": "Budget"}
    assert giulia.post(POOLS, values).status_code == 403


def test_the_auditor_reads_and_does_nothing(desk, browse):
    desk.proposed(desk.opened())
    aldo = browse("aldo")
    assert aldo.get(SHEET).status_code == 200
    assert "<button" not in aldo.page.split("<main")[1].split("</main")[0]
    assert aldo.post(f"{SHEET}/s1/approval").status_code == 403


def test_a_long_ledger_is_read_page_by_page(desk, browse, cast):
    pool = desk.opened(100_000)
    with db.writing() as session:
        there = session.get_one(Pool, pool.id)
        for number in range(60):
            (one,) = actions.ask_for(f"pact:BO-{number}", 1, [row(amount=100)], by=cast.giulia)
            actions.propose(one, there, "Because", by=cast.giulia)
            actions.approve(one, by=cast.fresh("marco"))
    giulia = browse("giulia")
    giulia.get(f"{POOLS}/{this_year()}/digital")
    assert giulia.page.count("Kept aside</td>") == 50
    (older,) = [link for link in giulia.parsed.links if "before=" in link]
    giulia.get(older)
    assert giulia.page.count("Kept aside</td>") == 10
    assert "Fund opened" in giulia.page


def test_a_code_without_support_leads_to_a_page_that_says_so(desk, browse):
    giulia = browse("giulia")
    assert giulia.get(SHEET).status_code == 404
    assert "No support is asked for under this code" in giulia.page
    assert giulia.get(f"{POOLS}/2026/none").status_code == 404
    desk.asked()
    assert giulia.post(f"{SHEET}/s9/approval").status_code == 404


ADDRESSES = [POOLS, f"{POOLS}/{this_year()}/digital", SHEET]
ACTS = [
    POOLS,
    SHEET,
    *(f"{SHEET}/{end}" for end in ("approval", "s1/proposal", "s1/approval", "s1/return", "s1/delivery")),
]


def test_an_outsider_sees_and_does_nothing(desk, browse):
    desk.proposed(desk.opened())
    outsider = browse("eve")
    for address in ADDRESSES:
        assert outsider.get(address).status_code == 403
        assert "Air-data" not in outsider.page
    for address in ACTS:
        assert outsider.post(address, REASON).status_code == 403
    assert state() == ["proposed"]


def test_a_visitor_is_led_to_sign_in_and_does_nothing(desk, client):
    desk.proposed(desk.opened())
    for address in ADDRESSES:
        answer = client.get(address, follow=False)
        assert (answer.status_code, "/sign-in" in answer.headers["Location"]) == (303, True)
    for address in ACTS:
        assert client.post(address, REASON).status_code == 403
    assert state() == ["proposed"]


def test_the_italian_page_speaks_italian_amounts(desk, browse):
    desk.opened()
    desk.asked()
    giulia = browse("giulia")
    giulia.get(SHEET.replace("/en/", "/it/"))
    assert "€ 4.000" in plain(giulia.page)


def test_the_sheet_says_how_each_row_stands_to_the_rules_and_where_they_are_written(desk, browse):
    desk.opened()
    case = {"pact_class": "ordinary", "profile_version": "bologna/2023/2023-01-01"}
    desk.asked(row(costs=["care_work"]), **case)
    giulia = browse("giulia")
    giulia.get(SHEET)
    page = plain(giulia.page)
    assert "Does not fit Care work is not paid. These costs may not be paid: Pay for care work." in page
    assert "This stops the allocation. Source: article 24" in page
    assert giulia.post(SHEET, REASON).status_code == 422
    assert state() == ["asked"]
