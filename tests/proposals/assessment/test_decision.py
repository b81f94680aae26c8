"""A refusal is a paper with its reasons, the rule and what can be done against it; its two sides read it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal import clock, db
from portal.documents.models import Paper
from portal.proposals import actions
from portal.proposals.assessment import jobs, papers
from tests.proposals.steps import clear, do, load, see, send


@pytest.fixture
def refused(cast: Any) -> str:
    code = send(cast.rosa)
    clear(code, cast.giulia)
    do(code, lambda p: actions.notice_refusal(p, "Private land.", "Regulation, article 4", by=cast.giulia))
    do(code, lambda p: actions.reply(p, "It is not.", by=cast.rosa))
    do(code, lambda p: actions.refuse(p, "It is, see the register.", "Article 4", by=cast.giulia))
    return code


def test_the_decision_names_reasons_rule_and_every_remedy(refused: str) -> None:
    with db.reading():
        due = jobs.decisions_due("https://city.example")
        sheet = due[0].build()
        told = papers.decision(load(refused), "https://city.example").attached()
    assert [(one.key.kind, one.key.subject) for one in due] == [("decision", f"proposal:{refused}")]
    for words in (
        "It is, see the register.",
        "Article 4",
        "Read before deciding",
        "within 60 days",
        "ombuds",
    ):
        assert words in sheet.html, words
    assert [one["days"] for one in told["remedies"]] == [30, 0, 60]
    assert "rosa.privata@example.org" not in sheet.html


def test_the_same_decision_is_the_same_sheet_whenever_it_is_drawn(refused: str, move_clock: Any) -> None:
    with db.reading():
        first = jobs.draw_decision(see(refused, lambda p: p.id), "https://city.example").html
    move_clock(timedelta(days=3))
    with db.reading():
        assert jobs.draw_decision(see(refused, lambda p: p.id), "https://city.example").html == first


def test_only_the_two_sides_open_the_paper(client: Any, app: Any, cast: Any, refused: str) -> None:
    kept = app.extensions["store"].put(b"%PDF-1.7 decision")
    with db.writing() as session:
        now = clock.now()
        values = {"version": 1, "language": "en", "edition": "original", "state": "sealed"}
        values |= {"created_at": now, "rendered_at": now, "sealed_at": now, "pages": 1, "byte_size": 18}
        session.add(
            Paper(
                kind="decision",
                subject=f"proposal:{refused}",
                code="DC-TEST",
                file_hash=kept,
                content_hash="0" * 64,
                json_hash="0" * 64,
                unsigned_hash="0" * 64,
                **values,
            )
        )
    address = f"/en/track/{refused}/decision"
    assert client.get(address).status_code == 404
    client.sign_in("eve@example.org")
    assert client.get(address).status_code == 404
    client.sign_in("rosa@example.org")
    client.get(f"/en/track/{refused}")
    assert "/decision" in client.page
    assert client.get(address).status_code == 200
