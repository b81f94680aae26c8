"""Every page of questions: its section, its form as things stand, the verb that saves it, its template."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import current_app, g

from portal import db
from portal.commons import queries as commons_queries
from portal.errors import NotFound
from portal.proposals import actions, outlines, particulars
from portal.proposals.forms import places
from portal.proposals.forms import questions as forms
from portal.proposals.models import Ask, Proposal
from portal.proposals.profiles import profile_of
from portal.proposals.sections import Section
from portal.web import me, one_or_404
from portal.web.access import NO_SUCH_PAGE

if TYPE_CHECKING:
    from portal.commons.models import Commons
    from portal.policy import Actor


# A longer list is no list to pick from.
MOST_PLACES = 200


@dataclass(frozen=True)
class Question:
    """One page: the section it belongs to, its form as it stands now, and the verb that saves it."""

    section: Section
    make: Callable[[Proposal], Any]
    save: Callable[[Proposal, Any, Actor], object]
    template: str


def asked_on(proposal: Proposal, page: str) -> Question:
    if page.startswith("asks/"):
        ask = next((one for one in proposal.asks if f"asks/{one.kind}" == page), None)
        if ask is None:
            raise NotFound(NO_SUCH_PAGE)
        return _need_question(ask)
    if page not in QUESTIONS:
        raise NotFound(NO_SUCH_PAGE)
    return QUESTIONS[page]


def _what(proposal: Proposal) -> Any:
    return forms.WhatForm(data={"kind": proposal.kind, "title": proposal.title, "summary": proposal.summary})


def _where(proposal: Proposal) -> Any:
    if proposal.kind == "place":
        form = places.PlaceForm(data=places.typed_place(proposal))
        form.offer(profile_of(proposal), free_places(proposal))
        return form
    if proposal.kind == "software":
        return forms.SoftwareForm(obj=proposal)
    personal = forms.typed_choice(answer=proposal.holds_personal_data)
    return forms.DataForm(
        data={"about": proposal.about, "licence": proposal.licence, "holds_personal_data": personal}
    )


def free_places(proposal: Proposal) -> list[Commons]:
    """Return the listed places that can be picked, and the one that was."""
    # What is in care is known upstairs, in the room of the pacts.
    taken = current_app.extensions["taken_commons"]()
    found = list(db.session().scalars(commons_queries.free_places(taken, limit=MOST_PLACES)))
    if proposal.commons_slug and proposal.commons_slug not in {one.slug for one in found}:
        found += db.session().scalars(commons_queries.listed(proposal.commons_slug))
    return found


def _save_where(proposal: Proposal, form: Any, by: Actor) -> None:
    picked = form.answer().commons_slug if proposal.kind == "place" else None
    if picked and picked != proposal.commons_slug:
        actions.pick(proposal, one_or_404(commons_queries.listed(picked)), by=by)
    else:
        actions.save_where(proposal, form.answer(), by=by)


def _group(proposal: Proposal) -> Any:
    names = (
        "group_kind",
        "group_name",
        "contact_name",
        "contact_email",
        "contact_phone",
        "contact_postal",
        "adult_name",
    )
    typed = {name: getattr(proposal, name) for name in names}
    typed["is_adult"] = forms.typed_choice(answer=proposal.is_adult)
    if not proposal.contact_name and me().is_signed_in and not me().helps:
        typed["contact_name"] = g.get("person_name", "")
    return forms.GroupForm(data=typed)


def _dates(proposal: Proposal) -> Any:
    days = {"starts_on": proposal.starts_on, "ends_on": proposal.ends_on}
    return forms.DatesForm(data={name: f"{day:%d/%m/%Y}" if day else "" for name, day in days.items()})


def _asks(proposal: Proposal) -> Any:
    form = forms.AsksForm(data={"kinds": [one.kind for one in proposal.asks]})
    form.offer(profile_of(proposal), proposal.kind, g.language)
    return form


def _save_particulars(proposal: Proposal, form: Any, by: Actor) -> None:
    typed = {one.id: form[one.id].data or "" for one in particulars.asked_of(proposal.kind)}
    actions.save_particulars(proposal, typed, by=by)


def _fences(proposal: Proposal) -> Any:
    profile = profile_of(proposal)
    chosen = [one.catalogue for one in proposal.fences]
    if Section.FENCES.value not in proposal.saved_sections:
        chosen = [one.id for one in profile.fences_for(proposal.kind) if proposal.kind in one.recommended]
    form = forms.FencesForm(data={"fences": chosen})
    form.offer(profile, proposal.kind, g.language)
    return form


def _save_limits(proposal: Proposal, form: Any, by: Actor) -> None:
    limits = {
        one.catalogue: form[f"limit_{one.catalogue}"].value
        for one in proposal.fences
        if f"limit_{one.catalogue}" in form and form[f"limit_{one.catalogue}"].value is not None
    }
    actions.limit_fences(proposal, limits, by=by)


QUESTIONS = {
    "what": Question(
        Section.WHAT,
        _what,
        lambda proposal, form, by: actions.save_what(proposal, form.answer(), by=by),
        "proposals/questions/what.html",
    ),
    "where": Question(
        Section.WHERE,
        _where,
        _save_where,
        "proposals/questions/where.html",
    ),
    "outline": Question(
        Section.WHERE,
        lambda proposal: places.OutlineForm(data={"outline": outlines.as_lines(proposal.outline)}),
        lambda proposal, form, by: actions.draw_outline(proposal, form.outline.data, by=by),
        "proposals/questions/outline.html",
    ),
    "particulars": Question(
        Section.WHERE, forms.particulars_form, _save_particulars, "proposals/questions/particulars.html"
    ),
    "group": Question(
        Section.GROUP,
        _group,
        lambda proposal, form, by: actions.save_group(proposal, form.answer(), by=by),
        "proposals/questions/group.html",
    ),
    "commitments": Question(
        Section.COMMITMENTS,
        lambda _proposal: forms.CommitmentForm(),
        lambda proposal, form, by: actions.add_commitment(proposal, form.answer(), by=by),
        "proposals/questions/commitments.html",
    ),
    "dates": Question(
        Section.COMMITMENTS,
        _dates,
        lambda proposal, form, by: actions.save_term(proposal, form.answer(), by=by),
        "proposals/questions/dates.html",
    ),
    "asks": Question(
        Section.ASKS,
        _asks,
        lambda proposal, form, by: actions.choose_asks(proposal, form.kinds.data or [], by=by),
        "proposals/questions/asks.html",
    ),
    "fences": Question(
        Section.FENCES,
        _fences,
        lambda proposal, form, by: actions.choose_fences(proposal, form.fences.data or [], by=by),
        "proposals/questions/fences.html",
    ),
    "limits": Question(
        Section.FENCES,
        lambda proposal: forms.limits_form(proposal, profile_of(proposal), g.language),
        _save_limits,
        "proposals/questions/limits.html",
    ),
    "touched": Question(
        Section.TOUCHED,
        lambda proposal: forms.TouchedForm(data={"touched": proposal.touched}),
        lambda proposal, form, by: actions.save_touched(proposal, form.touched.data, by=by),
        "proposals/questions/touched.html",
    ),
}


def _need_question(ask: Ask) -> Question:
    return Question(
        Section.ASKS,
        lambda proposal: _need_form(proposal, ask),
        lambda proposal, form, by: actions.detail_ask(proposal, ask.kind, form.answer(), by=by),
        "proposals/questions/need.html",
    )


def _need_form(proposal: Proposal, ask: Ask) -> Any:
    if ask.kind == "server":
        data = {"plan": ask.plan, "months": str(ask.months or ""), "what": ask.what}
        form = forms.ServerForm(data=data)
        form.offer(profile_of(proposal), g.language)
        return form
    return forms.need_form(ask)
