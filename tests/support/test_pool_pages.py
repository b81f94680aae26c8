"""The officials' pages of pools: filters, figures of a day, the forms that change a pool, and their files."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import clock, db
from portal.support import actions
from portal.support.changes import Change
from portal.support.desk import room
from portal.support.models import Pool, PoolEntry, PoolRequest
from tests.counting import counting
from tests.support.conftest import row, this_year
from tests.support.test_desk import browse, plain

__all__ = ["browse"]
POOLS = "/en/desk/pools"
BAD = ["Infinity", "NaN", "1e400", "0.001", "٣", "１２", "-1", "0", "1_000", "9" * 30]


def at(pool: Pool) -> str:
    return f"{POOLS}/{pool.year}/{pool.slug}"


def entries() -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(PoolEntry)) or 0


def rows_of(answer: Any) -> list[list[str]]:
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_one_treasurer_asks_and_the_signatory_approves(desk, browse):
    pool = desk.opened()
    tina = browse("tina")
    tina.get(at(pool))
    form = {"amount": "20,000", "reason": "Resolution 12 of the council"}
    assert tina.post(f"{at(pool)}/increase", form, at=f"{at(pool)}/increase").status_code == 200
    assert "Waiting for a second person" in tina.page
    assert "so somebody else must decide on it" in tina.page
    assert "/approval" not in tina.page
    assert tina.post(f"{POOLS}/requests/1/approval").status_code == 403
    assert desk.pool(pool).capacity == 8_000_000
    nuria = browse("nuria")
    nuria.get(at(pool))
    assert "Resolution 12 of the council" in nuria.page
    assert nuria.post(f"{POOLS}/requests/1/refusal", {"answer": " "}).status_code == 422
    assert nuria.post(f"{POOLS}/requests/1/approval", at=at(pool)).status_code == 200
    assert desk.pool(pool).capacity == 10_000_000
    assert "Increased" in nuria.page
    assert nuria.post(f"{POOLS}/requests/1/approval", at=at(pool)).status_code == 409


def test_a_request_is_refused_or_taken_back(desk, browse):
    pool = desk.opened()
    for _ in range(2):
        desk.asks(Change.DECREASE, pool, 2_000_000)
    nuria, tina = browse("nuria"), browse("tina")
    nuria.post(f"{POOLS}/requests/1/refusal", {"answer": "Not voted"}, at=at(pool))
    tina.post(f"{POOLS}/requests/2/withdrawal", at=at(pool))
    with db.reading() as session:
        assert [one.state for one in session.scalars(select(PoolRequest).order_by(PoolRequest.id))] == [
            "refused",
            "withdrawn",
        ]
    assert desk.pool(pool).capacity == 8_000_000


@pytest.mark.parametrize("change", ["increase", "decrease", "transfer", "write-off", "carry-over"])
def test_what_is_no_amount_books_nothing_and_is_kept(desk, browse, change):
    pool = desk.opened()
    later = desk.opened(slug="later", year=this_year() + 1)
    before, tina = entries(), browse("tina")
    tina.get(f"{at(pool)}/{change}")
    for typed in BAD:
        form = {"amount": typed, "reason": "Because", "other": str(later.id)}
        assert tina.post(f"{at(pool)}/{change}", form).status_code == 422, typed
        assert "There is a problem" in tina.page
        assert f'value="{typed}"' in tina.page
    assert tina.post(f"{at(pool)}/{change}", {"amount": "1", "other": str(later.id)}).status_code == 422
    assert tina.post(f"{at(pool)}/{change}", {"amount": "1", "reason": "x" * 2001}).status_code == 422
    assert entries() == before


def test_every_change_has_its_form(desk, browse):
    pool, green = desk.opened(), desk.opened(slug="green")
    later = desk.opened(slug="later", year=this_year() + 1)
    tina = browse("tina")
    for change, amount, other in (
        ("increase", "30", None),
        ("decrease", "20", None),
        ("write-off", "10", None),
        ("transfer", "100", green),
        ("carry-over", "200", later),
    ):
        tina.get(f"{at(pool)}/{change}")
        form = {"amount": amount, "reason": "Because", "other": str(other.id) if other else ""}
        assert tina.post(f"{at(pool)}/{change}", form).status_code == 200, change
    assert desk.pool(pool).capacity == 8_000_000 + 3_000 - 2_000 - 1_000 - 10_000 - 20_000
    tina.get(at(green))
    assert "Came from another fund" in tina.page
    (link,) = [one for one in tina.parsed.links if "correct?entry=1" in one or "correct?entry=2" in one]
    tina.get(link)
    assert "The row says: Fund opened" in plain(tina.page)
    number = link.split("=")[-1]
    form = {"amount": "70,000", "reason": "Typed wrong", "entry": number}
    assert tina.post(f"{at(green)}/correct", form).status_code == 200
    assert "Waiting for a second person" in tina.page
    form = {"reason": "End of the year"}
    tina.get(f"{at(pool)}/close")
    tina.post(f"{at(pool)}/close", form)
    nuria = browse("nuria")
    for number in (6, 7):
        nuria.post(f"{POOLS}/requests/{number}/approval", at=at(pool))
    assert desk.pool(green).capacity == 7_010_000
    assert desk.pool(pool).closed_at is not None
    assert tina.get(f"{at(pool)}/increase").status_code == 200
    assert tina.post(f"{at(pool)}/increase", {"amount": "1", "reason": "x"}).status_code == 422
    assert "is closed, so nothing in it changes any more" in plain(tina.page)


def spaced(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.replace("\u00a0", " ")))


FORMS = [Change.INCREASE, Change.DECREASE, Change.TRANSFER, Change.CARRY_OVER, Change.WRITE_OFF, Change.CLOSE]


def test_a_closed_year_says_at_once_when_by_whom_and_where_the_rest_went(desk, browse, cast):
    pool, later = desk.opened(), desk.opened(year=this_year() + 1)
    desk.approved(pool, row())
    with db.writing():
        actions.commit("pact:BO-2026-041", 1, by=cast.nuria)
    desk.changed(Change.CARRY_OVER, pool, 2_000_000, other_id=later.id)
    desk.changed(Change.CLOSE, pool)
    before, tina = entries(), browse("tina")
    wrong = f"correct?entry={1}"
    for form in (*FORMS, wrong):
        assert tina.get(f"{at(pool)}/{form}").status_code == 200
        page = spaced(tina.page)
        assert f"Digital fund {this_year()} is closed, so nothing in it changes any more." in page, form
        assert 'name="reason"' not in tina.page, form
    day = f"{clock.today():%d %b %Y}".lstrip("0")
    assert f"Closed on {day}" in page
    assert f"Asked for by Treasurer, on {day}" in page
    assert f"Approved by a second person Signatory, on {day}" in page
    assert f"Promise moved to another year € 4,000 Digital fund {this_year() + 1}" in page
    assert f"Carried over to another year € 20,000 Digital fund {this_year() + 1}" in page
    assert "Left over at the closing € 56,000 unused" in page
    assert at(later) in tina.parsed.links
    assert not [name for name in ("Tina", "Nuria") if name in page.partition("Where the rest went")[2]]
    # What comes too late is still refused in words, and keeps what was typed.
    late = tina.post(f"{at(pool)}/increase", {"amount": "5", "reason": "Later"}, at=f"{at(later)}/increase")
    assert late.status_code == 422
    assert "Later" in tina.page
    assert entries() == before
    assert browse("giulia").get(f"{at(pool)}/close").status_code == 403


def test_each_measure_of_a_closed_fund_of_servers_says_where_it_went(desk, browse):
    further = {"memory_gb": 64, "storage_gb": 500}
    pool = desk.opened(16, kind="server", further=further)
    later = desk.opened(1, kind="server", year=this_year() + 1, further={"memory_gb": 1})
    desk.changed(Change.CARRY_OVER, pool, 6, further={"memory_gb": 24}, other_id=later.id)
    desk.changed(Change.CLOSE, pool)
    tina = browse("tina")
    tina.get(f"{at(pool)}/transfer")
    page = spaced(tina.page)
    for words in ("6 vCPU", "24 GB memory"):
        assert f"Carried over to another year {words} Digital fund {this_year() + 1}" in page
    for words in ("10 vCPU", "40 GB memory", "500 GB storage"):
        assert f"Left over at the closing {words} unused" in page


def test_a_server_fund_is_opened_with_its_measures(desk, browse):
    tina = browse("tina")
    form = {"name": "Racks", "kind": "server", "year": str(this_year()), "capacity": "16", "reason": "New"}
    sizes = {"memory_gb": "64", "storage_gb": "500", "traffic_gb": "9000"}
    assert tina.post(POOLS, form | sizes, at=POOLS).status_code == 200
    with db.reading() as session:
        pool = session.scalars(select(Pool).where(Pool.head_id.is_(None))).one()
    assert "64 GB memory" in plain(tina.page)
    tina.get(f"{at(pool)}?measure=storage_gb")
    assert "Ledger: Storage" in plain(tina.page)
    tina.post(f"{at(pool)}/increase", {"storage_gb": "5", "reason": "More"}, at=f"{at(pool)}/increase")
    assert "Waiting for a second person" in tina.page


def test_the_list_is_filtered_by_its_address_and_its_file_has_the_same_rows(desk, browse):
    desk.opened()
    desk.opened(40, slug="law", kind="legal")
    desk.opened(50, slug="law", kind="legal", year=this_year() - 1)
    giulia = browse("giulia")
    giulia.get(f"{POOLS}?kind=legal&year={this_year()}")
    assert giulia.page.count('class="left"') <= 1
    assert "€" not in plain(giulia.page.split("<table")[-1])
    assert len(rows_of(giulia.get(f"{POOLS}.csv?kind=legal&year="))) == 3
    assert len(rows_of(giulia.get(f"{POOLS}.csv?kind=legal"))) == 2
    assert rows_of(giulia.get(f"{POOLS}.csv"))[1][5:10] == ["80000.00", "0.00", "0.00", "0.00", "80000.00"]
    assert rows_of(giulia.get(f"{POOLS}.csv"))[1][4] == "EUR"
    for odd in ("?year=٢٠٢٦", "?kind=gold", "?office=x", "?year=99999999999999999999"):
        assert giulia.get(f"{POOLS}{odd}").status_code == 200


def test_all_years_are_shown_some_funds_at_a_time_and_their_file_is_whole(desk, browse):
    for number in range(23):
        desk.opened(100, slug=f"fund-{number}", year=this_year() - number % 3)
    giulia, seen = browse("giulia"), []
    address = f"{POOLS}?year="
    for most in (20, 3):
        giulia.get(address)
        seen.append(re.findall(rf'href="{POOLS}/(\d+/fund-\d+)"', giulia.page))
        assert len(seen[-1]) == most
        assert len(giulia.page.encode()) < 30_000
        address = next((one for one in giulia.parsed.links if "/en/" in one and "after=20" in one), "")
    assert not address
    assert len({*seen[0], *seen[1]}) == 23
    assert len(rows_of(giulia.get(f"{POOLS}.csv?year="))) == 24
    for odd in ("-1", "0", "٣", "x", "9" * 30):
        assert giulia.get(f"{POOLS}?year=&after={odd}").status_code == 200


def test_figures_of_a_day_are_those_of_its_end(desk, browse, move_clock):
    pool = desk.opened()
    first = clock.today()
    move_clock(timedelta(days=2))
    desk.approved(pool, row(amount=400_000))
    giulia = browse("giulia")
    giulia.get(f"{at(pool)}?as_of={first}")
    assert "Kept aside</td>" not in giulia.page
    assert giulia.page.count("Fund opened</td>") == 1
    assert "€ 4,000" not in plain(giulia.page.split("<h2>Figures")[1])
    assert len(rows_of(giulia.get(f"{at(pool)}.csv?as_of={first}"))) == 2
    giulia.get(at(pool))
    assert "Kept aside</td>" in giulia.page
    found = rows_of(giulia.get(f"{at(pool)}.csv"))
    assert [one[3] for one in found[1:]] == ["4000.00", "80000.00"]
    for odd in ("2199-01-01", "0000-01-01", "2026-02-31", "٢٠٢٦-٠١-٠١", "yesterday"):
        assert giulia.get(f"{at(pool)}?as_of={odd}").status_code == 422, odd
    assert giulia.get(f"{at(pool)}?as_of=0001-01-01").status_code == 200


def test_who_may_not_change_gets_no_form(desk, browse):
    pool = desk.opened()
    desk.asks(Change.INCREASE, pool, 2_000_000)
    for name in ("giulia", "aldo", "eve"):
        one = browse(name)
        assert one.get(f"{at(pool)}/increase").status_code == 403
        for address in (f"{at(pool)}/increase", *(f"{POOLS}/requests/1/{end}" for end in ENDS)):
            assert one.post(address, {"amount": "1", "reason": "x", "answer": "x"}).status_code == 403
    tina = browse("tina")
    assert tina.get(f"{at(pool)}/open").status_code == 404
    assert tina.get(f"{at(pool)}/gold").status_code == 404
    assert tina.get(f"{at(pool)}/correct?entry=99").status_code == 404
    assert tina.post(f"{POOLS}/requests/99/withdrawal", at=POOLS).status_code == 404


ENDS = ("approval", "refusal", "withdrawal")


@pytest.mark.parametrize(
    ("path", "most"), [("", 10), ("/{year}/digital", 10), ("/{year}/digital/increase", 10)]
)
def test_a_page_of_pools_asks_little_however_many_rows_there_are(desk, browse, path, most):
    pool = desk.opened(1_000_000)
    tina = browse("tina")
    path = f"{POOLS}{path.format(year=this_year())}"
    tina.get(path)
    counts = []
    for number in range(2):
        with counting() as told:
            tina.get(path)
        counts.append(len(told))
        assert len(tina.page) < 30_000
        if not number:
            desk.opened(9, slug="more", kind="training")
            desk.changed(Change.DECREASE, pool, 100)
            desk.approved(pool, row(amount=100))
    assert counts[1] <= counts[0] + 1
    assert counts[0] <= most + 4  # who asks is asked too


def test_the_file_of_a_long_ledger_is_whole(desk, browse, cast, monkeypatch):
    from portal.support.desk import pools

    monkeypatch.setattr(pools, "ROWS_AT_ONCE", 7)
    pool = desk.opened(100_000)
    with db.writing() as session:
        there = session.get_one(Pool, pool.id)
        for number in range(20):
            (one,) = actions.ask_for(f"pact:{number}", 1, [row(amount=9)], by=cast.giulia)
            actions.propose(one, there, "Because", by=cast.giulia)
            actions.approve(one, by=cast.fresh("marco"))
    found = rows_of(browse("giulia").get(f"{at(pool)}.csv"))
    assert [int(one[0]) for one in found[1:]] == list(range(21, 0, -1))


def test_nobody_changes_pools_without_end(desk, browse, monkeypatch):
    monkeypatch.setattr(room, "MOST_TRIES", 3)
    pool, tina = desk.opened(), browse("tina")
    form = {"amount": "1", "reason": "Because"}
    tina.get(f"{at(pool)}/increase")
    assert [tina.post(f"{at(pool)}/increase", form).status_code for _ in range(3)] == [200] * 3
    for path in (f"{at(pool)}/increase", POOLS, f"{POOLS}/requests/1/withdrawal"):
        assert tina.post(path, form).status_code == 429
    assert desk.pool(pool).capacity == 8_000_300
