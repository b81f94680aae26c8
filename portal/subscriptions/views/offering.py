"""The page on which following begins: with an account at once, without one by a link that is mailed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, redirect, request, url_for
from wtforms.fields import SelectChoice

from portal import db
from portal.errors import Invalid
from portal.front.views.home import choices_of
from portal.notices import actions
from portal.notices.actions import follows
from portal.people import limits
from portal.people import queries as people_queries
from portal.people.views.blueprint import network, outside
from portal.policy import Can
from portal.subscriptions import letters, wishes
from portal.subscriptions.forms import FollowByMailForm, FollowForm
from portal.subscriptions.views.blueprint import following, page_of
from portal.web import invalid, me, needs, public, render, see_other

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from portal.notices.actions import Wish
    from portal.subscriptions.wishes import Offers

ASKED = ("what", "target", "kind", "district")


@following.get("/follow")
@public
def offer() -> ResponseReturnValue:
    """Show what can be followed from the page somebody comes from."""
    offers = wishes.offers(request.args)
    form = _form(offers, is_fresh=True)
    form.choice.data = next(iter(offers))
    return render("following/follow.html", form=form, **_shown(request.args))


@following.post("/follow")
@needs(Can.FOLLOW)
def follow() -> ResponseReturnValue:
    """Follow at once with an account; without one, write to the address and say the same to everybody."""
    with db.reading():  # tries are counted aside, before this request's own transaction begins
        offers = wishes.offers(request.form)
    form = _form(offers)
    if not form.validate():
        return invalid("following/follow.html", form=form, **_shown(request.form))
    wish = offers[form.choice.data][1]
    if not me().is_signed_in:
        return _ask(wish, form.email.data.strip().lower())
    try:
        actions.follow(wish, g.language, by=me())
    except Invalid as refused:
        form.refuse("choice", refused.words)
        return invalid("following/follow.html", form=form, **_shown(request.form))
    return see_other("following.own", done="followed")


def _ask(wish: Wish, address: str) -> ResponseReturnValue:
    limits.spend_all(limits.letters(address, network()))
    token = actions.ask_to_follow(wish, address, g.language)
    if token is None:
        reader = actions.reader_of(None, address, g.language)
        letters.tell_known(address, g.language, wish, outside(page_of(reader)))
    else:
        link = outside(url_for("following.confirmation", token=token, language=g.language))
        letters.ask(token, address, g.language, wish, link)
    return see_other("following.asked")


@following.get("/follow/sent")
@public
def asked() -> ResponseReturnValue:
    return render("following/sent.html")


@following.get("/follow/confirm/<token>")
@public
def confirmation(token: str) -> ResponseReturnValue:
    """Show one button, so that a mail scanner that opens links confirms nothing."""
    return render("following/confirm.html", follow=follows.waiting_for(token), token=token)


@following.post("/follow/confirm/<token>")
@needs(Can.FOLLOW)
def confirm(token: str) -> ResponseReturnValue:
    """Let it count; whoever has an account with this address finds it there."""
    found = actions.confirm(token)
    reader = follows.reader_with(found.reader_id)
    person = db.session().scalar(people_queries.by_email(reader.address)) if reader.address else None
    if person is not None and person.is_active:
        reader = follows.hand_over(found, reader, person.id, person.language)
    return redirect(f"{page_of(reader)}?done=confirmed", 303)


def _form(offers: Offers, *, is_fresh: bool = False) -> FollowForm:
    kind = FollowForm if me().is_signed_in else FollowByMailForm
    form = kind(formdata=None) if is_fresh else kind()
    form.choice.choices = [SelectChoice(name, str(label)) for name, (label, _) in offers.items()]
    return form


def _shown(given: Mapping[str, str]) -> dict[str, object]:
    values = {name: given.get(name, "") for name in ASKED}
    is_search = values["what"] in {"", "search"}
    asked = {name: value for name, value in values.items() if value}
    return {"asked": asked, "is_search": is_search, **(choices_of() if is_search else {})}
