"""The issued papers are served under the pact's address: the public edition to all, the original to the sides."""

from __future__ import annotations

from typing import Any

import pytest

from portal import clock, crypto, db
from portal.documents.models import Edition, Key, Paper
from portal.pacts import queries
from tests.browser import Browser
from tests.pacts import journey


def issue(app: Any, pact: Any, kind: str, language: str, edition: Edition, *, version: int = 1) -> bytes:
    """Put a sealed paper into the store, as the worker does at the end."""
    content = f"%PDF-1.7 {kind} {language} {edition}".encode()
    file_hash = app.extensions["store"].put(content)
    key = Key(kind, pact.key, version, language, edition)
    with db.writing() as session:
        session.add(
            Paper(
                kind=kind,
                subject=pact.key,
                version=version,
                language=language,
                edition=edition.value,
                code=key.code,
                state="sealed",
                content_hash=pact.agreed_hash,
                json_hash=crypto.sha256_hex(b"json"),
                unsigned_hash=crypto.sha256_hex(content),
                file_hash=file_hash,
                byte_size=len(content),
                pages=1,
                created_at=clock.now(),
                rendered_at=clock.now(),
                sealed_at=clock.now(),
            )
        )
    return content


@pytest.fixture
def pact(app: Any, cast: Any) -> Any:
    return journey.signed(cast)


def test_before_it_is_issued_the_page_says_so(app: Any, pact: Any) -> None:
    visitor = Browser(app)
    assert visitor.get(f"/en/pacts/{pact.code}/agreement.pdf").status_code == 404
    assert "is not there yet" in visitor.page


def test_public_edition_in_the_readers_language(app: Any, pact: Any) -> None:
    contents = {one: issue(app, pact, "agreement", one, Edition.PUBLIC) for one in ("it", "en")}
    for language in ("it", "en"):
        answer = Browser(app).get(f"/{language}/pacts/{pact.code}/agreement.pdf")
        assert (answer.status_code, answer.data) == (200, contents[language])
        assert answer.mimetype == "application/pdf"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert f"{pact.code}-public-{language}.pdf" in answer.headers["Content-Disposition"]
    chosen = Browser(app).get(f"/en/pacts/{pact.code}/agreement.pdf?edition_language=it")
    assert chosen.data == contents["it"]


def test_the_original_is_for_the_sides_only(app: Any, cast: Any, pact: Any) -> None:
    content = issue(app, pact, "agreement", "it", Edition.ORIGINAL)
    path = f"/en/pacts/{pact.code}/agreement.pdf?edition=original"
    assert Browser(app).get(path).status_code == 403
    assert Browser(app).get(f"/en/pacts/{pact.code}/agreement.pdf").status_code == 404
    for who, status in (("eve", 403), ("rosa", 200), ("nuria", 200), ("aldo", 200), ("ada", 403)):
        browser = Browser(app)
        browser.sign_in(cast.person(who).email)
        answer = browser.get(path)
        assert answer.status_code == status, who
        if status == 200:
            assert answer.data == content
            assert answer.headers["Cache-Control"] == "no-store"


def test_a_report_becomes_a_document(app: Any, cast: Any, pact: Any) -> None:
    journey.reported(cast, pact)
    path = f"/en/pacts/{pact.code}/reports/1.pdf"
    assert Browser(app).get(path).status_code == 404
    content = issue(app, pact, "progress_report", "it", Edition.PUBLIC)
    assert Browser(app).get(path).data == content
    assert Browser(app).get(f"/en/pacts/{pact.code}/reports/2.pdf").status_code == 404


def test_in_force_needs_the_sealed_original(app: Any, pact: Any) -> None:
    issue(app, pact, "agreement", "it", Edition.PUBLIC)
    with db.reading() as session:
        assert session.scalars(queries.with_paper([pact.id])).all() == []
    issue(app, pact, "agreement", "it", Edition.ORIGINAL)
    with db.reading() as session:
        assert session.scalars(queries.with_paper([pact.id])).all() == [pact.id]
        rows = session.execute(queries.listed(), {"before": queries.NO_BOUND}).all()
    assert [(one.code, one.has_paper) for one in rows] == [(pact.code, True)]
