"""What is kept of public pages is the same whoever looked first, and holds nothing of anybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal import clock, db
from portal.pacts.models import Pact
from portal.policy import SYSTEM
from portal.record import Did, record
from portal.web import kept, parts
from tests.browser import Browser
from tests.conftest import CAST
from tests.counting import counting
from tests.front.conftest import World
from tests.front.test_budgets import PUBLIC

VIEWERS = (None, "eve", "rosa", "giulia", "nuria")
SAID = "X-Request-ID", "Date"


@pytest.fixture(autouse=True)
def _later(app: Any) -> None:
    clock.set_offset(timedelta(hours=2))


def _standing(app: Any) -> parts.Standing:
    found: parts.Standing = next(
        one for one in app.jinja_env.extensions.values() if isinstance(one, parts.Standing)
    )
    return found


def _parts_made_for(app: Any, name: str | None, paths: list[str]) -> dict[Any, str]:
    """Return every part that is kept after this viewer, and nobody before, opened the pages."""
    if name is None:
        client = app.test_client(use_cookies=False)
    else:
        browser = Browser(app)
        browser.sign_in(CAST[name][1])
        client = browser.client
    standing = _standing(app)
    standing.parts.clear()
    for path in paths:
        # A notice for this one person waits to be shown.
        if name is not None:
            with client.session_transaction() as mine:
                mine["_flashes"] = [("message", f"Only for {name}")]
        assert client.get(path).status_code in {200, 404}
    # Their acts of signing in and of looking are no public ones, so the marks are the same for all.
    return {key: str(part) for key, part in standing.parts.items()}


def test_no_part_tells_who_looked_first(app: Any, world: World, cast: Any) -> None:
    paths = [path.format(**world.codes) for path in PUBLIC]
    paths += [path.replace("/en/", "/it/", 1) for path in paths if path.startswith("/en/pacts")]
    made = {name: _parts_made_for(app, name, paths) for name in VIEWERS}
    assert len(made[None]) >= 10
    together: dict[Any, str] = {}
    for name, found in made.items():
        for key, part in found.items():
            assert part == together.setdefault(key, part), (name, key)
            assert "csrf_token" not in part
            assert "Only for" not in part
            assert not name or CAST[name][0] not in part or part == made[None].get(key)


def test_every_kept_page_is_the_same_for_two_visitors(app: Any, world: World) -> None:
    found = []
    for words in ({"User-Agent": "one", "Accept-Language": "it"}, {"User-Agent": "other", "Referer": "/en/"}):
        kept.forget()
        visitor = app.test_client(use_cookies=False)
        for path in PUBLIC:
            answer = visitor.get(path.format(**world.codes), headers=words)
            assert "Set-Cookie" not in answer.headers or "ETag" not in answer.headers
        found.append(
            {
                key: (one.body, [told for told in one.headers if told[0] not in SAID])
                for key, one in kept._pages.items()
            }
        )
    assert len(found[0]) >= 15
    assert found[0] == found[1]


def test_what_happens_in_public_makes_the_part_new_also_for_who_is_signed_in(
    app: Any, world: World, cast: Any
) -> None:
    browser = Browser(app)
    browser.sign_in(CAST["eve"][1])
    path = f"/en/pacts/{world.codes['co_design']}"
    browser.get(path)
    with counting() as again:
        browser.get(path)
    with db.writing() as session:
        pact = session.query(Pact).filter_by(code=world.codes["co_design"]).one()
        pact.title = "Un altro titolo"
        record(Did.PACT_SUSPENDED, pact.key, by=SYSTEM)
    with counting() as anew:
        page = browser.get(path)
    assert '<h1 lang="it">Un altro titolo</h1>' in page.get_data(as_text=True)
    assert len(again) + 4 < len(anew)


def test_a_unit_that_has_looked_already_keeps_nothing(app: Any, world: World) -> None:
    # Its eyes may be older than the mark: the newer mark must not stand over the older sight.
    with app.test_request_context("/en/pacts"), db.reading() as session:
        assert parts.public_mark() is not None
        session.query(Pact).first()
        assert parts.public_mark() is None
