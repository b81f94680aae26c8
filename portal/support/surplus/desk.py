"""The treasurer's page of the commons fund: what was declared and is still to arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint

from portal import db, policy
from portal.errors import Invalid
from portal.policy import Can
from portal.support import following
from portal.support import queries as support_queries
from portal.support.changes import Change, second_person
from portal.support.desk.room import spend_try
from portal.support.forms import change_form
from portal.support.surplus import actions, queries
from portal.support.surplus.forms import ArrivalForm, arrival_form
from portal.web import invalid, me, needs, one_or_404, render, see_other
from portal.web.chrome import profile
from portal.words import say

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.support.models.surplus import SurplusArrival

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


CORRECTION = "/desk/commons-fund/<int:number>/arrivals/<int:arrival>/correction"


@surplus_desk.get(CORRECTION)
@needs(Can.POOL_CHANGE)
def correction(number: int, arrival: int) -> ResponseReturnValue:
    return render("support/surplus/correction.html", **_correction(_arrival(number, arrival)))


@surplus_desk.post(CORRECTION)
@needs(Can.POOL_CHANGE)
def correct(number: int, arrival: int) -> ResponseReturnValue:
    spend_try()
    found = _arrival(number, arrival)
    page = _correction(found)
    form, pool = page["form"], page["pool"]
    if form.validate():
        try:
            asked = actions.correct(found, form.wish, by=me(), rules=profile().pools)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
        else:
            if asked.state == "booked":
                return see_other("surplus_desk.fund")
            return see_other("support_desk.book", year=pool.year, slug=pool.slug)
    return invalid("support/surplus/correction.html", **page)


def _arrival(number: int, arrival: int) -> SurplusArrival:
    return one_or_404(queries.arrival(number, arrival))


def _correction(found: SurplusArrival) -> dict[str, Any]:
    surplus = one_or_404(following.behind(found.entry_id))
    policy.check(me(), Can.SURPLUS_CORRECT, surplus)
    pool = one_or_404(queries.pool_behind(found.entry_id))
    rules = profile().pools
    return {
        "arrival": found,
        "surplus": surplus,
        "now": found.amount_cents + support_queries.corrected(found.entry_id),
        "pool": pool,
        "form": change_form(Change.CORRECT, pool, ()),
        "two_persons": second_person(pool.kind, rules.second_person_above[pool.kind] + 1, rules),
    }


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
        "arrivals": db.session().execute(queries.arrivals()).all(),
        "may_correct": policy.allows(me(), Can.POOL_CHANGE),
    }


def _form_of(one: int, number: int, typed: ArrivalForm | None) -> ArrivalForm:
    return typed if typed is not None and one == number else arrival_form(one, empty=True)
