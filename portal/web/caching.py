"""Answers that cost little: "not changed" for visitors' public pages, and compressed text."""

from __future__ import annotations

import gzip
import hashlib
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Response, current_app, g, request
from flask import session as browser_session

from portal import clock, db
from portal.policy import Can
from portal.record import newest

if TYPE_CHECKING:
    from flask import Flask

# Everything a page is made of besides the database.
SOURCES = ("portal", "templates", "static", "seeds")
# A page is compressed at every view, a file once.
LEVEL, BEST = 1, 9
# Below this the answer fits one packet anyway.
SHORTEST = 600
_files: dict[str, bytes] = {}
TEXTS = frozenset(
    {
        "text/html", "text/css", "text/javascript", "application/javascript", "application/json",
        "application/problem+json", "application/ld+json", "application/geo+json", "text/csv",
        "image/svg+xml",
    }
)  # fmt: skip


def init(app: Flask) -> None:
    """Let the application answer with less; call it first, so that its answers get every header."""
    app.extensions["source_stamp"] = source_stamp(Path(app.root_path), str(app.config.get("PORTAL")))
    app.before_request(_not_changed)
    app.after_request(_finish)


def source_stamp(root: Path, surroundings: str) -> str:
    """Return a text that changes with any file or setting that pages are made of."""
    found = hashlib.sha256(surroundings.encode())
    for folder in SOURCES:
        for path in sorted(one for one in (root / folder).rglob("*.*") if "__pycache__" not in one.parts):
            about = path.stat()
            found.update(f"{path.relative_to(root)}:{about.st_size}:{about.st_mtime_ns};".encode())
    return found.hexdigest()


def _is_shared() -> bool:
    """Say whether everybody without a cookie gets the same answer here.

    Whoever holds a cookie may be signed in, or have a draft open: such a page is theirs alone.
    """
    if request.method not in {"GET", "HEAD"} or "Cookie" in request.headers:
        return False
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "permission", None) is Can.READ_PUBLIC


def _not_changed() -> Response | None:
    """Answer "not changed" by one read; the mark is made before the page, so that it is never too new."""
    if not _is_shared():
        return None
    g.page_mark = _mark()
    if not request.if_none_match.contains_weak(g.page_mark):
        return None
    answer = Response(status=304)
    answer.set_etag(g.page_mark, weak=True)
    answer.vary.add("Cookie")
    return answer


def _mark() -> str:
    """Return the mark of this page as it is now: address, files, day, and the newest public act."""
    with db.reading():
        version = newest.version()
        parts = (current_app.extensions["source_stamp"], request.url, clock.today(), version)
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]


def _finish(response: Response) -> Response:
    # A form's token opens a session while the page is written: then the page is one person's.
    if "page_mark" in g and _is_good_page(response) and not browser_session:
        response.set_etag(g.page_mark, weak=True)
    if response.mimetype in TEXTS and response.status_code != HTTPStatus.NOT_MODIFIED:
        response.vary.add("Accept-Encoding")
        if _may_be_compressed(response):
            _compress(response)
    return response


def _is_good_page(response: Response) -> bool:
    return response.status_code == HTTPStatus.OK and response.mimetype == "text/html"


def _may_be_compressed(response: Response) -> bool:
    # What is secret is never compressed together with what an address may put beside it: the length of the
    # answer would tell, letter by letter (BREACH). Whoever has no session is sent no secret.
    holds_nothing = request.endpoint == "static" or ("Cookie" not in request.headers and not browser_session)
    return (
        holds_nothing
        and response.status_code == HTTPStatus.OK
        and "Content-Encoding" not in response.headers
        and request.accept_encodings["gzip"] > 0
    )


def _compress(response: Response) -> None:
    if response.direct_passthrough:
        _compress_file(response)
        return
    if response.is_streamed:
        return
    content = response.get_data()
    if len(content) >= SHORTEST:
        response.set_data(gzip.compress(content, LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"


def _compress_file(response: Response) -> None:
    tag = response.get_etag()[0]
    if request.endpoint != "static" or tag is None or not (response.content_length or 0) >= SHORTEST:
        return
    kept = _files.get(tag)
    if kept is None:
        response.direct_passthrough = False
        kept = _files[tag] = gzip.compress(response.get_data(), BEST, mtime=0)
    response.close()
    response.direct_passthrough = False
    response.set_data(kept)
    response.set_etag(tag, weak=True)  # the same file in another coating
    response.headers["Content-Encoding"] = "gzip"
