"""The minutes of work: the legal office enters and corrects them, the group confirms or objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import policy
from portal.pacts.legal_room import doors, forms
from portal.pacts.legal_room.views.matters import submit, words
from portal.pacts.views.blueprint import pacts
from portal.policy import Can
from portal.support.legal import actions
from portal.support.legal.actions.held import side_of
from portal.typed import whole
from portal.web import me, needs, render

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.pacts.models import Pact
    from portal.support.legal.models import LegalMatter, LegalWork
    from portal.web import Form


@pacts.post("/pacts/<code>/legal/<int:number>/work")
@needs(Can.LEGAL_ADVISE)
def enter_legal_work(code: str, number: int) -> ResponseReturnValue:
    doors.spend()
    form = forms.WorkForm()

    def act(pact: Pact, found: LegalMatter) -> None:
        which = whole(form.appointment.data)
        kept = doors.appointment(found, which) if which else None
        actions.enter(pact, found, form.work(), appointment=kept, by=me())

    return submit(code, number, form, act)


@pacts.get("/pacts/<code>/legal/<int:number>/work/<int:which>")
@needs(Can.LEGAL_READ)
def legal_work(code: str, number: int, which: int) -> ResponseReturnValue:
    return _page(code, number, which)


def _page(code: str, number: int, which: int, typed: Form | None = None) -> ResponseReturnValue:
    pact = doors.room(code)
    found = doors.matter(pact, number)
    one = doors.work(found, which)
    objects = typed if isinstance(typed, forms.ObjectForm) else forms.ObjectForm(formdata=None)
    corrects = typed if isinstance(typed, forms.CorrectForm) else forms.CorrectForm(formdata=None)
    later = next((row for row in found.work if row.corrects_id == one.id), None)
    stands = later is None and found.help.settled_at is None
    return render(
        "pacts/legal/work.html",
        pact=pact,
        matter=found,
        one=one,
        side=side_of(pact, me()),
        later=later,
        stands=stands,
        may_answer=stands and not one.answer and policy.allows(me(), Can.LEGAL_ASK, pact),
        may_correct=stands and policy.allows(me(), Can.LEGAL_ADVISE, pact),
        typed=typed,
        object_form=objects,
        correct_form=corrects,
        **words(),
    ), 422 if typed is not None else 200


@pacts.post("/pacts/<code>/legal/<int:number>/work/<int:which>/confirmation")
@needs(Can.LEGAL_ASK)
def confirm_legal_work(code: str, number: int, which: int) -> ResponseReturnValue:
    doors.spend()
    pact = doors.room(code)
    found = doors.matter(pact, number)
    actions.confirm(pact, found, doors.work(found, which), by=me())
    return doors.to_matter(code, number)


@pacts.post("/pacts/<code>/legal/<int:number>/work/<int:which>/objection")
@needs(Can.LEGAL_ASK)
def object_to_legal_work(code: str, number: int, which: int) -> ResponseReturnValue:
    doors.spend()
    form = forms.ObjectForm()

    def act(pact: Pact, found: LegalMatter, one: LegalWork) -> None:
        actions.object_to(pact, found, one, form.objection.data or "", by=me())

    return doors.submit((code, number, which), form, doors.work, act, _page)


@pacts.post("/pacts/<code>/legal/<int:number>/work/<int:which>/correction")
@needs(Can.LEGAL_ADVISE)
def correct_legal_work(code: str, number: int, which: int) -> ResponseReturnValue:
    doors.spend()
    form = forms.CorrectForm()

    def act(pact: Pact, found: LegalMatter, one: LegalWork) -> object:
        return actions.correct(pact, found, one, form.number, form.reason.data or "", by=me())

    return doors.submit((code, number, which), form, doors.work, act, _page)
