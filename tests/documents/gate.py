"""The gate every kind of paper must pass: PDF/A-3a, PDF/UA-1, and what the validators do not look at."""

from __future__ import annotations

import io
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import page
import pikepdf

if TYPE_CHECKING:
    from collections.abc import Iterator

# The invisible seal has no place on a page, so it need not be in the tag tree (ISO 14289-1, 7.18.1); this validator
# asks for it all the same. Nothing else is let through.
FALSE_ALARMS = frozenset({"PDFUA1-WIDGET-FORM-TAG-001"})
HEADINGS = {f"/H{level}": level for level in range(1, 7)}


def assert_valid(pdf: bytes, *, language: str, title: str, sealed: bool = False) -> None:
    """Fail with every fault of the paper at once."""
    found = [*_faults_of_standards(pdf, sealed=sealed)]
    with pikepdf.open(io.BytesIO(pdf)) as file:
        found += [
            *_faults_of_document(file, language, title),
            *_faults_of_tags(file),
            *_faults_of_pages(file),
        ]
        found += [*_faults_of_streams(file)]
    assert not found, "\n".join(found)


def _faults_of_standards(pdf: bytes, *, sealed: bool) -> Iterator[str]:
    for profile in (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1):
        report = page.validate_pdf_bytes(pdf, profile=profile)
        for failure in report.failures:
            if not (sealed and failure.rule_id in FALSE_ALARMS):
                yield f"{failure.rule_id}: {failure.message}"


def _faults_of_document(file: pikepdf.Pdf, language: str, title: str) -> Iterator[str]:
    root = file.Root
    xmp = root.Metadata.read_bytes()
    checks = {
        "not marked as tagged": bool(root.MarkInfo.Marked),
        "no tag tree": "/StructTreeRoot" in root,
        "wrong language": str(root.get("/Lang", "")) == language,
        "wrong title": title.encode() in xmp and str(file.docinfo.get("/Title", "")) == title,
        "the title is not shown": bool(root.ViewerPreferences.DisplayDocTitle),
        "not declared as PDF/UA-1": b"<pdfuaid:part>1</pdfuaid:part>" in xmp,
        "not declared as PDF/A-3a": b'part="3"' in xmp and b'conformance="A"' in xmp,
        "metadata is packed": "/Filter" not in root.Metadata,
        "an associated file is listed twice or none is": len(root.get("/AF", [])) == 1,
        "the attached JSON is not the source": root.AF[0].AFRelationship == pikepdf.Name.Source,
    }
    yield from (fault for fault, holds in checks.items() if not holds)


def _faults_of_tags(file: pikepdf.Pdf) -> Iterator[str]:
    tags = list(_tags(file.Root.StructTreeRoot))
    kinds = Counter(str(tag.get("/S", "")) for tag in tags)
    levels = [HEADINGS[kind] for tag in tags if (kind := str(tag.get("/S", ""))) in HEADINGS]
    for tag in tags:
        kind = str(tag.get("/S", ""))
        if kind == "/Figure" and not str(tag.get("/Alt", "")).strip():
            yield "a picture has no text in its place"
        if kind == "/TH" and "/Scope" not in tag.get("/A", {}):
            yield "a header cell does not say what it heads"
        if kind in {"/Table", "/L"} and "/K" not in tag:
            yield f"an empty {kind[1:]}"
    if kinds["/H1"] != 1:
        yield f"{kinds['/H1']} main headings"
    yield from (f"a heading skips from {a} to {b}" for a, b in pairwise(levels) if b > a + 1)
    outlined = sum(1 for _ in _outline(file))
    if outlined < kinds["/H1"] + kinds["/H2"]:
        yield f"{outlined} outline entries for {kinds['/H1'] + kinds['/H2']} headings"


def _faults_of_pages(file: pikepdf.Pdf) -> Iterator[str]:
    for number, sheet in enumerate(file.pages, start=1):
        if sheet.obj.get("/Tabs") != pikepdf.Name.S:
            yield f"page {number} does not tab by structure"
        for annotation in sheet.obj.get("/Annots", []):
            if annotation.Subtype == pikepdf.Name.Link and not str(annotation.get("/Contents", "")):
                yield f"page {number} has a link without words"
            if not int(annotation.get("/F", 0)) & 4:
                yield f"page {number} has an annotation that is not printed"
            address = str(annotation.get("/A", pikepdf.Dictionary()).get("/URI", "https://"))
            if not address.startswith(("https://", "http://", "mailto:")):
                yield f"page {number} leads to {address}"


def _faults_of_streams(file: pikepdf.Pdf) -> Iterator[str]:
    for item in file.objects:
        if isinstance(item, pikepdf.Stream) and item.read_raw_bytes().endswith(b"\r"):
            yield f"stream {item.objgen} ends with a carriage return"


def _tags(node: Any) -> Iterator[Any]:
    if isinstance(node, pikepdf.Array):
        for item in node:
            yield from _tags(item)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from _tags(node.K)


def _outline(file: pikepdf.Pdf) -> Iterator[Any]:
    with file.open_outline() as outline:
        waiting = list(outline.root)
        while waiting:
            entry = waiting.pop()
            yield entry
            waiting.extend(entry.children)
