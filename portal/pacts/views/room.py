"""The co-design room: the text, what is suggested beside each clause, and the agreement to a version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, request

from portal import db, policy
from portal.errors import Invalid
from portal.money import as_typed
from portal.pacts import actions, page, queries
from portal.pacts.actions.texts import changed, is_outdated
from portal.pacts.forms import AgreeForm, AnswerForm, ReasonForm, TermsForm, with_blanks
from portal.pacts.lifecycle import State, SuggestionState
from portal.pacts.lint import lint
from portal.pacts.standing import profile_of, side_of
from portal.pacts.terms import TERMS, terms_of
from portal.pacts.typed import read_change, read_terms
from portal.pacts.views.blueprint import pacts
from portal.policy import Can
from portal.proposals.assessment.showing import prescriptions
from portal.typed import clean_text, whole
from portal.web import me, needs, one_or_404, render, see_other
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from portal.pacts.models import Pact, PactVersion, Suggestion

BLANK_ROWS = 2


@pacts.get("/pacts/<code>/co-design")
@needs(Can.PACT_ROOM)
def co_design(code: str) -> ResponseReturnValue:
    return room_page(code)


def room_page(code: str, *, refused: Mapping[str, Any] | None = None, form: Any = None) -> str:
    """Return the room; `refused` holds a clause id, the sentence, and what was typed there."""
    pact = one_or_404(queries.room_of(me(), code))
    version = one_or_404(queries.version(pact.id, pact.last_version))
    profile = profile_of(pact)
    findings = lint(version.text, profile)
    suggestions = _suggestions(pact, version)
    return render(
        "pacts/room.html",
        pact=pact,
        version=version,
        text=version.text,
        languages_of_text=_languages(pact, version.text),
        clauses=page.clauses_shown(
            version.text, profile, g.language, suggestions=suggestions, findings=findings
        ),
        findings=findings,
        suggestions=suggestions,
        terms_suggestions=[one for one in suggestions if one.suggestion.clause_id == TERMS],
        agreed={one.side: one for one in pact.agreements if one.version == pact.last_version},
        side=side_of(pact, me()),
        is_open=pact.state == State.CO_DESIGN,
        may=_may(pact),
        refused=refused or {},
        form=form,
        prescriptions=prescriptions(pact.proposal_id),
    )


def _may(pact: Pact) -> dict[str, bool]:
    names = {
        "suggest": Can.PACT_SUGGEST,
        "answer": Can.PACT_ANSWER,
        "agree": Can.PACT_AGREE,
        "open_signing": Can.PACT_OPEN_SIGNING,
    }
    return {name: policy.allows(me(), can, pact) for name, can in names.items()}


def _languages(pact: Pact, text: Mapping[str, Any]) -> tuple[str, ...]:
    return (pact.language, *(one for one in text["languages"] if one != pact.language))


def _suggestions(pact: Pact, version: PactVersion) -> list[page.Proposed]:
    found = db.session().scalars(queries.suggestions(pact.id)).all()
    needed = {one.base_version for one in found} - {version.number}
    older = (
        {
            one.number: one.text
            for one in db.session().scalars(queries.versions(pact.id))
            if one.number in needed
        }
        if needed
        else {}
    )
    texts = {version.number: version.text, **older}
    return [_proposed(one, texts[one.base_version], version.text, pact) for one in found]


def _proposed(
    one: Suggestion, base: Mapping[str, Any], current: Mapping[str, Any], pact: Pact
) -> page.Proposed:
    after = changed(base, profile_of(pact), one.clause_id, one.change)
    if one.clause_id == TERMS:
        before_words, after_words = (
            "",
            "\n\n".join(page.terms_said(base, after, profile_of(pact), g.language)),
        )
    else:
        before_words = page.words_of(base, one.clause_id, g.language)
        after_words = page.words_of(after, one.clause_id, g.language)
    is_open = one.state == SuggestionState.OPEN
    return page.Proposed(
        one,
        before_words,
        after_words,
        is_outdated=is_open and is_outdated(one, base, current),
        is_own=one.side == side_of(pact, me()),
    )


@pacts.post("/pacts/<code>/co-design/suggestions")
@needs(Can.PACT_SUGGEST)
def suggest(code: str) -> ResponseReturnValue:
    pact = one_or_404(queries.room_of(me(), code))
    version = one_or_404(queries.version(pact.id, pact.last_version))
    clause_id = request.form.get("clause", "")
    row = next((one for one in version.text["clauses"] if one["id"] == clause_id), None)
    if row is None:
        raise Invalid(W("This pact has no such clause."))
    try:
        clause = next((one for one in profile_of(pact).clauses if one.id == clause_id), None)
        change = read_change(request.form, row, clause, _languages(pact, version.text))
        base, comment = whole(request.form.get("version")), clean_text(request.form.get("comment"))
        actions.suggest(pact, clause_id, change, comment, by=me(), base=base)
    except Invalid as error:
        db.session().rollback()
        refused = {"clause": clause_id, "words": error.words, "field": error.field, "typed": request.form}
        return room_page(code, refused=refused), error.status
    return see_other("pacts.co_design", code=code, _anchor=f"clause-{clause_id}")


@pacts.post("/pacts/<code>/co-design/suggestions/<int:suggestion_id>/answer")
@needs(Can.PACT_ANSWER)
def answer(code: str, suggestion_id: int) -> ResponseReturnValue:
    pact = one_or_404(queries.room_of(me(), code))
    suggestion = one_or_404(queries.suggestion(pact.id, suggestion_id))
    form = AnswerForm()
    if not form.validate_on_submit():
        words = next(iter(form.errors.values()))[0]
        refused = {
            "suggestion": suggestion_id,
            "clause": suggestion.clause_id,
            "words": words,
            "typed": request.form,
        }
        return room_page(code, refused=refused), 422
    accept = form.decision.data == "accept"
    actions.answer_suggestion(suggestion, accept=accept, answer=form.answer.data or "", pact=pact, by=me())
    return see_other("pacts.co_design", code=code, _anchor=f"clause-{suggestion.clause_id}")


@pacts.post("/pacts/<code>/co-design/suggestions/<int:suggestion_id>/withdrawal")
@needs(Can.PACT_SUGGEST)
def withdraw(code: str, suggestion_id: int) -> ResponseReturnValue:
    pact = one_or_404(queries.room_of(me(), code))
    suggestion = one_or_404(queries.suggestion(pact.id, suggestion_id))
    actions.withdraw_suggestion(suggestion, pact=pact, by=me())
    return see_other("pacts.co_design", code=code, _anchor=f"clause-{suggestion.clause_id}")


@pacts.get("/pacts/<code>/co-design/terms")
@needs(Can.PACT_SUGGEST)
def terms(code: str) -> ResponseReturnValue:
    pact = one_or_404(queries.room_of(me(), code))
    policy.check(me(), Can.PACT_SUGGEST, pact)
    version = one_or_404(queries.version(pact.id, pact.last_version))
    return terms_page(pact, version, filled_terms(version))


def terms_page(pact: Pact, version: PactVersion, form: TermsForm) -> str:
    """Return the form of the terms."""
    fences = {fence["catalogue"]: fence for fence in version.text["fences"]}
    return render(
        "pacts/terms.html", pact=pact, version=version, form=form, fences=fences, side=side_of(pact, me())
    )


def filled_terms(version: PactVersion) -> TermsForm:
    """Return the form with the terms of a version, and room for two more of each kind."""
    found = terms_of(version.text)
    support = [
        {
            "id": one.id,
            "kind": one.kind,
            "what": one.what,
            "euro": as_typed(one.amount if one.kind == "funding" else one.value_cents),
            "number": None if one.kind in {"funding", "server"} else one.amount,
            "plan": one.plan,
            "months": one.months,
            "conditions": one.conditions,
        }
        for one in found.support
    ]
    return TermsForm(
        formdata=None,
        data={
            "version": str(version.number),
            "starts_on": found.starts_on,
            "ends_on": found.ends_on,
            "commitments": with_blanks(map(_plain, found.commitments), {"quantity": None}, BLANK_ROWS),
            "support": with_blanks(support, {"months": None}, BLANK_ROWS),
            "fences": [{"catalogue": one.catalogue, "threshold": one.threshold} for one in found.fences],
        },
    )


def _plain(one: Any) -> dict[str, Any]:
    return {
        name: getattr(one, name) for name in ("id", "side", "what", "quantity", "unit", "per", "evidence")
    }


@pacts.post("/pacts/<code>/co-design/terms")
@needs(Can.PACT_SUGGEST)
def change_terms(code: str) -> ResponseReturnValue:
    pact = one_or_404(queries.room_of(me(), code))
    version = one_or_404(queries.version(pact.id, pact.last_version))
    form = TermsForm()
    if not form.validate_on_submit():
        return terms_page(pact, version, form), 422
    base = whole(form.version.data)
    try:
        wanted = read_terms(form, terms_of(version.text), profile_of(pact))
        actions.change_terms(pact, wanted, form.note.data or "", by=me(), base=base)
    except Invalid as error:
        db.session().rollback()
        form.refuse(error.field, error.words)
        pact = one_or_404(queries.room_of(me(), code))
        return terms_page(pact, one_or_404(queries.version(pact.id, pact.last_version)), form), error.status
    return see_other("pacts.co_design", code=code)


@pacts.post("/pacts/<code>/agreement")
@needs(Can.PACT_AGREE)
def agree(code: str) -> ResponseReturnValue:
    pact = one_or_404(queries.room_of(me(), code))
    form = AgreeForm()
    if not form.validate_on_submit():
        raise Invalid(W("The page lacked the version you agree to. Load it again and agree once more."))
    actions.agree(pact, form.version.data or 0, form.content_hash.data, by=me())
    return see_other("pacts.co_design", code=code)


@pacts.post("/pacts/<code>/co-design/reopening")
@needs(Can.PACT_SUGGEST)
def reopen(code: str) -> ResponseReturnValue:
    pact = one_or_404(queries.room_of(me(), code))
    form = ReasonForm()
    if not form.validate_on_submit():
        raise Invalid(next(iter(form.errors.values()))[0], field="reason")
    actions.reopen(pact, form.reason.data, by=me())
    return see_other("pacts.co_design", code=code)
