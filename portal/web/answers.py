"""Answers: a page, a page with errors, a safe way onward, and what was typed kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import current_app, redirect, request, url_for
from flask import render_template as flask_render
from itsdangerous import BadSignature, URLSafeSerializer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug import Response

LONGEST_KEPT, MOST_KEPT = 20_000, 200


def render(template: str, /, **context: Any) -> str:
    """Return the page."""
    return flask_render(template, **context)


def see_other(endpoint: str, /, **values: Any) -> ResponseReturnValue:
    """Lead on after something was done, so that reloading does not do it again."""
    return redirect(url_for(endpoint, **values), 303)


def invalid(template: str, /, **context: Any) -> ResponseReturnValue:
    """Return the page with its errors: 422, what was typed is kept, nothing was changed."""
    return flask_render(template, errors=True, **context), 422


def vary_by(response: Response, name: str) -> None:
    """Tell caches that the answer depends on this header too."""
    known = response.headers.get("Vary")
    if known is None:
        response.headers["Vary"] = name
    elif name not in known.split(", "):
        response.headers["Vary"] = f"{known}, {name}"


def _signer() -> URLSafeSerializer:
    keys = [*(current_app.config.get("SECRET_KEY_FALLBACKS") or ()), current_app.secret_key or ""]
    return URLSafeSerializer(keys, salt="next")


def sign_path(path: str) -> str:
    """Return the path signed, so that sign-in can lead back to it and to nowhere else."""
    return str(_signer().dumps(path.removesuffix("?")))


def signed_path(text: str) -> str | None:
    """Return the path of a signed text, or None where somebody else made it."""
    try:
        path = str(_signer().loads(text))
    except BadSignature:
        return None
    # Browsers read a backslash as a slash and drop tabs and line ends, so those could lead to another host.
    return path if re.fullmatch(r"/(?!/)[^\\\x00-\x1f\x7f]*", path) else None


def onward(fallback: str) -> ResponseReturnValue:
    """Lead to the signed `next` of this request, or to the fallback endpoint."""
    path = signed_path(request.values.get("next", ""))
    return redirect(path or url_for(fallback), 303)


def typed_values() -> list[tuple[str, str]]:
    """Return what was typed in this request, so that an error page can show it again; never passwords."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if value.strip() and not _is_secret(name) and len(value) <= LONGEST_KEPT
    ][:MOST_KEPT]


def _is_secret(name: str) -> bool:
    named = name in {"csrf_token", "next", "word", "acting_for"} or "password" in name
    return named or name.endswith(("one_time_code", "passkey"))
