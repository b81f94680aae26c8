"""The officials' pages of a track: its stages, the groups, and decisions by two persons."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint

from portal import db, policy
from portal.errors import Invalid
from portal.organisations import queries as groups
from portal.policy import Can
from portal.proposals.incubation import actions, interests, queries
from portal.proposals.incubation.forms import (
    DecisionForm,
    FoundedForm,
    InterestForm,
    PresenceForm,
    stages_form,
)
from portal.proposals.incubation.lifecycle import LIFE, Verb
from portal.proposals.incubation.views import acts_of, listed, page_of, tracked
from portal.web import Form, invalid, me, needs, one_or_404, render, see_other
from portal.web.chrome import profile
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.proposals.incubation.forms import StagesForm
    from portal.proposals.models import Call, StageDecision, Venture

track_desk = Blueprint("track_desk", __name__)
NO_GROUP = W("There is no such entry in the register.")


@track_desk.get("/desk/calls/<ref>/track")
@needs(Can.DESK_READ)
def overview(ref: str) -> ResponseReturnValue:
    return render("proposals/incubation/desk.html", **_overview(tracked(ref)))


@track_desk.post("/desk/calls/<ref>/track/stages")
@needs(Can.TRACK_RUN)
def set_stages(ref: str) -> ResponseReturnValue:
    call, form = tracked(ref), stages_form(profile().prevailing_language)
    done = form.attempt(
        lambda: actions.set_stages(call, form.plans(), rules=profile(), by=me()),
        lambda _: see_other("track_desk.overview", ref=call.ref),
    )
    return done or invalid("proposals/incubation/desk.html", **_overview(call, form))


def _overview(call: Call, form: StagesForm | None = None) -> dict[str, Any]:
    page = page_of(call)
    stages = [one for one, _, _ in page["stages"]]
    may_set = policy.allows(me(), Can.TRACK_RUN, call) and not any(one.taken for one in stages)
    setting = form or stages_form(profile().prevailing_language, stages, page["rows"])
    waiting = db.session().execute(queries.waiting(call.id)).all()
    return {
        **page,
        **listed(call, "track_desk.overview"),
        "waiting": waiting,
        "form": form,
        "setting": setting if may_set else None,
    }


@track_desk.get("/desk/calls/<ref>/track/<int:number>")
@needs(Can.DESK_READ)
def venture(ref: str, number: int) -> ResponseReturnValue:
    return render("proposals/incubation/desk_venture.html", **_page(*_found(ref, number)))


@track_desk.post("/desk/calls/<ref>/track/<int:number>/decision")
@needs(Can.VENTURE_DECIDE)
def propose(ref: str, number: int) -> ResponseReturnValue:
    (call, found), form = _found(ref, number), DecisionForm()

    def act() -> None:
        actions.propose(found, form.outcome.data, form.reason.data or "", by=me())

    return _act(call, found, ("deciding", form), act)


@track_desk.post("/desk/calls/<ref>/track/<int:number>/approval")
@needs(Can.VENTURE_APPROVE)
def approve(ref: str, number: int) -> ResponseReturnValue:
    call, found = _found(ref, number)
    decision = one_or_404(queries.waiting_of(found.id))
    actions.approve(found, decision, by=me())
    return see_other("track_desk.venture", ref=call.ref, number=number)


@track_desk.post("/desk/calls/<ref>/track/<int:number>/presence")
@needs(Can.VENTURE_DECIDE)
def enter_presence(ref: str, number: int) -> ResponseReturnValue:
    (call, found), form = _found(ref, number), PresenceForm()
    return _act(call, found, ("helping", form), lambda: actions.enter_step(found, form.step, by=me()))


@track_desk.post("/desk/calls/<ref>/track/<int:number>/interest")
@needs(Can.VENTURE_RECUSE)
def state_interest(ref: str, number: int) -> ResponseReturnValue:
    (call, found), form = _found(ref, number), InterestForm()
    return _act(
        call, found, ("stating", form), lambda: interests.state(found, form.which.data or "", by=me())
    )


@track_desk.post("/desk/calls/<ref>/track/<int:number>/founding")
@needs(Can.VENTURE_DECIDE)
def found(ref: str, number: int) -> ResponseReturnValue:
    (call, there), form = _found(ref, number), FoundedForm()

    def act() -> None:
        made = db.session().scalar(groups.by_slug(groups.visible_to(me()), form.slug.data or ""))
        if made is None:
            raise Invalid(NO_GROUP, field="slug")
        actions.found(there, made, by=me())

    return _act(call, there, ("founding", form), act)


def _act(
    call: Call, found: Venture, typed: tuple[str, Form], act: Callable[[], object]
) -> ResponseReturnValue:
    name, form = typed
    done = form.attempt(act, lambda _: see_other("track_desk.venture", ref=call.ref, number=found.number))
    return done or invalid("proposals/incubation/desk_venture.html", **_page(call, found, **{name: form}))


def _found(ref: str, number: int) -> tuple[Call, Venture]:
    call = tracked(ref)
    return call, one_or_404(queries.venture(call.id, number))


def _page(call: Call, found: Venture, **typed: Form) -> dict[str, Any]:
    acts = acts_of(found)
    may = policy.allows(me(), Can.VENTURE_DECIDE, found)
    waiting = next((one for one in acts["decisions"] if one.approved_by_id is None), None)
    is_theirs = interests.is_on_its_side(found, me())
    may_state = policy.allows(me(), Can.VENTURE_RECUSE, found) and not is_theirs and acts["is_going"]
    offered: dict[str, tuple[type[Form], bool]] = {
        "deciding": (DecisionForm, waiting is None and acts["is_going"]),
        "helping": (PresenceForm, acts["is_going"]),
        "founding": (FoundedForm, LIFE.allows(found.state, Verb.FOUND)),
    }
    return {
        **page_of(call),
        **acts,
        **{
            name: typed.get(name) or kind(formdata=None) if fits and may else None
            for name, (kind, fits) in offered.items()
        },
        "stating": typed.get("stating") or (InterestForm(formdata=None) if may_state else None),
        "form": next(iter(typed.values()), None),
        "waiting": waiting,
        "barred": policy.refusal(me(), Can.VENTURE_DECIDE, found) if is_theirs else None,
        "why_not": _why_not_approve(found, waiting) if waiting else None,
    }


def _why_not_approve(found: Venture, waiting: StageDecision) -> W | None:
    thing = actions.Deciding(found, waiting)
    if policy.may_after_password(me(), Can.VENTURE_APPROVE, thing):
        return None
    return policy.refusal(me(), Can.VENTURE_APPROVE, thing)
