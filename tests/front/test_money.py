"""All support is shown in sums that are the ledger's own, in rows, and down to one decision; nobody is named."""

from __future__ import annotations

import csv
import io
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from portal import city, clock, db
from portal.errors import Invalid, NotFound
from portal.front.money import benefits, corrections, decisions, flows, rows, totals
from portal.front.money import books as books_of_funds
from portal.front.money.totals import IN_MONEY
from portal.front.money.wanted import Wanted, read, read_day
from portal.pacts.models import Pact
from portal.people.models import Person
from portal.policy import SYSTEM
from portal.proposals.models import Call, Proposal
from portal.support import actions, said
from portal.support.actions import books
from portal.support.ledger import Movement, balance
from portal.support.models import Allocation, Holding, Pool, PoolEntry
from tests.benchmarks import measuring
from tests.browser import Browser
from tests.front.conftest import World

GROWN = "pact:BO-2026-777"
REASON = "The invoice was read wrongly"
PRIVATE = ("rosa@example.org", "Giulia", "Tina", "Marco")


@pytest.fixture
def booked(world: World, database: db.Database, move_clock: Any) -> date:
    """The small city after some more months: parts given, a part come back, a fund opened and put right."""
    first = clock.today()
    move_clock(timedelta(days=20))
    with db.writing() as session:
        for held in session.scalars(select(Holding).where(Holding.reserved + Holding.committed > 0)):
            allocation = session.get_one(Allocation, held.allocation_id)
            pool = session.get_one(Pool, held.pool_id)
            if held.reserved:
                books.move(pool, Movement.COMMITTED, allocation, held.reserved, by=SYSTEM)
            for movement, share in ((Movement.DELIVERED, 3), (Movement.RETURNED, 7)):
                if pool.unit == "cent" or movement is Movement.DELIVERED:
                    books.move(pool, movement, allocation, max(held.committed // share, 1), by=SYSTEM)
    _grown()
    move_clock(timedelta(days=30))
    with db.writing() as session:
        pool = session.scalars(select(Pool).where(Pool.kind == "funding")).first()
        assert pool is not None
        row = books.must_change(pool, Movement.INCREASED, 70_000, by=SYSTEM, about=books.NOTHING_MORE)
        about = books.About(reason=REASON, corrects_id=row.id)
        books.must_change(pool, Movement.INCREASED, -20_000, by=SYSTEM, about=about)
    return first


def _grown() -> None:
    """Let a server grow in memory and storage alone: no processor says what that is worth."""
    more = {"unit": "memory_gb", "amount": 16, "storage_gb": 30, "value_cents": 24_000}
    row = {"id": "g1", "kind": "server", "what": "SRV-1: +16 GB memory", **more}
    case = actions.Case(title="Grown", starts_on=clock.today(), district="navile")
    with db.writing() as session:
        further = {"memory_gb": 64, "storage_gb": 100}
        pool = actions.open_pool(
            clock.today().year, "grown", "server", "Grown", 8, by=SYSTEM, further=further
        )
        (one,) = actions.ask_for(GROWN, 1, [row], case=case, by=SYSTEM)
        one.pool_id = pool.id
        session.flush()
        for movement in (Movement.RESERVED, Movement.COMMITTED, Movement.DELIVERED):
            books.must_move(one, movement, 16, by=SYSTEM)
        books.must_move(one, Movement.RETURNED, 4, by=SYSTEM)


def _table(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def _cents(text: str) -> int:
    return int(Decimal(text or "0") * 100)


def _ledger(wanted: Wanted) -> Counter[str]:
    """Add up the ledger itself, row by row."""
    found: Counter[str] = Counter()
    with db.reading() as session:
        asked = select(PoolEntry, Pool, Allocation.district).join(Pool, Pool.id == PoolEntry.pool_id)
        asked = asked.outerjoin(Allocation, Allocation.id == PoolEntry.allocation_id)
        for entry, pool, district in session.execute(asked):
            if not wanted.takes(pool.year, pool.kind, district or "", pool.office):
                continue
            if wanted.until is None or entry.at < wanted.until:
                _count(found, pool.kind, [(entry.movement, entry.value_cents)])
    return +found


def _count(found: Counter[str], kind: str, moved: list[tuple[str, int]]) -> None:
    name, sums = "money" if kind in IN_MONEY else "kind", balance(moved)
    found[f"{name} promised"] += sums.reserved + sums.committed
    found[f"{name} given"] += sums.delivered


def _page(wanted: Wanted) -> Counter[str]:
    found: Counter[str] = Counter()
    with db.reading():
        for one in totals.cells(wanted.as_of):
            if wanted.takes(one.year, one.kind, one.district, one.office):
                _count(found, one.kind, [(one.movement, one.cents)])
    return +found


def _files(anybody: Any, wanted: Wanted) -> tuple[Counter[str], Counter[str]]:
    """Add up what the two files of these filters say."""
    found: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for row in _table(anybody.get("/en/money/rows.csv", query_string=wanted.args())):
        name = "money" if row["Kind"] in {"Funding", "Insurance"} else "kind"
        found[0][f"{name} promised"] += _cents(row["Worth of the promise"])
        found[0][f"{name} given"] += _cents(row["Worth of what was given"])
    for row in _table(anybody.get("/en/money.csv", query_string=wanted.args())):
        if row["Table"] == "By district":
            name = "money" if row["Series"] == "Money" else "kind"
            found[1][f"{name} promised"] += _cents(row["Promised"])
            found[1][f"{name} given"] += _cents(row["Given"])
    return +found[0], +found[1]


def test_page_files_and_ledger_add_up_to_the_same_whatever_is_chosen(app: Any, booked: date) -> None:
    chance, anybody = random.Random(2026), app.test_client(use_cookies=False)
    days = [None, booked - timedelta(days=1), *(booked + timedelta(days=n) for n in (0, 19, 20, 21, 49, 50))]
    districts = ["", "none", "navile", "nowhere"]
    seen: Counter[str] = Counter()
    for day in days:
        wanted = Wanted(
            year=chance.choice([None, None, booked.year]),
            kind=chance.choice(["", "", "funding", "legal", "server"]),
            district=chance.choice(districts),
            as_of=day,
        )
        for one in (Wanted(as_of=day), wanted):
            right = _ledger(one)
            assert _page(one) == right
            assert _files(anybody, one) == (right, right), one
            seen += right
    assert {"money promised", "money given", "kind promised", "kind given"} <= seen.keys()


def test_both_databases_understand_every_question(both: db.Database) -> None:
    wanted = Wanted(2026, "legal", "navile", "none", "BO-2026-001", date(2026, 6, 30))
    with db.reading() as session:
        assert all(one.units.promised >= 0 for one in rows.listed(wanted, before=5))
        totals.cells(date(2026, 6, 30))
        session.scalar(totals.PROMISED_IN, {"of_year": 2026})
        corrections.of_funds(wanted)
        corrections.of_entries([1, 2])
        benefits.listed(benefits.years()[0], 100_000)
        books_of_funds.listed([Pool(id=1, unit="cent"), Pool(id=2, unit="hour")], date(2026, 6, 30), 9)
        with pytest.raises(NotFound):
            decisions.decision(99_999)


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(kind="funding"),
        Wanted(kind="legal", district="navile"),
        Wanted(district="navile"),
        Wanted(district="none"),
        Wanted(district="nowhere"),
        Wanted(year=1999),
        Wanted(office="none"),
    ],
)
def test_pages_of_rows_that_are_chosen_are_those_among_all_rows(booked: date, wanted: Wanted) -> None:
    first = booked + timedelta(days=1)
    for one in (wanted, replace(wanted, as_of=booked), replace(wanted, as_of=first, year=first.year)):
        with db.reading():
            every = rows.listed(Wanted(as_of=one.as_of), most=1000)
            takes = [(row.fact.year, row.fact.kind, row.fact.district, row.fact.office) for row in every]
            right = [row for row, facts in zip(every, takes, strict=True) if one.takes(*facts)]
            found, before = [], None
            while some := rows.listed(one, before, most=3):
                found += some
                before = some[-1].fact.id
        assert [row.fact.id for row in found] == [row.fact.id for row in right]
        assert [row.cents for row in found] == [row.cents for row in right]
    assert every


def test_a_pact_begins_to_have_something_of_a_fund_with_its_first_row(booked: date) -> None:
    with db.reading() as session:
        for held in session.scalars(select(Holding)).all():
            mine = (PoolEntry.allocation_id == held.allocation_id, PoolEntry.pool_id == held.pool_id)
            first = session.scalar(select(func.min(PoolEntry.at)).where(*mine))
            assert held.begun_at == first
            assert held.district == session.get_one(Allocation, held.allocation_id).district


def test_a_day_shows_the_ledger_as_it_stood_at_its_end(app: Any, booked: date) -> None:
    before, after = (Wanted(as_of=booked + timedelta(days=n)) for n in (19, 20))
    assert _page(before)["money given"] == 0 < _page(after)["money given"]
    assert _page(Wanted(as_of=booked - timedelta(days=1))) == {}
    answer = app.test_client().get(f"/en/money?as_of={(booked - timedelta(days=1)).isoformat()}")
    assert "Nothing was booked here by then" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "text", ["2999-01-01", "0000-01-01", "2026-02-30", "٢٠٢٦-٠١-٠١", "20260101", "today", "2026-1-1", "-1"]
)
def test_an_odd_day_is_refused_in_words(app: Any, database: db.Database, text: str) -> None:
    with pytest.raises(Invalid):
        read_day(text)
    for path in ("money", "money.csv", "money/rows", "money/rows.csv"):
        answer = app.test_client().get(f"/en/{path}", query_string={"as_of": text})
        assert answer.status_code == 422


