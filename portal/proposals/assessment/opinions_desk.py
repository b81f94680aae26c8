"""Opinions: officers ask and go on, offices answer."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, g, request, send_file, url_for

from portal import clock, db, policy
from portal.errors import NotFound
from portal.people import limits
from portal.people.views.blueprint import outside
from portal.policy import Can
from portal.proposals.assessment import actions, forms, letters, queries, reading, rules, showing
from portal.proposals.assessment.actions.judging import advises
from portal.proposals.assessment.desk import case_of
from portal.proposals.forms import fields
from portal.proposals.profiles import profile_of
from portal.web import invalid, me, needs, one_or_404, render, see_other
from portal.web.access import NO_SUCH_PAGE

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.proposals.models import Opinion, Proposal
    from portal.web import Form

opinions_desk = Blueprint("opinions_desk", __name__)
LINKS = (limits.Step(60, limits.DAY),)


@opinions_desk.get("/desk/opinions")
@needs(Can.OPINION_GIVE)
def waiting() -> ResponseReturnValue:
    """List the questions that wait for whoever is signed in, the most urgent first."""
    rows = db.session().execute(queries.asked_of(rules.kinds_of(me().roles))).all()
    shown = [showing.opinion_row(one, case) | {"title": case.title} for one, case in rows]
    return render("proposals/assessment/waiting.html", rows=shown)


@opinions_desk.get("/desk/cases/<code>/opinions")
@needs(Can.OPINION_READ)
def listed(code: str) -> ResponseReturnValue:
    """Show every opinion on a case, and how to ask for one."""
    return render("proposals/assessment/opinions.html", **_page(case_of(code)))


def _page(proposal: Proposal, form: Form | None = None, at: int = 0) -> dict[str, Any]:
    found = db.session().scalars(queries.opinions(proposal.id)).all()
    may_ask = policy.allows(me(), Can.OPINION_ASK, proposal)
    return {
        "proposal": proposal,
        "form": form,
        "rows": [showing.opinion_row(one, proposal) | _doing(one, proposal, form, at) for one in found],
        "ask_form": form if isinstance(form, forms.AskForm) else ask_form(proposal, typed=False),
        "may_ask": may_ask,
        "days": profile_of(proposal).clock("opinion").days,
    }


def _doing(one: Opinion, proposal: Proposal, form: Form | None, at: int) -> dict[str, Any]:
    mine = form if at == one.id else None
    is_late = one.state == "asked" and one.due_on < clock.today()
    is_against = one.outcome == rules.Outcome.CONTRARY and not one.went_on_because
    return {
        "may_answer": one.state == "asked"
        and advises(me(), one.kind)
        and policy.allows(me(), Can.OPINION_GIVE, proposal),
        "go_on_form": (
            mine if isinstance(mine, forms.GoOnForm) else forms.GoOnForm(formdata=None, prefix=f"o{one.id}-")
        )
        if is_late or is_against
        else None,
        "address_form": mine
        if isinstance(mine, forms.AddressForm)
        else forms.AddressForm(formdata=None, prefix=f"o{one.id}-"),
    }


def ask_form(proposal: Proposal, *, typed: bool = True) -> forms.AskForm:
    """Return the form with the offices that give opinions."""
    form = forms.AskForm() if typed else forms.AskForm(formdata=None)
    offices = [(one.id, one.name[g.language]) for one in profile_of(proposal).offices_for_opinions()]
    form.office.choices = fields.options(offices)
    form.office.validators = [*form.office.validators[:1], fields.OneOf({key for key, _ in offices})]
    return form


@opinions_desk.post("/desk/cases/<code>/opinions")
@needs(Can.OPINION_ASK)
def ask(code: str) -> ResponseReturnValue:
    """Ask an office; somebody outside gets a link by mail, at once."""
    limits.Tries("opinion-link", str(me().person_id), LINKS).spend()
    proposal = case_of(code)
    form = ask_form(proposal)

    def act() -> None:
        office, question, address = form.office.data, form.question.data, form.address.data
        made, token = actions.ask(proposal, office, question, address=address, by=me())
        _send(proposal, made, token)

    done = form.attempt(act, lambda _: see_other("opinions_desk.listed", code=code))
    return done or invalid("proposals/assessment/opinions.html", **_page(case_of(code), form))


def _send(proposal: Proposal, opinion: Opinion, token: str) -> None:
    if token:
        language = letters.language_of(proposal)
        link = outside(url_for("opinions.answer", token=token, language=language))
        letters.send_question(proposal, opinion, token, link)


def _of(code: str, number: int) -> tuple[Proposal, Opinion]:
    proposal = case_of(code)
    return proposal, one_or_404(queries.opinion(proposal.id, number))


@opinions_desk.post("/desk/cases/<code>/opinions/<int:number>/link")
@needs(Can.OPINION_ASK)
def send_anew(code: str, number: int) -> ResponseReturnValue:
    """Send a new link; the older one leads nowhere."""
    limits.Tries("opinion-link", str(me().person_id), LINKS).spend()
    proposal, opinion = _of(code, number)
    form = forms.AddressForm(prefix=f"o{number}-")
    if not form.validate_on_submit():
        return invalid("proposals/assessment/opinions.html", **_page(proposal, form, number))
    token = actions.send_anew(proposal, opinion, form.address.data, by=me())
    _send(proposal, opinion, token)
    return see_other("opinions_desk.listed", code=proposal.code)


@opinions_desk.post("/desk/cases/<code>/opinions/<int:number>/link/end")
@needs(Can.OPINION_ASK)
def close_link(code: str, number: int) -> ResponseReturnValue:
    """Let the link lead nowhere."""
    proposal, opinion = _of(code, number)
    actions.close_link(proposal, opinion, by=me())
    return see_other("opinions_desk.listed", code=proposal.code)


@opinions_desk.post("/desk/cases/<code>/opinions/<int:number>/going-on")
@needs(Can.OPINION_ASK)
def go_on(code: str, number: int) -> ResponseReturnValue:
    """Go on without it or against it, with the reason."""
    proposal, opinion = _of(code, number)
    form = forms.GoOnForm(prefix=f"o{number}-")
    if not form.validate_on_submit():
        return invalid("proposals/assessment/opinions.html", **_page(proposal, form, number))
    actions.go_on(proposal, opinion, form.went_on_because.data, by=me())
    return see_other("opinions_desk.listed", code=proposal.code)


@opinions_desk.get("/desk/cases/<code>/opinions/<int:number>")
@needs(Can.OPINION_GIVE)
def form(code: str, number: int) -> ResponseReturnValue:
    """Show the question with the form to answer it."""
    proposal, opinion = _of(code, number)
    blank = forms.opinion_form(forms.OpinionForm, proposal, g.language, typed=False)
    return render(_FORM, **_answering(proposal, opinion, blank))


_FORM = "proposals/assessment/opinion.html"


def _answering(proposal: Proposal, opinion: Opinion, form: Form) -> dict[str, Any]:
    policy.check(me(), Can.OPINION_GIVE, proposal)
    row = showing.opinion_row(opinion, proposal)
    return {"proposal": proposal, "row": row, "form": form, "is_outside": False}


@opinions_desk.post("/desk/cases/<code>/opinions/<int:number>")
@needs(Can.OPINION_GIVE)
def give(code: str, number: int) -> ResponseReturnValue:
    """Take the opinion, or the statement of a conflict, which leaves the question to a colleague."""
    proposal, opinion = _of(code, number)
    form = forms.opinion_form(forms.OpinionForm, proposal, g.language)
    if forms.MORE in request.form:
        forms.add_rows(form)
        reading.keep(form, number)
        return render(_FORM, **_answering(proposal, opinion, form))

    def act() -> None:
        has_conflict = form.interest.data == forms.SOME
        actions.state_interest(proposal, form.which.data, has_conflict=has_conflict, by=me())
        if not has_conflict:
            actions.give(proposal, opinion, reading.answer_of(form, number), by=me())

    done = form.attempt(act, lambda _: see_other("opinions_desk.listed", code=code))
    if done is None:
        reading.keep(form, number)
    return done or invalid(_FORM, **_answering(*_of(code, number), form))


@opinions_desk.get("/desk/cases/<code>/opinions/<int:number>/document")
@needs(Can.OPINION_READ)
def document(code: str, number: int) -> ResponseReturnValue:
    """Serve the PDF that came with an opinion."""
    _, opinion = _of(code, number)
    if not opinion.file_hash:
        raise NotFound(NO_SUCH_PAGE)
    stream = io.BytesIO(current_app.extensions["store"].read(opinion.file_hash))
    name = f"opinion-{opinion.id}.pdf"
    answer = send_file(stream, mimetype="application/pdf", as_attachment=True, download_name=name, etag=False)
    answer.headers["Cache-Control"] = "no-store"
    return answer
