"""Register a group, and change its entry."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from flask import request

from portal import db, policy
from portal.errors import Invalid
from portal.organisations import actions, queries, tax_numbers
from portal.organisations.actions import About
from portal.organisations.forms import AboutForm
from portal.organisations.views.blueprint import country, myself, organisations, within
from portal.people import limits
from portal.policy import Can
from portal.web import invalid, me, needs, render, see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.organisations.models import Organisation


@organisations.get("/organisations/join")
@needs(Can.ORGANISATION_FOUND)
def join() -> ResponseReturnValue:
    return render("organisations/join.html", form=AboutForm(), doubles=[])


@organisations.post("/organisations/join")
@needs(Can.ORGANISATION_FOUND)
def register() -> ResponseReturnValue:
    """Enter a group for which one speaks; where there is one like it, say so and ask."""
    form = AboutForm()
    if not form.validate_on_submit():
        return invalid("organisations/join.html", form=form, doubles=[])
    limits.spend_own("organisation", me().person_id, limits.ORGANISATIONS)
    doubles = doubles_of(form)
    if doubles and not form.is_another.data:
        return invalid("organisations/join.html", form=form, doubles=doubles)
    try:
        made = actions.register(form.about(), myself(), country=country(), by=me())
    except Invalid as refusal:
        form.refuse(refusal.field, refusal.words)
        return invalid("organisations/join.html", form=form, doubles=[])
    return see_other("organisations.members", slug=made.slug, done="founded")


def doubles_of(form: AboutForm, *, besides: int = 0) -> list[Organisation]:
    """Return the public organisations that may be the same as the one that was typed."""
    tax_id = tax_numbers.tidy(form.tax_id.data or "", country())
    alike = queries.alike(actions.plain(form.name.data or ""), tax_id, besides=besides)
    return [one for one in db.session().scalars(alike) if one.hidden_at is None]


def filled(organisation: Organisation) -> AboutForm:
    """Return the form as the entry stands; what was posted takes its place."""
    return AboutForm(data={one.name: getattr(organisation, one.name) for one in fields(About)})


@organisations.get("/organisations/<slug>/entry")
@needs(Can.ORGANISATION_EDIT)
def entry(slug: str) -> ResponseReturnValue:
    found = within(slug, Can.ORGANISATION_EDIT)
    return render("organisations/entry.html", **_entry_page(found, filled(found)))


@organisations.post("/organisations/<slug>/entry")
@needs(Can.ORGANISATION_EDIT)
def change_entry(slug: str) -> ResponseReturnValue:
    """Change the entry; where somebody else changed it meanwhile, show both and save nothing."""
    found = within(slug, Can.ORGANISATION_EDIT)
    form = filled(found)
    if not form.validate_on_submit():
        return invalid("organisations/entry.html", **_entry_page(found, form))
    if request.form.get("seen", "") not in {"", str(found.version_id)}:
        return render("organisations/entry.html", **_entry_page(found, form, is_outdated=True)), 409
    try:
        actions.change(found, form.about(), country=country(), by=me())
    except Invalid as refusal:
        form.refuse(refusal.field, refusal.words)
        return invalid("organisations/entry.html", **_entry_page(found, form))
    db.session().flush()
    if found.id in me().organisations:
        return see_other("organisations.members", slug=slug, done="entry")
    return see_other("organisations_desk.one", slug=slug)


def _entry_page(found: Organisation, form: AboutForm, *, is_outdated: bool = False) -> dict[str, Any]:
    now: dict[str, Any] = {}
    if is_outdated:
        typed = asdict(form.about())
        now = {name: getattr(found, name) for name in typed if typed[name] != getattr(found, name)}
    is_own = policy.allows(me(), Can.ORGANISATION_ROOM, found)
    return {"organisation": found, "form": form, "now": now, "is_outdated": is_outdated, "is_own": is_own}
