"""The officials' pages of calls: written by one person, published by another, extended, decided, ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app

from portal import clock, db, policy
from portal.errors import Invalid
from portal.policy import Can
from portal.proposals.calls import actions, queries
from portal.proposals.calls.forms import CancelForm, DecideForm, ExtendForm, call_form
from portal.proposals.calls.lifecycle import LIFE, Phase, Verb
from portal.proposals.calls.views import call_page, shown
from portal.support import queries as support_queries
from portal.support.ledger import Kind
from portal.web import Form, invalid, me, needs, one_or_404, render, see_other
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.proposals.calls.forms import CallForm
    from portal.proposals.models import Call

calls_desk = Blueprint("calls_desk", __name__)
NO_END = W("Enter the new last day.")


@calls_desk.get("/desk/calls")
@needs(Can.DESK_READ)
def calls() -> ResponseReturnValue:
    rows = db.session().scalars(queries.on_the_desk())
    return render(
        "proposals/calls/desk.html",
        rows=[shown(one, clock.now()) for one in rows],
        may_draft=policy.allows(me(), Can.CALL_DRAFT),
    )


@calls_desk.get("/desk/calls/new")
@needs(Can.CALL_DRAFT)
def new_call() -> ResponseReturnValue:
    return render("proposals/calls/form.html", **_writing(_form()))


@calls_desk.post("/desk/calls/new")
@needs(Can.CALL_DRAFT)
def draft_call() -> ResponseReturnValue:
    form = _form()
    return _write(form, lambda: actions.draft(form.notice(), by=me()))


@calls_desk.get("/desk/calls/<ref>/draft")
@needs(Can.CALL_DRAFT)
def call_draft(ref: str) -> ResponseReturnValue:
    found = _call(ref)
    if not LIFE.allows(found.state, Verb.CHANGE):
        return see_other("calls_desk.call", ref=found.ref)
    return render("proposals/calls/form.html", **_writing(_form(found), found))


@calls_desk.post("/desk/calls/<ref>/draft")
@needs(Can.CALL_DRAFT)
def change_call(ref: str) -> ResponseReturnValue:
    found, form = _call(ref), _form()

    def change() -> Call:
        actions.change(found, form.notice(), by=me())
        return found

    return _write(form, change, found)


def _write(form: CallForm, act: Callable[[], Call], found: Call | None = None) -> ResponseReturnValue:
    if form.validate():
        try:
            return see_other("calls_desk.call", ref=act().ref)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
    return invalid("proposals/calls/form.html", **_writing(form, found))


@calls_desk.get("/desk/calls/<ref>")
@needs(Can.DESK_READ)
def call(ref: str) -> ResponseReturnValue:
    return render("proposals/calls/desk_call.html", **_steering(_call(ref)))


@calls_desk.post("/desk/calls/<ref>/publication")
@needs(Can.CALL_PUBLISH)
def publish_call(ref: str) -> ResponseReturnValue:
    found = _call(ref)
    return _steer(found, Form(), "", lambda: actions.publish(found, by=me()))


@calls_desk.post("/desk/calls/<ref>/extension")
@needs(Can.CALL_STEER)
def extend_call(ref: str) -> ResponseReturnValue:
    found, form = _call(ref), ExtendForm()

    def extend() -> None:
        closes_at = form.closes_at
        if closes_at is None:
            raise Invalid(NO_END, field="extended_on")
        actions.extend(found, closes_at, form.extended_reason.data or "", by=me())

    return _steer(found, form, "extending", extend)


@calls_desk.post("/desk/calls/<ref>/decision")
@needs(Can.CALL_STEER)
def decide_call(ref: str) -> ResponseReturnValue:
    found, form = _call(ref), DecideForm()
    return _steer(
        found, form, "deciding", lambda: actions.decide(found, form.decision_reason.data or "", by=me())
    )


@calls_desk.post("/desk/calls/<ref>/cancellation")
@needs(Can.CALL_STEER)
def cancel_call(ref: str) -> ResponseReturnValue:
    found, form = _call(ref), CancelForm()
    return _steer(
        found, form, "cancelling", lambda: actions.cancel(found, form.cancel_reason.data or "", by=me())
    )


def _steer(found: Call, form: Form, name: str, act: Callable[[], None]) -> ResponseReturnValue:
    if form.validate():
        try:
            act()
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
        else:
            return see_other("calls_desk.call", ref=found.ref)
    return invalid("proposals/calls/desk_call.html", **_steering(found, name, form))


def _call(ref: str) -> Call:
    return one_or_404(queries.by_ref(queries.visible_to(me()), ref))


def _form(found: Call | None = None) -> CallForm:
    return call_form(current_app.extensions["profile"], _funds(), found)


def _funds() -> list[Any]:
    pools = db.session().scalars(support_queries.pools(kind=Kind.FUNDING.value))
    return [pool for pool in pools if pool.year >= clock.today().year and not pool.kept_for]


def _writing(form: CallForm, found: Call | None = None) -> dict[str, Any]:
    return {"form": form, "call": found}


def _steering(found: Call, name: str = "", form: Form | None = None) -> dict[str, Any]:
    page = call_page(found)
    now = page["phase"]
    may_steer = policy.allows(me(), Can.CALL_STEER, found)
    offered: dict[str, tuple[type[Form], bool]] = {
        "extending": (ExtendForm, now in {Phase.OPEN, Phase.AHEAD}),
        "deciding": (DecideForm, now is Phase.CLOSED),
        "cancelling": (CancelForm, LIFE.allows(found.state, Verb.CANCEL)),
    }
    return {
        **page,
        **{
            one: (form if one == name else kind(formdata=None)) if fits and may_steer else None
            for one, (kind, fits) in offered.items()
        },
        "form": form,
        "lacking": actions.missing(found, clock.now()) if now is Phase.DRAFT else [],
        "may_change": LIFE.allows(found.state, Verb.CHANGE) and policy.allows(me(), Can.CALL_DRAFT),
        "why_not_publish": None
        if policy.may_after_password(me(), Can.CALL_PUBLISH, found)
        else policy.refusal(me(), Can.CALL_PUBLISH, found),
    }
