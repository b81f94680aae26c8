"""What the record says about a pact, in words, the newest act first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import db
from portal.pacts import queries
from portal.pacts.history import lines
from portal.pacts.views.blueprint import pacts
from portal.web import one_or_404, public, render

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MOST = 300


@pacts.get("/pacts/<code>/history")
@public
def history(code: str) -> ResponseReturnValue:
    pact = one_or_404(queries.by_code(code))
    acts = db.session().scalars(queries.acts_of(pact).limit(MOST)).all()
    public_versions = range(1, pact.last_version + 1) if queries.is_text_public(pact) else ()
    return render("pacts/history.html", pact=pact, lines=lines(acts), versions=public_versions)
