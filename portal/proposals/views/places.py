"""The map that is pressed on: a picture in a form, so that it works without any script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import Response, current_app, request

from portal import db
from portal.commons import queries as commons_queries
from portal.errors import Invalid
from portal.policy import Can
from portal.proposals import actions, city_map, sections
from portal.proposals.city_map import CLOSEST, FURTHEST, HEIGHT, WIDTH, Frame
from portal.proposals.lifecycle import State
from portal.proposals.profiles import profile_of
from portal.proposals.sections import Section
from portal.proposals.views.room import held, proposals, standing, visible
from portal.web import Form, invalid, me, needs, public, render, see_other
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.proposals.models import Proposal

MOST_MARKS = 200
_AT = re.compile(r"(-?[0-9]{1,8}),(-?[0-9]{1,9})")
_SPOT = re.compile(r"[0-9]{1,4}")
PRESS = W("Press on the map where the place is. Without a mouse, write the address or choose a district.")


@proposals.get("/propose/<code>/map")
@needs(Can.PROPOSAL_FILL)
def map_page(code: str) -> ResponseReturnValue:
    proposal = held(code)
    if proposal.state != State.DRAFT or proposal.kind != "place":
        return see_other("proposals.tasks", code=proposal.code)
    return render("proposals/questions/map.html", **_page(proposal, Form()))


@proposals.post("/propose/<code>/map")
@needs(Can.PROPOSAL_FILL)
def press(code: str) -> ResponseReturnValue:
    proposal, form = held(code), Form()
    if form.validate_on_submit():
        try:
            shown = _shown(proposal)
            latitude, longitude = shown.point_at(*_spot())
            actions.pin(proposal, latitude, longitude, by=me())
            closer = min(shown.zoom + 1, CLOSEST)
            return see_other("proposals.map_page", code=code, zoom=closer, at=f"{latitude},{longitude}")
        except Invalid as refusal:
            form.refuse("", refusal.words)
    return invalid("proposals/questions/map.html", **_page(proposal, form))


def _spot() -> tuple[int, int]:
    x, y = request.form.get("point.x", ""), request.form.get("point.y", "")
    # A key pressed on the picture counts as its upper left corner: nobody means that.
    if not (_SPOT.fullmatch(x) and _SPOT.fullmatch(y)) or (int(x), int(y)) == (0, 0):
        raise Invalid(PRESS)
    if int(x) > WIDTH or int(y) > HEIGHT:
        raise Invalid(PRESS)
    return int(x), int(y)


def _shown(proposal: Proposal) -> Frame:
    """Return what the address asks to show; without a word the pin that is there, or the whole city."""
    at = _AT.fullmatch(request.args.get("at", ""))
    pinned = _pin(proposal)
    middle = (int(at[1]), int(at[2])) if at else pinned
    zoom = request.args.get("zoom", "")
    wanted = int(zoom) if _SPOT.fullmatch(zoom) else (1 if pinned else FURTHEST)
    return city_map.frame(profile_of(proposal), zoom=wanted, at=middle)


def _pin(proposal: Proposal) -> tuple[int, int] | None:
    if proposal.latitude_e6 is None or proposal.longitude_e6 is None:
        return None
    return proposal.latitude_e6, proposal.longitude_e6


def _page(proposal: Proposal, form: Form) -> dict[str, Any]:
    shown = _shown(proposal)
    number = list(Section).index(Section.WHERE) + 1
    return {
        **standing(proposal),
        "form": form,
        "shown": {"zoom": shown.zoom, "at": f"{shown.latitude_e6},{shown.longitude_e6}"},
        "is_whole": shown.zoom == FURTHEST,
        "width": WIDTH,
        "height": HEIGHT,
        "section_line": {"n": number, "all": len(Section), "name": sections.TITLES[Section.WHERE]},
    }


@proposals.get("/track/<code>/map.svg")
@public
def map_drawn(code: str) -> ResponseReturnValue:
    """Draw the map for whoever may see the proposal, with its pin and outline."""
    proposal = visible(code)
    shown = _shown(proposal)
    taken = current_app.extensions["taken_commons"]()
    places = db.session().scalars(commons_queries.free_places(taken, limit=MOST_MARKS)).all()
    svg = city_map.draw(
        profile_of(proposal), shown, places=places, pin=_pin(proposal), outline=proposal.outline
    )
    answer = Response(svg, mimetype="image/svg+xml")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
