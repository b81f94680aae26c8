"""Answers that cost little: "not changed" for a visitor's public page, and compressed text."""

from __future__ import annotations

import gzip
import hashlib
import re
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Response, current_app, request
from flask import session as browser_session
from sqlalchemy.exc import SQLAlchemyError

from portal import clock, db
from portal.policy import Can
from portal.record import newest
from portal.web import kept
from portal.web.answers import vary_by
from portal.web.watch import ENDPOINT

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
_GZIP, _NO_GZIP = re.compile(r"\bgzip\b|\*"), re.compile(r"\bgzip *; *q=0(?:\.0*)?(?![.\d])")
MARK = "portal.page_mark"
UNCHANGED = (("Cache-Control", "no-cache"), ("Vary", "Cookie, Accept-Encoding"))
TEXTS = frozenset(
    {
        "text/html", "text/css", "text/javascript", "application/javascript", "application/json",
        "application/problem+json", "application/ld+json", "application/geo+json", "text/csv",
        "image/svg+xml", "application/xml",
    }
)  # fmt: skip


def init(app: Flask) -> None:
    """Let the application answer with less; call it first, so that its answers get every header."""
    # The configuration holds the secret key, so that no mark can be made up.
    app.extensions["page_secret"] = _source_stamp(Path(app.root_path), repr(app.config["PORTAL"]))
    app.extensions["page_roots"] = tuple(f"/{language}/" for language in app.config["LANGUAGES"])
    app.after_request(_finish)


def _source_stamp(root: Path, surroundings: str) -> str:
    """Return a text that changes with any file or setting that pages are made of."""
    found = hashlib.sha256(surroundings.encode())
    for folder in SOURCES:
        for path in sorted(one for one in (root / folder).rglob("*.*") if "__pycache__" not in one.parts):
            about = path.stat()
            found.update(f"{path.relative_to(root)}:{about.st_size}:{about.st_mtime_ns};".encode())
    return found.hexdigest()


def answer(
    app: Flask, page: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """Answer a visitor by one read of the database where the page stands as it was, or let it be made.

    Whoever shows the mark of an address was given it there, as a visitor: nobody can make one up. So nothing
    else need be known about the page, not even that it is one.
    """
    mark = _mark_for(app, environ)
    if not mark:
        return page(environ, start_response)
    if environ.get("HTTP_IF_NONE_MATCH") == f'W/"{mark}"':
        environ[ENDPOINT] = "unchanged"
        start_response("304 NOT MODIFIED", [("ETag", f'W/"{mark}"'), *UNCHANGED])
        return []
    # Made before the page is: a mark may be too old, which costs a view, but never too new.
    environ[MARK] = mark
    if environ["REQUEST_METHOD"] == "HEAD":
        return page(environ, start_response)
    return kept.answer((mark, _takes_gzip(environ)), page, environ, start_response)


def _mark_for(app: Flask, environ: WSGIEnvironment) -> str:
    """Return the mark where the answer may be everybody's; whoever holds a cookie is sent their own page."""
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or "HTTP_COOKIE" in environ:
        return ""
    if not environ["PATH_INFO"].startswith(app.extensions["page_roots"]):
        return ""
    try:
        return _mark(environ, app)
    except SQLAlchemyError:
        return ""  # the page will meet the same database, and say so


def _mark(environ: WSGIEnvironment, app: Flask) -> str:
    """Return the mark of this page as it is now: address, files, day, and the newest public act."""
    address = (environ.get("HTTP_HOST"), *(environ.get(name, "") for name in _ADDRESS))
    # While nothing can be written, every page says so.
    database = db.database()
    version = environ[kept.VERSION] = newest.version()
    now = (database.engine.url.database, version, clock.today(), database.condition.trouble())
    parts = (app.extensions["page_secret"], *address, *now)
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]


def _takes_gzip(environ: WSGIEnvironment) -> bool:
    taken = environ.get("HTTP_ACCEPT_ENCODING", "")
    return bool(_GZIP.search(taken)) and not _NO_GZIP.search(taken)


def _finish(response: Response) -> Response:
    if MARK in request.environ and _is_everybodys(response):
        response.set_etag(request.environ[MARK], weak=True)
        request.environ[kept.KEEP] = True
    if response.mimetype in TEXTS and response.status_code != HTTPStatus.NOT_MODIFIED:
        vary_by(response, "Accept-Encoding")
        if _may_be_compressed(response):
            _compress(response)
    return response


def _is_everybodys(response: Response) -> bool:
    """Say whether every visitor gets this same page: a public one, and no form's token opened a session."""
    view = current_app.view_functions.get(request.endpoint or "")
    is_page = response.status_code == HTTPStatus.OK and response.mimetype == "text/html"
    return is_page and not browser_session and getattr(view, "permission", None) is Can.READ_PUBLIC


def _may_be_compressed(response: Response) -> bool:
    # What is secret is never compressed together with what an address may put beside it: the length of the
    # answer would tell, letter by letter (BREACH). Whoever has no session is sent no secret.
    holds_nothing = request.endpoint == "static" or ("Cookie" not in request.headers and not browser_session)
    return (
        holds_nothing
        and response.status_code == HTTPStatus.OK
        and "Content-Encoding" not in response.headers
        and _takes_gzip(request.environ)
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
    if request.endpoint != "static" or tag is None or (response.content_length or 0) < SHORTEST:
        return
    if tag not in _files:
        _files[tag] = gzip.compress(b"".join(response.iter_encoded()), BEST, mtime=0)
    response.response.close()  # type: ignore[union-attr] # the open file
    response.direct_passthrough = False
    response.set_data(_files[tag])
    response.set_etag(tag, weak=True)  # the same file in another coating
    response.headers["Content-Encoding"] = "gzip"
