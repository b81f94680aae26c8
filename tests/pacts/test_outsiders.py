"""Who has no part in a pact sees what everybody sees, and reaches nothing else by any address."""

from __future__ import annotations

from typing import Any

import pytest

from portal import db
from portal.errors import NotAllowed
from portal.pacts import actions, queries
from tests.browser import Browser
from tests.pacts import journey

PRIVATE = (
    "co-design",
    "co-design/terms",
    "signature",
    "reports/new",
    "fences/f1/measurements",
    "agreement.pdf?edition=original",
)
POSTS = (
    "co-design/suggestions",
    "co-design/suggestions/1/answer",
    "co-design/suggestions/1/withdrawal",
    "co-design/terms",
    "co-design/reopening",
    "agreement",
    "signature",
    "reports",
    "fences/f1/measurements",
)
DESK_POSTS = ("acceptance", "signing", "life", "reports/1/validation", "reports/1/return")


@pytest.fixture
def pact(cast: Any) -> Any:
    pact = journey.signed(cast)
    rosa, content = cast.rosa, journey.told(pact)
    with db.writing():
        actions.send_report(journey.here(pact), 1, content, by=rosa)
    return pact


@pytest.mark.parametrize("who", ["", "eve", "nina"])
def test_private_rooms_are_closed(app: Any, cast: Any, pact: Any, who: str) -> None:
    browser = Browser(app)
    if who:
        browser.sign_in(cast.person(who).email)
    for path in PRIVATE:
        answer = browser.get(f"/en/pacts/{pact.code}/{path}", follow=False)
        assert answer.status_code in {303, 403, 404}, path
    for path in POSTS:
        answer = browser.post(f"/en/pacts/{pact.code}/{path}", {"number": "2", "reason": "x"}, follow=False)
        assert answer.status_code in {403, 404, 422}, path
    for path in DESK_POSTS:
        answer = browser.post(f"/en/desk/cases/{pact.code}/{path}", {"reason": "x"}, follow=False)
        assert answer.status_code == 403, path
    assert browser.get("/en/desk", follow=False).status_code in {303, 403}
    assert browser.get(f"/en/desk/cases/{pact.code}", follow=False).status_code in {303, 403}
    assert browser.get(f"/en/pacts/{pact.code}/reports/1").status_code == 404


def test_what_is_public_names_no_person(app: Any, cast: Any, pact: Any) -> None:
    visitor = Browser(app)
    for path in ("reports", "history", f"versions/{pact.agreed_version}"):
        assert visitor.get(f"/en/pacts/{pact.code}/{path}").status_code == 200
        for name in ("Rosa Neri", "Giulia Bassi", "Nuria Vidal", "rosa@example.org"):
            assert name not in visitor.page, (path, name)


def test_drafts_of_the_text_stay_between_the_sides(app: Any, cast: Any) -> None:
    pact = journey.accepted(cast)
    eve = Browser(app)
    eve.sign_in(cast.person("eve").email)
    assert eve.get(f"/en/pacts/{pact.code}/versions/1").status_code == 404
    assert eve.get(f"/en/pacts/{pact.code}/history").status_code == 200
    assert eve.get(f"/en/pacts/{pact.code}/agreement.pdf").status_code == 404


@pytest.mark.parametrize("who", ["eve", "teo", "aldo"])
def test_no_verb_works_for_an_outsider(cast: Any, who: str) -> None:
    pact = journey.accepted(cast)
    actor = getattr(cast, who)
    version = journey.version_of(pact)
    tries = (
        lambda: actions.suggest(journey.here(pact), "object", {"text": {"it": "a", "en": "b"}}, by=actor),
        lambda: actions.agree(journey.here(pact), 1, version.content_hash, by=actor),
        lambda: actions.reopen(journey.here(pact), "because", by=actor),
        lambda: actions.open_signing(journey.here(pact), by=actor),
        lambda: actions.send_report(journey.here(pact), 1, journey.told(pact), by=actor),
    )
    for attempt in tries[:4]:
        with pytest.raises(NotAllowed), db.writing():
            attempt()


def test_the_lists_of_a_person_hold_only_their_own(cast: Any) -> None:
    pact = journey.accepted(cast)
    for actor, codes in ((cast.rosa, [pact.code]), (cast.eve, []), (cast.teo, [])):
        with db.reading() as session:
            assert [one.code for one in session.scalars(queries.of_actor(actor))] == codes


@pytest.mark.parametrize("code", ["BO-2026-999", "%27", "../x", "PR-AAAA-AA", "x" * 300])
def test_codes_that_are_none(app: Any, cast: Any, code: str) -> None:
    officer = Browser(app)
    officer.sign_in(cast.person("giulia").email)
    for path in (f"/en/pacts/{code}/co-design", f"/en/desk/cases/{code}", f"/en/pacts/{code}/reports"):
        assert officer.get(path).status_code == 404
