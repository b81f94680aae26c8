"""The pictures of shared things, each under its own address, which never changes what it leads to."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, request, send_file

from portal.commons import queries
from portal.web import one_or_404, public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

commons_files = Blueprint("commons_files", __name__)
KEPT_SECONDS = 365 * 24 * 3600


@commons_files.get("/files/photo-<int:number>/<any(small, large):size>.webp")
@public
def photo(number: int, size: str) -> ResponseReturnValue:
    """Send a picture; read whole and checked against its hash, so that a damaged one is never served."""
    found = one_or_404(queries.public_photo(number))
    file_hash = found.small_hash if size == "small" else found.file_hash
    stream = io.BytesIO(current_app.extensions["store"].read(file_hash))
    answer = send_file(stream, "image/webp", etag=False)
    answer.set_etag(file_hash)
    answer.cache_control.no_cache = None
    answer.cache_control.public, answer.cache_control.immutable = True, True
    answer.cache_control.max_age = KEPT_SECONDS
    return answer.make_conditional(request)
