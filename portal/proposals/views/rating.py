"""How proposing was: asked after sending, on two small pages, and shown to staff in sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from portal import db
from portal.errors import Invalid, WrongState
from portal.policy import Can
from portal.proposals import actions, queries
from portal.proposals.actions.rating import mark_of
from portal.proposals.forms.rating import RatingForm, ReasonsForm
from portal.proposals.stars import LIKED_FROM, MOST_STARS, PARTS
from portal.proposals.views.room import held, proposals, standing
from portal.web import invalid, me, needs, render, see_other
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.proposals.models import Proposal

MOST_SHOWN = 50
# Of fewer an average says more about one person than about the service.
FEWEST_FOR_AN_AVERAGE = 5
LIKED = W("What did you like?")


@proposals.post("/propose/<code>/rating")
@needs(Can.PROPOSAL_FILL)
def rate(code: str) -> ResponseReturnValue:
    proposal = held(code)
    first = RatingForm()
    if not first.validate_on_submit():
        return invalid("proposals/rating.html", **_page(proposal, first))
    form = _reasons(first.stars.data)
    if "parts_asked" not in _names():
        return render("proposals/rating_reasons.html", **_page(proposal, form))
    try:
        given = (int(form.stars.data), form.parts.data or [], form.said.data or "")
        if form.validate():
            actions.rate(proposal, *given, by=me())
            return see_other("proposals.sent", code=proposal.code, rated="1")
    except Invalid as refusal:
        form.refuse(refusal.field, refusal.words)
    except WrongState:
        return see_other("proposals.sent", code=proposal.code, rated="1")
    return invalid("proposals/rating_reasons.html", **_page(proposal, form))


def _names() -> set[str]:
    """Return the names of what was sent."""
    return set(request.form)


def _reasons(stars: str) -> ReasonsForm:
    form = ReasonsForm()
    if int(stars) >= LIKED_FROM:
        form.parts.label.text = LIKED
    return form


def _page(proposal: Proposal, form: Any) -> dict[str, Any]:
    return {**standing(proposal), "form": form}


def is_rated(proposal: Proposal) -> bool:
    """Say whether this proposal's holder has told already how it was."""
    return db.session().scalar(queries.rating_of(mark_of(proposal))) is not None


def average() -> dict[str, Any] | None:
    """Return how many stars were given on the average, where there are enough of them."""
    counted = {row[0]: row[1] for row in db.session().execute(queries.stars_counted()).all()}
    total = sum(counted.values())
    if total < FEWEST_FOR_AN_AVERAGE:
        return None
    tenths = round(10 * sum(stars * times for stars, times in counted.items()) / total)
    return {"stars": f"{tenths // 10}.{tenths % 10}", "total": total, "counted": counted}


@proposals.get("/desk/ratings")
@needs(Can.RATINGS_READ)
def ratings() -> ResponseReturnValue:
    counted = {row[0]: row[1] for row in db.session().execute(queries.stars_counted()).all()}
    return render(
        "proposals/desk/ratings.html",
        rows=[(stars, counted.get(stars, 0)) for stars in range(MOST_STARS, 0, -1)],
        average=average(),
        newest=db.session().scalars(queries.newest_ratings(MOST_SHOWN)).all(),
        parts=PARTS,
        liked_from=LIKED_FROM,
    )
