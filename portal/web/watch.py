"""Every request gets a number, is timed, counted, and told in one line; no address and no path is in it."""

from __future__ import annotations

import logging
import re
from time import perf_counter
from typing import TYPE_CHECKING, Any

import structlog
from flask import g, request

from portal import crypto
from portal.web import metrics

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Flask
    from werkzeug import Response

log = logging.getLogger("portal.requests")
ENDPOINT, NUMBER, SIGNED_IN = "portal.endpoint", "portal.request", "portal.signed_in"
# As proxies make them; nobody can write a name or an address in it.
_NUMBER = re.compile(r"[0-9a-f][0-9a-f-]{14,62}[0-9a-f]")
NO_ENDPOINT = "none"
# Asked for every few seconds by machines: counted, but not told.
QUIET = frozenset({"static", "probes.alive", "probes.ready", "probes.measures"})


def init(app: Flask) -> None:
    """Let the application say which endpoint it came to, and who is meant by "signed in"."""
    app.before_request(_note_endpoint)
    app.after_request(_note_person)
    metrics.watch_database()


def _note_endpoint() -> None:
    request.environ[ENDPOINT] = request.endpoint or NO_ENDPOINT


def _note_person(response: Response) -> Response:
    actor = g.get("actor")
    request.environ[SIGNED_IN] = actor is not None and actor.is_signed_in
    return response


def number_of(environ: WSGIEnvironment, *, hops: int) -> str:
    """Return the number of this request: the proxy's where there is one before us, else a new one."""
    given = environ.get("HTTP_X_REQUEST_ID", "") if hops else ""
    return given if _NUMBER.fullmatch(given) else crypto.new_code(8)


def answer(
    app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse, *, hops: int
) -> Iterable[bytes]:
    """Let the application answer, and tell of it; the number goes out as X-Request-ID."""
    since, status = perf_counter(), "500"
    number = environ[NUMBER] = number_of(environ, hops=hops)

    def start(told: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        nonlocal status
        status = told
        return start_response(told, [*headers, ("X-Request-ID", number)], *more)

    with structlog.contextvars.bound_contextvars(request=number):
        try:
            return app(environ, start)
        finally:
            _tell(environ, int(status[:3]), perf_counter() - since)


def _tell(environ: WSGIEnvironment, status: int, seconds: float) -> None:
    endpoint = environ.get(ENDPOINT, NO_ENDPOINT)
    method = environ.get("REQUEST_METHOD", "")
    metrics.count_request(endpoint, method, status, seconds)
    if endpoint in QUIET:
        return
    said = {
        "endpoint": endpoint,
        "method": method if method in metrics.METHODS else "other",
        "status": status,
        "ms": round(seconds * 1000, 1),
        "signed_in": bool(environ.get(SIGNED_IN)),
    }
    log.info("answered", extra=said)
