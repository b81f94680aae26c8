"""The public page of a track, applying for it, and a group's own page on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, request, url_for

from portal import clock, db
from portal.errors import NotFound
from portal.organisations import queries as groups
from portal.organisations.models import Organisation
from portal.people import limits
from portal.policy import Can
from portal.proposals.calls import queries as calls
from portal.proposals.calls.views import shown
from portal.proposals.incubation import actions, queries, said
from portal.proposals.incubation.forms import StepForm, apply_form
from portal.proposals.incubation.lifecycle import GOING
from portal.typed import whole
from portal.web import invalid, me, needs, one_or_404, public, render, see_other
from portal.web.access import NO_SUCH_PAGE
from portal.web.sheets import sheet

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.proposals.models import Call, Venture

track = Blueprint("track", __name__)
MOST_APPLICATIONS, MOST_STEPS = 5, 40


@track.get("/calls/<ref>/track")
@public
def funnel(ref: str) -> ResponseReturnValue:
    call = tracked(ref)
    person_id = me().person_id
    return render(
        "proposals/incubation/funnel.html",
        **page_of(call),
        **listed(call, "track.funnel", named=True),
        own=db.session().scalars(queries.own(call.id, person_id)).all() if person_id else [],
    )


@track.get("/calls/<ref>/track.csv")
@public
def funnel_csv(ref: str) -> ResponseReturnValue:
    call = tracked(ref)
    shown_now = said.standing(call, g.language)
    rows = [
        (
            row["name"],
            row["level"].places or "",
            row["level"].came,
            row["level"].not_chosen,
            row["level"].withdrawn,
            *said.hours_of(shown_now, row["level"].number),
        )
        for row in shown_now["levels"]
    ]
    heads = ("stage", "places", "came", "not chosen", "withdrawn", *said.HOURS_HEADS)
    return sheet(f"track-{call.ref.lower()}", heads, rows)


@track.get("/calls/<ref>/track/application")
@needs(Can.VENTURE_APPLY)
def application(ref: str) -> ResponseReturnValue:
    call, form = tracked(ref), apply_form(_own_groups(), formdata=None)
    return render("proposals/incubation/apply.html", **page_of(call), form=form)


def _own_groups() -> list[Organisation]:
    found = db.session().execute(groups.of_member(me().person_id or 0, clock.now()))
    return [one.Organisation for one in found]


@track.post("/calls/<ref>/track/application")
@needs(Can.VENTURE_APPLY)
def apply(ref: str) -> ResponseReturnValue:
    limits.spend("venture", me().pseudonym, most=MOST_APPLICATIONS, seconds=limits.DAY)
    call, form = tracked(ref), apply_form(_own_groups())
    done = form.attempt(
        lambda: actions.apply(call, form.idea, by=me()),
        lambda made: see_other("track.venture", ref=call.ref, number=made.number),
    )
    return done or invalid("proposals/incubation/apply.html", **page_of(call), form=form)


@track.get("/calls/<ref>/track/<int:number>")
@needs(Can.VENTURE_OWN)
def venture(ref: str, number: int) -> ResponseReturnValue:
    call, found = _own(ref, number)
    return render("proposals/incubation/venture.html", **_room(call, found))


@track.post("/calls/<ref>/track/<int:number>/steps")
@needs(Can.VENTURE_OWN)
def enter_step(ref: str, number: int) -> ResponseReturnValue:
    limits.spend("venture_step", me().pseudonym, most=MOST_STEPS, seconds=limits.HOUR)
    (call, found), form = _own(ref, number), StepForm()
    done = form.attempt(
        lambda: actions.enter_step(found, form.step, by=me()),
        lambda _: see_other("track.venture", ref=call.ref, number=number),
    )
    return done or invalid("proposals/incubation/venture.html", **_room(call, found, form))


@track.post("/calls/<ref>/track/<int:number>/withdrawal")
@needs(Can.VENTURE_OWN)
def withdraw(ref: str, number: int) -> ResponseReturnValue:
    call, found = _own(ref, number)
    actions.withdraw(found, by=me())
    return see_other("track.venture", ref=call.ref, number=number)


def _own(ref: str, number: int) -> tuple[Call, Venture]:
    call = tracked(ref)
    return call, one_or_404(queries.own_one(call.id, me().person_id or 0, number))


def _room(call: Call, found: Venture, form: StepForm | None = None) -> dict[str, Any]:
    return {
        **page_of(call),
        **acts_of(found),
        "form": form,
        "stepping": (form or StepForm(formdata=None)) if found.state in GOING else None,
    }


def acts_of(found: Venture) -> dict[str, Any]:
    """Return a venture with what it did and what was decided of it."""
    session = db.session()
    return {
        "venture": found,
        "steps": session.scalars(queries.steps(found.id)).all(),
        "decisions": session.scalars(queries.decisions(found.id)).all(),
        "interests": session.execute(queries.interests(found.id)).all(),
        "group": session.get(Organisation, found.group_id) if found.group_id else None,
        "is_going": found.state in GOING,
    }


def listed(call: Call, endpoint: str, *, named: bool = False) -> dict[str, Any]:
    """Return a page of the ventures of a track, with the way to the next."""
    after = whole(request.args.get("after")) or 0
    rows = db.session().execute(queries.ventures(call.id, named=named, after=after)).all()
    last = rows[queries.PAGE - 1].Venture.number if len(rows) > queries.PAGE else 0
    return {
        "ventures": rows[: queries.PAGE],
        "older": url_for(endpoint, ref=call.ref, after=last) if last else "",
        "newest": url_for(endpoint, ref=call.ref) if after else "",
    }


def page_of(call: Call) -> dict[str, Any]:
    """Return what every page of a track shows."""
    return {**shown(call, clock.now()), **said.standing(call, g.language)}


def tracked(ref: str) -> Call:
    """Return a call with a track that the visitor may see; refuses anything else with NotFound."""
    call = one_or_404(calls.by_ref(calls.visible_to(me()), ref))
    if call.track != "incubation":
        raise NotFound(NO_SUCH_PAGE)
    return call
