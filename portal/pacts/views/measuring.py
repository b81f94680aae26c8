"""Where the group or an officer enters what was measured of a fence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g

from portal import clock, db, policy
from portal.errors import Invalid
from portal.fences import actions as fences
from portal.fences import queries as fence_queries
from portal.fences.forms import measure_form
from portal.pacts import queries
from portal.pacts.views.blueprint import pacts
from portal.policy import Can
from portal.web import me, needs, one_or_404, render, see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@pacts.get("/pacts/<code>/fences/<row_key>/measurements")
@needs(Can.FENCE_MEASURE)
def measuring(code: str, row_key: str) -> ResponseReturnValue:
    return _page(code, row_key)


def _page(code: str, row_key: str, *, form: Any = None) -> str:
    pact = one_or_404(queries.room_of(me(), code))
    policy.check(me(), Can.FENCE_MEASURE, pact)
    fence = one_or_404(fence_queries.one(pact.key, row_key))
    gauges = fence_queries.gauges(pact.key, g.language, clock.today())
    order = [one.row_key for one in db.session().scalars(fence_queries.of_subject(pact.key))]
    return render(
        "pacts/measure.html",
        pact=pact,
        fence=fence,
        gauge=gauges[order.index(row_key)],
        form=form or measure_form(fence),
    )


@pacts.post("/pacts/<code>/fences/<row_key>/measurements")
@needs(Can.FENCE_MEASURE)
def measure(code: str, row_key: str) -> ResponseReturnValue:
    pact = one_or_404(queries.room_of(me(), code))
    fence = one_or_404(fence_queries.one(pact.key, row_key))
    form = measure_form(fence)
    if not form.validate_on_submit():
        return _page(code, row_key, form=form), 422
    try:
        fences.measure(fence, form.number, form.day, form.evidence.data or "", pact, by=me())
    except Invalid as error:
        db.session().rollback()
        form.refuse(error.field, error.words)
        return _page(code, row_key, form=form), error.status
    return see_other("front.pact", code=code)
