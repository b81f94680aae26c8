"""The page of a pact in each of its states, and the page of a proposal: everything public, nothing private."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal import db
from portal.proposals.models import Proposal
from tests.browser import Browser
from tests.conftest import CAST
from tests.counting import counting
from tests.front.conftest import World

STATES = {
    "co_design": "Co-design",
    "agreed": "Text agreed",
    "signing": "Ready to sign",
    "unsealed": "Signed",
    "in_force": "Signed",
    "suspended": "Suspended",
    "concluded": "Ended",
}
PRIVATE = {
    "contact_name": "Contatta Segreta",
    "contact_email": "contatta@privata.example",
    "contact_phone": "051 999 888 777",
    "adult_name": "Adulta Nascosta",
}
NOT_YET = "Everybody has signed. The sealed agreement is being issued"
READERS = ["visitor", "eve", "outsider"]


def _first_tag(page: str) -> str:
    found = re.search(r'<span class="tag[^>]*>([^<]+)</span>', page)
    assert found
    return found[1]


def _open_as(client: Browser, reader: str) -> None:
    """Be a visitor, Eve, or somebody who holds a case of their own and none of these."""
    if reader == "visitor":
        return
    if reader == "outsider":
        client.get("/en/join")
        client.post(
            "/en/join",
            {
                "name": "Olga Fuori",
                "email": "olga@example.org",
                "password": "lamp tide oven moss",
                "agreed": "y",
            },
        )
        return
    client.sign_in(CAST[reader][1])


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("state", STATES)
def test_a_pact_shows_itself_in_every_state(client: Browser, world: World, state: str, language: str) -> None:
    assert client.get(f"/{language}/pacts/{world.codes[state]}").status_code == 200
    if language == "en":
        assert _first_tag(client.page) == STATES[state]
    assert (NOT_YET in client.page) == (state == "unsealed" and language == "en")


def test_a_pact_is_in_force_from_its_first_day_to_its_last(
    client: Browser, world: World, move_clock: Any
) -> None:
    move_clock(timedelta(days=60))
    client.get(f"/en/pacts/{world.codes['in_force']}")
    assert _first_tag(client.page) == "Active"
    client.get(f"/en/pacts/{world.codes['unsealed']}")
    assert _first_tag(client.page) == "Signed"
    assert NOT_YET in client.page


def test_papers_stand_on_the_page_only_in_their_public_edition(client: Browser, world: World) -> None:
    client.get(f"/en/pacts/{world.codes['in_force']}")
    papers = [link for link in client.parsed.links if "agreement.pdf" in link]
    assert papers
    assert not [link for link in papers if "original" in link]


def test_the_words_of_a_text_between_the_sides_are_not_public(client: Browser, world: World) -> None:
    for state in ("co_design", "agreed"):
        client.get(f"/en/pacts/{world.codes[state]}")
        assert "Aprire il cancello" not in client.page
        assert client.get(f"/en/pacts/{world.codes[state]}/versions/1").status_code in {403, 404}


@pytest.mark.parametrize("code", ["BO-2099-999", "x", "%00", "%0d%0aX: y", "<b>", "..%2f..", "é", "-" * 3000])
@pytest.mark.parametrize("room", ["pacts", "proposals", "verify"])
def test_a_code_that_is_none_is_not_found(client: Browser, room: str, code: str) -> None:
    assert client.get(f"/en/{room}/{code}").status_code == 404


def test_a_code_is_found_however_it_was_typed(client: Browser, world: World) -> None:
    assert client.get(f"/en/pacts/{world.codes['in_force'].lower()}").status_code == 200
    assert client.get(f"/en/proposals/{world.codes['submitted'].lower()}").status_code == 200


@pytest.mark.parametrize("reader", ["visitor", "eve", "rosa", "giulia"])
def test_a_draft_is_nobodys_to_see(client: Browser, world: World, reader: str) -> None:
    _open_as(client, reader)
    for language in ("it", "en"):
        assert client.get(f"/{language}/proposals/{world.codes['draft']}").status_code == 404
        assert "Bozza segreta" not in client.page


@pytest.fixture
def private(world: World, database: db.Database) -> list[str]:
    """Give every case a contact that must appear nowhere, and return the addresses of all public pages."""
    with db.writing() as session:
        session.execute(update(Proposal).values(**PRIVATE))
        proposals = list(session.scalars(select(Proposal.code)))
    pages = [f"/proposals/{code}" for code in proposals]
    pages += [
        f"/pacts/{code}{room}"
        for name, code in world.codes.items()
        if name in STATES
        for room in ("", "/history")
    ]
    return [*pages, "/", "/pacts", "/proposals"]


@pytest.mark.parametrize("reader", READERS)
def test_how_to_reach_people_stands_on_no_public_page(
    client: Browser, private: list[str], reader: str
) -> None:
    _open_as(client, reader)
    for path in private:
        client.get(f"/en{path}")
        for name, value in PRIVATE.items():
            assert value not in client.page, f"{name} on {path}"
        for _, mail, _ in (CAST["rosa"], CAST["teo"], CAST["nina"]):
            assert mail not in client.page, path
        assert "Rosa Neri" not in client.page, path


@pytest.mark.parametrize(("state", "most"), [(name, 10) for name in STATES])
def test_a_pact_page_asks_little(
    client: Browser, world: World, move_clock: Any, state: str, most: int
) -> None:
    move_clock(timedelta(days=60))
    with counting() as asked:
        client.get(f"/en/pacts/{world.codes[state]}")
    assert len(asked) <= most, "\n\n".join(asked)


def test_a_proposal_page_asks_little(client: Browser, world: World) -> None:
    with db.reading() as session:
        codes = list(session.scalars(select(Proposal.code).where(Proposal.submitted_at.is_not(None))))
    for code in codes:
        with counting() as asked:
            assert client.get(f"/en/proposals/{code}").status_code == 200
        assert len(asked) <= 6, "\n\n".join(asked)
