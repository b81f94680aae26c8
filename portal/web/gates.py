"""What is refused before anything is looked at: odd addresses, posts from other sites, endless forms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import BadRequest, Forbidden, NotFound, RequestEntityTooLarge
from werkzeug.routing import IntegerConverter

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.typing import ResponseReturnValue

    View = Callable[..., ResponseReturnValue]

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_FORM_KEYS = 1000
LONGEST_QUERY = 8_000
# A telephone's photo with its form; every other form stays at the application's own limit.
MOST_PHOTO_BYTES = 12 * 1024 * 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# A percent sign may write half a character that no database takes.
_HALF = re.compile(r"[\ud800-\udfff]")
_FIELD = re.compile(r"[!-~]{1,100}")


class FromElsewhere(Forbidden):
    """A form that another site sent."""


def init(app: Flask) -> None:
    """Put the gates before the application."""
    app.url_map.converters["int"] = Number
    app.before_request(_make_room_for_files)
    app.before_request(_refuse_odd_addresses)
    app.before_request(_refuse_other_sites)
    app.before_request(_refuse_odd_forms)


def takes_files(most_bytes: int) -> Callable[[View], View]:
    """Let one route take a larger body, because files are sent to it; all others keep the small limit."""

    def declare(view: View) -> View:
        view.most_body_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return declare


class Number(IntegerConverter):
    """A number in an address: ASCII digits, and never more than the database can hold."""

    regex = "[0-9]{1,9}"


def takes_photos() -> bool:
    """Say whether what is asked for takes a photo together with its form."""
    return getattr(current_app.view_functions.get(request.endpoint or ""), "takes_photos", False)


def most_bytes() -> int | None:
    """Return how large a body may be because files are sent with it; None where the usual limit holds."""
    view = current_app.view_functions.get(request.endpoint or "")
    most: int | None = getattr(view, "most_body_bytes", None)
    return MOST_PHOTO_BYTES if takes_photos() else most


def _make_room_for_files() -> None:
    most = most_bytes()
    if most is not None:
        request.max_content_length = most


def _refuse_odd_addresses() -> None:
    # No address of ours holds a control character, and PostgreSQL refuses to look for one.
    if _CONTROL.search(request.path) or _HALF.search(request.path):
        raise NotFound
    if len(request.query_string) > LONGEST_QUERY:
        raise BadRequest
    if any("\x00" in text or _HALF.search(text) for pair in request.args.items(multi=True) for text in pair):
        raise BadRequest


def _refuse_other_sites() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "from_anywhere", False):
        return
    if request.method not in SAFE and _is_from_elsewhere():
        raise FromElsewhere


def _is_from_elsewhere() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin")
    if origin is None and site is None:
        # An old browser: the page it came from says the same, where it says anything.
        origin = request.headers.get("Referer") or None
    return origin is not None and not _is_ours(origin)


def _is_ours(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_safe_enough = parts.scheme == "https" or not current_app.config.get("IS_HTTPS")
    return is_safe_enough and parts.netloc == request.host


def _refuse_odd_forms() -> None:
    if request.method in SAFE:
        return
    if len(request.form) > MOST_FORM_KEYS:
        raise RequestEntityTooLarge
    # Lists of rows are told by the numbers in their names, and int() stumbles over digits of other scripts.
    if any(not _FIELD.fullmatch(name) for name in request.form):
        raise BadRequest
