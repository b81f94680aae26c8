"""Search engines are told of every public page in every language, and of nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select, update

from portal import db
from portal.commons.models import Commons
from portal.front import sitemap
from portal.organisations.models import Organisation
from portal.support.models import Allocation, Holding
from tests.counting import counting
from tests.front.conftest import World

SITE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def robot(app: Any, world: World) -> Any:
    return app.test_client(use_cookies=False)


def _paths(answer: Any, name: str = "loc") -> list[str]:
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    return [urlsplit(str(one.text)).path for one in ET.fromstring(answer.data).iter(f"{SITE}{name}")]


def _ways(answer: Any) -> list[str]:
    whole = (urlsplit(str(one.text)) for one in ET.fromstring(answer.data).iter(f"{SITE}loc"))
    return [f"{one.path}?{one.query}" if one.query else one.path for one in whole]


def test_robots_are_led_to_the_sitemap_and_kept_from_rooms(robot: Any) -> None:
    text = robot.get("/robots.txt").text
    base = robot.application.config["PORTAL"].base_url
    assert f"Sitemap: {base}/sitemap.xml\n" in text
    assert "Disallow: /it/desk\n" in text
    assert "/pacts" not in text


def test_every_page_of_the_sitemap_opens_for_a_visitor(robot: Any, world: World) -> None:
    ways = _ways(robot.get("/sitemap.xml"))
    assert len(set(ways)) == len(ways)
    for way in ways:
        assert robot.get(way).status_code == 200, way
    for state in ("in_force", "co_design", "suspended"):
        assert f"/it/pacts/{world.codes[state]}" in ways
    assert f"/en/proposals/{world.codes['submitted']}" in ways
    assert "/en/money/pools/2026/test-funding" in ways
    assert any(way.startswith("/en/money/decisions/") for way in ways)
    assert any(way.startswith("/en/organisations/") for way in ways)
    assert any(way.startswith("/en/commons/") for way in ways)
    assert {"/it/", "/it/money?year=2026", "/en/rules", "/en/about"} <= set(ways)
    assert [way for way in ways if way.startswith("/en/rules/")]


def test_each_page_names_itself_in_every_language_and_when_it_changed(robot: Any, world: World) -> None:
    tree = ET.fromstring(robot.get("/sitemap.xml").data)
    found = {str(one.findtext(f"{SITE}loc")): one for one in tree}
    base, path = robot.application.config["PORTAL"].base_url, f"/pacts/{world.codes['in_force']}"
    for language in ("it", "en"):
        one = found[f"{base}/{language}{path}"]
        ways = {link.get("hreflang"): link.get("href") for link in one.iter(LINK)}
        assert ways == {other: f"{base}/{other}{path}" for other in ("it", "en")}
        assert datetime.fromisoformat(str(one.findtext(f"{SITE}lastmod"))).tzinfo is not None


def test_what_is_private_hidden_or_only_asked_for_is_not_told(robot: Any, world: World) -> None:
    before = robot.get("/sitemap.xml").text
    assert world.codes["draft"] not in before
    with db.writing() as session:
        session.execute(update(Commons).values(withdrawn_at=AT))
        session.execute(update(Organisation).values(hidden_at=AT, hidden_reason="Asked for by its members"))
    paths = _paths(robot.get("/sitemap.xml"))
    assert not [one for one in paths if one.startswith(("/en/organisations/", "/en/commons/"))]
    with db.reading() as session:
        told = set(session.scalars(select(Holding.allocation_id)))
        every = set(session.scalars(select(Allocation.id)))
    decided = {int(one.rpartition("/")[2]) for one in paths if one.startswith("/en/money/decisions/")}
    assert decided == told < every


def test_a_large_city_has_files_that_hold_the_same_and_each_asks_once(
    robot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _ways(robot.get("/sitemap.xml"))
    monkeypatch.setattr(sitemap, "MOST", 4)
    with counting() as asked:
        files = _paths(robot.get("/sitemap.xml"))
    assert len(asked) <= 2  # what stands, and the highest numbers
    assert len(files) > len(sitemap.KINDS)
    parts: list[str] = []
    for path in files:
        with counting() as asked:
            answer = robot.get(path)
        assert len(asked) <= 3, path
        parts += _ways(answer)
    assert sorted(parts) == sorted(whole)


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemaps/pages-1.xml", "/sitemaps/pacts-1.xml"])
def test_asked_again_it_is_one_read_until_something_happens(robot: Any, path: str) -> None:
    mark = robot.get(path).headers["ETag"]
    with counting() as asked:
        again = robot.get(path, headers={"If-None-Match": mark})
    assert (again.status_code, again.data, len(asked)) == (304, b"", 1)


@pytest.mark.parametrize(
    "name", ["pacts-0", "pacts-2", "pacts-99999999999", "pages-2", "drafts-1", "pacts--1", "pacts-x"]
)
def test_there_are_no_other_files(robot: Any, name: str) -> None:
    assert robot.get(f"/sitemaps/{name}.xml").status_code == 404
