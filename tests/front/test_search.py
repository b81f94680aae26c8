"""The search page: one box that answers whatever is typed into it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal import db, search
from portal.front import codes, finding
from portal.search import Card, asking
from portal.support.models import Allocation, Pool
from tests.counting import counting
from tests.front.conftest import World

AT = datetime(2026, 3, 1, tzinfo=UTC)


def _search(client: Any, typed: str) -> Any:
    return client.get(f"/en/search?q={quote(typed)}", follow=False)


def test_words_find_a_pact_and_are_marked_in_it(client: Any, world: World) -> None:
    text = client.get("/en/search?q=firmato+carta").text
    assert "Patto <mark>firmato</mark> senza <mark>carta</mark>" in text
    assert world.codes["unsealed"] in text


@pytest.mark.parametrize("typed", ["{code}", "{lower}", "  {code} ", "{bare}", "{spaced}"])
@pytest.mark.parametrize("state", ["in_force", "submitted"])
def test_a_code_leads_straight_to_its_case(client: Any, world: World, typed: str, state: str) -> None:
    code = world.codes[state]
    spaced = code.replace("-", " ")
    typed = typed.format(code=code, lower=code.lower(), bare=code.replace("-", ""), spaced=spaced)
    answer = _search(client, typed)
    room = "proposals" if state == "submitted" else "pacts"
    assert (answer.status_code, urlsplit(answer.location).path) == (302, f"/en/{room}/{code}")


def test_the_number_on_a_plaque_leads_to_its_pact(client: Any, world: World) -> None:
    for typed in ("1", "n. 1", "#1", "n°1"):
        answer = _search(client, typed)
        assert (answer.status_code, answer.location) == (302, f"/en/pacts/{world.codes['in_force']}")
    assert client.get("/en/search?q=999999").status_code == 200


def test_the_code_of_a_draft_leads_nowhere_and_says_nothing(client: Any, world: World) -> None:
    answer = _search(client, world.codes["draft"])
    unknown = client.get("/en/search?q=PR-2222-22")
    assert answer.status_code == unknown.status_code == 200
    assert answer.text.replace(world.codes["draft"], "PR-2222-22") == unknown.text
    assert "Bozza" not in client.get("/en/search?q=bozza+segreta").text


def test_what_is_not_public_is_not_shown_even_from_a_wrong_index(client: Any, world: World) -> None:
    with db.writing():
        for code in (world.codes["draft"], "PR-NONE-22"):
            search.put(Card(f"proposal:{code}", AT, "it", "Cosa fantasma"))
    assert "<mark>fantasma</mark>" not in client.get("/en/search?q=fantasma").text


@pytest.mark.parametrize(
    ("typed", "way"),
    [("sostegno+2026", "/en/money?year=2026"), ("support+2026", "/en/money?year=2026")],
)
def test_a_year_of_the_money_is_found_in_either_language(client: Any, typed: str, way: str) -> None:
    assert f'href="{way}"' in client.get(f"/en/search?q={typed}&kind=money").text


def test_a_fund_is_found_by_its_name_and_its_kind(client: Any) -> None:
    with db.reading() as session:
        pool = session.scalars(select(Pool).where(Pool.kind == "funding")).first()
        assert pool is not None
        way, name = f"/it/money/pools/{pool.year}/{pool.slug}", quote(pool.name)
    for typed in (name, "contributo"):
        assert f'href="{way}"' in client.get(f"/it/search?q={typed}&kind=money").text, typed


def test_a_decision_is_found_by_its_pact_and_by_its_reason_once_a_second_person_agreed(
    client: Any, world: World
) -> None:
    with db.reading() as session:
        mine = select(Allocation).where(Allocation.subject == f"pact:{world.codes['in_force']}")
        decided = session.scalars(mine.where(Allocation.approved_at.is_not(None))).first()
        asked = session.scalars(select(Allocation).where(Allocation.approved_at.is_(None))).first()
        assert decided is not None
        assert asked is not None
    for typed in (
        "in_force+patto",
        quote(decided.reason),
        world.codes["in_force"].replace("-", "+") + "+patto",
    ):
        text = client.get(f"/en/search?q={typed}&kind=money").text
        assert f'href="/en/money/decisions/{decided.id}"' in text, typed
        assert f'href="/en/money/decisions/{asked.id}"' not in text


def _results(client: Any, way: str) -> list[str]:
    return re.findall(r"<li>(.*?)</li>", client.get(way).text.partition('class="results"')[2], re.DOTALL)


def test_a_decision_says_in_which_language_it_is_where_the_page_is_in_another(client: Any) -> None:
    for language, says in (("en", True), ("it", False)):
        found = _results(client, f"/{language}/search?q=patto&kind=money")
        assert found
        assert all((' lang="it">' in one) == says for one in found if "/money/decisions/" in one)
    assert _results(client, "/en/search?q=patto&kind=money&language=it") == _results(
        client, "/en/search?q=patto&kind=money"
    )


@pytest.mark.parametrize("language", ["en", "it"])
def test_a_year_and_a_fund_end_with_their_words_and_a_year_is_called_as_the_page_speaks(
    client: Any, language: str
) -> None:
    found = _results(client, f"/{language}/search?q=2026&kind=money")
    years = [one for one in found if "/money?year=" in one]
    assert years
    assert len(years) < len(found), "funds of 2026 too"
    assert not [one for one in found if re.search(r'<p class="small">\s*</p>', one)]
    words = {"en": "Where the support goes", "it": "Dove va il sostegno"}[language]
    assert all(words in re.sub("<[^>]+>", "", one) for one in years)


@pytest.mark.parametrize("typed", ["2026", "contributo", "patto"])
def test_every_page_of_the_money_that_is_found_opens(client: Any, typed: str) -> None:
    text = client.get(f"/en/search?q={typed}&kind=money").text
    ways = re.findall(r'<h3><a href="([^"]+)"', text)
    assert ways
    for way in ways:
        assert client.get(way).status_code == 200, way


def test_filters_stand_in_the_address_and_can_each_be_taken_away(client: Any) -> None:
    text = client.get("/it/search?q=patto&kind=pact&district=navile&before=x").text
    assert 'href="/it/search?q=patto&amp;district=navile"' in text
    assert 'href="/it/search?q=patto&amp;kind=pact"' in text
    assert "Senza filtri" in client.get("/it/search?q=firmato+carta&kind=commons&district=navile").text


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("q=" + "a" * 201, 422, "200 characters or fewer"),
        ("q=" + "+".join(f"w{n}" for n in range(1000)), 422, "characters or fewer"),
        ("q=" + "+".join(f"w{n}" for n in range(13)), 422, "12 words or fewer"),
        ("q=the+of+il", 200, "no word here"),
        ("q=%22%27%29%28*", 200, "Check the spelling"),
        ("q=xyzzy", 200, "Check the spelling"),
        ("q=a%00b", 400, ""),
        ("q=%ED%A0%80", 200, ""),
        ("q=&kind=nonsense&district=nowhere&language=xx", 200, "Accents and endings"),
        ("", 200, "Accents and endings"),
    ],
)
def test_odd_input_is_answered_in_words(client: Any, query: str, status: int, says: str) -> None:
    answer = client.get(f"/en/search?{query}")
    assert answer.status_code == status
    assert says in answer.text


def test_what_was_typed_too_long_is_given_back_and_hostile_words_are_harmless(client: Any) -> None:
    long = "giardino " * 30
    assert "giardino giardino" in _search(client, long).text
    hostile = _search(client, "<script>alert(1)</script>").text
    assert "<script>alert" not in hostile
    assert "&lt;script&gt;" in hostile


@pytest.mark.parametrize("path", ["/en/pacts?q=carta", "/en/proposals?q=arrivata", "/en/commons?q=carta"])
def test_the_lists_take_words_too(client: Any, path: str) -> None:
    text = client.get(path).text
    assert text.count('<li class="card">') == 1
    assert client.get(f"{path}+xyzzy").text.count('<li class="card">') == 0
    assert client.get(f"{path.partition('?')[0]}?q={'a' * 201}").status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "/en/search?q=patto",
        "/en/pacts?q=patto",
        "/en/proposals?q=patto",
        "/en/commons?q=patto",
        "/en/search?q=zzz&kind=pact",
    ],
)
def test_it_asks_the_database_four_times_at_most(client: Any, path: str) -> None:
    client.get(path)
    with counting() as asked:
        client.get(f"{path}&district=")
    assert len(asked) <= 4, asked


def test_pages_of_answers_follow_each_other(client: Any, world: World) -> None:
    with db.writing():
        for number in range(45):
            search.put(Card(f"commons:c-{number}", AT, "", f"Cortile {number}", sort="place"))
    seen, path = [], "/en/search?q=cortili"
    while path and len(seen) < 100:
        text = client.get(path).text
        seen += [part.partition('"')[0] for part in text.split('href="/en/commons/c-')[1:]]
        after = text.partition('rel="next" href="')[2].partition('"')[0]
        path = after.replace("&amp;", "&")
    assert sorted(map(int, seen)) == list(range(45))


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_codes(typed: str) -> None:
    found = codes.read(typed)
    assert found is None or found.kind in {"proposal", "pact", "plaque"}


def test_codes_are_read_however_they_are_written() -> None:
    assert codes.read("bo 2026 41") == ("pact", "BO-2026-041")
    assert codes.read("pr7q4k29") == ("proposal", "PR-7Q4K-29")
    assert codes.read("via Larga 12") is None
    assert codes.read("2026-041") is None


_FILTER = st.sampled_from(["", "pact", "proposal", "commons", "it", "place", "navile", "x"])


@given(st.text(max_size=60), _FILTER, _FILTER, _FILTER, _FILTER)
def test_a_search_reads_back_from_its_own_query_string(
    typed: str, kind: str, district: str, language: str, sort: str
) -> None:
    given_ = {"q": typed, "kind": kind, "district": district, "language": language, "sort": sort}
    try:
        wanted = asking.read(given_)
    except asking.Invalid:
        return
    again = asking.read(dict(parse_qsl(wanted.canonical())))
    assert again == wanted
    assert again.canonical() == wanted.canonical()


@given(st.text(max_size=80), st.text(max_size=20))
def test_marking_changes_no_letter(text: str, typed: str) -> None:
    marked = finding.marked(text, asking.terms_of(typed))
    assert marked.replace("<mark>", "").replace("</mark>", "").unescape() == finding.escape(text).unescape()
