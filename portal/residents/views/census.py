"""Show by the city's census: a number, a day of birth and a postcode, tried only a few times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_login import current_user

from portal import db
from portal.errors import Invalid, NotFound
from portal.people import limits
from portal.people.limits import DAY, HOUR, NETWORK, Step, Tries
from portal.people.views.blueprint import network
from portal.policy import Can
from portal.residents import actions, census, keys, queries
from portal.residents.documents import RULES
from portal.residents.forms import CensusForm, in_words
from portal.residents.models import Way
from portal.residents.views.blueprint import lead_on, open_way, residents
from portal.web import invalid, me, needs, render
from portal.web.access import NO_SUCH_PAGE

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.city import Residents

# Whoever tries days of birth for somebody's number is soon out of tries, from however many accounts; and one
# account cannot ask for many numbers. What was right is given back.
ACCOUNT = (Step(5, HOUR), Step(10, DAY))
NUMBER = (Step(10, DAY),)


@residents.get("/account/residence/census")
@needs(Can.RESIDENCE_SHOW)
def census_page() -> ResponseReturnValue:
    return render("residents/census.html", **_page(CensusForm(_rules(), formdata=None)))


@residents.post("/account/residence/census")
@needs(Can.RESIDENCE_SHOW)
def show_by_census() -> ResponseReturnValue:
    """Count the try, then look: the answer is one for whoever is unknown and for a wrong day of birth."""
    rules = _rules()
    form = CensusForm(rules)
    if not form.validate():
        return invalid("residents/census.html", **_page(form))
    try:
        said = _said(form, rules)
        tries = _tries(said.number)
        limits.spend_all(tries)
        with db.reading():
            found = actions.is_in_census(said)
    except Invalid as refused:
        form.refuse(refused.field, refused.words)
        return invalid("residents/census.html", **_page(form))
    if not found:
        form.refuse("", actions.NOT_FOUND)
        return invalid("residents/census.html", **_page(form))
    limits.give_back_all(tries)
    return lead_on(actions.show_by_census(current_user, said, rules=rules, by=me()))


def _rules() -> Residents:
    found = open_way(Way.CENSUS)
    with db.reading() as session:
        file = session.scalar(queries.census_in_use())
    if file is None or file.key_name not in keys.names():
        raise NotFound(NO_SUCH_PAGE)
    return found


def _said(form: CensusForm, rules: Residents) -> census.Row:
    postcode = census.postal(form.postcode.data) if rules.asks_postcode else ""
    return census.Row(RULES[rules.document](form.number.data), form.born_on.data, postcode)


def _tries(number: str) -> tuple[Tries, ...]:
    return (
        Tries("census", str(current_user.id), ACCOUNT),
        # Under its keyed hash: a plain one would say in the table of tries who was asked for.
        Tries("census-number", keys.document_hash(number), NUMBER),
        Tries("census-network", network(), NETWORK),
    )


def _page(form: CensusForm) -> dict[str, object]:
    return {"form": form, "hint": in_words(open_way(Way.CENSUS).document_hint)}
