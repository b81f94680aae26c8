"""Home and the two public lists: filters, pages of twenty, odd addresses, and what they ask of the database."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from portal import clock, db
from portal.pacts import queries as pact_queries
from portal.pacts.models import Pact
from portal.pacts.queries.pacts import has_paper_each
from portal.proposals.models import Proposal
from tests.browser import Browser
from tests.counting import counting
from tests.front.conftest import World

HUGE = "9" * 40
ODD = ["x", "-1", "0", "1e9", "1.5", HUGE, f"-{HUGE}", "'--", "20260101T000000.000000-", "²"]


def _codes(page: str, prefix: str) -> list[str]:
    return re.findall(rf'href="/en/{prefix}/([A-Z0-9-]+)"', page)


def _copy(table: Any, row: dict[str, Any], count: int, **changes: Any) -> None:
    """Put copies of a row into its table, each with a code and an instant of its own."""
    rows = [
        {**row, **{name: make(number) for name, make in changes.items()}} for number in range(1, count + 1)
    ]
    for one in rows:
        one.pop("id")
    with db.writing() as session:
        session.execute(insert(table), rows)


def _row(table: Any, code: str) -> dict[str, Any]:
    with db.reading() as session:
        found = session.scalars(select(table).where(table.code == code)).one()
        return {column.key: getattr(found, column.key) for column in table.__mapper__.column_attrs}


@pytest.fixture
def many_pacts(world: World, database: db.Database) -> None:
    """Thirty more pacts, ten of them signed software."""
    proposal = _row(Proposal, world.codes["submitted"])
    first_proposal = 1000
    rows = [_proposal_like(proposal, number, first_proposal) for number in range(30)]
    with db.writing() as session:
        session.execute(insert(Proposal), rows)
    place, software = _row(Pact, world.codes["co_design"]), _row(Pact, world.codes["in_force"])
    for base, count, first, kind in ((place, 20, 100, "place"), (software, 10, 200, "software")):
        _copy(
            Pact,
            {**base, "kind": kind},
            count,
            code=lambda n, first=first: f"BO-2020-{first + n:03}",
            number=lambda n, first=first: first + n,
            proposal_id=lambda n, first=first: first_proposal + (n - 1 if first == 100 else 19 + n),
            proposal_code=lambda n, first=first: f"PR-P{first + n}-00",
        )


def _proposal_like(base: dict[str, Any], number: int, first_id: int) -> dict[str, Any]:
    return {
        **base,
        "id": first_id + number,
        "code": f"PR-Z{number:03}-00",
        "link_hash": f"{number:064}",
        "submitted_at": base["submitted_at"] - timedelta(minutes=number // 2 + 1),
    }


@pytest.fixture
def many_proposals(world: World, database: db.Database) -> None:
    """Thirty more proposals, sent in pairs at the same instant."""
    proposal = _row(Proposal, world.codes["submitted"])
    with db.writing() as session:
        session.execute(insert(Proposal), [_proposal_like(proposal, number, 1000) for number in range(30)])


def _walk(client: Browser, path: str, prefix: str) -> list[str]:
    """Follow "older" to the end and return every code in the order shown."""
    found: list[str] = []
    following: str | None = path
    for _ in range(9):
        if following is None:
            return found
        assert client.get(following).status_code == 200
        shown = _codes(client.page, prefix)
        assert len(shown) <= 20
        found += shown
        older = [link for link in client.parsed.links if "before=" in link and link.startswith("/en/")]
        following = older[-1].replace("&amp;", "&") if older else None
    raise AssertionError("the pages never end")


def test_every_pact_is_on_exactly_one_page(client: Browser, many_pacts: None) -> None:
    found = _walk(client, "/en/pacts", "pacts")
    assert len(found) == len(set(found)) == 37
    assert _walk(client, "/en/pacts?kind=software", "pacts")[-1:] != []


def test_filters_stay_on_the_later_pages(client: Browser, many_pacts: None) -> None:
    found = _walk(client, "/en/pacts?kind=place&state=co_design", "pacts")
    assert len(found) == 21
    assert "before=" not in client.page or "kind=place" in client.page


def test_every_proposal_is_on_exactly_one_page_although_two_came_at_once(
    client: Browser, many_proposals: None, world: World
) -> None:
    found = _walk(client, "/en/proposals", "proposals")
    assert len(found) == len(set(found)) == 38
    assert world.codes["draft"] not in found


def test_the_later_page_leads_back_to_the_newest(client: Browser, many_pacts: None) -> None:
    client.get("/en/pacts?kind=place")
    older = next(link for link in client.parsed.links if "before=" in link)
    client.get(older)
    assert any(link.endswith("/en/pacts?kind=place") for link in client.parsed.links)


@pytest.mark.parametrize("path", ["/en/pacts", "/en/proposals"])
@pytest.mark.parametrize("value", ODD)
def test_an_odd_page_marker_breaks_nothing(client: Browser, path: str, value: str) -> None:
    assert client.get(f"{path}?before={value}").status_code == 200


@pytest.mark.parametrize("path", ["/en/pacts", "/en/proposals"])
@pytest.mark.parametrize("name", ["kind", "district", "state"])
@pytest.mark.parametrize("value", ["spaceship", "' OR 1=1 --", "x" * 5000])
def test_an_unknown_filter_counts_as_none(client: Browser, path: str, name: str, value: str) -> None:
    client.get(path)
    all_of_them = _codes(client.page, path.rpartition("/")[2])
    assert client.get(f"{path}?{name}={value}").status_code == 200
    assert _codes(client.page, path.rpartition("/")[2]) == all_of_them


@pytest.mark.parametrize(
    "address", ["pacts?kind=%00", "proposals?before=%00", "pacts?state=%0d%0a", "verify?code=%00"]
)
def test_a_sign_that_is_no_letter_is_answered(client: Browser, address: str) -> None:
    assert client.get(f"/en/{address}").status_code < 500


def test_a_filter_that_matches_nothing_says_so(client: Browser) -> None:
    client.get("/en/pacts?state=terminated")
    assert "No pact matches" in client.page


def test_the_list_says_of_each_pact_what_its_page_says(
    client: Browser, world: World, move_clock: Any
) -> None:
    for distance in (timedelta(0), timedelta(days=60), timedelta(days=4000)):
        move_clock(distance)
        client.get("/en/pacts")
        found = re.findall(
            r'<span class="tag[^>]*>([^<]+)</span>.*?href="/en/pacts/([^"]+)"', client.page, re.DOTALL
        )
        assert len(found) == 7
        for word, code in found:
            client.get(f"/en/pacts/{code}")
            on_page = re.search(r'<span class="tag[^>]*>([^<]+)</span>', client.page)
            assert on_page
            assert on_page[1] == word, code


def test_what_the_calendar_did_can_be_filtered(client: Browser, world: World, move_clock: Any) -> None:
    in_force = world.codes["in_force"]
    for days, state in ((0, "signed"), (60, "in_force"), (4000, "ended")):
        move_clock(timedelta(days=days))
        for asked in ("signed", "in_force", "ended"):
            client.get(f"/en/pacts?state={asked}")
            assert (in_force in _codes(client.page, "pacts")) == (asked == state), (days, asked)


def test_what_ended_last_comes_first_page_by_page(client: Browser, world: World) -> None:
    with db.reading() as session:
        found = pact_queries.listed(state="ended")
        today = date(2040, 1, 1)
        first = session.execute(found, {"before": pact_queries.NO_BOUND, "today": today}).all()
        after = session.execute(found, {"before": first[0].id, "today": today}).all()
        begun = session.execute(found, {"before": pact_queries.NO_BOUND, "today": first[0].ends_on}).all()
    assert [one.ends_on for one in first] == sorted((one.ends_on for one in first), reverse=True)
    assert [one.id for one in after] == [one.id for one in first[1:]]
    assert all(one.ends_on < first[0].ends_on for one in begun)


def test_the_seal_of_the_original_is_noted_with_it(client: Browser, world: World) -> None:
    with db.reading() as session:
        for pact, has_paper in session.execute(select(Pact, has_paper_each())):
            assert pact.is_sealed == bool(has_paper), pact.code
        assert session.scalars(select(Pact.is_sealed).where(Pact.code == world.codes["in_force"])).one()


def test_shared_things_are_listed_with_the_pacts_about_them(client: Browser, world: World) -> None:
    client.get("/en/commons?kind=software")
    found = re.findall(r'href="/en/commons/([a-z0-9-]+)"', client.page)
    assert len(found) == 1
    assert world.codes["signing"] in client.page
    with counting() as asked:
        client.get(f"/en/commons/{found[0]}")
    assert len(asked) <= 4, "\n".join(asked)
    assert f"/en/pacts/{world.codes['signing']}" in client.page
    assert client.get("/en/commons/no-such-thing").status_code == 404
    for value in ODD:
        assert client.get(f"/en/commons?before={value}").status_code == 200


def test_home_counts_only_pacts_that_bind_today(client: Browser, world: World, move_clock: Any) -> None:
    counts = []
    for distance in (0, 60, 4000):
        move_clock(timedelta(days=distance))
        client.get("/en/")
        words = re.sub(r"<[^>]+>|\s+", " ", client.page.partition("Right now")[2])
        found = re.search(r"(\d+)\s+active pacts|active pacts\s+(\d+)", words)
        assert found, words[:300]
        counts.append(int(found[1] or found[2]))
    assert counts == [0, 1, 0]


def test_a_plaque_leads_to_its_pact_for_good(client: Browser, world: World) -> None:
    with db.reading() as session:
        number = session.scalar(select(Pact.number).where(Pact.code == world.codes["in_force"]))
    answer = client.get(f"/en/p/{number}", follow=False)
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/en/pacts/{world.codes['in_force']}")
    assert client.get(f"/en/p/{HUGE}").status_code == 404
    assert client.get("/en/p/0").status_code == 404


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/en/pacts", 4),
        ("/en/proposals", 4),
        ("/en/pacts?kind=place", 4),
        ("/en/commons", 4),
        ("/en/fences", 3),
        ("/en/", 6),
    ],
)
def test_a_list_asks_little_however_long_it_is(
    client: Browser, many_pacts: None, path: str, most: int
) -> None:
    client.client.delete_cookie("portal")
    with counting() as asked:
        client.get(path)
    assert len(asked) <= most, "\n".join(asked)


def test_counting_fences_reads_one_measurement_of_each(
    world: World, database: db.Database, move_clock: Any
) -> None:
    from portal.fences import queries as fences
    from portal.fences.models import Fence, Measurement

    with db.writing() as session:
        fence = session.scalars(select(Fence).order_by(Fence.id)).first()
        session.execute(
            insert(Measurement),
            [
                {
                    "fence_id": fence.id,
                    "value": 1,
                    "measured_on": fence.in_force_from + timedelta(days=day),
                    "evidence": "",
                    "entered_at": clock.now(),
                }
                for day in range(200)
            ],
        )
    move_clock(timedelta(days=90))
    with db.reading(), counting() as asked:
        counts = fences.counts(clock.today())
    assert len(asked) == 1
    assert sum(counts.values()) > 0
