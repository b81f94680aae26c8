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

# Two texts of the same marks in the same surroundings have the same colours: the second is not asked again.
# What is hidden now may be seen on another page, and what one look has seen is new to the other.
NEW_COLOURS = """look => {
  const known = new Set(JSON.parse(sessionStorage.getItem(look) || "[]")), ways = new Map([[null, ""]]);
  const marks = e => e && `${e.tagName}.${e.getAttribute("class")}`;
  const way = e => {
    if (!ways.has(e)) {
      const said = ["role", "type", "disabled", "open", "aria-current", "aria-disabled"]
        .map(name => e.getAttribute(name));
      ways.set(e, `${way(e.parentElement)}>${marks(e.previousElementSibling)}+${marks(e)}${said}`);
    }
    return ways.get(e);
  };
  document.querySelectorAll("[data-new]").forEach(e => e.removeAttribute("data-new"));
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT);
  while (walker.nextNode()) {
    const e = walker.currentNode, says = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!(says || e.matches("input, select, textarea")) || known.has(way(e)) || !e.checkVisibility()) continue;
    known.add(way(e));
    e.setAttribute("data-new", "");
  }
  sessionStorage.setItem(look, JSON.stringify([...known]));
}"""
RUN_AXE = """async (where, wanted) => {
  axe.configure({rules: [{id: "color-contrast", selector: "[data-new]"}]});
  const options = {resultTypes: ["violations"], preload: {assets: ["media"]}, runOnly: wanted};
  const found = await axe.run(where, options);
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
  return found.map(text => `tiny text: ${text}`);
}"""
SMALL_BUTTONS = """smallest => [...document.querySelectorAll("main .button, main button:not(.as-link)")]
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.width && (box.height < smallest || box.width < smallest))
  .map(([e, box]) => `small button: ${e.textContent.trim()} (${Math.round(box.width)} × ${Math.round(box.height)} px)`)"""
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

# All questions in one: each by itself goes from process to process.
LOOK = f"""async ([where, wanted, look, letters, buttons]) => {{
  ({NEW_COLOURS})(look);
  return [...await ({RUN_AXE})(where, wanted), ...({TINY_TEXT})(letters), ...({SMALL_BUTTONS})(buttons)];
}}"""
OF_THE_PAGE = f"() => [...({SHAPE})(), ...({RAW_WORDS})().map(word => `raw words: ${{word}}`)]"
# What was looked at goes, so that nothing is laid out anew before the next page comes.
AND_NO_MORE = f"() => {{ const found = ({TOO_WIDE})(); document.documentElement.remove(); return found; }}"


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
        self.context = browser.new_context(locale="en-GB", color_scheme="light", reduced_motion="reduce")
        self.page: Page = self.context.new_page()
        self.showing: Sight | None = None
        self.dark = False
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
        if self.dark != dark:
            self.page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
            self.dark = dark
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
    yield from page.evaluate(OF_THE_PAGE)
    gallery.with_axe()
    where = gallery.where(sight)
    yield from _looked_at(page, f"at {WIDE} px", where, TAGS)
    # A colour does not change with the width, nor a size with the light: the narrow page is looked at dark.
    dark = gallery.show(sight, width=NARROW, dark=True)
    yield from _looked_at(dark, f"at {NARROW} px, dark", where, LAYOUT_RULES + COLOUR_RULES)
    narrowest = gallery.show(sight, width=NARROWEST, dark=True)
    yield from (f"at {NARROWEST} px: {fault}" for fault in narrowest.evaluate(AND_NO_MORE))


def _looked_at(page: Page, look: str, where: str, wanted: list[str]) -> list[str]:
    faults = page.evaluate(LOOK, [where, wanted, look, SMALLEST_TEXT_PX, SMALLEST_BUTTON_PX])
    return [f"{look}: {fault}" for fault in faults]


def as_text(faults: dict[str, list[str]]) -> str:
    """Return faults as people read them."""
    return "\n" + json.dumps(faults, indent=2, ensure_ascii=False)
