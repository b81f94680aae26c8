"""Answers that cost little: "not changed" for a visitor's public page, and compressed text."""

from __future__ import annotations

import gzip
import hashlib
import hmac
import re
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Response, current_app, g, request
from flask import session as browser_session
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.policy import Can
from portal.record import newest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Flask

# Everything a page is made of besides the database.
SOURCES = ("portal", "templates", "static", "seeds")
# A page is compressed at every view, a file once.
LEVEL, BEST = 1, 9
# Below this the answer fits one packet anyway.
SHORTEST = 600
_files: dict[str, bytes] = {}
_ADDRESS = ("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")
_IS_MARK = re.compile(r'W/"[0-9a-f]{32}"')
UNCHANGED = (("Cache-Control", "no-cache"), ("Vary", "Cookie, Accept-Encoding"))
TEXTS = frozenset(
    {
        "text/html", "text/css", "text/javascript", "application/javascript", "application/json",
        "application/problem+json", "application/ld+json", "application/geo+json", "text/csv",
        "image/svg+xml",
    }
)  # fmt: skip


def init(app: Flask) -> None:
    """Let the application answer with less; call it first, so that its answers get every header."""
    # The configuration holds the secret key, so that no mark can be made up.
    app.extensions["page_secret"] = _source_stamp(Path(app.root_path), repr(app.config["PORTAL"]))
    app.before_request(_note_mark)
    app.after_request(_finish)


def _source_stamp(root: Path, surroundings: str) -> str:
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


def _note_mark() -> None:
    # Made before the page is: a mark may be too old, which costs a view, but never too new.
    if _is_shared():
        g.page_mark = _mark(request.environ, current_app)


def _mark(environ: WSGIEnvironment, app: Flask) -> str:
    """Return the mark of this page as it is now: address, files, day, and the newest public act."""
    address = (environ.get("HTTP_HOST"), *(environ.get(name, "") for name in _ADDRESS))
    parts = (app.extensions["page_secret"], *address, clock.today(), newest.version())
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]


def answer(
    app: Flask, page: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """Answer "not changed" by one read of the database, or let the page be made.

    Whoever shows the mark of an address was given it there, as a visitor: nobody can make one up. So nothing
    else need be known about the page, not even that it is one.
    """
    shown = environ.get("HTTP_IF_NONE_MATCH", "")
    if not _IS_MARK.fullmatch(shown) or "HTTP_COOKIE" in environ:
        return page(environ, start_response)
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or not _is_current(shown, environ, app):
        return page(environ, start_response)
    start_response("304 NOT MODIFIED", [("ETag", shown), *UNCHANGED])
    return []


def _is_current(shown: str, environ: WSGIEnvironment, app: Flask) -> bool:
    try:
        return hmac.compare_digest(shown, f'W/"{_mark(environ, app)}"')
    except SQLAlchemyError:
        return False  # the page will meet the same database, and say so


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
