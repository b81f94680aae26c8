"""The city's pages of groups: the register with what needs care, entering one for somebody, checking."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, request

from portal import clock, db, policy
from portal.errors import Invalid
from portal.organisations import actions, queries
from portal.organisations.forms import AboutForm, CheckForm, HideForm, InviteForm
from portal.organisations.models import Kind
from portal.organisations.said import KINDS, SOON, last_day
from portal.organisations.views.blueprint import country, within
from portal.organisations.views.entering import send
from portal.organisations.views.joining import doubles_of
from portal.organisations.views.mandates import midnight
from portal.organisations.views.room import mandate_rows, standing
from portal.people import limits
from portal.people.models import Person
from portal.policy import Can
from portal.typed import clean_text
from portal.web import invalid, me, needs, render, see_other
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.organisations.models import Organisation

organisations_desk = Blueprint("organisations_desk", __name__)

LONGEST_SEARCH = 80
CARES = {
    "": W("All"),
    "unchecked": W("Nobody checked who represents it"),
    "expired": W("The check has run out"),
    "soon": W("The check runs out within 30 days"),
    "double": W("Perhaps entered twice"),
    "hidden": W("Hidden"),
}


def filters() -> dict[str, str]:
    """Return what the address chooses of the register; what is no choice counts as none."""
    kind, care = request.args.get("kind", ""), request.args.get("care", "")
    return {
        "kind": kind if kind in set(Kind) else "",
        "text": clean_text(request.args.get("q", ""))[:LONGEST_SEARCH],
        "care": care if care in CARES else "",
        "after": request.args.get("after", "")[:LONGEST_SEARCH],
    }


@organisations_desk.get("/desk/organisations")
@needs(Can.ORGANISATION_DESK)
def register() -> ResponseReturnValue:
    """List the groups by name, with until when a check holds and whether one looks like another."""
    chosen, now = filters(), clock.now()
    rows = db.session().execute(queries.for_desk(now, now + SOON, **chosen)).all()
    more = rows[queries.PAGE - 1][0].slug if len(rows) > queries.PAGE else ""
    return render(
        "organisations/desk/register.html",
        rows=[
            (one, last_day(holds), _standing(holds), double) for one, holds, double in rows[: queries.PAGE]
        ],
        chosen=chosen,
        more=more,
        kinds=[("", W("All")), *((kind.value, words) for kind, words in KINDS.items())],
        cares=list(CARES.items()),
        may_enter=policy.allows(me(), Can.ORGANISATION_ENTER),
    )


def _standing(holds: Any) -> str:
    if holds is None:
        return "unchecked"
    if holds <= clock.now():
        return "expired"
    return "soon" if holds <= clock.now() + SOON else "checked"


@organisations_desk.get("/desk/organisations/new")
@needs(Can.ORGANISATION_ENTER)
def new() -> ResponseReturnValue:
    return render("organisations/desk/new.html", form=AboutForm(), doubles=[])


@organisations_desk.post("/desk/organisations/new")
@needs(Can.ORGANISATION_ENTER)
def enter() -> ResponseReturnValue:
    """Enter a group for somebody; a colleague checks who represents it."""
    form = AboutForm()
    if not form.validate_on_submit():
        return invalid("organisations/desk/new.html", form=form, doubles=[])
    doubles = doubles_of(form)
    if doubles and not form.is_another.data:
        return invalid("organisations/desk/new.html", form=form, doubles=doubles)
    try:
        made = actions.enter(form.about(), country=country(), by=me())
    except Invalid as refusal:
        form.refuse(refusal.field, refusal.words)
        return invalid("organisations/desk/new.html", form=form, doubles=[])
    return see_other("organisations_desk.one", slug=made.slug)


@organisations_desk.get("/desk/organisations/<slug>")
@needs(Can.ORGANISATION_DESK)
def one(slug: str) -> ResponseReturnValue:
    return render("organisations/desk/one.html", **_page(within(slug, Can.ORGANISATION_DESK)))


def _page(found: Organisation, form: Any = None) -> dict[str, Any]:
    here, now = db.session(), clock.now()
    checks = here.execute(queries.mandates.checks_of(found.id)).all()
    day = clock.today() + timedelta(days=364)
    return {
        "organisation": found,
        "form": form,
        "people": here.execute(queries.members_of(found.id, now)).all(),
        "mandates": mandate_rows(found),
        "standing": standing(found),
        "checks": [(check, last_day(check.holds_until), mandate) for check, mandate in checks],
        "doubles": here.scalars(queries.alike(found.plain_name, found.tax_id, besides=found.id)).all(),
        "check_form": form if isinstance(form, CheckForm) else CheckForm(formdata=None, holds_until=day),
        "hide_form": form if isinstance(form, HideForm) else HideForm(formdata=None),
        "invite_form": form if isinstance(form, InviteForm) else InviteForm(formdata=None, decides=True),
        "may_check": policy.allows(me(), Can.ORGANISATION_CHECK, found),
        "why_not": policy.refusal(me(), Can.ORGANISATION_CHECK, found),
        "may_edit": policy.allows(me(), Can.ORGANISATION_EDIT, found),
        "may_invite": found.entered_by_id is not None and policy.allows(me(), Can.ORGANISATION_ENTER),
        "entered_by": here.get(Person, found.entered_by_id) if found.entered_by_id else None,
    }


def _again(found: Organisation, form: Any) -> ResponseReturnValue:
    return invalid("organisations/desk/one.html", **_page(found, form))


@organisations_desk.post("/desk/organisations/<slug>/mandates/<int:number>/check")
@needs(Can.ORGANISATION_CHECK)
def check(slug: str, number: int) -> ResponseReturnValue:
    """Confirm who represents the group, to the end of a day."""
    found, form = within(slug, Can.ORGANISATION_CHECK), CheckForm()
    if form.validate_on_submit():
        try:
            until = midnight(form.holds_until.data + timedelta(days=1))
            actions.check_representative(found, number, form.source.data, until, by=me())
            return see_other("organisations_desk.one", slug=slug)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
    return _again(found, form)


@organisations_desk.post("/desk/organisations/<slug>/hiding")
@needs(Can.ORGANISATION_CHECK)
def hiding(slug: str) -> ResponseReturnValue:
    found, form = within(slug, Can.ORGANISATION_CHECK), HideForm()
    if not form.validate_on_submit():
        return _again(found, form)
    actions.hide(found, form.reason.data, by=me())
    return see_other("organisations_desk.one", slug=slug)


@organisations_desk.post("/desk/organisations/<slug>/showing")
@needs(Can.ORGANISATION_CHECK)
def showing(slug: str) -> ResponseReturnValue:
    actions.show(within(slug, Can.ORGANISATION_CHECK), by=me())
    return see_other("organisations_desk.one", slug=slug)


@organisations_desk.post("/desk/organisations/<slug>/invitations")
@needs(Can.ORGANISATION_ENTER)
def invite(slug: str) -> ResponseReturnValue:
    """Invite the people for whom the group was entered."""
    limits.spend_own("invitation", me().person_id, limits.INVITATIONS)
    found, form = within(slug, Can.ORGANISATION_DESK), InviteForm()
    if form.validate_on_submit():
        try:
            send(found, form)
            return see_other("organisations_desk.one", slug=slug)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
    return _again(found, form)
