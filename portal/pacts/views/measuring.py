"""Where the group or an officer enters what was measured of a fence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g

from portal import clock, db, policy
from portal.errors import Invalid
from portal.fences import actions as fences
from portal.fences import measures
from portal.fences import queries as fence_queries
from portal.pacts import queries
from portal.pacts.forms import MeasureForm
from portal.pacts.views.blueprint import pacts
from portal.policy import Can
from portal.web import me, needs, one_or_404, render, see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@pacts.get("/pacts/<code>/fences/<row_key>/measurements")
@needs(Can.FENCE_MEASURE)
def measuring(code: str, row_key: str) -> ResponseReturnValue:
    return _page(code, row_key, MeasureForm(formdata=None, measured_on=clock.today()))


def _page(code: str, row_key: str, form: MeasureForm) -> str:
    pact = one_or_404(queries.room_of(me(), code))
    policy.check(me(), Can.FENCE_MEASURE, pact)
    fence = one_or_404(fence_queries.one(pact.key, row_key))
    title = fence.title.get(g.language) or next(iter(fence.title.values()))
    sentence = fence.sentence.get(g.language, "")
    hint = measures.HOW[fence.unit]
    return render(
        "pacts/measure.html", pact=pact, fence=fence, form=form, title=title, sentence=sentence, hint=hint
    )


@pacts.post("/pacts/<code>/fences/<row_key>/measurements")
@needs(Can.FENCE_MEASURE)
def measure(code: str, row_key: str) -> ResponseReturnValue:
    pact = one_or_404(queries.room_of(me(), code))
    fence = one_or_404(fence_queries.one(pact.key, row_key))
    form = MeasureForm()
    if not form.validate_on_submit():
        return _page(code, row_key, form), 422
    try:
        value = measures.read(form.value.data, fence.unit)
        fences.measure(fence, value, form.measured_on.data, form.evidence.data, pact, by=me())
    except Invalid as error:
        db.session().rollback()
        form.refuse(error.field, error.words)
        return _page(code, row_key, form), error.status
    return see_other("front.pact", code=code)
