"""The progress report, the receipt and the plaque."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from portal.documents.layout import to_sheet
from portal.documents.renderer import Renderer
from portal.pacts.papers import ProgressReportContext, plaque, progress_report
from portal.proposals.papers import Answer, Desk, ReceiptContext, Section, Sent, receipt
from tests.papers import sample
from tests.papers.reading import Read, heading_levels, needs_poppler, needs_zbar

PARTS = ("1. Objectives", "2. Actions", "3. Results", "4. Resources")
TRACK_URL = "https://patti.city.example/track/PR-7Q4K-29"
PLAQUE_URL = "https://patti.city.example/p/41"


@pytest.fixture(scope="module")
def context() -> ProgressReportContext:
    return progress_report(sample.TEXT, sample.IMPRINT, sample.PERIOD, sample.REPORTED, language="en")


@pytest.fixture(scope="module")
def report(context: ProgressReportContext, renderer: Renderer) -> Read:
    return Read(renderer.render(to_sheet(context)))


@needs_poppler
def test_a_report_has_its_four_parts_in_order(report: Read) -> None:
    text = "\n".join(report.pages)
    places = [text.index(part) for part in PARTS]
    assert places == sorted(places)
    assert "5. " not in text


def test_a_report_has_tables_with_scopes_and_a_chart_in_words(report: Read) -> None:
    roles = [role for role, _ in report.tags()]
    assert roles.count("Table") >= 6
    assert all("/Scope" in node.A for role, node in report.tags() if role == "TH")
    said = [str(node.Alt) for role, node in report.tags() if role == "Figure"]
    assert [words for words in said if words.startswith("Support used in all")]
    levels = heading_levels(report)
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_report_shows_each_promise_even_when_nothing_was_reported(context: ProgressReportContext) -> None:
    assert [row.promise.id for row in context.actions] == ["c1", "c2", "c3", "c4", "c5", "c6"]
    assert context.actions[-1].state == "open"
    assert "not reported" in to_sheet(context).html
    assert (context.promised_cents, context.used_cents) == (840000, 465100)


def test_a_report_is_machine_readable_in_whole_numbers(context: ProgressReportContext) -> None:
    data = json.loads(to_sheet(context).attachment)
    assert data["actions"][0] == {"id": "c1", "done": 52, "state": "kept", "source": "Opening log"}
    assert data["fences"][1]["value"] == 62


@needs_poppler
def test_each_page_of_a_report_can_be_checked(report: Read) -> None:
    assert all(sample.IMPRINT.content_hash in page and sample.CHECK_URL in page for page in report.pages)


def _receipt() -> ReceiptContext:
    sent = Sent(
        "PR-7Q4K-29", "Scipione garden", datetime(2026, 9, 3, 8, tzinfo=UTC), date(2026, 10, 3), "ab" * 32
    )
    sections = [
        Section("What", (Answer("What do you want to look after?", "A garden"),)),
        Section("You and your group", (Answer("Phone", "", is_public=False),)),
    ]
    desk = Desk("Comune di Bologna", "Office for shared care", "051 000 000", TRACK_URL)
    return receipt(sent, sections, desk, language="en")


@needs_poppler
def test_a_receipt_says_number_day_latest_answer_and_all_that_was_sent(renderer: Renderer) -> None:
    text = " ".join(" ".join(Read(renderer.render(to_sheet(_receipt()))).pages).split())
    for words in ("PR-7Q4K-29", "3 September 2026, 10:00 CEST", "3 October 2026", "A garden", "Not provided"):
        assert words in text


@needs_zbar
def test_a_plaque_is_one_page_that_leads_to_the_pact(renderer: Renderer, tmp_path: Path) -> None:
    hung = plaque(
        sample.TEXT,
        city="Comune di Bologna",
        number=41,
        url=PLAQUE_URL,
        language="en",
        issued_at=sample.IMPRINT.issued_at,
    )
    read = Read(renderer.render(to_sheet(hung)))
    assert len(read.pdf.pages) == 1
    assert read.codes(1, tmp_path) == {PLAQUE_URL}
