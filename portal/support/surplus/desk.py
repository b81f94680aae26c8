"""The treasurer's page of the commons fund: what was declared and is still to arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint

from portal import db, policy
from portal.errors import Invalid
from portal.policy import Can
from portal.support.surplus import actions, queries
from portal.support.surplus.forms import ArrivalForm, arrival_form
from portal.web import invalid, me, needs, one_or_404, render, see_other
from portal.web.chrome import profile
from portal.words import say

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

surplus_desk = Blueprint("surplus_desk", __name__)


@surplus_desk.get("/desk/commons-fund")
@needs(Can.POOL_READ)
def fund() -> ResponseReturnValue:
    return render("support/surplus/desk.html", **_page())


@surplus_desk.post("/desk/commons-fund/<int:number>/arrivals")
@needs(Can.SURPLUS_CONFIRM)
def arrive(number: int) -> ResponseReturnValue:
    found, form = one_or_404(queries.one(number)), arrival_form(number)
    if form.validate():
        try:
            name = say(actions.NAME, profile().prevailing_language)
            actions.arrive(found, form.paid, by=me(), fund_name=name)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
        else:
            return see_other("surplus_desk.fund")
    return invalid("support/surplus/desk.html", **_page(number, form))


def _page(number: int = 0, form: ArrivalForm | None = None) -> dict[str, Any]:
    rows = db.session().execute(queries.expected()).all()
    may = policy.allows(me(), Can.SURPLUS_CONFIRM)
    return {
        "rows": [
            {
                "said": one,
                "slug": slug,
                "name": name,
                "form": _form_of(one.id, number, form) if may else None,
            }
            for one, slug, name in rows
        ],
        "form": form,
    }


def _form_of(one: int, number: int, typed: ArrivalForm | None) -> ArrivalForm:
    return typed if typed is not None and one == number else arrival_form(one, empty=True)
