"""The whole matrix of roles, addresses and methods: as written in the docs, and as the application answers."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import pytest

from portal import db, policy
from portal.cli import routing
from portal.people import actions as people
from portal.people.actions.factors import enter_app
from portal.people.factors import seeded_secret
from portal.policy import SYSTEM, Role
from tests.browser import Browser
from tests.conftest import PASSWORD
from tests.policy.test_routes import addresses

PAGE = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
# Sent last, because whoever sends them is signed out.
ENDING = ("/sessions", "/sessions/end", "/password", "/privacy/erasure", "/sign-out")


def enter(app: Any, who: str) -> Browser:
    """Return the browser of a visitor, of a person, or of a person with one city role."""
    browser = Browser(app)
    if who != "visitor":
        email = f"{who}@city.example"
        with db.writing():
            person = people.join("Somebody", email, PASSWORD)
            if who in set(Role):
                people.grant(person, Role(who), by=SYSTEM)
                enter_app(person, seeded_secret(email))
        browser.sign_in(email)
    return browser


def answers(app: Any, browser: Browser, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    """Return the answers at these endpoints and methods, with names in the addresses that nothing bears."""
    browser.get("/en/sign-in")
    token, found = browser.token(), {}
    for endpoint, address in addresses(app, "GET"):
        if (endpoint, "GET") in wanted:
            found[endpoint, "GET"] = browser.client.get(address)
    for endpoint, address in sorted(addresses(app, "POST"), key=_when_sent):
        if (endpoint, "POST") in wanted:
            found[endpoint, "POST"] = browser.client.post(address, data={"csrf_token": token})
    return found


def _when_sent(one: tuple[str, str]) -> int:
    return next((place for place, end in enumerate(ENDING, start=1) if one[1].endswith(end)), 0)


def is_shut(answer: Any) -> bool:
    """Say whether the gate of the route refused, before anything was looked for."""
    if answer.status_code in {302, 303}:
        return "/sign-in?next=" in answer.headers["Location"]
    page = html.unescape(answer.get_data(as_text=True))
    sentences = (str(policy.NOT_YOURS), str(policy.SIGN_IN_FIRST))
    return answer.status_code == 403 and any(sentence in page for sentence in sentences)


@pytest.mark.parametrize("who", routing.WHO)
def test_the_application_answers_as_the_matrix_says(app: Any, database: db.Database, who: str) -> None:
    del database
    place = list(routing.WHO).index(who)
    # What is open to everybody is tried as the visitor; the others would see the same again.
    lines = [line for line in routing.lines(app) if who == "visitor" or routing.NO in line.cells]
    found = answers(app, enter(app, who), {(line.endpoint, line.method) for line in lines})
    shut = {
        (line.path, line.method): is_shut(found[line.endpoint, line.method])
        for line in lines
        if (line.endpoint, line.method) in found
    }
    said = {(line.path, line.method): line.cells[place] for line in lines}
    # "own" hangs on the thing, which nothing here bears: the gate may be open, or ask to sign in first.
    wrong = {
        one: said[one]
        for one, was_shut in shut.items()
        if said[one] != routing.OWN and was_shut != (said[one] == routing.NO)
    }
    assert not wrong


def test_the_page_of_the_docs_says_what_the_application_does(app: Any) -> None:
    said = "\n".join(routing.matrix(app)) + "\n"
    assert PAGE.read_text(encoding="utf-8") == said, (
        "write it anew: portal routes --matrix > docs/permissions.md"
    )
