"""The list of shared things, and the page of each: where it is, its pictures, the pacts that care for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request, url_for

from portal import db
from portal.commons import licences
from portal.commons import queries as commons_queries
from portal.errors import Invalid
from portal.front import queries
from portal.front.finding import narrowed
from portal.front.views.home import choices_of, chosen_of, number_in
from portal.front.views.room import front
from portal.web import one_or_404, public, render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue


@front.get("/commons")
@public
def commons() -> ResponseReturnValue:
    """List what is shared, the newest first, filtered by the address."""
    session = db.session()
    choices = choices_of()
    chosen = chosen_of(choices)
    words = narrowed(request.args.get("q", ""), "commons", chosen)
    before = number_in(request.args.get("before", ""))
    page = commons_queries.page(
        kind=chosen["kind"],
        district=chosen["district"],
        before=before,
        limit=queries.PAGE + 1,
        slugs=words.codes,
    )
    found: Sequence[Any] = session.execute(page).all()
    rows = [row for row, _ in found[: queries.PAGE]]
    given: dict[str, Any] = words.with_filters({name: value for name, value in chosen.items() if value})
    ids = [row.id for row in rows]
    pacts: dict[int, list[object]] = {}
    for pact in session.execute(queries.caring_for(ids)):
        pacts.setdefault(pact.commons_id, []).append(pact)
    return render(
        "front/commons.html",
        rows=rows,
        pacts=pacts,
        photos={photo.commons_id: photo for _, photo in found if photo is not None},
        older=url_for("front.commons", before=ids[-1], **given) if len(found) > queries.PAGE else "",
        newest=url_for("front.commons", **given) if before else "",
        chosen=chosen,
        words=words,
        **choices,
    )


@front.get("/commons/<slug>")
@public
def one_commons(slug: str) -> ResponseReturnValue:
    """Show a shared thing whole."""
    session = db.session()
    found = one_or_404(commons_queries.listed(slug))
    return render(
        "front/one_commons.html",
        commons=found,
        photos=session.scalars(commons_queries.photos(found.id)).all(),
        pacts=session.execute(queries.caring_for([found.id])).all(),
        licence=_licence(found.licence),
    )


def _licence(expression: str) -> licences.Licence | None:
    try:
        return licences.read(expression)
    except Invalid:
        return None
