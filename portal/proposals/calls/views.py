"""The public notices: what is open, one call whole, and what was proposed under it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, request, url_for

from portal import clock, db
from portal.proposals.answers import GROUP_WORDS, KIND_WORDS
from portal.proposals.calls import eligibility, queries, said
from portal.proposals.calls.lifecycle import Phase, phase
from portal.web import me, one_or_404, public, render
from portal.web.chrome import district_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from portal.proposals.models import Call

calls = Blueprint("calls", __name__)
LONGEST_NUMBER = 15
EXAMPLE_CENTS = 200_000


@calls.get("/calls")
@public
def listed() -> ResponseReturnValue:
    at, session = clock.now(), db.session()
    before = marker(request.args.get("before", ""))
    found = session.scalars(queries.past(at, before=before)).all()
    over = found[: queries.PAGE]
    last = over[-1] if len(found) > queries.PAGE else None
    return render(
        "proposals/calls/calls.html",
        current=[] if before else [shown(one, at) for one in session.scalars(queries.current(at))],
        over=[shown(one, at) for one in over],
        older=url_for("calls.listed", before=_mark(last.closes_at, last.id)) if last else "",
        newest=url_for("calls.listed") if before else "",
    )


@calls.get("/calls/<ref>")
@public
def one(ref: str) -> ResponseReturnValue:
    found = one_or_404(queries.by_ref(queries.visible_to(me()), ref))
    return render("proposals/calls/call.html", **call_page(found))


def call_page(found: Call) -> dict[str, Any]:
    """Return what the page of one call shows; its draft is shown to staff in the same way."""
    before = marker(request.args.get("before", ""))
    rows = db.session().execute(queries.answers(found, before=before)).all()
    last = rows[queries.PAGE - 1] if len(rows) > queries.PAGE else None
    older = _mark(last.submitted_at, last.id) if last else ""
    said_of = shown(found, clock.now())
    return {
        **said_of,
        "phase_of": said_of,
        "words_of": _invites(found),
        "rows": rows[: queries.PAGE],
        "older": url_for("calls.one", ref=found.ref, before=older) if older else "",
        "newest": url_for("calls.one", ref=found.ref) if before else "",
        "example": _example(found),
    }


def _invites(found: Call) -> dict[str, list[Any]]:
    return {
        "kinds": [KIND_WORDS[one] for one in found.kinds if one in KIND_WORDS],
        "zones": [district_name(one) for one in found.zones],
        "leads": [GROUP_WORDS[one] for one in found.leads if one in GROUP_WORDS],
    }


def shown(found: Call, at: datetime) -> dict[str, Any]:
    """Return a call as pages show it, in their language."""
    now = phase(found, at)
    return {
        "call": found,
        "phase": now,
        "phase_words": said.PHASES[now],
        "phase_tone": said.TONES.get(now, ""),
        "track_words": said.TRACKS[found.track],
        "order_words": said.ORDERS[found.match_order],
        "themes": [said.THEMES[one] for one in found.themes if one in said.THEMES],
        "texts": {
            name: said.text_in(_texts(found, name), g.language) for name in ("title", "summary", "terms")
        },
        "days_left": (clock.local(found.closes_at).date() - clock.local(at).date()).days
        if now is Phase.OPEN and found.closes_at
        else None,
        "is_open": now is Phase.OPEN,
        "is_ahead": now is Phase.AHEAD,
    }


def _texts(found: Call, name: str) -> Mapping[str, str]:
    texts: Mapping[str, str] = getattr(found, name)
    return texts


def _example(found: Call) -> dict[str, int] | None:
    if found.track != "matchfunding":
        return None
    raised = max(EXAMPLE_CENTS, found.match_threshold_cents)
    added = eligibility.match(
        raised,
        ratio_bp=found.match_ratio_bp,
        cap_cents=found.match_cap_cents,
        threshold_cents=found.match_threshold_cents,
    )
    return {"raised": raised, "added": added.cents}


def _mark(at: datetime | None, row_id: int) -> str:
    return f"{at:%Y%m%dT%H%M%S.%f}-{row_id}" if at else ""


def marker(text: str) -> tuple[datetime, int] | None:
    """Return the instant and id after which a page begins; None for the first page and for what is none."""
    instant, _, row_id = text.partition("-")
    if not (row_id.isascii() and row_id.isdigit() and len(row_id) <= LONGEST_NUMBER):
        return None
    try:
        return datetime.strptime(instant, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), int(row_id)
    except ValueError:
        return None
