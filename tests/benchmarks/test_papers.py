"""Papers one after another: beside WeasyPrint alone with the same HTML, and the memory of the drawing child."""

from __future__ import annotations

import io
import os
import time
from datetime import UTC, datetime
from typing import Any

import pikepdf
import pytest
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from portal.documents import fonts
from portal.documents.drawing import VARIANT, AssetFetcher, Draughtsman
from portal.documents.layout import to_sheet
from portal.documents.renderer import Renderer
from portal.documents.sheet import Sheet
from portal.pacts.papers import agreement
from tests.benchmarks import measuring
from tests.benchmarks.figures import Figure, Figures
from tests.papers import sample

pytestmark = [
    pytest.mark.benchmark,
    # WeasyPrint leaves its own colour profile to the collector of waste.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
# 200 or 500 papers take minutes; the first twenty warm the child up.
MANY, WARM = int(os.environ.get("PORTAL_BENCH_PAPERS", "40")), 20
WORDS = "Le parti si prendono cura del giardino e ne rendono conto ogni sei mesi a chiunque lo chieda. " * 6
CSS_TEXT = "@page { size: A4; margin: 20mm } body { font-family: 'Lora', serif; font-size: 11pt }"


def _sheet(number: int) -> Sheet:
    rows = "".join(f"<tr><th scope='row'>{n}</th><td>{WORDS[:60]}</td></tr>" for n in range(12))
    parts = "".join(f"<h2>{n}. Articolo</h2><p>{WORDS}</p>" for n in range(1, 9))
    html = (
        f"<!doctype html><html lang='it'><head><title>Accordo {number}</title></head><body><h1>Accordo {number}"
        f"</h1>{parts}<table><thead><tr><th scope='col'>N.</th><th scope='col'>Che cosa</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></body></html>"
    )
    return Sheet(
        html=html,
        css=CSS_TEXT,
        title=f"Accordo {number}",
        language="it",
        attachment_name="accordo.json",
        attachment=b"{}",
        created=datetime(2026, 3, 1, tzinfo=UTC),
        identifier=number.to_bytes(16),
    )


class _Bare:
    """WeasyPrint with the same faces, kept as warm as ours."""

    def __init__(self) -> None:
        faces = fonts.load(fonts.FOLDER)
        self.fetcher, self.fonts = AssetFetcher(), FontConfiguration()
        self.fetcher.assets = {face.file: content for face, content in faces.items()}
        CSS(string=fonts.css(faces), url_fetcher=self.fetcher, font_config=self.fonts)
        self.style = CSS(string=CSS_TEXT, font_config=self.fonts)

    def draw(self, sheet: Sheet) -> Any:
        html = HTML(string=sheet.html, url_fetcher=self.fetcher)
        return html.write_pdf(stylesheets=[self.style], font_config=self.fonts, pdf_variant=VARIANT)


def test_our_part_of_a_paper_is_small(figures: Figures) -> None:
    if not fonts.covered(fonts.FOLDER):
        figures.note("papers: the faces are not installed, so nothing was drawn")
    bare, ours = _Bare(), Draughtsman(fonts.FOLDER)
    sheets = [_sheet(number) for number in range(4)]
    found = measuring.ratios(
        {
            "bare": lambda: [bare.draw(sheet) for sheet in sheets],
            "ours": lambda: [ours.draw(sheet) for sheet in sheets],
        },
        rounds=3,
    )
    figures.add(Figure("papers in batch", found["ours"], "× bare WeasyPrint", 1.10))


def test_the_drawing_child_stays_small(figures: Figures) -> None:
    with Renderer() as renderer:
        for number in range(WARM):
            renderer.render(_sheet(number))
        child = renderer._child
        assert child is not None
        warm, since = measuring.resident_mb(child._running.pid), time.monotonic()
        for number in range(WARM, MANY):
            renderer.render(_sheet(number))
        each = (time.monotonic() - since) / max(MANY - WARM, 1)
        after = measuring.resident_mb(child._running.pid)
    figures.add(Figure("one paper of four pages, in the child", each, "s"))
    figures.add(Figure(f"memory of the drawing child after {MANY} papers", after, "MB"))
    figures.add(Figure(f"that memory after {MANY} papers / after {WARM}", after / warm, "×", 1.15))


def test_a_whole_agreement(figures: Figures) -> None:
    whole = to_sheet(
        agreement(sample.TEXT, sample.IMPRINT, language="en", people=sample.PEOPLE, course=sample.COURSE)
    )
    ours = Draughtsman(fonts.FOLDER)
    ours.draw(_sheet(1))
    since = time.process_time()
    pages = len(pikepdf.open(io.BytesIO(ours.draw(whole))).pages)
    figures.add(Figure(f"an agreement of {pages} pages", time.process_time() - since, "CPU s"))
    assert pages > 10
