"""The rules that hold in this city, with their sources, and every older version of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g

from portal import city, clock
from portal.errors import NotFound
from portal.front import rules as said
from portal.front.views.room import front
from portal.support.said import limits
from portal.web import public, render
from portal.web.access import NO_SUCH_PAGE
from portal.web.chrome import profile

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.city import Profile


@front.get("/rules")
@public
def rules() -> ResponseReturnValue:
    """Show the rules in force today."""
    return _page(profile())


@front.get("/rules/<version>")
@public
def rules_of(version: str) -> ResponseReturnValue:
    """Show one dated version of the rules."""
    try:
        return _page(city.profile(profile().city, version))
    except KeyError:
        raise NotFound(NO_SUCH_PAGE) from None


def _page(shown: Profile) -> ResponseReturnValue:
    known = city.versions(shown.city)
    return render(
        "front/rules.html",
        rules=shown,
        is_newest=shown.version == known[-1],
        versions=[city.profile(shown.city, one) for one in reversed(known)],
        clocks=said.clocks(shown, g.language, today=clock.today()),
        clauses=said.clauses(shown),
        pool_limits=limits(shown.pools),
        elements={one.id: one.words[g.language] for one in shown.elements},
    )
