"""What every page must be: axe's rules, and what axe does not see."""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import axe_playwright_python

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.journeys.window import Sight

ROOT = Path(__file__).resolve().parents[2]
SET_UP_AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PACKED_AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
AXE_PATH, KEPT = "/axe.js", "max-age=86400"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# No other rule of axe reads a colour, so the dark page is asked only these.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
# Of a narrow page only what its layout changes: sizes, what scrolls, and the names of what only stands there.
LAYOUT_RULES = ["target-size", "scrollable-region-focusable", "link-name", "button-name", "label"]
MAIN_AND_TITLE = re.compile("<main.*</main>|<title>.*?</title>", re.DOTALL)
LEADS = re.compile(r' (href|action|value|content)="[^"]+"')
WIDE, NARROW, NARROWEST = 1280, 390, 320
SMALLEST_TEXT_PX = 13
SMALLEST_BUTTON_PX = 44

RUN_AXE = """async ([where, wanted]) => {
  const found = await axe.run(where, {resultTypes: ["violations"], preload: {assets: ["media"]}, ...wanted});
  return found.violations.map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.target.join(" ")
    + (n.any[0] ? " (" + n.any[0].message + ")" : "")).join(" | ")}`);
}"""
# The box of a text node, because the letters of a scaled drawing can be smaller than their style says.
TINY_TEXT = """smallest => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.textContent.trim() || node.parentElement.closest(".hidden-text, .skip, title, desc")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getClientRects()[0];
    if (!box || !box.width) continue;
    const size = parseFloat(getComputedStyle(node.parentElement).fontSize);
    if (box.height < smallest || size < smallest)
      found.push(`${node.textContent.trim().slice(0, 40)} (${Math.round(box.height)} px, letters ${size} px)`);
  }
  return found;
}"""
SMALL_BUTTONS = """smallest => [...document.querySelectorAll("main .button, main button:not(.as-link)")]
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.width && (box.height < smallest || box.width < smallest))
  .map(([e, box]) => `${e.textContent.trim()} (${Math.round(box.width)} × ${Math.round(box.height)} px)`)"""
TOO_WIDE = """() => {
  const wide = document.documentElement.scrollWidth, room = window.innerWidth;
  if (wide <= room) return [];
  const inside = e => { for (let p = e.parentElement; p; p = p.parentElement)
    if (["auto", "scroll", "hidden"].includes(getComputedStyle(p).overflowX)) return true; return false; };
  return [`${wide - room} px too wide: ` + [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > room + 1 && !inside(e)).slice(-3)
    .map(e => `${e.tagName.toLowerCase()}.${e.className} “${e.textContent.trim().slice(0, 30)}”`).join(" | ")];
}"""
SHAPE = """() => {
  const found = [], h1 = document.querySelectorAll("h1");
  if (h1.length !== 1) found.push(`${h1.length} h1`);
  if (!document.title.trim()) found.push("no title");
  const first = document.querySelector("a[href], button, input, select, textarea");
  if (!first || !first.classList.contains("skip")) found.push("the skip link is not first");
  else if (!document.querySelector(first.getAttribute("href"))) found.push("the skip link leads nowhere");
  const wrong = !!document.querySelector(".errors, [aria-invalid=true]");
  if (wrong && !document.title.startsWith("Error: ")) found.push(`errors, but the title is “${document.title}”`);
  if (!wrong && document.title.startsWith("Error: ")) found.push("the title says Error, the page does not");
  if (!document.querySelector("section.help")) found.push("no help");
  document.querySelectorAll("a[href=''], a:not([href])").forEach(e => found.push(`link without address: ${e.textContent.trim()}`));
  document.querySelectorAll("[style], script:not([src]), style").forEach(e => found.push(`inline ${e.tagName}`));
  let level = 0;
  document.querySelectorAll("h1, h2, h3, h4, h5, h6").forEach(e => {
    const here = +e.tagName[1];
    if (here > level + 1 && level) found.push(`${e.tagName} “${e.textContent.trim()}” after H${level}`);
    level = here;
  });
  return found;
}"""
# Gettext words that were never filled in, and values that slipped through unsaid.
RAW_WORDS = r"""() => [...document.querySelector("main").innerText.matchAll(
  /%\(\w+\)[sd]|\{\{|\bNone\b(?! [a-z])|\bundefined\b|Markup\(|<[a-z]+ |\b[a-z]+_[a-z_]+\b(?!@)/g)].map(m => m[0])"""


