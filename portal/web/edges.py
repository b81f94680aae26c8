"""The safe edges of every answer: headers, a post's origin, friendly refusals that keep what was typed."""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app, g, jsonify, make_response, request
from flask import session as browser_session
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError
from werkzeug.routing import IntegerConverter

from portal import crypto, db
from portal.errors import Invalid, NotAllowed, Refused, Stale
from portal.policy import VISITOR
from portal.record import Did, record
from portal.web.answers import render, typed_values
from portal.web.languages import best, lead_to_language
from portal.words import W, say, set_language

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug import Response

log = logging.getLogger("portal")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_FORM_KEYS = 1000
_BUSY = re.compile(
    r"locked|busy|deadlock|timeout|connect|too many clients|starting up|shutting down", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_FIELD = re.compile(r"[!-~]{1,100}")
_UNIQUE = re.compile(r"unique|duplicate key", re.IGNORECASE)

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
        "form-action 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
SENTENCES = {
    400: W("The page could not be understood. Go back, load the page again and try once more."),
    404: W("There is no such page, or it is not open to you. Check the address, or start at the home page."),
    405: W("This address cannot be used in that way. Start at the home page."),
    413: W("That was too much at once: a form may hold 2 MB. Shorten the text, then send it again."),
    429: W("That was too many tries. Wait a quarter of an hour, then try again."),
    500: W("Something went wrong on our side. Nothing was changed. Try again, or ask the help desk."),
}
EXPIRED = W(
    "The page had been open too long, so it was not accepted. Copy your text, load the page again and resend."
)
FORGED_HOST = W("This is not an address of the portal.")
CROSS_SITE = W("This form was sent from another site, so nothing was done.")
LOST_RACE = W("Somebody else changed this at the same moment, so your change was not made. Look at it again.")
BUSY = W("The portal is busy just now and nothing was changed. Wait a few seconds, then send it again.")


def init(app: Flask) -> None:
    """Put the edges around the application."""
    app.url_map.converters["int"] = Number
    app.before_request(_refuse_odd_addresses)
    app.before_request(_refuse_other_sites)
    app.after_request(_add_headers)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, lambda _error: page(400, EXPIRED))
    app.register_error_handler(StaleDataError, lambda _error: page(409, LOST_RACE))
    app.register_error_handler(IntegrityError, _integrity)
    app.register_error_handler(OperationalError, _operational)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


class Number(IntegerConverter):
    """A number in an address: ASCII digits, and never more than the database can hold."""

    regex = "[0-9]{1,9}"


def _refuse_odd_addresses() -> Response | None:
    # No address of ours holds a control character, and PostgreSQL refuses to look for one.
    return page(404, SENTENCES[404]) if _CONTROL.search(request.path) else None


def _refuse_other_sites() -> Response | None:
    if request.method in SAFE:
        return None
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.host
    if foreign or site not in {"same-origin", "none"}:
        return page(403, CROSS_SITE)
    if len(request.form) > MOST_FORM_KEYS:
        raise RequestEntityTooLarge
    # Lists of rows are told by the numbers in their names, and int() stumbles over digits of other scripts.
    if any(not _FIELD.fullmatch(name) for name in request.form):
        return page(400, SENTENCES[400])
    return None


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config.get("IS_HTTPS"):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if "Cache-Control" not in response.headers:
        # Pages of somebody signed in, or holding a draft, must not stay in a shared computer's cache.
        private = bool(browser_session) or response.status_code >= HTTPStatus.BAD_REQUEST
        response.headers["Cache-Control"] = "no-store" if private else "no-cache"
    if response.mimetype == "text/html":
        response.vary.add("Cookie")
    return response


def page(status: int, sentence: W | str) -> Response:
    """Return a friendly page (or problem+json for machines) with what was typed."""
    if "language" not in g:
        g.language = best()
        set_language(g.language)
    if request.path.startswith("/api/"):
        return _problem(status, sentence)
    known = {400: 422, 405: 404}.get(status, status)
    template = f"errors/{known if known in {403, 404, 409, 413, 422, 429, 500, 503} else 500}.html"
    is_readable = request.method not in SAFE and status != HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    kept = typed_values() if is_readable else []
    return make_response(render(template, words=sentence, kept=kept, reference=_reference()), status)


def _problem(status: int, sentence: W | str) -> Response:
    answer = jsonify(type="about:blank", title=say(sentence), status=status, instance=request.path)
    answer.mimetype = "application/problem+json"
    answer.status_code = status
    return answer


def _reference() -> str:
    if "reference" not in g:
        g.reference = crypto.new_code(8)
    return str(g.reference)


def _refused(error: Refused) -> Response:
    if isinstance(error, NotAllowed):
        _remember_denied()
    return page(error.status, error.words)


def _remember_denied() -> None:
    actor = g.get("actor", VISITOR)
    if not actor.is_signed_in:
        return  # visitors are only logged: a robot must not be able to fill the record
    with db.aside():
        record(
            Did.DENIED,
            f"person:{actor.pseudonym}",
            by=actor,
            endpoint=request.endpoint or "",
            method=request.method,
        )


def _integrity(error: IntegrityError) -> Response:
    if not _UNIQUE.search(str(error.orig)):
        return _unexpected(error)  # a rule of the database was broken: that is our fault
    # A unique index decided a race: the other one was first.
    log.warning("lost race at %s: %s", request.endpoint, type(error.orig).__name__)
    return page(Stale.status, LOST_RACE)


def _operational(error: OperationalError) -> Response:
    log.warning("the database at %s: %s", request.endpoint, error.orig)
    if _BUSY.search(str(error.orig)):
        answer = page(503, BUSY)
        answer.headers["Retry-After"] = "3"
        return answer
    return _unexpected(error)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status == HTTPStatus.NOT_FOUND and request.routing_exception is not None:
        onward = lead_to_language()
        if onward is not None:
            return make_response(onward)
    if isinstance(error, SecurityError):
        # A forged host: no address of ours can be written into the answer.
        return make_response(
            say(FORGED_HOST, "en") + "\n", HTTPStatus.BAD_REQUEST, {"Content-Type": "text/plain"}
        )
    if status < HTTPStatus.BAD_REQUEST:
        return make_response(error.get_response())
    general = SENTENCES[400 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500]
    return page(status, SENTENCES.get(status, general))


def _unexpected(error: Exception) -> Response:
    log.error("unexpected at %s, reference %s", request.endpoint, _reference(), exc_info=error)
    return page(500, SENTENCES[500])


__all__ = ["Invalid", "init", "page"]
