"""Answer "not changed" to visitors: of the record, which only grows, and of what is public, day by day."""

from __future__ import annotations

import hashlib
from functools import wraps
from typing import TYPE_CHECKING, Any

from flask import Response, current_app, g, make_response, request
from flask import session as browser_session

from portal import clock, db
from portal.record import newest
from portal.record.queries import STANDING

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    View = Callable[..., ResponseReturnValue]


def as_it_stands(view: View) -> View:
    """Send a visitor the page only where the record has grown or was signed since they had it."""
    return _unless(view, _of_record)


def while_public_stands(view: View) -> View:
    """Send what is public only where something happened, or a day began, since they had it."""
    return _unless(view, _of_public)


def _of_record() -> object:
    return tuple(db.session().execute(STANDING).one())


def _of_public() -> object:
    return newest.version(), clock.today()


def _unless(view: View, standing: Callable[[], object]) -> View:
    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if "Cookie" in request.headers:
            return view(*args, **kwargs)  # who is known may see more
        mark = _mark(standing())
        is_known = request.if_none_match.contains_weak(mark)
        found = Response(status=304) if is_known else make_response(view(*args, **kwargs))
        if is_known or (found.status_code == 200 and not browser_session):  # noqa: PLR2004 - OK
            found.set_etag(mark, weak=True)
        return found

    return answer


def _mark(standing: object) -> str:
    parts = (
        current_app.extensions["page_secret"],
        request.host,
        request.full_path,
        g.language,
        standing,
        db.database().condition.trouble(),
    )
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]
