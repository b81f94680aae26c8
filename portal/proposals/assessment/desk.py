"""Officers: state an interest, score by the city's criteria, write notes for colleagues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g

from portal import clock, db, policy
from portal.people import queries as people
from portal.policy import CASE_STAFF, Can, Role
from portal.proposals import codes
from portal.proposals import queries as proposals
from portal.proposals.assessment import actions, forms, queries, showing
from portal.proposals.assessment.actions.notes import named_in
from portal.proposals.forms import fields
from portal.proposals.lifecycle import LIFE, Verb
from portal.proposals.profiles import profile_of
from portal.web import invalid, me, needs, one_or_404, render, see_other
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.people.models import Person
    from portal.proposals.models import Proposal
    from portal.web import Form

assessment_desk = Blueprint("assessment_desk", __name__)
_NOBODY = ("", W("Nobody in particular"))


def case_of(code: str) -> Proposal:
    """Return a case that the official may see."""
    return one_or_404(proposals.by_code(proposals.visible_to(me()), codes.tidy_code(code)))


@assessment_desk.get("/desk/cases/<code>/assessment")
@needs(Can.CASE_READ)
def assessment(code: str) -> ResponseReturnValue:
    """Show the statement first, then the criteria with their scales."""
    return render("proposals/assessment/scores.html", **_page(case_of(code)))


def _page(proposal: Proposal, form: Form | None = None) -> dict[str, Any]:
    session = db.session()
    profile = profile_of(proposal)
    mine = session.scalar(queries.statement(proposal.id, me().person_id))
    versions = session.execute(queries.versions(proposal.id)).all()
    kept = versions[0][0].scores if versions else {}
    may = policy.allows(me(), Can.CASE_ASSESS, proposal) and LIFE.allows(proposal.state, Verb.ASSESS)
    shown = form if isinstance(form, forms.ScoresForm) else None
    return {
        "proposal": proposal,
        "form": form,
        "stated": mine,
        "may_assess": may and mine is not None,
        "may_state": mine is None and policy.allows(me(), Can.CASE_DECLARE, proposal),
        "refusal": policy.refusal(me(), Can.CASE_ASSESS, proposal),
        "interest_form": form if isinstance(form, forms.InterestForm) else forms.InterestForm(formdata=None),
        "scores_form": shown or forms.scores_form(profile.criteria, kept, g.language),
        "result": showing.result(proposal, finished_only=False),
        "versions": versions,
        "sources": {one.id: profile.citation(one.citation).words[g.language] for one in profile.criteria},
    }


@assessment_desk.post("/desk/cases/<code>/interest")
@needs(Can.CASE_DECLARE)
def interest(code: str) -> ResponseReturnValue:
    """Take the statement; with a conflict the case is nobody's again."""
    proposal, form = case_of(code), forms.InterestForm()

    def act() -> None:
        has_conflict = form.interest.data == forms.SOME
        actions.state_interest(proposal, form.which.data, has_conflict=has_conflict, by=me())

    done = form.attempt(act, lambda _: see_other("assessment_desk.assessment", code=code))
    return done or invalid("proposals/assessment/scores.html", **_page(case_of(code), form))


@assessment_desk.post("/desk/cases/<code>/assessment")
@needs(Can.CASE_ASSESS)
def save(code: str) -> ResponseReturnValue:
    """Save the scores as they stand, and finish them where that was asked."""
    proposal = case_of(code)
    form = forms.scores_form(profile_of(proposal).criteria, {}, g.language)

    def act() -> None:
        actions.save_scores(proposal, form.found(), by=me())
        if form.finish.data:
            actions.finish(proposal, by=me())

    done = form.attempt(act, lambda _: see_other("assessment_desk.assessment", code=code))
    return done or invalid("proposals/assessment/scores.html", **_page(case_of(code), form))


@assessment_desk.get("/desk/cases/<code>/notes")
@needs(Can.CASE_NOTES)
def notes(code: str) -> ResponseReturnValue:
    """Show what colleagues wrote beside the case."""
    proposal = case_of(code)
    policy.check(me(), Can.CASE_NOTES, proposal)
    return render("proposals/assessment/notes.html", **_notes(proposal))


def _notes(proposal: Proposal, form: Form | None = None) -> dict[str, Any]:
    there = colleagues()
    return {
        "proposal": proposal,
        "rows": db.session().execute(queries.notes(proposal.id)).all(),
        "names": {one.pseudonym: one.name for one in there},
        "form": form or note_form(there),
        "may_note": policy.allows(me(), Can.CASE_NOTE, proposal),
    }


def colleagues() -> list[Person]:
    """Return everybody who works on cases, by name."""
    found: dict[int, Person] = {}
    for role in sorted(CASE_STAFF - {Role.AUDITOR}):
        for person in db.session().scalars(people.holding(role, clock.now())):
            found[person.id] = person
    return sorted(found.values(), key=lambda one: one.name)


def note_form(there: list[Person]) -> forms.NoteForm:
    """Return the form with the colleagues who can be told."""
    form = forms.NoteForm()
    choices = [_NOBODY, *((one.pseudonym, one.name) for one in there if one.pseudonym != me().pseudonym)]
    form.mention.choices = fields.options(choices)
    form.mention.validators = [fields.OneOf({value for value, _ in choices})]
    return form


@assessment_desk.post("/desk/cases/<code>/notes")
@needs(Can.CASE_NOTE)
def write(code: str) -> ResponseReturnValue:
    """Keep a note and tell who is mentioned in it, chosen or by an @ with their first name."""
    proposal, there = case_of(code), colleagues()
    form = note_form(there)
    if form.validate_on_submit():
        named = named_in(form.words.data, {one.pseudonym: one.name for one in there})
        chosen = [form.mention.data] if form.mention.data else []
        actions.note(proposal, form.words.data, [*chosen, *named], by=me())
        return see_other("assessment_desk.notes", code=proposal.code)
    policy.check(me(), Can.CASE_NOTE, proposal)
    return invalid("proposals/assessment/notes.html", **_notes(proposal, form))
