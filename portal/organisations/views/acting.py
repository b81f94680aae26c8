"""For whom somebody acts: chosen by hand, kept in the session, believed only while it is true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, request, session, url_for

from portal import clock, db
from portal.errors import NotFound, Stale
from portal.organisations import queries
from portal.organisations.views.blueprint import organisations, shown
from portal.people.actions import invitations
from portal.people.models import Person
from portal.policy import VISITOR, Actor, Can, check
from portal.web import me, needs, onward, render, sign_path
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

KEPT_AS = "acting_for"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Whoever leaves, leaves: nothing is done for anybody there.
ALWAYS = frozenset({"people.sign_out", "organisations.act_for", "static"})
NO_LONGER = W(
    "You no longer speak for the group you acted for, so nothing was done. You act for yourself now."
)
ANOTHER = W(
    "When you opened this page you acted for somebody else than now, so nothing was done. "
    "Look at the bar at the top of the page, then send it again."
)


def asked(kept: Mapping[str, Any]) -> int | None:
    """Return for which organisation this browser asked to act; whether it may is asked at every request."""
    number = kept.get(KEPT_AS)
    return number if isinstance(number, int) else None


def mind() -> None:
    """Refuse what was sent for one organisation and would be done for another, or for none."""
    if request.method in SAFE or request.endpoint in ALWAYS:
        return
    actor: Actor = g.get("actor", VISITOR)
    if asked(session) is not None and actor.acting_for is None:
        session.pop(KEPT_AS)
        raise Stale(NO_LONGER)
    said = request.form.get("acting_for")
    if said is not None and said != str(actor.acting_for or ""):
        raise Stale(ANOTHER)


@organisations.get("/account/groups")
@needs(Can.ORGANISATION_JOIN)
def mine() -> ResponseReturnValue:
    """Show to which groups somebody belongs, for whom to act, and who invited them."""
    here = db.session()
    person = here.get_one(Person, me().person_id)
    waiting = invitations.to_address(person.email)
    names = dict(here.execute(queries.names_of([one.subject for one in waiting])).all())
    return render(
        "organisations/mine.html",
        groups=here.execute(queries.of_member(person.id, clock.now())).all(),
        invitations=[
            (one, names[one.subject.partition(":")[2]])
            for one in waiting
            if one.subject.partition(":")[2] in names
        ],
        next=sign_path(url_for("organisations.mine")),
    )


@organisations.post("/account/acting")
@needs(Can.ORGANISATION_JOIN)
def act_for() -> ResponseReturnValue:
    """Act for a group from now on, or for oneself again."""
    slug = request.form.get("organisation", "")
    if slug:
        found = shown(slug)
        if found.id not in me().organisations:
            raise NotFound(W("You do not belong to this group."))
        check(me(), Can.ORGANISATION_ACT, found)
        session[KEPT_AS] = found.id
    else:
        session.pop(KEPT_AS, None)
    return onward("organisations.mine")
