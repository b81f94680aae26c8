"""A paper's markup before it is drawn: links that may stay, characters that can be drawn, fixed dates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement

from portal.documents.fonts import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.documents.sheet import Sheet

# These load or redirect; a paper gets its date and title from its sheet, never from its markup.
UNWANTED = frozenset(
    {"script", "link", "base", "meta", "iframe", "object", "embed", "title", "form", "input"}
)
SPOKEN = ("alt", "title", "aria-label")
# Browsers and PDF viewers skip blanks and control characters in front of a scheme.
_LINK = re.compile(r"(https?://[^\s]|mailto:[^\s]|#.)", re.IGNORECASE)
_PICTURE = re.compile(r"(#.|asset:|data:image/)", re.IGNORECASE)


def prepare(root: Element, sheet: Sheet, drawable: frozenset[str]) -> None:
    """Change the parsed document in place so that only what a paper may hold is left."""
    for parent in list(root.iter()):
        _drop_unwanted(parent)
    for element in _elements(root):
        _keep_safe_links(element)
        _keep_drawable(element, drawable)
    root.set("lang", sheet.language)
    _head(root, sheet, drawable)


def link_may_stay(address: str) -> bool:
    """Say whether a link of a paper may lead there: the web, a mailbox, or a place in the paper itself."""
    return _LINK.match(address) is not None


def _elements(root: Element) -> Iterator[Element]:
    return filter(_is_element, root.iter())


def _is_element(node: Any) -> bool:
    # Comments and processing instructions stand in the same tree, with a function for a tag.
    return isinstance(node.tag, str)


def _name(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def _drop_unwanted(parent: Element) -> None:
    kept: Element | None = None
    for child in list(parent):
        # A <title> inside a picture is its text alternative and stays.
        is_picture_title = "}" in str(child.tag) and _name(str(child.tag)) == "title"
        if not _is_element(child) or (_name(child.tag) in UNWANTED and not is_picture_title):
            _pass_on_tail(parent, kept, child.tail)
            parent.remove(child)
        else:
            kept = child


def _pass_on_tail(parent: Element, before: Element | None, tail: str | None) -> None:
    if before is not None:
        before.tail = (before.tail or "") + (tail or "")
    else:
        parent.text = (parent.text or "") + (tail or "")


def _keep_safe_links(element: Element) -> None:
    is_link = _name(str(element.tag)) in {"a", "area"}
    allowed = _LINK if is_link else _PICTURE
    for name in [key for key in element.attrib if _name(str(key)) in {"href", "rel", "download"}]:
        # rel=attachment would embed what the link leads to.
        if _name(str(name)) != "href" or not allowed.match(element.attrib[name]):
            del element.attrib[name]


def _keep_drawable(element: Element, drawable: frozenset[str]) -> None:
    if element.text and _name(str(element.tag)) != "style":
        element.text = printable(element.text, drawable)
    if element.tail:
        element.tail = printable(element.tail, drawable)
    for name in SPOKEN:
        if name in element.attrib:
            element.set(name, printable(element.attrib[name], drawable))


def _head(root: Element, sheet: Sheet, drawable: frozenset[str]) -> None:
    found = root.find("head")
    head = found if found is not None else SubElement(root, "head")
    SubElement(head, "title").text = printable(sheet.title, drawable)
    instant = sheet.created.strftime("%Y-%m-%dT%H:%M:%SZ")
    for name in ("dcterms.created", "dcterms.modified"):
        SubElement(head, "meta", {"name": name, "content": instant})
