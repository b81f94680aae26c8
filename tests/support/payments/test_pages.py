"""The pages of money paid in parts: the group's and the desk's, without script, and what they refuse in words."""

from __future__ import annotations

import io
import re

import pytest

from portal import clock
from tests.counting import counting
from tests.support.payments.conftest import IBAN, receipt, working_day

FUNDING, DESK = "/en/pacts/BO-2026-041/funding", "/en/desk/payments"
CITY = {"giulia", "marco", "tina", "nuria", "aldo"}


@pytest.fixture
def browse(app, cast, purse):
    from tests.browser import Browser

    purse.store = app.extensions["store"]

    def signed_in(name: str) -> Browser:
        cast.person(name)
        browser = Browser(app)
        browser.sign_in(f"{name}@{'city.example' if name in CITY else 'example.org'}")
        return browser

    return signed_in


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.replace("\u00a0", " ")))


def today() -> str:
    return f"{clock.today():%d/%m/%Y}"


def mail(name: str) -> str:
    return f"{name}@city.example"


def cost(**more):
    facts = {
        "what": "Soil", "category": "materials", "supplier": "Ferramenta Bassi", "receipt_number": "12/A",
        "spent_on": today(), "amount": "100.50", "receipt": (io.BytesIO(receipt()), "scan.pdf"),
    }  # fmt: skip
    return facts | more


def test_the_whole_way_on_pages_alone(browse, purse, cast):
    purse.promised()
    tina, rosa = browse("tina"), browse("rosa")
    planned_on_the_page(tina)
    account_on_the_page(rosa, tina)
    room, line = spent_on_the_page(rosa)
    marco = browse("marco")
    checking = room.replace("/pacts/BO-2026-041/funding/statements", "/desk/payments/statements/BO-2026-041")
    marco.get(checking)
    marco.post(f"{checking}/check", {f"accepted_{line}": "90"}, at=checking)
    assert "Say why not all of this cost is accepted" in plain(marco.page)
    marco.post(f"{checking}/check", {f"accepted_{line}": "90", f"reason_{line}": "Half was for home"})
    assert "Decision taken" in marco.page
    rosa.get(room)
    assert "€ 90 · Half was for home" in plain(rosa.page)
    assert rosa.client.get(f"{room}/receipts/{line}").data == receipt()


def planned_on_the_page(tina):
    tina.get(DESK)
    assert "Promised, without a plan" in tina.page
    plan = f"{DESK}/plans/BO-2026-041/s1"
    answer = tina.post(plan, {"advance": "2,500", "advance_on": today(), "part_1": "1,500"}, at=plan)
    assert answer.status_code == 422
    assert "an advance of 50 % at most" in plain(tina.page)
    assert "2,500" in tina.page
    tina.post(plan, {"advance": "2,000", "advance_on": today(), "part_1": "2,000"})
    assert "€ 2,000 " in plain(tina.page)
    tina.get(DESK)
    assert "Due, but no account is confirmed" in tina.page


def account_on_the_page(rosa, tina):
    page = f"{FUNDING}/s1/account"
    rosa.post(
        page, {"holder": "Rosa Neri", "account": IBAN[:-1] + "7", "again": IBAN, **rosa.confirm()}, at=page
    )
    assert "This is no IBAN, or one sign is wrong" in plain(rosa.page)
    rosa.post(page, {"holder": "Rosa Neri", "account": IBAN, "again": IBAN})
    assert "account ending in 3456" in plain(rosa.page)
    assert IBAN not in rosa.page

    tina.get(DESK)
    number = re.search(r"/desk/payments/accounts/(\d+)", tina.page)[1]
    confirming = f"{DESK}/accounts/{number}"
    tina.post(
        f"{confirming}/confirmation", {"read_back": "000000", **tina.confirm(mail("tina"))}, at=confirming
    )
    assert "not the last six signs" in plain(tina.page)
    tina.post(f"{confirming}/confirmation", {"read_back": IBAN[-6:]}, at=confirming)
    assert "Confirmed" in tina.page


