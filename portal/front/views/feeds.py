"""What programs read of the record: feeds in its order, the newest checkpoint, everything as lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, request, url_for

from portal import db
from portal.errors import NotFound
from portal.front import queries as front_queries
from portal.front.standing import as_it_stands
from portal.front.views.record import way_to
from portal.front.views.room import front
from portal.policy import Can
from portal.record import checkpoints, publicity, queries
from portal.record.keys import signer_for
from portal.record.queries import Wanted
from portal.record.words import words_of
from portal.typed import whole
from portal.web import needs, render
from portal.web.access import NO_SUCH_PAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from portal.record import Act, Leaf

feeds = Blueprint("feeds", __name__)
MOST = 50
LINES = 5_000
ATOM, JSON_LINES = "application/atom+xml", "application/jsonl"
VERIFIER = Path(__file__).resolve().parents[3] / "docs" / "verify_record.py"


@feeds.get("/feeds/record.atom")
@needs(Can.RECORD_READ)
@as_it_stands
def record_feed() -> ResponseReturnValue:
    return _acts(Wanted(), url_for("front.record"))


@feeds.get("/feeds/pacts/<code>.atom")
@needs(Can.RECORD_READ)
@as_it_stands
def pact_feed(code: str) -> ResponseReturnValue:
    if db.session().scalar(front_queries.title_of(code)) is None:
        raise NotFound(NO_SUCH_PAGE)
    return _acts(Wanted(about=code), url_for("front.pact", code=code))


def _acts(wanted: Wanted, about: str) -> Response:
    found = db.session().execute(queries.entries(wanted, most=MOST)).all()
    rows = sorted(found, key=lambda row: row[0], reverse=True)
    told = [(position, one, words_of(one.verb), way_to(one)[0]) for position, one in rows]
    text = render("feeds/acts.xml", rows=told, base=_base(), about=about, path=request.path)
    return _feed(text)


def _feed(text: str) -> Response:
    found = Response(text, content_type=f"{ATOM}; charset=utf-8")
    found.vary.add("Accept-Language")  # the address names no language
    return found


@feeds.get("/feeds/checkpoints.atom")
@needs(Can.RECORD_READ)
@as_it_stands
def checkpoint_feed() -> ResponseReturnValue:
    rows = db.session().scalars(queries.checkpoints(most=MOST)).all()
    return _feed(render("feeds/checkpoints.xml", rows=rows, base=_base(), path=request.path))


def _base() -> str:
    return str(current_app.config["PORTAL"].base_url)


@front.get("/record/checkpoint")
@feeds.get("/record/checkpoint")
@needs(Can.RECORD_READ)
def checkpoint() -> ResponseReturnValue:
    """Give the newest checkpoint as a signed note."""
    found = checkpoints.newest()
    if found is None:
        raise NotFound(NO_SUCH_PAGE)
    return Response(found.note, content_type="text/plain; charset=utf-8")


@feeds.get("/record/key")
@needs(Can.RECORD_READ)
def key() -> ResponseReturnValue:
    """Give the public key of the checkpoints."""
    text = signer_for(current_app.config["PORTAL"]).key + "\n"
    return Response(text, content_type="text/plain; charset=utf-8")


@feeds.get("/record/verify_record.py")
@needs(Can.RECORD_READ)
def verifier() -> ResponseReturnValue:
    """Give the program with which anybody checks the record without this portal."""
    answer = Response(VERIFIER.read_bytes(), content_type="text/x-python; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename={VERIFIER.name}"
    return answer


@feeds.get("/record/export.jsonl")
@needs(Can.RECORD_READ)
@as_it_stands
def export() -> ResponseReturnValue:
    """Give the record from `start` on, an act a line; acts that are not public by their fingerprint alone."""
    start = whole(request.args.get("start")) or 0
    rows = db.session().execute(queries.from_position(start, LINES + 1)).all()
    answer = Response("".join(_lines(rows[:LINES])), content_type=f"{JSON_LINES}; charset=utf-8")
    if len(rows) > LINES:
        onward = url_for("feeds.export", start=start + LINES)
        answer.headers["Link"] = f'<{_base()}{onward}>; rel="next"'
    return answer


def _lines(rows: Sequence[tuple[Leaf, Act]]) -> list[str]:
    found = []
    for leaf, act in rows:
        is_public = publicity.why_private(act.verb, act.facts) is None
        line = {
            "position": leaf.position,
            "leaf": leaf.hash.hex(),
            "entry": act.canonical.decode() if is_public else None,
        }
        found.append(json.dumps(line, ensure_ascii=False) + "\n")
    return found
