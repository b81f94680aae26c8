"""The register of groups as everybody sees it, and the page of each: what it is, its proposals and pacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request, url_for

from portal import clock, db, policy
from portal.front import queries
from portal.front.views.home import pact_state
from portal.front.views.room import front
from portal.organisations import queries as groups
from portal.organisations.models import Kind
from portal.organisations.said import KINDS, last_day, standing_of
from portal.policy import Can
from portal.typed import clean_text
from portal.web import me, one_or_404, public, render
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.organisations.models import Organisation

LONGEST_SEARCH = 80


@front.get("/organisations")
@public
def organisations() -> ResponseReturnValue:
    """List the groups by name, filtered by the address."""
    kind = request.args.get("kind", "")
    chosen = {
        "kind": kind if kind in set(Kind) else "",
        "text": clean_text(request.args.get("q", ""))[:LONGEST_SEARCH],
    }
    after = request.args.get("after", "")[:LONGEST_SEARCH]
    rows = db.session().execute(groups.listed(**chosen, after=after)).all()
    last = rows[groups.PAGE - 1].slug if len(rows) > groups.PAGE else ""
    given: dict[str, Any] = {"kind": chosen["kind"] or None, "q": chosen["text"] or None}
    return render(
        "front/organisations.html",
        rows=rows[: groups.PAGE],
        chosen=chosen,
        kinds=[("", W("All")), *((one.value, words) for one, words in KINDS.items())],
        following=url_for("front.organisations", after=last, **given) if last else "",
        first=url_for("front.organisations", **given) if after else "",
    )


@front.get("/organisations/<slug>")
@public
def organisation(slug: str) -> ResponseReturnValue:
    """Show a group: members are counted, and named only where they chose it."""
    found = one_or_404(groups.by_slug(groups.visible_to(me()), slug))
    session = db.session()
    members = session.execute(groups.named_members(found.id, clock.now())).all()
    return render(
        "front/organisation.html",
        organisation=found,
        count=len(members),
        named=[one for one in members if one.is_named],
        pacts=session.execute(queries.pacts_of(found.id)).all(),
        proposals=session.execute(queries.proposals_of(found.id)).all(),
        pact_state=pact_state,
        is_member=policy.allows(me(), Can.ORGANISATION_ROOM, found),
        is_desk=policy.allows(me(), Can.ORGANISATION_DESK, found),
        **_checked(found),
    )


def _checked(found: Organisation) -> dict[str, Any]:
    checks = db.session().execute(groups.mandates.checks_of(found.id)).all()
    pairs = [(check.holds_until, mandate) for check, mandate in checks]
    holds = max((until for until, mandate in pairs if mandate.ended_at is None), default=None)
    return {"standing": standing_of(pairs, clock.now()), "checked_until": last_day(holds)}
