"""The commons fund for everybody, and the page on which a group declares its surplus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint

from portal import clock, db, policy
from portal.errors import Invalid
from portal.money import currency_code, plain
from portal.organisations import queries as groups
from portal.people import limits
from portal.policy import Can
from portal.support.surplus import actions, queries, said
from portal.support.surplus.forms import DeclarationForm
from portal.web import invalid, me, needs, one_or_404, public, render, see_other
from portal.web.sheets import sheet

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.organisations.models import Organisation

surplus = Blueprint("surplus", __name__)
MOST_DECLARATIONS = 20


@surplus.get("/commons-fund")
@public
def fund() -> ResponseReturnValue:
    return render("support/surplus/fund.html", **said.fund())


@surplus.get("/commons-fund.csv")
@public
def came_csv() -> ResponseReturnValue:
    rows = [
        (
            name,
            one.year,
            *map(plain, (one.surplus_cents, one.transferred_cents, one.arrived_cents)),
            currency_code(),
            one.basis,
            one.clause,
        )
        for one, _, name in db.session().execute(queries.declared())
    ]
    heads = ("group", "year", "surplus", "to the fund", "arrived", "currency", "basis", "clause")
    return sheet("commons-fund", heads, rows)


@surplus.get("/commons-fund/financed.csv")
@public
def went_csv() -> ResponseReturnValue:
    rows = [
        (one["from"], one["code"], one["title"], plain(one["cents"]), currency_code())
        for one in said.every_part()
    ]
    return sheet("commons-fund-financed", ("from", "pact", "title", "amount", "currency"), rows)


@surplus.get("/organisations/<slug>/surplus")
@public
def of_organisation(slug: str) -> ResponseReturnValue:
    return render("support/surplus/group.html", **_page(_group(slug)))


@surplus.post("/organisations/<slug>/surplus")
@needs(Can.SURPLUS_DECLARE)
def declare_of_organisation(slug: str) -> ResponseReturnValue:
    limits.spend("surplus", me().pseudonym, most=MOST_DECLARATIONS, seconds=limits.HOUR)
    found, form = _group(slug), DeclarationForm()
    policy.check(me(), Can.SURPLUS_DECLARE, found)
    if form.validate():
        try:
            actions.declare(found, form.statement, by=me())
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
        else:
            return see_other("surplus.of_organisation", slug=found.slug)
    return invalid("support/surplus/group.html", **_page(found, form))


def _group(slug: str) -> Organisation:
    return one_or_404(groups.by_slug(groups.visible_to(me()), slug))


def _page(found: Organisation, form: DeclarationForm | None = None) -> dict[str, Any]:
    may = policy.allows(me(), Can.SURPLUS_DECLARE, found)
    return {
        "organisation": found,
        "rows": db.session().scalars(queries.of_group(found.id)).all(),
        "form": form,
        "declaring": (form or DeclarationForm(formdata=None)) if may else None,
        "last_year": clock.today().year - 1,
    }
