"""Answer "not changed" to visitors of the record: it changes with its newest place and checkpoint alone."""

from __future__ import annotations

import hashlib
from functools import wraps
from typing import TYPE_CHECKING, Any

from flask import Response, current_app, g, make_response, request
from flask import session as browser_session

from portal import db
from portal.record.queries import STANDING

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    View = Callable[..., ResponseReturnValue]


def as_it_stands(view: View) -> View:
    """Send a visitor the page only where the record has grown or was signed since they had it."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if "Cookie" in request.headers:
            return view(*args, **kwargs)  # who is known may see more
        mark = _mark()
        is_known = request.if_none_match.contains_weak(mark)
        found = Response(status=304) if is_known else make_response(view(*args, **kwargs))
        if is_known or (found.status_code == 200 and not browser_session):  # noqa: PLR2004 - OK
            found.set_etag(mark, weak=True)
        return found

    return answer


def _mark() -> str:
    newest = tuple(db.session().execute(STANDING).one())
    parts = (
        current_app.extensions["page_secret"],
        request.host,
        request.full_path,
        g.language,
        newest,
        db.database().condition.trouble(),
    )
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]
