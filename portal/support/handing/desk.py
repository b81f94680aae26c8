"""The officials' page of one row of support: refuse, plan, enter parts, take back, answer, settle."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import current_app
from wtforms.fields import SelectChoice

from portal import db, policy
from portal.errors import Invalid
from portal.organisations import evidence
from portal.people import limits
from portal.policy import Can
from portal.support import actions as support
from portal.support import queries as support_queries
from portal.support import said
from portal.support.actions.particulars import Also
from portal.support.amounts import Amount
from portal.support.checks import queries as checks
from portal.support.checks import said as checks_said
from portal.support.desk import support_desk
from portal.support.handing import actions, queries
from portal.support.handing.forms import AnswerForm, BackForm, PartForm, WhyForm, plan_form, with_own_ids
from portal.support.handing.said import GROUNDS
from portal.support.handing.showing import Given, shown
from portal.support.lifecycle import LIFE, State, Verb
from portal.support.subjects import subject_of
from portal.web import invalid, me, needs, one_or_404, render, see_other
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.support.models import Allocation
    from portal.web import Form

__all__ = ["support_desk"]
BASE = "/desk/allocate/<code>/<row>"
ACTS = limits.Step(60, limits.MINUTE)


@support_desk.get(BASE)
@needs(Can.POOL_READ)
def one_row(code: str, row: str) -> ResponseReturnValue:
    """Show one row of support with all that can be done with it now."""
    return render("support/row.html", **_shown(_row(code, row), {}))


@support_desk.post(BASE + "/refusal")
@needs(Can.SUPPORT_REFUSE)
def refuse(code: str, row: str) -> ResponseReturnValue:
    _spend()
    mine, form = _row(code, row), WhyForm()
    verb = actions.let_go if mine.state == State.APPROVED else actions.refuse
    return _try(mine, "refusal", form, lambda: verb(mine, form.reason.data or "", by=me()))


@support_desk.post(BASE + "/plan")
@needs(Can.SUPPORT_DELIVER)
def plan(code: str, row: str) -> ResponseReturnValue:
    _spend()
    mine = _row(code, row)
    form = plan_form(mine.unit)
    return _try(mine, "plan", form, lambda: actions.plan(mine, form.parts(), by=me()))


@support_desk.post(BASE + "/parts")
@needs(Can.SUPPORT_DELIVER)
def enter_part(code: str, row: str) -> ResponseReturnValue:
    _spend()
    mine = _row(code, row)
    form = _part_form(mine)
    return _try(mine, "part", form, lambda: _deliver(mine, form))


def _deliver(mine: Allocation, form: PartForm) -> None:
    policy.check(me(), Can.SUPPORT_DELIVER, mine)
    also = _also(form)
    support.deliver(mine, form.number, form.delivered_on.data, form.evidence.data or "", by=me(), also=also)


def _also(form: PartForm) -> Also | None:
    sent = form.document.data
    content = sent.read(evidence.MOST_BYTES + 1) if sent else b""
    found = evidence.read(content) if content else None
    typed: dict[str, Any] = {name: form[name].data or "" for name in ("condition", "policy", "legal_basis")}
    days: dict[str, Any] = {
        name: form[name].data for name in ("due_back_on", "covered_from", "covered_until")
    }
    file: dict[str, Any] = {}
    if found is not None:
        kept = current_app.extensions["store"].put(found.content)
        file = {"file_hash": kept, "media_type": found.media_type, "byte_size": len(found.content)}
    also = Also(**typed, **days, **file)
    return also if also != Also() else None


@support_desk.post(BASE + "/returns")
@needs(Can.SUPPORT_DELIVER)
def take_back(code: str, row: str) -> ResponseReturnValue:
    _spend()
    mine = _row(code, row)
    form = _back_form(mine, shown([mine])[0])
    return _try(mine, "back", form, lambda: actions.give_back(mine, _back(form), by=me()))


def _back(form: BackForm) -> actions.Back:
    loan = form.loan.data or ""
    if loan and loan not in {choice.value for choice in form.loan.choices}:
        raise Invalid(W("Choose from the list"), field="loan")
    return actions.Back(
        amount=form.number,
        on=form.back_on.data,
        reason=form.reason.data or "",
        condition=form.condition.data or "",
        delivery_id=int(loan) if loan else None,
        is_lost=bool(form.is_lost.data),
    )


@support_desk.post(BASE + "/deliveries/<int:delivery>/answer")
@needs(Can.SUPPORT_DELIVER)
def answer(code: str, row: str, delivery: int) -> ResponseReturnValue:
    _spend()
    mine, form = _row(code, row), AnswerForm()
    one_or_404(queries.delivery_of(mine.id, delivery))
    return _try(mine, "answer", form, lambda: actions.answer(mine, delivery, form.answer.data or "", by=me()))


@support_desk.post(BASE + "/closure")
@needs(Can.SUPPORT_CLOSE)
def close(code: str, row: str) -> ResponseReturnValue:
    _spend()
    mine, form = _row(code, row), WhyForm()
    return _try(mine, "closure", form, lambda: actions.close(mine, form.reason.data or "", by=me()))


def _spend() -> None:
    limits.spend_own("support", me().person_id, ACTS)


def _try(mine: Allocation, name: str, form: Form, act: Callable[[], object]) -> ResponseReturnValue:
    """Do what one of the forms asks for, or show the page again with what was typed."""
    if form.validate():
        try:
            with db.session().begin_nested():
                act()
        except Invalid as refused:
            form.refuse(refused.field, refused.words)
        else:
            return see_other("support_desk.one_row", code=mine.code, row=mine.row_key)
    return invalid("support/row.html", **_shown(_row(mine.code, mine.row_key), {name: form}))


def _row(code: str, row: str) -> Allocation:
    return one_or_404(support_queries.row(subject_of(code), row))


def _part_form(mine: Allocation) -> PartForm:
    form = PartForm()
    form.unit = mine.unit
    return form


def _back_form(mine: Allocation, given: Given) -> BackForm:
    form = BackForm()
    form.unit = mine.unit
    out = [one for one in given.parts if one.out]
    form.loan.choices = [
        *([] if out else [SelectChoice("", "-")]),
        *(SelectChoice(str(one.delivery.id), str(Amount(one.out, mine.unit))) for one in out),
    ]
    return form


def _shown(mine: Allocation, typed: dict[str, Form]) -> dict[str, Any]:
    (given,) = shown([mine])
    forms = {
        name: with_own_ids(typed.get(name) or made(), name) for name, made in _open_forms(mine, given).items()
    }
    answers = {
        one.delivery.id: with_own_ids(AnswerForm(), f"answer-{one.delivery.id}")
        for one in given.parts
        if "answer" in forms and one.said is not None and one.said.verdict == "objected"
    }
    return {
        "given": given,
        "row": mine,
        "forms_now": forms,
        "answers": answers,
        "typed": typed,
        "why_unpaid": checks.unpaid_because(mine) if "part" in forms else None,
        "publication": checks_said.publication_of(mine),
        "grounds": GROUNDS,
        "amount": Amount,
        "said": said,
    }


def _open_forms(mine: Allocation, given: Given) -> dict[str, Callable[[], Form]]:
    """Return the forms that this person may use in this state, by name."""

    def may(can: Can) -> bool:
        return policy.allows(me(), can, mine)

    found: dict[str, Callable[[], Form]] = {}
    gives = may(Can.SUPPORT_DELIVER)
    if mine.state in support_queries.OPEN and may(Can.SUPPORT_REFUSE):
        found["refusal"] = WhyForm
    if gives and LIFE.allows(mine.state, Verb.DELIVER_PART):
        if not given.is_planned:
            found["plan"] = lambda: plan_form(mine.unit)
        found["part"] = lambda: _part_form(mine)
    if gives and LIFE.allows(mine.state, Verb.RETURN) and mine.kept:
        found["back"] = lambda: _back_form(mine, given)
    if gives and any(one.said and one.said.verdict == "objected" for one in given.parts):
        found["answer"] = AnswerForm
    if LIFE.allows(mine.state, Verb.CLOSE) and may(Can.SUPPORT_CLOSE):
        found["closure"] = WhyForm
    return found
