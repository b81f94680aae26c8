"""What the record says about a pact, in words, the newest act first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import db
from portal.organisations import queries as organisations
from portal.pacts import queries
from portal.pacts.history import lines
from portal.pacts.views.blueprint import pacts
from portal.pacts.views.versions import is_public
from portal.record.queries import positions
from portal.web import one_or_404, public, render

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.record import Act

MOST = 300
LAST = 2**62


@pacts.get("/pacts/<code>/history")
@public
def history(code: str) -> ResponseReturnValue:
    pact = one_or_404(queries.by_code(code))
    acts = list(db.session().scalars(queries.acts_of(pact).limit(MOST)))
    places = dict(db.session().execute(positions(act.id for act in acts)).all())
    # In the record's own order; what has no place yet is the newest.
    acts.sort(key=lambda act: places.get(act.id, LAST), reverse=True)
    public_versions = range(1, pact.last_version + 1) if is_public(pact) else ()
    told = lines(acts, _names(acts))
    return render("pacts/history.html", pact=pact, lines=told, places=places, versions=public_versions)


def _names(acts: list[Act]) -> dict[str, str]:
    """Return the names of the organisations for which somebody acted; of most pacts there is none."""
    keys = {act.behalf for act in acts if act.behalf}
    if not keys:
        return {}
    rows = db.session().execute(organisations.names_of(keys))
    return {f"organisation:{row.slug}": row.name for row in rows}
