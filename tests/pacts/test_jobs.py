"""Which papers are due: each signed pact its editions, each published report one; nothing twice."""

from __future__ import annotations

from typing import Any

from portal import db
from portal.documents.models import Edition
from portal.pacts import jobs
from tests.pacts import journey

BASE = "http://127.0.0.1:8000"


def test_nothing_is_due_before_the_last_signature(cast: Any) -> None:
    pact = journey.signing(cast)
    journey.sign(pact, cast.rosa)
    with db.reading():
        assert jobs.agreements_due(BASE) == []


def test_a_signed_pact_owes_its_editions(both: db.Database, cast: Any) -> None:
    pact = journey.signed(cast)
    with db.reading():
        due = jobs.agreements_due(BASE)
        assert [(one.language, one.edition) for one in due] == [
            ("it", Edition.ORIGINAL),
            ("it", Edition.PUBLIC),
            ("en", Edition.PUBLIC),
        ]
        assert {one.subject for one in due} == {pact.key}
        assert {one.content_hash for one in due} == {pact.agreed_hash}
        sheets = [one.build() for one in due]
        again = [one.build() for one in jobs.agreements_due(BASE)]
    assert sheets == again
    assert "Rosa Neri" in sheets[0].html
    for public in sheets[1:]:
        for name in ("Rosa Neri", "Nuria Vidal"):
            assert name not in public.html
            assert name.encode() not in public.attachment


def test_a_published_report_owes_one_paper(both: db.Database, cast: Any) -> None:
    pact = journey.reported(cast, journey.signed(cast))
    with db.reading():
        due = jobs.progress_reports_due(BASE)
        assert [(one.kind, one.version, one.language) for one in due] == [("progress_report", 1, "it")]
        sheet = due[0].build()
        assert due[0].build() == sheet
    assert "Visitatori" in sheet.html
    assert pact.code in sheet.title
