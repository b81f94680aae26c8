"""The members' room: who belongs to the group and may bind it; those who speak for it change that here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from portal import clock, db, policy
from portal.organisations import actions, queries
from portal.organisations.actions.members import member
from portal.organisations.forms import InviteForm
from portal.organisations.said import last_day, standing_of, state_of
from portal.organisations.views.blueprint import organisations, shown, within
from portal.people import queries as people_queries
from portal.policy import Can
from portal.web import Form, invalid, me, needs, render, see_other
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.organisations.models import Organisation

DONE = {
    "founded": W("Your group is in the register, and you speak for it. Now invite the others."),
    "joined": W("You belong to this group now."),
    "invited": W("The invitation is on its way. It can be answered within fourteen days."),
    "entry": W("The entry is changed."),
    "mandate": W("The mandate is entered."),
}


@organisations.get("/organisations/<slug>/members")
@needs(Can.ORGANISATION_ROOM)
def members(slug: str) -> ResponseReturnValue:
    found = within(slug, Can.ORGANISATION_ROOM)
    notice = DONE.get(request.args.get("done", ""), "")
    return render("organisations/members.html", **_page(found, InviteForm(formdata=None)), notice=notice)


def again(found: Organisation, form: InviteForm) -> ResponseReturnValue:
    """Return the room with a refused invitation, or refuse whoever may not invite at all."""
    policy.check(me(), Can.ORGANISATION_MEMBERS, found)
    return invalid("organisations/members.html", **_page(found, form))


def _page(found: Organisation, form: InviteForm) -> dict[str, Any]:
    here, now = db.session(), clock.now()
    people = here.execute(queries.members_of(found.id, now)).all()
    speaks = policy.allows(me(), Can.ORGANISATION_MEMBERS, found)
    return {
        "organisation": found,
        "form": form,
        "people": people,
        "own": next((member for member, person in people if person.id == me().person_id), None),
        "speaks": speaks,
        "mandates": mandate_rows(found),
        "standing": standing(found),
        "invitations": here.scalars(people_queries.invitations_to(found.key)).all() if speaks else [],
        "requests": here.execute(queries.requests_to(found.id)).all() if speaks else [],
        "now": clock.real(),
    }


def mandate_rows(found: Organisation) -> list[dict[str, Any]]:
    """Return the mandates of a group as the pages show them, the newest first."""
    rows = db.session().execute(queries.mandates.of_organisation(found.id)).all()
    return [
        {
            "mandate": mandate,
            "person": person,
            "state": state_of(mandate, clock.now()),
            "last": last_day(mandate.until),
            "may_read": policy.allows(me(), Can.MANDATE_DOCUMENT, found)
            or mandate.person_id == me().person_id,
        }
        for mandate, person in rows
    ]


def standing(found: Organisation) -> str:
    """Return how well it is known who represents the group."""
    checks = db.session().execute(queries.mandates.checks_of(found.id)).all()
    return standing_of(((check.holds_until, mandate) for check, mandate in checks), clock.now())


@organisations.post("/organisations/<slug>/members/<pseudonym>/role")
@needs(Can.ORGANISATION_MEMBERS)
def role(slug: str, pseudonym: str) -> ResponseReturnValue:
    """Let a member speak for the group, or no longer."""
    speaks = request.form.get("speaks") == "yes"
    actions.set_speaker(shown(slug), pseudonym, speaks=speaks, by=me())
    if not speaks and pseudonym == me().pseudonym:
        return see_other("organisations.mine")
    return see_other("organisations.members", slug=slug)


@organisations.get("/organisations/<slug>/members/<pseudonym>/removal")
@needs(Can.ORGANISATION_MEMBERS)
def ask_removal(slug: str, pseudonym: str) -> ResponseReturnValue:
    found = within(slug, Can.ORGANISATION_MEMBERS)
    _, person = member(found, pseudonym)
    return render("organisations/removal.html", organisation=found, person=person, form=Form())


@organisations.post("/organisations/<slug>/members/<pseudonym>/removal")
@needs(Can.ORGANISATION_MEMBERS)
def removal(slug: str, pseudonym: str) -> ResponseReturnValue:
    actions.remove(shown(slug), pseudonym, by=me())
    return see_other("organisations.members", slug=slug)


@organisations.get("/organisations/<slug>/leaving")
@needs(Can.ORGANISATION_LEAVE)
def ask_leaving(slug: str) -> ResponseReturnValue:
    found = within(slug, Can.ORGANISATION_LEAVE)
    return render("organisations/leaving.html", organisation=found, form=Form())


@organisations.post("/organisations/<slug>/leaving")
@needs(Can.ORGANISATION_LEAVE)
def leaving(slug: str) -> ResponseReturnValue:
    actions.leave(shown(slug), by=me())
    return see_other("organisations.mine")


@organisations.post("/organisations/<slug>/name")
@needs(Can.ORGANISATION_LEAVE)
def name(slug: str) -> ResponseReturnValue:
    """Show one's own name on the public page, or no longer."""
    actions.show_name(shown(slug), is_named=request.form.get("shown") == "yes", by=me())
    return see_other("organisations.members", slug=slug)
