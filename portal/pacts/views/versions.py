"""One version of the text, whole, and what changed between any two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, request, url_for
from werkzeug.utils import redirect

from portal import policy
from portal.pacts import observed, page, queries
from portal.pacts.prescribed import prescribed_for
from portal.pacts.standing import profile_of
from portal.pacts.terms import terms_of
from portal.pacts.views.blueprint import pacts
from portal.policy import Can
from portal.typed import whole
from portal.web import me, one_or_404, public, render

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.pacts.models import Pact
    from portal.pacts.prescriptions import Prescribed


def readable(code: str) -> Pact:
    """Return the pact if the actor may read its text: the two sides, and everybody once it was laid out."""
    pact = one_or_404(queries.by_code(code))
    return pact if is_public(pact) else one_or_404(queries.room_of(me(), code))


def is_public(pact: Pact) -> bool:
    """Say whether everybody may read the versions: once laid out for observations, or ready to sign."""
    return queries.is_text_public(pact) or observed.was_shown(pact)


@pacts.get("/pacts/<code>/versions/<int:number>")
@public
def version(code: str, number: int) -> ResponseReturnValue:
    pact = readable(code)
    found = one_or_404(queries.version(pact.id, number))
    return render(
        "pacts/version.html",
        pact=pact,
        version=found,
        text=found.text,
        terms=terms_of(found.text),
        is_courtesy=g.language != pact.language,
        languages_of_text=[one for one in found.text["languages"] if one != g.language],
        met=_met_by(pact, number),
        profile=profile_of(pact),
    )


def _met_by(pact: Pact, number: int) -> list[Prescribed]:
    """Return the prescriptions that this version meets, for those who may read them."""
    if not policy.allows(me(), Can.PACT_ROOM, pact):
        return []
    return [one for one in prescribed_for(pact) if one.answer is not None and one.answer.version == number]


@pacts.get("/pacts/<code>/versions/<int:number>/compare/<int:other>")
@public
def compare(code: str, number: int, other: int) -> ResponseReturnValue:
    pact = readable(code)
    before, after = (one_or_404(queries.version(pact.id, one)) for one in (number, other))
    return render(
        "pacts/compare.html",
        pact=pact,
        before=before,
        after=after,
        numbers=range(1, pact.last_version + 1),
        differences=page.clauses_changed(before.text, after.text, g.language),
        terms=page.terms_changed(before.text, after.text, profile_of(pact), g.language),
    )


@pacts.get("/pacts/<code>/versions/compare")
@public
def choose_versions(code: str) -> ResponseReturnValue:
    pact = readable(code)
    last = pact.last_version
    chosen = ((whole(request.args.get(name)), usual) for name, usual in (("from", last - 1), ("to", last)))
    first, second = (min(max(one or usual, 1), last) for one, usual in chosen)
    return redirect(url_for("pacts.compare", code=pact.code, number=first, other=second))
