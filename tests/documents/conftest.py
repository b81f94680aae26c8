"""One warm renderer for all tests of papers, and the sheets they draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from portal.documents import fonts
from portal.documents.refusals import FontsMissing
from portal.documents.renderer import Limits, Renderer, Sheet
from portal.documents.seal import DEMO_PASSPHRASE, Sealer, make_demo_certificate
from portal.documents.store import FolderStore

AT = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
TITLE = "Patto per il giardino"
HTML = """<!doctype html><html><head><title>old</title></head><body>
<h1>Patto per il giardino</h1>
<p>Cura del verde, vedi <a href="https://example.org/verde">la pagina</a> e <a href="#impegni">gli impegni</a>.</p>
<h2 id="impegni">Impegni</h2>
<table><caption>Chi fa che cosa</caption>
<thead><tr><th>Chi</th><th>Ore</th></tr></thead>
<tbody><tr><th>Comunità</th><td>12</td></tr><tr><th>Città</th><td>3</td></tr></tbody></table>
<ul><li>aprire il cancello</li><li>annaffiare</li></ul>
<svg role="img" viewBox="0 0 10 10" width="40" height="40"><title>Quattro ore su dieci</title>
<rect width="4" height="10" fill="#0E5A4A"/></svg>
</body></html>"""
CSS = """@page { size: A4; margin: 2cm; @bottom-right { content: counter(page) } }
body { font-family: "Titillium Web" } h1 { font-family: Lora } caption { break-after: avoid }"""

MakeSheet = Callable[..., Sheet]


def make_sheet(**changes: Any) -> Sheet:
    """A small paper with a heading, links, a table, a list and a picture."""
    values: dict[str, Any] = {
        "html": HTML,
        "css": CSS,
        "title": TITLE,
        "language": "it",
        "attachment_name": "patto.json",
        "attachment": b'{"code":"BO-2026-041"}',
        "created": AT,
        "identifier": b"0123456789abcdef",
    }
    return Sheet(**values | changes)


def body(markup: str) -> str:
    """A paper with this in its body."""
    return f"<html><body><h1>Prova</h1>{markup}</body></html>"


@pytest.fixture(scope="session")
def _typefaces() -> None:
    try:
        fonts.check()
    except FontsMissing as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def renderer(_typefaces: None) -> Iterator[Renderer]:
    """The warm renderer that most tests share."""
    with Renderer() as found:
        yield found


@pytest.fixture
def tight(_typefaces: None) -> Iterator[Callable[..., Renderer]]:
    """Renderers with limits of their own."""
    made: list[Renderer] = []

    def make(**limits: Any) -> Renderer:
        made.append(Renderer(limits=Limits(**limits)))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture(scope="session")
def demo_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration certificate."""
    return make_demo_certificate(tmp_path_factory.mktemp("seal"))


@pytest.fixture
def sealer(demo_certificate: Path) -> Sealer:
    """A sealer with the demonstration certificate."""
    return Sealer(demo_certificate, DEMO_PASSPHRASE)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """An empty store."""
    return FolderStore(tmp_path / "store")
