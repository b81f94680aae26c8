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
from portal.support.surplus.forms import ArrivalForm, arrival_form, move_form
from portal.web import invalid, me, needs, one_or_404, render, see_other
from portal.web.chrome import profile
from portal.words import say

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.support.models import Pool, PoolRequest
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


ARRIVAL = "/desk/commons-fund/<int:number>/arrivals/<int:arrival>"
CORRECTION, GROUP = f"{ARRIVAL}/correction", f"{ARRIVAL}/group"


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
    form = page["form"]
    if form.validate():
        try:
            asked = actions.correct(found, form.wish, by=me(), rules=profile().pools)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
        else:
            return _asked(asked, page["pool"])
    return invalid("support/surplus/correction.html", **page)


@surplus_desk.post(GROUP)
@needs(Can.POOL_CHANGE)
def move(number: int, arrival: int) -> ResponseReturnValue:
    spend_try()
    found = _arrival(number, arrival)
    page = _correction(found)
    form = page["moving"] = move_form(page["expecting"])
    if form.validate():
        try:
            asked = actions.move(found, form.number, form.reason.data or "", by=me(), rules=profile().pools)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
        else:
            return _asked(asked, page["pool"])
    return invalid("support/surplus/correction.html", **{**page, "faults": form})


def _asked(asked: PoolRequest, pool: Pool) -> ResponseReturnValue:
    """Go where what was asked for is to be seen: booked at once, or waiting for a second person."""
    if asked.state == "booked":
        return see_other("surplus_desk.fund")
    return see_other("support_desk.book", year=pool.year, slug=pool.slug)


def _arrival(number: int, arrival: int) -> SurplusArrival:
    return one_or_404(queries.arrival(number, arrival))


def _correction(found: SurplusArrival) -> dict[str, Any]:
    surplus = one_or_404(following.behind(found.entry_id))
    policy.check(me(), Can.SURPLUS_CORRECT, surplus)
    pool = following.fund_of(found)
    rules, form = profile().pools, change_form(Change.CORRECT, pool, ())
    now = found.amount_cents + support_queries.corrected(found.entry_id)
    expecting = db.session().execute(queries.others_expecting(surplus, now)).all()
    named = [(one, name) for one, _, name in expecting if policy.allows(me(), Can.SURPLUS_CORRECT, one)]
    return {
        "arrival": found,
        "surplus": surplus,
        "group": db.session().scalar(queries.name_of(surplus)),
        "now": now,
        "pool": pool,
        "form": form,
        "faults": form,
        "expecting": named,
        "moving": move_form(named, empty=True) if now > 0 else None,
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
