"""Show by a letter with a code: where it goes, and the code when it has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, url_for
from flask_login import current_user

from portal import clock, db
from portal.errors import Invalid
from portal.people import limits
from portal.people.limits import DAY, NETWORK, QUARTER, Step, Tries
from portal.people.views.blueprint import network, outside
from portal.policy import Can
from portal.residents import actions, queries
from portal.residents.forms import CodeForm, LetterForm, in_words
from portal.residents.models import Way
from portal.residents.views.blueprint import lead_on, open_way, residents
from portal.web import invalid, me, needs, render, see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

# Whoever tries addresses and numbers without end makes work for the printer and learns nothing.
ASKING = (Step(5, QUARTER), Step(10, DAY))


@residents.get("/account/residence/letter")
@needs(Can.RESIDENCE_SHOW)
def letter() -> ResponseReturnValue:
    rules = open_way(Way.LETTER)
    return render("residents/letter.html", **_page(LetterForm(rules, formdata=None), CodeForm(formdata=None)))


@residents.post("/account/residence/letter")
@needs(Can.RESIDENCE_SHOW)
def ask_letter() -> ResponseReturnValue:
    """Queue a letter to the address typed; its code is shown to nobody but the printer."""
    rules = open_way(Way.LETTER)
    form = LetterForm(rules)
    if not form.validate():
        return invalid("residents/letter.html", **_page(form, CodeForm(formdata=None)))
    limits.spend_all(
        (Tries("letter", str(current_user.id), ASKING), Tries("letter-network", network(), NETWORK))
    )
    home = actions.Home(form.name.data, form.street.data, form.postcode.data, form.town.data)
    link = outside(url_for("residents.letter", language=g.language))
    try:
        actions.ask_letter(current_user, form.number.data, home, rules=rules, link=link, by=me())
    except Invalid as refused:
        form.refuse("street" if refused.field == "postal" else refused.field, refused.words)
        return invalid("residents/letter.html", **_page(form, CodeForm(formdata=None)))
    return see_other("residents.standing", done="letter")


@residents.post("/account/residence/letter/code")
@needs(Can.RESIDENCE_SHOW)
def show_by_letter() -> ResponseReturnValue:
    """Count the try first: it counts although the code is wrong."""
    rules = open_way(Way.LETTER)
    form = CodeForm()
    empty = LetterForm(rules, formdata=None)
    if not form.validate():
        return invalid("residents/letter.html", **_page(empty, form))
    actions.take_try(current_user)
    try:
        outcome = actions.show_by_letter(current_user, form.code.data, rules=rules, by=me())
    except Invalid as refused:
        form.refuse(refused.field, refused.words)
        return invalid("residents/letter.html", **_page(empty, form))
    return lead_on(outcome)


def _page(form: LetterForm, code_form: CodeForm) -> dict[str, object]:
    rules = open_way(Way.LETTER)
    # Read aside: a refused request has begun to write, and what it wrote is not to be shown.
    with db.reading() as session:
        waiting = session.scalar(queries.open_letter_of(current_user.id, clock.real()))
    return {
        "form": form,
        "code_form": code_form,
        "waiting": waiting if waiting is not None and waiting.tries_left else None,
        "days": rules.letter_days,
        "hint": in_words(rules.document_hint),
    }
