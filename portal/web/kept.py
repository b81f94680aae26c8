"""The visitors' pages made last, under their marks: a mark changes with whatever a page is made of."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.web.watch import ENDPOINT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    # The mark, and whether it is compressed.
    Key = tuple[str, bool]

MOST_PAGES, LARGEST_BYTES = 200, 64 * 1024
# Set by the edge that knows the page to be everybody's.
KEEP = "portal.keep_page"
# Where the edge has asked it already: the version of what is public, as of before the page.
VERSION = "portal.public_version"


@dataclass(frozen=True, slots=True)
class Page:
    """An answer as it was sent."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    endpoint: str


_pages: OrderedDict[Key, Page] = OrderedDict()
_order = threading.Lock()


def answer(
    key: Key, page: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """Send the page under this key again, or let it be made, and keep it where it is everybody's."""
    found = _take(key)
    if found is not None:
        environ[ENDPOINT] = found.endpoint
        start_response(found.status, list(found.headers))
        return [found.body]
    told: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        told.update(status=status, headers=tuple(headers))
        return start_response(status, headers, *more)

    made = page(environ, start)
    if KEEP not in environ:
        return made
    try:
        body = b"".join(made)
    finally:
        _close(made)
    _keep(key, Page(told["status"], told["headers"], body, environ.get(ENDPOINT, "")))
    return [body]


def _close(made: Iterable[bytes]) -> None:
    close = getattr(made, "close", None)
    if close is not None:
        close()


def _take(key: Key) -> Page | None:
    with _order:
        found = _pages.get(key)
        if found is not None:
            _pages.move_to_end(key)
        return found


def _keep(key: Key, page: Page) -> None:
    if len(page.body) > LARGEST_BYTES:
        return
    with _order:
        _pages[key] = page
        while len(_pages) > MOST_PAGES:
            _pages.popitem(last=False)


def forget() -> None:
    """Let every page be made anew; for measures of what that costs."""
    with _order:
        _pages.clear()
