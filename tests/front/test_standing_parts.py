"""What is kept of public pages is the same whoever looked first, and holds nothing of anybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from markupsafe import Markup
from sqlalchemy import text

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


def _of_kind(app: Any, kind: type[Any]) -> Any:
    return next(one for one in app.jinja_env.extensions.values() if isinstance(one, kind))


def _parts_made_for(app: Any, name: str | None, paths: list[str]) -> dict[Any, str]:
    """Return every part that is kept after this viewer, and nobody before, opened the pages."""
    if name is None:
        client = app.test_client(use_cookies=False)
    else:
        browser = Browser(app)
        browser.sign_in(CAST[name][1])
        client = browser.client
    standing = _of_kind(app, parts.Standing)
    standing.parts.clear()
    _of_kind(app, parts.Kept).parts.clear()
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


# A row of every feature that says something on a pact's page.
SAID_OF_A_PACT = {
    "pact": "UPDATE pact SET summary = 'Altro' WHERE id = :id",
    "promise": "UPDATE promise SET what = 'Altro' WHERE pact_id = :id",
    "support": "UPDATE allocation SET value_cents = value_cents + 100 WHERE subject = :key",
    "fence": """UPDATE fence SET title = '{"en": "Altro"}' WHERE subject = :key""",
    "measure": """INSERT INTO measurement (fence_id, value, measured_on, evidence, entered_at)
        SELECT id, 7, :on, 'x', :at FROM fence WHERE subject = :key""",
    "paper": "UPDATE paper SET byte_size = 7654321 WHERE subject = :key",
    "what was observed": """UPDATE observation_period SET opens_at = datetime(opens_at, '-9 days')
        WHERE subject_key = :source""",
}


@pytest.mark.parametrize("change", SAID_OF_A_PACT.values(), ids=SAID_OF_A_PACT)
def test_each_thing_that_changes_makes_the_page_of_a_pact_another(
    app: Any, world: World, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    monkeypatch.setattr(kept, "MOST_PAGES", 0)
    monkeypatch.setattr(parts, "MOST_STANDING", 0)
    visitor = app.test_client(use_cookies=False)
    path = f"/en/pacts/{world.codes['in_force']}"
    before = visitor.get(path).data
    assert visitor.get(path).data == before
    with db.writing() as session:
        pact = session.query(Pact).filter_by(code=world.codes["in_force"]).one()
        values = {"id": pact.id, "key": pact.key, "source": f"proposal:{pact.proposal_code}"}
        values |= {"on": clock.today().isoformat(), "at": clock.now().isoformat(" ")}
        wanted = {name: value for name, value in values.items() if f":{name}" in change}
        assert session.execute(text(change), wanted).rowcount
    assert visitor.get(path).data != before


def test_a_page_of_a_pact_is_not_written_again_for_what_happens_elsewhere(app: Any, world: World) -> None:
    visitor, kept_parts = app.test_client(use_cookies=False), _of_kind(app, parts.Kept).parts
    path = f"/en/pacts/{world.codes['in_force']}"
    before, known = visitor.get(path).data, set(kept_parts)
    with db.writing():
        record(Did.PACT_SUSPENDED, f"pact:{world.codes['co_design']}", by=SYSTEM)
    assert visitor.get(path).data == before
    assert set(kept_parts) == known


def test_a_plain_text_among_kept_rows_is_escaped_and_markup_is_not(app: Any) -> None:
    each_kept = app.jinja_env.globals["each_kept"]
    written = {"b": Markup("<b>Giardino</b>"), "i": "<i>Eve</i>"}

    def macro(row: tuple[str]) -> Any:
        return written[row[0]]

    for _ in range(2):  # made, then kept
        told = each_kept(macro, [("b",), ("i",)])
        assert told == "<b>Giardino</b>&lt;i&gt;Eve&lt;/i&gt;"
