"""Appointments: take a free time, propose one, accept, move, cancel, say who stayed away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from portal import clock, policy
from portal.errors import Invalid
from portal.pacts.legal_room import doors, forms
from portal.pacts.legal_room.views.matters import submit, words
from portal.pacts.views.blueprint import pacts
from portal.policy import Can
from portal.support.legal import actions, queries
from portal.support.legal.actions.held import side_of
from portal.typed import whole
from portal.web import me, needs, one_or_404, render
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.pacts.models import Pact
    from portal.support.legal.models import LegalAppointment, LegalMatter
    from portal.web import Form


@pacts.post("/pacts/<code>/legal/<int:number>/appointments")
@needs(Can.LEGAL_ARRANGE)
def propose_legal_time(code: str, number: int) -> ResponseReturnValue:
    doors.spend()
    form = forms.TimeForm()

    def act(pact: Pact, found: LegalMatter) -> None:
        actions.propose(pact, found, form.plan(), by=me())

    return submit(code, number, form, act)


@pacts.post("/pacts/<code>/legal/<int:number>/taking")
@needs(Can.LEGAL_ASK)
def take_legal_time(code: str, number: int) -> ResponseReturnValue:
    doors.spend()
    pact = doors.room(code)
    found = doors.matter(pact, number)
    slot = whole(request.form.get("slot"))
    if slot is None:
        raise Invalid(W("Choose one of the free times"), field="slot")
    actions.take(pact, found, one_or_404(queries.offered(slot)), by=me())
    return doors.to_matter(code, number)


@pacts.get("/pacts/<code>/legal/<int:number>/appointments/<int:which>")
@needs(Can.LEGAL_READ)
def legal_time(code: str, number: int, which: int) -> ResponseReturnValue:
    return _page(code, number, which)


def _page(code: str, number: int, which: int, typed: Form | None = None) -> ResponseReturnValue:
    pact = doors.room(code)
    found = doors.matter(pact, number)
    one = doors.appointment(found, which)
    side = side_of(pact, me())
    is_change = isinstance(typed, forms.TimeForm)
    return render(
        "pacts/legal/appointment.html",
        pact=pact,
        matter=found,
        one=one,
        side=side,
        has_begun=one.is_over(clock.now()),
        may_advise=policy.allows(me(), Can.LEGAL_ADVISE, pact),
        rules=doors.rules_of(pact).legal_hours,
        typed=typed,
        time_form=typed if is_change else forms.filled(one),
        reason_form=typed if typed and not is_change else forms.ReasonForm(formdata=None),
        **words(),
    ), 422 if typed is not None else 200


@pacts.post("/pacts/<code>/legal/<int:number>/appointments/<int:which>/acceptance")
@needs(Can.LEGAL_ARRANGE)
def accept_legal_time(code: str, number: int, which: int) -> ResponseReturnValue:
    doors.spend()
    pact = doors.room(code)
    found = doors.matter(pact, number)
    actions.accept(pact, found, doors.appointment(found, which), by=me())
    return doors.to_matter(code, number)


@pacts.post("/pacts/<code>/legal/<int:number>/appointments/<int:which>/change")
@needs(Can.LEGAL_ADVISE)
def change_legal_time(code: str, number: int, which: int) -> ResponseReturnValue:
    doors.spend()
    form = forms.TimeForm()

    def act(pact: Pact, found: LegalMatter, one: LegalAppointment) -> None:
        actions.change(pact, found, one, form.plan(), by=me())

    return doors.submit((code, number, which), form, doors.appointment, act, _page)


@pacts.post("/pacts/<code>/legal/<int:number>/appointments/<int:which>/cancellation")
@needs(Can.LEGAL_ARRANGE)
def cancel_legal_time(code: str, number: int, which: int) -> ResponseReturnValue:
    doors.spend()
    form = forms.ReasonForm()

    def act(pact: Pact, found: LegalMatter, one: LegalAppointment) -> None:
        rules = doors.rules_of(pact).legal_hours
        actions.cancel(pact, found, one, form.reason.data or "", rules=rules, by=me())

    return doors.submit((code, number, which), form, doors.appointment, act, _page)


@pacts.post("/pacts/<code>/legal/<int:number>/appointments/<int:which>/absence")
@needs(Can.LEGAL_ARRANGE)
def miss_legal_time(code: str, number: int, which: int) -> ResponseReturnValue:
    doors.spend()
    pact = doors.room(code)
    found = doors.matter(pact, number)
    one = doors.appointment(found, which)
    rules = doors.rules_of(pact).legal_hours
    actions.miss(pact, found, one, request.form.get("who", ""), rules=rules, by=me())
    return doors.to_matter(code, number)