def axe_source() -> Path:
    """Return where axe-core lies: the set-up's newer one, or the one inside the test package."""
    return SET_UP_AXE if SET_UP_AXE.exists() else PACKED_AXE


class _Answer(BaseHTTPRequestHandler):
    """Answers as the portal did, and with what the browser may keep from one page to the next."""

    server: _Again
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == AXE_PATH:
            self._send(axe_source().read_bytes(), path, KEPT)
        elif path.startswith("/static/"):
            self._send_file(ROOT / path.removeprefix("/"), path)
        elif self.headers["Sec-Fetch-Mode"] == "navigate":
            self._send(self.server.html.encode(), "page.html", "no-store")
        else:
            self.send_error(404)  # a picture or the like: its words are looked at

    def _send_file(self, file: Path, path: str) -> None:
        if file.is_file():
            self._send(file.read_bytes(), path, KEPT)
        else:
            self.send_error(404)

    def _send(self, body: bytes, name: str, kept: str) -> None:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", kept)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


class _Again(ThreadingHTTPServer):
    """A small server of this machine that shows one page at a time again."""

    html = ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.url = f"http://localhost:{self.server_port}"
        Thread(target=self.serve_forever, daemon=True).start()


class Gallery:
    """Shows pages again exactly as they were answered, whatever has become of their things since.

    A server rather than an interception in the browser: where one intercepts, the browser keeps nothing, and
    reads style sheet, fonts and axe anew for each page.
    """

    def __init__(self, browser: Browser) -> None:
        self.server = _Again()
        self.context = browser.new_context(locale="en-GB", reduced_motion="reduce")
        self.page: Page = self.context.new_page()
        self.showing: Sight | None = None
        self.known: set[str] = set()

    def where(self, sight: Sight) -> str:
        """Return what axe is to look at: all, or the main part where the same stood around it before."""
        around = _around(sight.html)
        if around in self.known:
            return "main"
        self.known.add(around)
        return "html"

    def show(self, sight: Sight, *, width: int = WIDE, dark: bool = False) -> Page:
        """Return the page with axe, as wide and in the light as asked."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        if self.showing is not sight:
            self.showing, self.server.html = sight, sight.html
            address = urlsplit(sight.url)
            self.page.goto(f"{self.server.url}{address.path}?{address.query}", wait_until="load")
        return self.page

    def with_axe(self) -> None:
        """Load axe into the page that is shown."""
        self.page.add_script_tag(url=AXE_PATH)

    def close(self) -> None:
        """Close the window."""
        self.context.close()
        self.server.shutdown()
        self.server.server_close()


def _around(html: str) -> str:
    """Return what stands around the main part, but for where its links and buttons lead from this very page.

    Of that axe says the same each time, so it is asked once; titles and headings are looked at by SHAPE.
    """
    return LEADS.sub(r' \1="/"', MAIN_AND_TITLE.sub("", html))


def faults_of(gallery: Gallery, sight: Sight) -> Iterator[str]:
    """Yield everything that is wrong with a page, wide and narrow, light and dark."""
    page = gallery.show(sight)
    yield from page.evaluate(SHAPE)
    yield from (f"raw words: {words}" for words in page.evaluate(RAW_WORDS))
    gallery.with_axe()
    where = gallery.where(sight)
    yield from (f"at {WIDE} px: {fault}" for fault in _looked_at(page, where, TAGS))
    # A colour does not change with the width, nor a size with the light: the narrow page is looked at dark.
    dark = gallery.show(sight, width=NARROW, dark=True)
    narrow = _looked_at(dark, where, LAYOUT_RULES + COLOUR_RULES)
    yield from (f"at {NARROW} px, dark: {fault}" for fault in narrow)
    yield from (
        f"at {NARROWEST} px: {fault}" for fault in gallery.show(sight, width=NARROWEST).evaluate(TOO_WIDE)
    )


def _looked_at(page: Page, where: str, wanted: list[str]) -> Iterator[str]:
    yield from page.evaluate(RUN_AXE, [where, {"runOnly": wanted}])
    yield from (f"tiny text: {text}" for text in page.evaluate(TINY_TEXT, SMALLEST_TEXT_PX))
    yield from (f"small button: {button}" for button in page.evaluate(SMALL_BUTTONS, SMALLEST_BUTTON_PX))


def as_text(faults: dict[str, list[str]]) -> str:
    """Return faults as people read them."""
    return "\n" + json.dumps(faults, indent=2, ensure_ascii=False)
