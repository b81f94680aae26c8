"""The portal's own promises in each language, and the way from an address without a language."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser import Browser

PAGES = ["about", "privacy", "accessibility"]


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_the_promises_are_there_in_each_language(client: Browser, language: str, page: str) -> None:
    assert client.get(f"/{language}/{page}").status_code == 200
    assert f'<html lang="{language}">' in client.page
    for other in PAGES:
        assert f"/{language}/{other}" in client.parsed.links


@pytest.mark.parametrize("page", PAGES)
def test_the_languages_do_not_say_the_same_words(client: Browser, page: str) -> None:
    def words() -> set[str]:
        return {line for line in client.page.partition("<main")[2].split("<p>") if len(line) > 60}

    client.get(f"/en/{page}")
    english = words()
    client.get(f"/it/{page}")
    assert not english & words()


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("en", "en"),
        ("it", "it"),
        ("de, en;q=0.4", "en"),
        ("de", "it"),
        ("", "it"),
        ("it-IT,it;q=0.9,en;q=0.8", "it"),
        ("xx\u00ff", "it"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/pacts", "/verify"])
def test_an_address_without_a_language_leads_to_the_best_one(
    client: Browser, header: str, language: str, path: str
) -> None:
    answer = client.client.get(f"{path}?a=1&b=%20", headers={"Accept-Language": header})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/{language}{path}?a=1&b=%20"
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_post_without_a_language_is_repeated_with_its_body(client: Browser) -> None:
    answer = client.client.post("/verify", data={"code": "x"})
    assert answer.status_code == 307
    assert answer.headers["Location"].endswith("/verify")


@pytest.mark.parametrize("path", ["/de/pacts", "/nothing", "/en/nothing", "//evil.example/", "/x%0d%0aY:1"])
def test_an_address_that_leads_nowhere_leads_to_no_other_site(client: Browser, path: str) -> None:
    answer: Any = client.client.get(path)
    assert answer.status_code in {400, 404}
    assert "Location" not in answer.headers


def test_the_rules_stand_with_their_sources_and_every_version_at_its_own_address(client: Browser) -> None:
    client.get("/en/rules")
    for words in (
        "check with counsel",
        "30 days. Begun today, the last day is",
        "silence decides nothing",
        "article 10-bis of Law 241",
        "15 days at least",
        "Settling disputes",
        "at least 20 hours a week",
        "sets a server up within 30 days",
        "told at 80, 100 percent",
    ):
        assert words in client.page
    assert client.get("/en/rules/2023-01-01").status_code == 200
    assert client.get("/it/rules/1999-01-01").status_code == 404
    assert client.get("/it/rules/..%2Fbarcelona").status_code == 404