def spent_on_the_page(rosa):
    rosa.post(f"{FUNDING}/s1/statements", at=FUNDING)
    room = re.search(r'action="([^"]*/funding/statements/\d+)/costs"', rosa.page)[1]
    rosa.post(f"{room}/costs", cost(category="care_work"))
    assert "The work of care that people do is not paid" in plain(rosa.page)
    assert "article 24 of the municipal regulation" in plain(rosa.page)
    assert "Ferramenta Bassi" in rosa.page
    for wrong in ("Infinity", "1e400", "0.001", "١٢", "-5", ""):
        assert rosa.post(f"{room}/costs", cost(amount=wrong)).status_code == 422, wrong
    rosa.post(f"{room}/costs", cost())
    assert "In all: € 100.50" in plain(rosa.page)
    rosa.post(f"{room}/costs", cost(receipt_number="13/A"))
    assert "This receipt stands already in statement 1 of BO-2026-041" in plain(rosa.page)
    rosa.post(f"{room}/sending")
    assert "Sent, being checked" in rosa.page

    return room, re.search(r"receipts/(\d+)", rosa.page)[1]


def prepared_on_the_page(tina, number):
    return tina.post(
        f"{DESK}/batches", {"parts": str(number), "execute_on": f"{working_day():%d/%m/%Y}"}, at=DESK
    )


def test_two_officials_pay_and_the_bank_answers_on_pages(browse, purse, cast):
    purse.planned()
    purse.with_account()
    part = purse.plan().tranches[0].id
    tina, nuria = browse("tina"), browse("nuria")
    prepared_on_the_page(tina, part)
    batch = re.search(r"/desk/payments/batches/(\d+)/withdrawal", tina.page)[1]
    assert "You prepared these payments, so somebody else must release them." in plain(tina.page)
    address = f"{DESK}/batches/{batch}"
    nuria.post(f"{address}/release", nuria.confirm(mail("nuria")), at=address)
    assert "held against the official schema" in plain(nuria.page)
    first, again = nuria.client.get(f"{address}/file"), tina.client.get(f"{address}/file")
    assert first.data == again.data
    assert IBAN.encode() in first.data
    assert first.headers["Cache-Control"] == "no-store"
    number = re.search(r"/en/desk/payments/(\d+)\"", nuria.page)[1]
    payment = f"{DESK}/{number}"
    answer = {"outcome": "rejected", "reason_code": "AC04", "on": today(), "reference": "R-1"}
    assert tina.post(f"{payment}/answer", answer | {"reference": ""}, at=payment).status_code == 422
    tina.post(f"{payment}/answer", answer)
    assert "The account is closed." in plain(tina.page)
    tina.get(f"{DESK}?state=rejected")
    assert "The account is closed." in plain(tina.page)
    sheet = tina.client.get(f"{DESK}.csv?state=rejected").get_data(as_text=True)
    assert "rejected,AC04" in sheet
    assert IBAN not in sheet


def test_costs_are_asked_for_only_while_something_is_open_and_empty_columns_are_left_out(browse, purse):
    purse.planned()
    purse.with_account()
    purse.paid(1)
    rosa = browse("rosa")
    rosa.get(FUNDING)
    assert "Enter costs" in rosa.page
    assert 'scope="col">Why<' not in rosa.page
    purse.approved(purse.spent(400_000))
    rosa.get(FUNDING)
    assert "Enter costs" not in rosa.page


def test_a_stranger_sees_sums_and_nothing_else(browse, purse, cast):
    purse.planned()
    purse.with_account()
    statement = purse.spent(5_000)
    line = statement.lines[0].id
    eve = browse("eve")
    assert eve.get(FUNDING).status_code == 200
    assert "ending in" not in eve.page
    assert "Statement 1" not in eve.page
    assert "Enter costs" not in eve.page
    room = f"{FUNDING}/statements/{statement.id}"
    for address in (room, f"{room}/receipts/{line}", f"{FUNDING}/s1/account"):
        assert eve.get(address).status_code == 404, address
    for address in (
        f"{room}/costs",
        f"{room}/sending",
        f"{room}/costs/{line}/removal",
        f"{FUNDING}/s1/statements",
    ):
        assert eve.post(address, at=FUNDING).status_code == 404, address
    assert eve.get(DESK).status_code == 403
    # Under another pact's address there is no such statement, for nobody.
    purse.planned(subject="pact:BO-2026-042", person="eve")
    other, marco = f"BO-2026-042/funding/statements/{statement.id}", browse("marco")
    assert eve.get(f"/en/pacts/{other}").status_code == 404
    assert marco.get(f"{DESK}/statements/BO-2026-042/{statement.id}").status_code == 404


