"""A sheet becomes a valid, reproducible paper, and nothing from outside gets into it."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pikepdf
import pytest

from portal.documents import fonts
from portal.documents.fonts import printable
from portal.documents.markup import link_may_stay
from portal.documents.refusals import FontsMissing
from portal.documents.renderer import Renderer, RenderFailed, Why
from tests.documents.conftest import TITLE, body, make_sheet
from tests.documents.gate import assert_valid


def _text_is_in(pdf: bytes, what: bytes) -> bool:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        streams = [item for item in file.objects if isinstance(item, pikepdf.Stream)]
        return any(what in item.read_bytes() for item in streams if item.get("/Subtype") != "/Image")


def test_a_paper_is_valid_for_archives_and_for_screen_readers(renderer: Renderer) -> None:
    assert_valid(renderer.render(make_sheet()), language="it", title=TITLE)


def test_the_same_sheet_gives_the_same_bytes_whatever_was_drawn_before(renderer: Renderer) -> None:
    first = renderer.render(make_sheet())
    renderer.render(make_sheet(html=body("<p>Un altro foglio, ŁÓDŹ</p>"), css="body { font-family: Lora }"))
    with Renderer() as fresh:
        assert renderer.render(make_sheet()) == first == fresh.render(make_sheet())


def test_the_attached_json_is_in_the_paper_byte_for_byte(renderer: Renderer) -> None:
    with pikepdf.open(io.BytesIO(renderer.render(make_sheet()))) as file:
        assert file.attachments["patto.json"].get_file().read_bytes() == b'{"code":"BO-2026-041"}'


def test_letters_beyond_latin_1_are_drawn_in_every_weight(renderer: Renderer) -> None:
    text = "<p>Łódź <b>Łódź</b></p><p class=l>Şişli <b>Ğ</b></p><p class=m>Žižkov</p><p>5 € — “sì”</p>"
    css = 'body { font-family: "Titillium Web" } .l { font-family: Lora } .m { font-family: "Roboto Mono" }'
    assert_valid(renderer.render(make_sheet(html=body(text), css=css)), language="it", title=TITLE)


def test_korean_words_are_drawn_and_valid_for_archives(renderer: Renderer) -> None:
    css = 'body { font-family: "Lora", "Noto Sans KR", serif }'
    drawn = renderer.render(make_sheet(html=body("<p>서울의 <b>협력 협약</b>, 2026</p>"), css=css))
    assert_valid(drawn, language="it", title=TITLE)
    with pikepdf.open(io.BytesIO(drawn)) as file:
        named = {str(item.get("/FontName")) for item in file.objects if isinstance(item, pikepdf.Dictionary)}
    assert any("Noto-Sans-KR" in name or "NotoSansKR" in name for name in named)


def test_characters_without_a_glyph_are_replaced(renderer: Renderer) -> None:
    drawn = renderer.render(
        make_sheet(html=body("<p>한국 🌳 → ≥ \u202f\u2011 e\u0301 ﬁ ☑ \U0001f468\u200d\U0001f469</p>"))
    )
    assert_valid(drawn, language="it", title=TITLE)


def test_replacing_keeps_what_can_be_said_otherwise() -> None:
    drawable = frozenset("abcdefghijklmnopqrstuvwxyzé ?->1")
    assert printable("caffe\u0301 → ok", drawable) == "caffé -> ok"
    assert printable("한 🌳 ﬁ ¹", drawable) == "?  fi 1"


OUTSIDE = {
    "a file as picture": '<img alt="x" src="file:///etc/hostname">',
    "a web picture": '<img alt="x" src="http://127.0.0.1:9/x.png">',
    "a style that imports": "<style>@import url(http://127.0.0.1:9/x.css);</style>",
    "a font from outside": "<style>@font-face{font-family:X;src:url(file:///etc/hostname)}</style><p>x</p>",
    "a background": "<style>p{background:url(file:///etc/hostname)}</style><p>x</p>",
    "a picture in a drawn picture": (
        '<img alt="x" src="data:image/svg+xml,'
        "%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'%3E"
        "%3Cimage href='file:///etc/hostname' width='9' height='9'/%3E%3C/svg%3E\">"
    ),
    "a picture in an inline picture": (
        '<svg role="img" width="9" height="9"><title>t</title><image href="file:///etc/hostname" width="9"/></svg>'
    ),
    "an asset that is not there": '<img alt="x" src="asset:missing.png">',
    "a broken picture": '<img alt="x" src="data:image/png;base64,AAAA">',
}


@pytest.mark.parametrize("markup", OUTSIDE.values(), ids=OUTSIDE.keys())
def test_a_paper_that_asks_for_something_outside_is_refused(renderer: Renderer, markup: str) -> None:
    with pytest.raises(RenderFailed) as caught:
        renderer.render(make_sheet(html=body(markup)))
    assert caught.value.why is Why.BAD
    assert re.search(r"127\.0\.0\.1:9|hostname|missing\.png|Failed to load", caught.value.detail)


def test_a_style_sheet_that_was_refused_is_refused_again(renderer: Renderer) -> None:
    css = '@import url("http://127.0.0.1:9/x.css"); p { color: red }'
    for _ in range(2):
        with pytest.raises(RenderFailed):
            renderer.render(make_sheet(css=css))


INERT = {
    "an attachment in the head": '<link rel="attachment" href="file:///etc/hostname"><p>x</p>',
    "an attachment by link": '<p><a rel="attachment" href="file:///etc/hostname">x</a></p>',
    "an attachment from the web": '<p><a rel="attachment" href="https://example.org/x">x</a></p>',
    "a style sheet by link": '<link rel="stylesheet" href="http://127.0.0.1:9/x.css"><p>x</p>',
    "a base": '<base href="file:///etc/"><p><a href="hostname">x</a></p>',
    "an embedded file": '<p>x</p><object data="file:///etc/hostname"></object><embed src="file:///etc/hostname">',
    "a script": "<script>alert(1)</script><p>x</p>",
}


@pytest.mark.parametrize("markup", INERT.values(), ids=INERT.keys())
def test_what_could_bring_in_a_file_does_nothing(renderer: Renderer, markup: str) -> None:
    drawn = renderer.render(make_sheet(html=body(markup)))
    with pikepdf.open(io.BytesIO(drawn)) as file:
        assert list(file.attachments) == ["patto.json"]
    host = Path("/etc/hostname").read_bytes().strip() if Path("/etc/hostname").exists() else b"\x00"
    assert not (host and _text_is_in(drawn, host))
    assert_valid(drawn, language="it", title=TITLE)


def test_only_harmless_links_survive(renderer: Renderer) -> None:
    addresses = [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "file:///etc/hostname",
        "//evil.example/",
        "ftp://x/",
    ]
    kept = ["https://example.org/a?b=c", "mailto:a@example.org"]
    links = "".join(f'<p><a href="{address}">x</a></p>' for address in [*addresses, *kept])
    with pikepdf.open(io.BytesIO(renderer.render(make_sheet(html=body(links))))) as file:
        found = [str(each.A.URI) for page in file.pages for each in page.obj.get("/Annots", [])]
    assert found == kept
    assert not any(link_may_stay(address) for address in addresses)


def test_a_picture_of_the_sheet_is_drawn(renderer: Renderer) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect width="9" height="9"/></svg>'
    drawn = renderer.render(
        make_sheet(html=body('<img alt="Logo" src="asset:logo.svg">'), assets={"logo.svg": svg})
    )
    assert_valid(drawn, language="it", title=TITLE)


def test_missing_typefaces_are_named_and_nothing_is_drawn(tmp_path: Path) -> None:
    with Renderer(tmp_path) as bare, pytest.raises(FontsMissing) as caught:
        bare.render(make_sheet())
    assert caught.value.names == tuple(face.file for face in fonts.NEEDED)