@pytest.mark.parametrize("args", [{"year": "1e400"}, {"year": "٢٠٢٦"}, {"year": "0000"}, {"kind": "gold"}])
def test_an_odd_filter_is_refused_in_words(args: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        read(args)


def test_home_says_what_the_money_page_says_of_this_year(
    app: Any, world: World, database: db.Database
) -> None:
    with db.reading():
        found = [one for one in totals.cells(None) if one.year == clock.today().year]
        promised = sum(line.cents.promised for line in totals.lines(found, "kind"))
        said = db.session().scalar(totals.PROMISED_IN, {"of_year": clock.today().year})
    assert promised == said > 0


def test_a_fund_tells_each_row_and_how_it_was_put_right(app: Any, booked: date) -> None:
    with db.reading() as session:
        pool = session.scalars(select(Pool).where(Pool.kind == "funding")).first()
        assert pool is not None
    anybody = app.test_client()
    page = anybody.get(f"/en/money/pools/{pool.year}/{pool.slug}").get_data(as_text=True)
    assert "from €\u00a0700 to €\u00a0500, because: The invoice was read wrongly" in page
    assert REASON in anybody.get("/en/money").get_data(as_text=True)
    early = anybody.get(f"/en/money/pools/{pool.year}/{pool.slug}?as_of={booked.isoformat()}")
    assert REASON not in early.get_data(as_text=True)
    (lines, all_rows) = (
        _table(anybody.get(f"/en/money/pools/{pool.year}/{pool.slug}.csv{more}"))
        for more in (f"?as_of={booked.isoformat()}", "")
    )
    with db.reading() as session:
        count = len(session.scalars(select(PoolEntry).where(PoolEntry.pool_id == pool.id)).all())
    assert len(all_rows) == count > len(lines) > 0
    assert anybody.get(f"/en/money/pools/{pool.year}/no-such-fund").status_code == 404


def _server_fund() -> Sequence[Pool]:
    with db.reading() as session:
        return session.scalars(select(Pool).where(Pool.name == "Grown").order_by(Pool.id)).all()


def test_a_fund_of_servers_tells_the_rows_of_each_measure_and_each_adds_up(app: Any, booked: date) -> None:
    measures, anybody = _server_fund(), app.test_client()
    address = f"/en/money/pools/{measures[0].year}/grown"
    lines = _table(anybody.get(f"{address}.csv"))
    with db.reading() as session:
        ids = session.scalars(
            select(PoolEntry.id).where(PoolEntry.pool_id.in_([one.id for one in measures]))
        ).all()
        figures = books_of_funds.listed(measures, None, None).figures
    assert [int(line["Number"]) for line in lines] == sorted(ids, reverse=True)
    assert {line["Measure"] for line in lines} == {"Processors", "Memory", "Storage"}
    assert [unit for unit, _ in figures] == ["vcpu", "memory_gb", "storage_gb"]
    named = {str(words): movement for movement, words in said.MOVEMENTS.items()}
    for unit, sums in figures:
        booked_rows = [(named[one["What"]], int(one["Amount"])) for one in lines if one["Unit"] == unit]
        assert balance(booked_rows) == sums, unit
    page = anybody.get(address).get_data(as_text=True)
    for words in ("Memory", "16 GB memory", "30 GB storage", "8 vCPU"):
        assert words in page
    early = _table(anybody.get(f"{address}.csv?as_of={(booked + timedelta(days=19)).isoformat()}"))
    assert early == []


def test_pages_of_several_measures_are_those_of_the_whole_ledger(both: db.Database) -> None:
    _grown()
    fund = _server_fund()
    with db.reading():
        whole = [one.entry.id for one in books_of_funds.every(fund, None, at_once=100)]
    assert whole == sorted(whole, reverse=True)
    for as_of in (None, clock.today()):
        assert [one.entry.id for one in books_of_funds.every(fund, as_of, at_once=2)] == whole
        with db.reading():
            assert [one.entry.id for one in books_of_funds.listed(fund, as_of, whole[2]).rows] == whole[3:]
    assert len(whole) == 11, "three rows of opening; four movements, of memory and of storage"


def test_a_page_of_several_measures_costs_the_same_with_many_times_the_rows(
    database: db.Database, booked: date
) -> None:
    fund = _server_fund()
    _serve(fund, 60)
    few = [_page_steps(fund, *more) for more in ((None, None), (150, None), (None, clock.today()))]
    _serve(fund, 600)
    many = [_page_steps(fund, *more) for more in ((None, None), (150, None), (None, clock.today()))]
    assert [one for one, other in zip(many, few, strict=True) if one > other * 1.02] == []


def _serve(fund: Sequence[Pool], times: int) -> None:
    """Write so many rows into the ledger of each measure of a fund."""
    row = {"movement": "increased", "amount": 1, "at": clock.now(), "actor": "system"}
    every = [{**row, "pool_id": one.id} for _ in range(times) for one in fund]
    with db.writing() as session:
        session.execute(insert(PoolEntry), every)


def _page_steps(fund: Sequence[Pool], before: int | None, as_of: date | None) -> int:
    def ask() -> None:
        with db.reading():
            books_of_funds.listed(fund, as_of, before)

    return measuring.vm_steps(ask)


def test_what_flows_adds_up_to_what_the_page_of_sums_says(app: Any, booked: date) -> None:
    anybody = app.test_client()
    with db.reading():
        for day in (None, booked):
            found = [one for one in totals.cells(day) if one.cents]
            drawn = flows.bands(found)
            for by in ("kind", "district"):
                right = {line.key: line.cents.promised for line in totals.lines(found, by)}
                told = dict(flows.sums(drawn, by))
                assert told == {key: cents for key, cents in right.items() if cents} != {}
    page = anybody.get("/en/money/flow").get_data(as_text=True)
    assert page.count("<path") >= len(flows.bands(found))
    assert len(page.encode()) < 30_000
    lines = _table(anybody.get("/en/money/flow.csv"))
    every = _table(anybody.get("/en/money/rows.csv"))
    for name, worth in (("Promised", "Worth of the promise"), ("Given", "Worth of what was given")):
        sums = [Counter[tuple[str, str]](), Counter[tuple[str, str]]()]
        for one, column, rows_of in ((sums[0], name, lines), (sums[1], worth, every)):
            for line in rows_of:
                one[line["Kind"], line["District"]] += _cents(line[column])
        assert +sums[0] == +sums[1]
    assert "Nothing is booked here" in anybody.get("/en/money/flow?year=2001").get_data(as_text=True)
    assert anybody.get("/en/money/flow?as_of=x").status_code == 422


def test_a_decision_names_roles_and_nobody(app: Any, booked: date) -> None:
    with db.reading() as session:
        shown = session.scalars(select(Holding.allocation_id).order_by(Holding.id)).first()
        asked = select(Allocation.id).where(Allocation.state == "asked", Allocation.subject != GROWN)
        hidden = session.scalars(asked).all()
    anybody = app.test_client()
    page = anybody.get(f"/en/money/decisions/{shown}").get_data(as_text=True)
    assert "Treasurer, on" in page
    assert "Officer, on" in page
    assert not [name for name in PRIVATE if name in page]
    # What is only asked for is no decision yet, and neither is a number that nobody gave.
    assert hidden
    for number in (*hidden, 0, 99_999, 2**31, 10**30):
        assert anybody.get(f"/en/money/decisions/{number}").status_code == 404


def _summary(page: str) -> dict[str, str]:
    """Return the lines of a page's summary: what each is called, and what it says."""
    plain = page.replace("\u00a0", "")
    return dict(re.findall(r"<dt>([^<]+)</dt>\s*<dd>([^<]+)</dd>", plain))


def _told(app: Any, number: int) -> dict[str, str]:
    return _summary(app.test_client().get(f"/en/money/decisions/{number}").get_data(as_text=True))


def test_a_decision_tells_what_came_back_and_what_remains_in_amount_and_worth(app: Any, booked: date) -> None:
    with db.reading() as session:
        grown = session.scalars(select(Allocation).where(Allocation.subject == GROWN)).one()
        mine = select(PoolEntry).join(Pool, Pool.id == PoolEntry.pool_id)
        booked_rows = session.scalars(
            mine.where(PoolEntry.allocation_id == grown.id, Pool.unit == "memory_gb")
        ).all()
    worth = {one.movement: one.value_cents for one in booked_rows}
    assert (worth["reserved"], worth["returned"]) == (24_000, 6_000)
    told = _told(app, grown.id)
    assert told["Promised in all"] == "16 GB memory, worth €240"
    assert told["Came back"] == "4 GB memory, worth €60"
    assert told["Remains promised"] == told["Of that given"] == "12 GB memory, worth €180"
    page = app.test_client().get(f"/en/money/decisions/{grown.id}").get_data(as_text=True)
    assert page.replace("\u00a0", "").count('data-label="Worth">€') == len(booked_rows)


def test_what_a_closed_year_gave_and_came_back_is_told_too(app: Any, booked: date) -> None:
    with db.writing() as session:
        one = session.scalars(select(Allocation).where(Allocation.subject == GROWN)).one()
        measures = session.scalars(select(Pool).where(Pool.name == "Grown").order_by(Pool.id)).all()
        for pool in measures:
            books.must_change(pool, Movement.CLOSED, pool.left, by=SYSTEM, about=books.NOTHING_MORE)
            pool.closed_at = clock.now()
        session.flush()
        books_now = {"memory_gb": 5, "storage_gb": 5}
        actions.open_pool(measures[0].year + 1, "grown", "server", "Grown", 8, by=SYSTEM, further=books_now)
        books.take_back(one, 3, by=SYSTEM, reason="Not needed")
    told = _told(app, one.id)
    assert told["Promised in all"] == "16 GB memory, worth €240"
    assert told["Came back"] == "7 GB memory, worth €105"
    assert told["Remains promised"] == told["Of that given"] == "9 GB memory, worth €135"


def test_a_decision_of_more_rows_than_are_shown_tells_all_of_them(
    app: Any, booked: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.reading() as session:
        number = session.scalars(select(Allocation.id).where(Allocation.subject == GROWN)).one()
    whole = _told(app, number)
    monkeypatch.setattr(decisions, "MOST_ENTRIES", 2)
    assert _told(app, number) == whole


def test_the_rows_of_one_pact_lead_to_its_decisions(app: Any, world: World, booked: date) -> None:
    code = world.codes["in_force"]
    anybody = app.test_client()
    assert f"/en/money/rows?pact={code}" in anybody.get(f"/en/pacts/{code}").get_data(as_text=True)
    page = anybody.get(f"/en/money/rows?pact={code}").get_data(as_text=True)
    with db.reading():
        own = rows.listed(Wanted(pact=code))
    assert own
    assert all(f"/en/money/decisions/{one.fact.allocation_id}" in page for one in own)
    for other in (world.codes["draft"], world.codes["agreed"], "BO-1999-001", "'"):
        answer = anybody.get("/en/money/rows", query_string={"pact": other})
        assert (answer.status_code, "/money/decisions/" in answer.get_data(as_text=True)) == (200, False)


def test_what_grew_in_memory_alone_has_its_worth_in_every_sum_and_leads_to_its_decision(
    app: Any, booked: date
) -> None:
    anybody, chosen = Browser(app), Wanted(pact=GROWN.removeprefix("pact:"))
    with db.reading():
        (row,) = rows.listed(chosen)
        found = decisions.decision(row.fact.allocation_id)
        before = rows.listed(replace(chosen, as_of=booked))
        kinds = totals.lines([one for one in totals.cells(None) if one.district == "navile"], "kind")
    assert (row.fact.unit, row.units.promised, row.units.given, row.units.back) == ("memory_gb", 12, 12, 4)
    assert (row.cents.promised, row.cents.given, row.cents.back) == (18_000, 18_000, 6_000)
    assert row.fact.slug == "grown", "the fund is that of its processors"
    assert [entry.amount for entry, _ in found.entries] == [16, 16, 16, 4]
    assert {pool.slug for _, pool in found.entries} == {"grown"}
    assert not before
    server = next(one for one in kinds if one.key == "server")
    assert server.unit == "vcpu"
    assert server.cents.promised >= 18_000
    listed = anybody.get("/en/money/rows?pact=BO-2026-777").get_data(as_text=True)
    assert "12 GB memory" in listed
    assert "worth €180" in listed.replace("\u00a0", "")
    page = anybody.get(f"/en/money/decisions/{row.fact.allocation_id}")
    assert f"/en/money/pools/{row.fact.year}/grown" in anybody.parsed.links
    assert "16 GB memory" in page.get_data(as_text=True)
    (line,) = _table(anybody.get("/en/money/rows.csv?pact=BO-2026-777"))
    assert (line["Unit"], line["Promised"], line["Worth of the promise"]) == ("memory_gb", "12", "180.00")


def test_the_yearly_list_names_groups_above_the_sum_and_no_person(app: Any, booked: date) -> None:
    anybody = app.test_client()
    year = booked.year
    page = anybody.get(f"/en/money/benefits?year={year}").get_data(as_text=True)
    lines = _table(anybody.get(f"/en/money/benefits.csv?year={year}"))
    with db.reading() as session:
        given = session.scalars(select(Allocation).where(Allocation.committed_at.is_not(None))).all()
        totals_of: Counter[object] = Counter()
        for one in given:
            totals_of[one.organisation_id or one.party_person_id or one.subject] += one.value_cents
    above = sum(total for total in totals_of.values() if total > 100_000)
    assert sum(_cents(line["Amount"]) for line in lines) == above > 0
    assert not [name for name in PRIVATE if name in page]
    assert "Source: articles 26 and 27 of Legislative Decree 33" in page
    assert all(line["Office"] and "/pacts/" in line["Project"] for line in lines)
    assert {line["Responsible official"] for line in lines} <= {"Treasurer", "Officer", "Legal officer"}
    assert all("by the city's rules of" in line["Rule or title"] for line in lines)
    nothing = anybody.get("/en/money/benefits?year=2001").get_data(as_text=True)
    assert "Nobody was promised that much in 2001" in nothing


def test_how_a_payee_was_chosen_is_told_by_where_the_pact_came_from(app: Any, booked: date) -> None:
    anybody, address = app.test_client(), f"/en/money/benefits.csv?year={booked.year}"
    lines = _table(anybody.get(address))
    assert all(line["How chosen"].startswith("Proposal PR-") for line in lines)
    assert all("/en/proposals/PR-" in line["Shown at"] for line in lines)
    with db.writing() as session:
        call = Call(ref="C-2026-1", drafted_by_id=session.scalars(select(Person.id)).first())
        session.add(call)
        session.flush()
        code = lines[0]["Project"].rpartition("/")[2]
        pact = session.scalars(select(Pact).where(Pact.code == code)).one()
        session.execute(update(Proposal).where(Proposal.code == pact.proposal_code).values(call_id=call.id))
    told = {line["Project"]: line for line in _table(anybody.get(address))}
    assert told[lines[0]["Project"]]["How chosen"] == "Public call C-2026-1 of the city"
    assert told[lines[0]["Project"]]["Shown at"].endswith("/en/calls/C-2026-1")


HOLDS = "Publication holds the payment here"


def test_the_list_and_each_decision_on_money_say_that_publication_holds_the_payment(
    app: Any, booked: date
) -> None:
    anybody = app.test_client()
    with db.reading() as session:
        found = session.execute(
            select(Allocation.id, Allocation.kind).where(
                Allocation.approved_at.is_not(None), Allocation.profile_version != ""
            )
        ).all()
    assert {"funding", "legal"} <= {kind for _, kind in found}
    for number, kind in found:
        page = anybody.get(f"/en/money/decisions/{number}").get_data(as_text=True)
        assert (HOLDS in page) == (kind == "funding")
        assert "Source: articles 26 and 27 of Legislative Decree 33" in page
    listed = anybody.get("/en/money/benefits").get_data(as_text=True)
    assert HOLDS in listed


def test_where_no_rule_holds_the_payment_the_pages_say_so(app: Any, booked: date) -> None:
    with db.writing() as session:
        one = session.scalars(select(Allocation).where(Allocation.kind == "funding")).first()
        assert one is not None
        one.profile_version = city.profile("barcelona").version_key
        session.flush()
        number = one.id
    page = app.test_client().get(f"/en/money/decisions/{number}").get_data(as_text=True)
    assert "Publication does not hold the payment here." in page
    assert HOLDS not in page


def test_a_title_that_could_be_a_formula_is_text_in_the_file(app: Any, booked: date) -> None:
    with db.writing() as session:
        for one in session.scalars(select(Allocation)):
            one.title = "=1+1"
    lines = _table(app.test_client().get("/en/money/rows.csv"))
    assert {line["Title"] for line in lines} == {"'=1+1"}


def test_a_figure_below_zero_is_a_figure_in_the_file(app: Any, booked: date) -> None:
    with db.reading() as session:
        pool = session.scalars(select(Pool).where(Pool.kind == "funding")).first()
        assert pool is not None
    address = f"/money/pools/{pool.year}/{pool.slug}.csv"
    lines = _table(app.test_client().get(f"/en{address}"))
    assert ("-200.00", "EUR") in {(line["Amount"], line["Unit"]) for line in lines}
    assert sum(Decimal(line["Amount"]) for line in lines if line["What"] == "Increased") == 500


def test_sums_cost_the_same_with_many_times_the_rows(database: db.Database, booked: date) -> None:
    _book(1)
    few = _steps(None), _steps(clock.today())
    _book(60)
    many = _steps(None), _steps(clock.today())
    assert many[0] <= few[0] * 1.02
    assert many[1] <= few[1] * 1.02


def _book(times: int) -> None:
    with db.writing() as session:
        held = session.scalars(select(Holding).where(Holding.committed > 5000)).first()
        assert held is not None
        pool, one = session.get_one(Pool, held.pool_id), session.get_one(Allocation, held.allocation_id)
        for _ in range(times):
            books.must_change(pool, Movement.INCREASED, 1, by=SYSTEM, about=books.NOTHING_MORE)
            assert books.move(pool, Movement.DELIVERED, one, 1, by=SYSTEM)


def _steps(day: date | None) -> int:
    def ask() -> None:
        with db.reading():
            totals.cells(day)

    return measuring.vm_steps(ask)