def test_a_file_of_no_bank_is_refused_in_words_and_one_of_ours_is_read_once(browse, purse, cast):
    purse.planned()
    purse.with_account()
    name = purse.released().payments[0].end_to_end
    tina = browse("tina")

    def send(content: bytes):
        return tina.post(f"{DESK}/answers", {"file": (io.BytesIO(content), "a.xml")}, at=DESK)

    assert send(b"<html/>").status_code == 422
    assert "This is no answer of a bank" in plain(tina.page)
    from tests.support.payments.test_answers import status

    assert send(status((name, "ACSC", ""))).status_code == 200
    assert name in tina.page
    assert send(status((name, "ACSC", ""))).status_code == 409
    assert "This file was read already" in plain(tina.page)


def test_pages_ask_the_same_number_of_questions_however_much_there_is(browse, purse, cast):
    purse.planned()
    purse.with_account()
    purse.approved(purse.spent(5_000, 6_000))
    purse.spent(7_000)
    purse.paid()
    tina, rosa = browse("tina"), browse("rosa")
    for browser, address, most in ((tina, DESK, 10), (rosa, FUNDING, 6), (tina, f"{DESK}/batches/1", 6)):
        browser.get(address)
        with counting() as asked:
            browser.get(address)
        assert len(asked) <= most, (address, len(asked), asked)
        assert len(browser.page) < 30_000
    payment = f"{DESK}/1"
    back = {"reason_code": "MS03", "on": today(), "reference": "IN 8"}
    tina.post(f"{payment}/sent-back", back, at=payment)
    assert "Sent back by the bank" in plain(tina.page)
    assert tina.post(f"{payment}/sent-back", back).status_code == 409
    assert "€ 2,000 to BO-2026-041, part 1" in plain(tina.get(DESK).get_data(as_text=True))


def test_a_sum_promised_before_its_rules_were_written_down_is_planned_by_those_of_today(browse, purse):
    purse.promised(profile_version="", pact_class="")
    tina, plan = browse("tina"), f"{DESK}/plans/BO-2026-041/s1"
    tina.post(plan, {"advance": "1", "advance_on": today(), "part_1": "3,999"}, at=plan)
    assert "give no advance" in plain(tina.page)
    tina.post(plan, {"part_1": "4,000"})
    kept = purse.desk.allocation(purse.plan().allocation_id)
    assert kept.profile_version.startswith("bologna/")


def test_money_that_came_back_is_entered_on_pages(browse, purse):
    purse.planned()
    purse.with_account()
    number = purse.paid().payments[0].id
    tina, aldo, eve = browse("tina"), browse("aldo"), browse("eve")
    page = f"{DESK}/returns/BO-2026-041/s1"
    typed = {"on": today(), "reference": "IN 7", "evidence": "Not needed"}
    for wrong in ("2,000.01", "Infinity", "1e400", "0.001", "١٢", "-5", ""):
        assert tina.post(page, typed | {"amount": wrong}, at=page).status_code == 422, wrong
    assert "Not needed" in tina.page
    tina.post(page, typed | {"amount": "500"})
    assert "Came back unspent € 500" in plain(tina.page)
    assert tina.post(page, typed | {"amount": "1"}).status_code == 422
    assert "entered already" in plain(tina.page)
    assert "Came back unspent € 500" in plain(eve.get(FUNDING).get_data(as_text=True))
    assert "Enter what was not spent" not in aldo.get(page).get_data(as_text=True)
    payment = f"{DESK}/{number}"
    back = {"reason_code": "AC04", "on": today(), "reference": "IN 8"}
    assert tina.post(f"{payment}/sent-back", back | {"reason_code": ""}, at=payment).status_code == 422
    assert tina.post(f"{payment}/sent-back", back).status_code == 409
    with counting() as asked:
        tina.get(page)
    assert len(asked) <= 6, asked


def test_nobody_presses_without_end(browse, monkeypatch):
    from portal.support.payments.desk import batches

    tina = browse("tina")
    monkeypatch.setattr(batches, "MOST_TRIES", 1)
    said = [tina.post(f"{DESK}/batches/99/withdrawal", at=DESK).status_code for _ in range(2)]
    assert said == [404, 429]
