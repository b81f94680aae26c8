"""Is it a pact? A few questions, one a page, that lead whoever needs something else to the right desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, request

from portal.errors import NotFound
from portal.policy import Can
from portal.proposals.forms.answers_to_city import StartForm, SuitabilityForm
from portal.proposals.views.room import city_profile, proposals, way_back_in
from portal.web import invalid, needs, public, render, see_other
from portal.web.access import NO_SUCH_PAGE

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.city import Suitability

LONGEST_REF = 20


@proposals.get("/propose/check")
@public
def first_check() -> ResponseReturnValue:
    return _asked(0, SuitabilityForm())


@proposals.post("/propose/check")
@needs(Can.PROPOSAL_START)
def answer_first() -> ResponseReturnValue:
    return _answered(0)


@proposals.get("/propose/check/<step>")
@public
def later_check(step: str) -> ResponseReturnValue:
    return _asked(_place(step), SuitabilityForm())


@proposals.post("/propose/check/<step>")
@needs(Can.PROPOSAL_START)
def answer_later(step: str) -> ResponseReturnValue:
    return _answered(_place(step))


@proposals.get("/propose/check/<step>/elsewhere")
@public
def elsewhere(step: str) -> ResponseReturnValue:
    place = _place(step)
    return render("proposals/elsewhere.html", asked=_questions()[place], back=_address(place))


@proposals.get("/propose/check/ready")
@public
def ready() -> ResponseReturnValue:
    return render("proposals/ready.html", **ready_page(StartForm()))


def ready_page(form: StartForm) -> dict[str, Any]:
    """Return what the last page of the check shows: from here the draft begins."""
    return {"form": form, "back": _address(len(_questions()) - 1), "carried": carried(), **way_back_in()}


def _questions() -> tuple[Suitability, ...]:
    return city_profile().suitability


def _place(step: str) -> int:
    ids = [one.id for one in _questions()]
    if step not in ids:
        raise NotFound(NO_SUCH_PAGE)
    return ids.index(step)


def _address(place: int) -> tuple[str, dict[str, str]]:
    if place < 0:
        return "proposals.start", carried()
    if not place:
        return "proposals.first_check", carried()
    return "proposals.later_check", {"step": _questions()[place].id, **carried()}


def carried() -> dict[str, str]:
    """Return the call that the visitor came from, to be named in every address up to the draft."""
    ref = request.values.get("call", "")[:LONGEST_REF]
    return {"call": ref} if ref else {}


def _asked(place: int, form: SuitabilityForm) -> ResponseReturnValue:
    return render("proposals/suitability.html", **_page(place, form))


def _page(place: int, form: SuitabilityForm) -> dict[str, Any]:
    asked = _questions()[place]
    form.answer.label.text = asked.question[g.language]
    return {
        "form": form,
        "asked": asked,
        "number": place + 1,
        "all": len(_questions()),
        "back": _address(place - 1),
        "carried": carried(),
        **way_back_in(),
    }


def _answered(place: int) -> ResponseReturnValue:
    form, asked = SuitabilityForm(), _questions()[place]
    if not form.validate_on_submit():
        return invalid("proposals/suitability.html", **_page(place, form))
    if form.answer.data != asked.goes_on:
        return see_other("proposals.elsewhere", step=asked.id, **carried())
    if place + 1 == len(_questions()):
        return see_other("proposals.ready", **carried())
    endpoint, values = _address(place + 1)
    return see_other(endpoint, **values)
