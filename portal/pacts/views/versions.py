"""One version of the text, whole, and what it changed against the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g

from portal import db
from portal.pacts import clauses, page, queries
from portal.pacts.views.blueprint import pacts
from portal.web import me, one_or_404, public, render

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.pacts.models import Pact


def readable(code: str) -> Pact:
    """Return the pact if the actor may read its text: before signing the two sides, then everybody."""
    pact = one_or_404(queries.by_code(code))
    return pact if queries.is_text_public(pact) else one_or_404(queries.room_of(me(), code))


@pacts.get("/pacts/<code>/versions/<int:number>")
@public
def version(code: str, number: int) -> ResponseReturnValue:
    pact = readable(code)
    found = one_or_404(queries.version(pact.id, number))
    before = db.session().scalars(queries.version(pact.id, number - 1)).one_or_none()
    return render(
        "pacts/version.html",
        pact=pact,
        version=found,
        text=found.text,
        before=before,
        differences=clauses.diff(before.text, found.text, g.language) if before else (),
        terms=page.terms_differences(before.text, found.text) if before else [],
        is_courtesy=g.language != pact.language,
    )
