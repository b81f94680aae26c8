"""A document is taken by what it is; who may read it and nobody else gets it, and never as a page."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from PIL import Image

from portal.errors import Invalid
from portal.organisations import evidence
from portal.organisations.models import Organisation
from tests.browser import Browser
from tests.conftest import CAST
from tests.organisations import groups

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
GPS = 0x8825


def odt(kind: str = evidence.ODT, *, first: str = "mimetype", content: str = "content.xml") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        file.writestr(zipfile.ZipInfo(first), kind)
        file.writestr(content, "<x/>")
    return target.getvalue()


def photo(kind: str = "JPEG") -> bytes:
    target, exif = io.BytesIO(), Image.Exif()
    exif[0x0110] = "Camera canarina"
    Image.new("RGB", (40, 30), "green").save(target, kind, exif=exif)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF, evidence.PDF), (odt(), evidence.ODT), (photo(), "image/jpeg"), (photo("PNG"), "image/png")],
)
def test_a_document_is_taken_by_what_it_is(content: bytes, kind: str) -> None:
    assert evidence.read(content).media_type == kind


def test_a_picture_keeps_nothing_of_its_camera() -> None:
    assert b"Camera canarina" in photo()
    assert b"Camera canarina" not in evidence.read(photo()).content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7 cut short",
        odt("application/zip"),
        odt(first="other"),
        odt(content="x.xml"),
        b"PK\x03\x04 broken",
        photo()[:60],
        b"GIF89a" + b"0" * 60,
        PDF + b"0" * evidence.MOST_BYTES,
    ],
)
def test_what_is_none_of_these_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        evidence.read(content)


def enter(app: Any, cast: Any, name: str) -> Browser:
    cast.person(name)
    browser = Browser(app)
    browser.sign_in(CAST[name][1])
    return browser


def test_a_mandate_with_its_document_is_entered_and_read_by_whom_it_concerns(app: Any, cast: Any) -> None:
    group: Organisation = groups.founded(cast)
    groups.admitted(cast, group, "teo")
    groups.admitted(cast, group, "nina")
    rosa, at = enter(app, cast, "rosa"), f"/en/organisations/{groups.SLUG}"
    rosa.get(f"{at}/mandates/new")
    form = dict(rosa.parsed.forms[-1]["values"])
    form |= {
        "person": cast.person("teo").pseudonym,
        "scope": "legal_representative",
        "starts_on": "1/1/2026",
        "decided_by": "Assemblea, verbale n. 4",
    }
    bad = {**form, "document": (io.BytesIO(b"<svg/>"), "verbale.pdf"), "ends_on": "1/1/2027"}
    assert rosa.post(f"{at}/mandates/new", bad).status_code == 422
    assert "Assemblea, verbale n. 4" in rosa.page
    no_end = {**form, "document": (io.BytesIO(PDF), "verbale.pdf")}
    assert rosa.post(f"{at}/mandates/new", no_end).status_code == 422
    good = {**form, "document": (io.BytesIO(PDF), "<script>.html"), "ends_on": "31/12/2199"}
    assert rosa.post(f"{at}/mandates/new", good).status_code == 200
    link = next(one for one in rosa.parsed.links if one.endswith("/document"))
    for name, status in (
        ("rosa", 200),
        ("teo", 200),
        ("giulia", 200),
        ("nina", 404),
        ("eve", 404),
        ("ada", 404),
    ):
        browser = rosa if name == "rosa" else enter(app, cast, name)
        answer = browser.get(link)
        assert answer.status_code == status or (status == 404 and answer.status_code == 403), name
        if status == 200:
            assert answer.get_data() == PDF
            assert answer.headers["Content-Disposition"].startswith("attachment; filename=mandate-")
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
