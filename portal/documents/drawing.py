"""Draws a sheet: WeasyPrint with a fetcher that denies by default, PDF/A-3a and PDF/UA-1 in one file."""

from __future__ import annotations

import dataclasses
import io
import logging
from contextlib import contextmanager
from datetime import UTC
from typing import TYPE_CHECKING, Any

from weasyprint import CSS, HTML, Attachment
from weasyprint.logger import LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from portal.documents import fonts, markup
from portal.documents.finish import finish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from portal.documents.sheet import Sheet

VARIANT = "pdf/a-3a"
# Parsed style sheets kept: a city has about a dozen kinds of paper.
KEPT_STYLES = 16
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
# Validators read one RDF block only: the identification goes into WeasyPrint's own (ISO 14289-1, 5),
# with the extension schema that PDF/A asks of any foreign property (ISO 19005-3, 6.6.2.3).
UA_IDENTIFICATION = (
    f'<rdf:Description {RDF} rdf:about="" '
    'xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" '
    'xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" '
    'xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>"
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    '<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">'
    "<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    "<pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>Part of PDF/UA</pdfaProperty:description>"
    "</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
    f'<rdf:Description {RDF} rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
    "<pdfuaid:part>1</pdfuaid:part></rdf:Description>"
).encode()


class Faulty(Exception):
    """The sheet asks for something a paper cannot have, or a part of it could not be read."""


class AssetFetcher(URLFetcher):
    """Gives out the sheet's own assets and data addresses, and refuses every other address."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)
        self.assets: Mapping[str, bytes] = {}
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return the asset; ValueError, which WeasyPrint takes as "not there", for anything else."""
        scheme, _, name = url.partition(":")
        if scheme.lower() == "data":
            return super().fetch(url, headers)
        if scheme.lower() != "asset" or name not in self.assets:
            self.refused.append(url[:200])
            msg = f"not part of this paper: {url[:200]}"
            raise ValueError(msg)
        return URLFetcherResponse(url, self.assets[name], {"Content-Type": _media_type(name)})


def _media_type(name: str) -> str:
    endings = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "css": "text/css"}
    return endings.get(name.rpartition(".")[2].lower(), "application/octet-stream")


class Draughtsman:
    """Keeps fonts and parsed style sheets warm, and draws one sheet after another."""

    def __init__(self, folder: Path) -> None:
        faces = fonts.load(folder)
        self.drawable = fonts.covered(folder)
        self.fetcher = AssetFetcher()
        self.fonts = FontConfiguration()
        self._styles: dict[str, CSS] = {}
        self.fetcher.assets = {face.file: content for face, content in faces.items()}
        with _failures() as failed:
            CSS(string=fonts.css(faces), url_fetcher=self.fetcher, font_config=self.fonts)
        if failed:
            raise Faulty(failed[0])

    def draw(self, sheet: Sheet) -> bytes:
        """Return the finished PDF; raise Faulty where a part could not be loaded."""
        self.fetcher.assets = sheet.assets
        self.fetcher.refused.clear()
        try:
            with _failures() as failed:
                drawn = self._draw(sheet)
        except FatalURLFetchingError as error:  # derives from BaseException
            raise Faulty(str(error)) from error
        if self.fetcher.refused or failed:
            self._styles.clear()
            raise Faulty("; ".join([*self.fetcher.refused, *failed]))
        return finish(drawn, sheet.section_languages)

    def _draw(self, sheet: Sheet) -> bytes:
        utc = dataclasses.replace(sheet, created=sheet.created.astimezone(UTC).replace(microsecond=0))
        html = HTML(string=utc.html, url_fetcher=self.fetcher)
        markup.prepare(html.etree_element, utc, self.drawable)
        options: dict[str, Any] = {
            "stylesheets": [self._style(utc.css)],
            "pdf_variant": VARIANT,
            "pdf_identifier": utc.identifier,
            "attachments": list(_attachments(utc)),
        }
        document = html.render(font_config=self.fonts, **options)
        document.metadata.generate_rdf_metadata = _with_ua(document.metadata.generate_rdf_metadata)
        target = io.BytesIO()
        document.write_pdf(target, **options)
        return target.getvalue()

    def _style(self, css: str) -> CSS:
        if css not in self._styles:
            if len(self._styles) >= KEPT_STYLES:
                self._styles.pop(next(iter(self._styles)))
            self._styles[css] = CSS(string=css, url_fetcher=self.fetcher, font_config=self.fonts)
        return self._styles[css]


def _attachments(sheet: Sheet) -> Iterator[Attachment]:
    if sheet.attachment_name:
        yield Attachment(
            string=sheet.attachment,
            name=sheet.attachment_name,
            description=sheet.title,
            relationship="Source",
            created=sheet.created,
            modified=sheet.created,
        )


def _with_ua(generate: Callable[..., bytes]) -> Callable[..., bytes]:
    def generate_with_ua(*arguments: Any) -> bytes:
        before, end, after = generate(*arguments).rpartition(b"</rdf:RDF>")
        return before + UA_IDENTIFICATION + end + after

    return generate_with_ua


@contextmanager
def _failures() -> Iterator[list[str]]:
    """Collect what WeasyPrint only logs: a paper with a hole in it is worse than none."""
    found: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            message = record.getMessage()
            if "Failed to load" in message or "cannot be loaded" in message:
                found.append(message[:300])

    listener = Listener(logging.WARNING)
    LOGGER.addHandler(listener)
    try:
        yield found
    finally:
        LOGGER.removeHandler(listener)
