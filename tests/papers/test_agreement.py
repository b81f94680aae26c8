"""The agreement on paper: whole, checkable on each page, and silent about persons in its public edition."""

from __future__ import annotations

import dataclasses
import json
from itertools import pairwise
from pathlib import Path

import pytest

from portal import crypto
from portal.documents.layout import to_sheet
from portal.documents.renderer import Renderer
from portal.pacts.papers import AgreementContext, agreement
from portal.pacts.papers.clauses import paragraphs
from portal.pacts.papers.tables import reports_due
from tests.papers import sample
from tests.papers.reading import Read, heading_levels, needs_poppler, needs_zbar


@pytest.fixture(scope="module")
def original() -> AgreementContext:
    return agreement(sample.TEXT, sample.IMPRINT, language="en", people=sample.PEOPLE, course=sample.COURSE)


@pytest.fixture(scope="module")
def public(original: AgreementContext, renderer: Renderer) -> Read:
    return Read(renderer.render(to_sheet(original.redacted())))


def test_it_is_a_whole_act_of_many_pages(public: Read) -> None:
    assert len(public.pdf.pages) >= 6
    assert len(sample.TEXT["clauses"]) >= 20


@needs_poppler
def test_each_page_bears_number_hash_and_the_address_to_check(public: Read) -> None:
    for number, page in enumerate(public.pages, start=1):
        assert f"Page {number} of {len(public.pages)}" in page
        assert sample.IMPRINT.content_hash in page
        assert sample.TEXT["code"] in page
        assert sample.CHECK_URL in page


@needs_zbar
@pytest.mark.parametrize("page", [1, 5])
def test_the_code_leads_to_the_check_page(public: Read, page: int, tmp_path: Path) -> None:
    assert public.codes(page, tmp_path) == {sample.CHECK_URL}


def test_the_public_edition_says_nothing_about_persons(public: Read, original: AgreementContext) -> None:
    sheet = to_sheet(original.redacted())
    for value in sample.PERSONAL:
        assert value not in sheet.html
        assert value.encode() not in sheet.attachment
        assert value.encode() not in public.all_bytes
        assert value.encode("utf-16-be") not in public.all_bytes
    assert "[not published]" in sheet.html


@needs_poppler
def test_the_public_edition_prints_nothing_about_persons(public: Read) -> None:
    text = " ".join(" ".join(public.pages).split())
    assert not [value for value in sample.PERSONAL if value in text]
    assert "Orti di Via Larga" in text


def test_the_original_names_everybody(original: AgreementContext) -> None:
    html = to_sheet(original).html
    assert not [value for value in sample.PERSONAL if value not in html]


def test_every_header_cell_has_a_scope(public: Read) -> None:
    cells = [node for role, node in public.tags() if role == "TH"]
    assert cells
    for cell in cells:
        assert str(cell.A.Scope) in {"/Column", "/Row"}


def test_no_heading_level_is_skipped(public: Read) -> None:
    levels = heading_levels(public)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_picture_is_said_in_words(public: Read) -> None:
    pictures = [node for role, node in public.tags() if role == "Figure"]
    assert pictures
    assert all(str(node.Alt).strip() for node in pictures)


def test_the_attached_text_hashes_to_the_printed_hash(public: Read) -> None:
    [attached] = public.pdf.attachments.values()
    paper = json.loads(attached.get_file().read_bytes())
    assert crypto.sha256_hex(crypto.canonical(paper["text"])) == sample.IMPRINT.content_hash
    assert paper["edition"] == "public"


def test_a_courtesy_translation_says_so_and_shows_no_signature() -> None:
    paper = agreement(sample.TEXT, sample.IMPRINT, language="it", people=sample.PEOPLE)
    html = to_sheet(paper).html
    assert paper.is_courtesy
    assert html.count("banner") == 1
    assert "Oggetto e confini" in html
    assert "Object and boundaries" not in html
    assert not [sentence for sentence in ("Account and one-time code", "Signed on") if sentence in html]


def test_a_draft_is_marked_and_not_called_sealed() -> None:
    imprint = dataclasses.replace(sample.IMPRINT, is_draft=True)
    sheet = to_sheet(agreement(sample.TEXT, imprint, language="en", people=sample.PEOPLE))
    assert 'content: "DRAFT"' in sheet.css
    assert "Draft for reading" in sheet.html
    assert "Sealed electronically" not in sheet.html
    assert "Signed on" not in sheet.html


def test_the_same_act_gives_the_same_sheet(original: AgreementContext) -> None:
    assert to_sheet(original) == to_sheet(original)
    assert to_sheet(original).identifier != to_sheet(original.redacted()).identifier


def test_typed_text_is_never_markup() -> None:
    text = sample.TEXT | {"title": "<img src=x>Garden & co"}
    html = to_sheet(agreement(text, sample.IMPRINT, language="en")).html
    assert "<img" not in html
    assert "&lt;img src=x&gt;Garden &amp; co" in html


def test_a_clause_without_the_language_is_not_printed() -> None:
    with pytest.raises(KeyError):
        agreement(sample.TEXT, sample.IMPRINT, language="ca")


def test_a_person_of_no_party_is_refused() -> None:
    stranger = dataclasses.replace(sample.PEOPLE[0], id="nobody")
    with pytest.raises(KeyError):
        agreement(sample.TEXT, sample.IMPRINT, language="en", people=[stranger])


def test_paragraphs_are_numbered_and_keep_their_lists() -> None:
    first, second = paragraphs("One.\n\nTwo:\n- a;\n- b.\n\n- c.", 4)
    assert (first.number, first.text, first.items) == ("4.1", "One.", ())
    assert (second.number, second.text, second.items) == ("4.2", "Two:", ("a;", "b.", "c."))


def test_reports_are_due_until_the_closing_one() -> None:
    due = reports_due(sample.TEXT, "en")
    assert [row.due_on.isoformat() for row in due] == [
        "2027-06-14",
        "2027-12-14",
        "2028-06-14",
        "2028-12-14",
        "2029-06-14",
        "2029-11-30",
    ]
