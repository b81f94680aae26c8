"""The safe edges of every answer: headers, and friendly refusals that keep what was typed."""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import current_app, g, jsonify, make_response, request
from flask import session as browser_session
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from portal import crypto, db
from portal.db import Trouble
from portal.errors import Invalid, NotAllowed, Refused, Stale, TooMany
from portal.policy import VISITOR
from portal.record import Did, record
from portal.web import gates, metrics, watch
from portal.web.answers import render, typed_values, vary_by
from portal.web.gates import SAFE, FromElsewhere
from portal.web.languages import best, lead_to_language
from portal.words import W, say, set_language

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug import Response

log = logging.getLogger("portal")
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
    403: W("This is not for you to open. If you have an account, check that you are signed in with it."),
    404: W("There is no such page, or it is not open to you. Check the address, or start at the home page."),
    405: W("This address cannot be used in that way. Start at the home page."),
    413: W("A form may hold 2 MB, and nothing was saved. Go back, shorten the text, then send it again."),
    429: W("That was too many tries. Wait a quarter of an hour, then try again."),
    500: W("It is not your fault, and nothing was changed. Try again, or ask the help desk."),
}
TOO_LARGE_A_PHOTO = W(
    "The photo is too big, and nothing was saved. Go back, choose one under 10 MB, then send it again."
)
TOO_LARGE_A_FILE = W(
    "The file is too big, and nothing was saved. Go back: the page says how big a file may be."
)
EXPIRED = W(
    "The page had been open too long, so it was not accepted. Copy your text, load the page again and resend."
)
FORGED_HOST = W("This is not an address of the portal.")
CROSS_SITE = W("This form was sent from another site, so nothing was done.")
LOST_RACE = W("Somebody else changed this at the same moment, so your change was not made. Look at it again.")
BUSY = W("The portal is busy just now and nothing was changed. Wait a few seconds, then send it again.")
SLOW = W("This took too long, so it was stopped and nothing was changed. Wait a minute, then try again.")
AWAY = W("The portal cannot reach what it has stored just now. Nothing was changed. Try again in a minute.")
UNWRITABLE = W(
    "Just now the portal can be read, but nothing can be sent. Nothing was changed. Try again in ten minutes."
)
# What is said of each trouble, and after how many seconds it is worth another try.
TROUBLES = {
    Trouble.BUSY: (BUSY, 3),
    Trouble.SLOW: (SLOW, 60),
    Trouble.AWAY: (AWAY, 60),
    Trouble.READ_ONLY: (UNWRITABLE, 600),
    Trouble.FULL: (UNWRITABLE, 600),
}


def init(app: Flask) -> None:
    """Put the edges around the application."""
    gates.init(app)
    app.after_request(_add_headers)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(StaleDataError, lambda _error: page(409, LOST_RACE))
    app.register_error_handler(IntegrityError, _integrity)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _add_headers(response: Response) -> Response:
    given = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - not a dictionary
    response.headers.extend((name, value) for name, value in HEADERS.items() if name.lower() not in given)
    if current_app.config.get("IS_HTTPS"):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if "cache-control" not in given:
        # Pages of somebody signed in, or holding a draft, must not stay in a shared computer's cache.
        private = bool(browser_session) or response.status_code >= HTTPStatus.BAD_REQUEST
        response.headers["Cache-Control"] = "no-store" if private else "no-cache"
    if response.mimetype == "text/html":
        vary_by(response, "Cookie")
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
    # The number of the request, by which its lines in the log are found.
    if "reference" not in g:
        g.reference = request.environ.get(watch.NUMBER) or crypto.new_code(8)
    return str(g.reference)


def _refused(error: Refused) -> Response:
    if isinstance(error, NotAllowed):
        _remember_denied()
    answer = page(error.status, error.words)
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(error.wait_seconds)
    return answer


def _remember_denied() -> None:
    actor = g.get("actor", VISITOR)
    if not actor.is_signed_in:
        return  # visitors are only logged: a robot must not be able to fill the record
    subject = f"person:{actor.pseudonym}"
    try:
        with db.aside():
            record(Did.DENIED, subject, by=actor, endpoint=request.endpoint or "", method=request.method)
    except SQLAlchemyError:
        log.exception("a denied attempt cannot be remembered")  # the refusal stands all the same


def _expired(_error: CSRFError) -> Response:
    # Without room for a session no token can be right: that is not the fault of an old page.
    trouble = db.database().condition.trouble()
    return page(400, EXPIRED) if trouble is None else _troubled(trouble)


def _integrity(error: IntegrityError) -> Response:
    if not _UNIQUE.search(str(error.orig)):
        return _unexpected(error)  # a rule of the database was broken: that is our fault
    # A unique index decided a race: the other one was first.
    log.warning("lost race at %s: %s", request.endpoint, type(error.orig).__name__)
    return page(Stale.status, LOST_RACE)


def _troubled(trouble: Trouble) -> Response:
    log.warning("the database at %s: %s", request.endpoint, trouble)
    metrics.TROUBLES.labels(trouble.value).inc()
    sentence, wait_seconds = TROUBLES[trouble]
    answer = page(HTTPStatus.SERVICE_UNAVAILABLE, sentence)
    answer.headers["Retry-After"] = str(wait_seconds)
    return answer


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if isinstance(error, FromElsewhere):
        log.warning("a form from another site at %s", request.endpoint)
        return page(status, CROSS_SITE)
    if request.routing_exception is error and status == HTTPStatus.NOT_FOUND:
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
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and gates.most_bytes() is not None:
        return page(status, TOO_LARGE_A_PHOTO if gates.takes_photos() else TOO_LARGE_A_FILE)
    general = SENTENCES[400 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500]
    return page(status, SENTENCES.get(status, general))


def _unexpected(error: Exception) -> Response:
    trouble = db.trouble_of(error)
    # A page that only reads and yet tries to write is our mistake, whatever the database calls it.
    if trouble is not None and not (trouble is Trouble.READ_ONLY and request.method in SAFE):
        return _troubled(trouble)
    log.error("unexpected at %s, reference %s", request.endpoint, _reference(), exc_info=error)
    return page(500, SENTENCES[500])


__all__ = ["Invalid", "init", "page"]
