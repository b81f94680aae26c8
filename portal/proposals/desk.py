"""An officer's verbs on a proposal, and what the case page shows of it; the page itself stands upstairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, g

from portal import city, clock, db, policy
from portal.errors import Invalid
from portal.people.models import Person
from portal.policy import Can
from portal.proposals import actions, answering_clock, answers, checklist, codes, queries
from portal.proposals.actions.casework import may_refuse_now, why_not_extended
from portal.proposals.actions.sending import open_supplement
from portal.proposals.assessment import showing
from portal.proposals.countdown import of_proposal
from portal.proposals.forms import desk as forms
from portal.proposals.lifecycle import LIFE, State, Verb
from portal.proposals.models import RepositoryCheck
from portal.proposals.profiles import profile_of
from portal.proposals.risks import risks
from portal.proposals.sections import TITLES, Section
from portal.proposals.views.questions import licence_advice
from portal.web import Form, me, needs, one_or_404, see_other
from portal.web.chrome import said, tone_of
from portal.words import W, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from portal.policy import Actor
    from portal.proposals.models import Proposal

proposals_desk = Blueprint("proposals_desk", __name__)


def _case(code: str) -> Proposal:
    return one_or_404(queries.by_code(queries.visible_to(me()), codes.tidy_code(code)))


def _back(proposal: Proposal) -> ResponseReturnValue:
    return see_other("pacts_desk.case", code=proposal.code)


def _again(proposal: Proposal, form: Form) -> ResponseReturnValue:
    # The case page shows proposals and pacts alike, so it stands above both and is asked by name.
    answer: ResponseReturnValue = current_app.extensions["case_page"](proposal.code, form=form, status=422)
    return answer


@proposals_desk.post("/desk/cases/<code>/owner")
@needs(Can.CASE_ASSIGN)
def owner(code: str) -> ResponseReturnValue:
    proposal = _case(code)
    actions.assign(proposal, by=me())
    return _back(proposal)


def _try(proposal: Proposal, form: Form, act: Callable[[], object]) -> ResponseReturnValue:
    """Do what a form of the case asks for, or show the case again with what was typed."""
    if form.validate_on_submit():
        try:
            act()
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
        else:
            return _back(proposal)
    return _again(proposal, form)


@proposals_desk.post("/desk/cases/<code>/supplement")
@needs(Can.CASE_ASK_SUPPLEMENT)
def supplement(code: str) -> ResponseReturnValue:
    proposal, form = _case(code), forms.SupplementForm()
    return _try(
        proposal, form, lambda: actions.ask_supplement(proposal, form.supplement_request.data, by=me())
    )


@proposals_desk.post("/desk/cases/<code>/extension")
@needs(Can.CASE_EXTEND)
def extension(code: str) -> ResponseReturnValue:
    proposal, form = _case(code), forms.ExtensionForm()
    return _try(
        proposal,
        form,
        lambda: actions.extend(proposal, form.extension_days.value or 0, form.extension_reason.data, by=me()),
    )


@proposals_desk.post("/desk/cases/<code>/supplement/addition")
@needs(Can.CASE_ASK_SUPPLEMENT)
def add_to_supplement(code: str) -> ResponseReturnValue:
    proposal, form = _case(code), forms.SupplementForm()
    return _try(
        proposal, form, lambda: actions.add_to_supplement(proposal, form.supplement_request.data, by=me())
    )


@proposals_desk.post("/desk/cases/<code>/completeness")
@needs(Can.CASE_ASSESS)
def completeness(code: str) -> ResponseReturnValue:
    proposal = _case(code)
    form = forms.completeness_form(proposal.kind, proposal.completeness)
    return _try(proposal, form, lambda: actions.save_completeness(proposal, form.found(), by=me()))


@proposals_desk.post("/desk/cases/<code>/refusal-notice")
@needs(Can.CASE_REFUSE)
def refusal_notice(code: str) -> ResponseReturnValue:
    proposal, form = _case(code), forms.RefusalNoticeForm()
    return _try(
        proposal,
        form,
        lambda: actions.notice_refusal(proposal, form.notice_reason.data, form.notice_source.data, by=me()),
    )


@proposals_desk.post("/desk/cases/<code>/refusal")
@needs(Can.CASE_REFUSE)
def refusal(code: str) -> ResponseReturnValue:
    proposal, form = _case(code), forms.RefusalForm()
    if form.validate_on_submit():
        try:
            actions.refuse(proposal, form.refusal_reason.data, form.refusal_source.data, by=me())
            return _back(proposal)
        except Invalid as refused:
            form.refuse(refused.field, refused.words)
    return _again(proposal, form)


def _state_words(proposal: Proposal, state: State) -> str:
    if state is State.REFUSAL_NOTICED and proposal.replied_at is not None:
        return say(W("The reply is in hand"))
    return said("proposal", state)


def panels(proposal: Proposal, actor: Actor, *, form: Form | None = None) -> dict[str, Any]:
    """Return what the partial templates of a proposal need, as one value to be passed as `panel`.

    The proposal has its parts loaded (queries.with_parts). `form` is the form that was refused, shown again.
    """
    state = State(proposal.state)
    return {
        "proposal": proposal,
        "state_words": _state_words(proposal, state),
        "state_tone": tone_of(state),
        "owner": _owner(proposal),
        "is_mine": actor.person_id is not None and proposal.owner_id == actor.person_id,
        "groups": _groups(proposal),
        "reached": db.session().get(RepositoryCheck, proposal.id) if proposal.repository else None,
        "photos": db.session().scalars(queries.photos_of(proposal.id)).all(),
        "mails": db.session().scalars(queries.mails_of(proposal.id)).all(),
        "advice": licence_advice(proposal),
        "risks": risks(proposal),
        "may": _may(proposal, actor),
        **_clock(proposal, form),
        "assessment": showing.summary(proposal, actor),
        **_completeness(proposal, form),
        **_supplement(proposal, form),
        **_refusal(proposal, form),
    }


def _owner(proposal: Proposal) -> str:
    person = db.session().get(Person, proposal.owner_id) if proposal.owner_id is not None else None
    return person.name if person else ""


def _groups(proposal: Proposal) -> list[dict[str, Any]]:
    rows = answers.told(proposal, profile_of(proposal), g.language)
    return [
        {"title": TITLES[section], "rows": [one for one in rows if one.section is section]}
        for section in Section
    ]


_NEEDED = {
    "assign": (Verb.ASSIGN, Can.CASE_ASSIGN),
    "ask_supplement": (Verb.ASK_SUPPLEMENT, Can.CASE_ASK_SUPPLEMENT),
    "extend": (Verb.EXTEND, Can.CASE_EXTEND),
    "assess": (Verb.ASSESS, Can.CASE_ASSESS),
    "notice_refusal": (Verb.NOTICE_REFUSAL, Can.CASE_REFUSE),
    "refuse": (Verb.REFUSE, Can.CASE_REFUSE),
    "accept": (Verb.ACCEPT, Can.CASE_ACCEPT),
}


def _may(proposal: Proposal, actor: Actor) -> dict[str, bool]:
    may = {
        name: LIFE.allows(proposal.state, verb) and policy.allows(actor, can, proposal)
        for name, (verb, can) in _NEEDED.items()
    }
    may["ask_supplement"] = may["ask_supplement"] and not proposal.supplements
    may["extend"] = may["extend"] and why_not_extended(proposal) is None
    may["add"] = policy.allows(actor, Can.CASE_ASK_SUPPLEMENT, proposal)
    may["refuse"] = may["refuse"] and may_refuse_now(proposal)
    may["accept"] = may["accept"] and checklist.is_complete(proposal.completeness, proposal.kind)
    return may


def _clock(proposal: Proposal, form: Form | None) -> dict[str, Any]:
    profile, today = profile_of(proposal), clock.today()
    supplement, reply = profile.clock("supplement"), profile.clock("refusal_reply")
    return {
        "rules": {
            "supply_by": city.deadline(today, supplement),
            "supplement": profile.citation(supplement.citation).words[g.language],
            "reply_by": city.deadline(today, reply),
            "reply": profile.citation(reply.citation).words[g.language],
        },
        "countdown": of_proposal(proposal, g.language, yours=False),
        "extension_form": form
        if isinstance(form, forms.ExtensionForm)
        else forms.ExtensionForm(formdata=None),
        "extension_most": profile.clock(answering_clock.CLOCK).extension_days,
    }


def _completeness(proposal: Proposal, form: Form | None) -> dict[str, Any]:
    found = proposal.completeness
    shown = (
        form if isinstance(form, forms.CompletenessForm) else forms.completeness_form(proposal.kind, found)
    )
    items = checklist.items_for(proposal.kind) if proposal.kind else ()
    return {
        "completeness_form": shown,
        "items": [
            {
                "item": item,
                "mark": checklist.mark_of(found, item),
                "mark_field": shown[f"mark_{item.id}"],
                "note_field": shown[f"note_{item.id}"],
            }
            for item in items
        ],
        "is_complete": checklist.is_complete(found, proposal.kind),
        "looked_at": sum(checklist.mark_of(found, item) is not None for item in items),
    }


def _supplement(proposal: Proposal, form: Form | None) -> dict[str, Any]:
    ready = [
        f"- {say(one, proposal.language)}"
        for one in checklist.sentences(proposal.completeness, proposal.kind)
    ]
    return {
        "supplement_form": form
        if isinstance(form, forms.SupplementForm)
        else forms.SupplementForm(formdata=None, data={"supplement_request": "\n".join(ready)}),
        "open_supplement": open_supplement(proposal),
    }


def _refusal(proposal: Proposal, form: Form | None) -> dict[str, Any]:
    last = answering_clock.reply_day(proposal)
    return {
        "notice_form": form
        if isinstance(form, forms.RefusalNoticeForm)
        else forms.RefusalNoticeForm(formdata=None),
        "refusal_form": form
        if isinstance(form, forms.RefusalForm)
        else forms.RefusalForm(
            formdata=None,
            data={"refusal_reason": proposal.reason, "refusal_source": proposal.reason_source},
        ),
        "reply_by": last,
        "reply_time_is_over": last is not None and clock.today() > last,
    }
