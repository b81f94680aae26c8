"""The blueprint of following, and what its pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, g, url_for

from portal.notices import actions, links
from portal.notices.links import Purpose
from portal.notices.models import What
from portal.notices.times import Choice
from portal.subscriptions.forms import ChoiceForm, RemovalForm
from portal.web import invalid, render
from portal.web.addresses import address
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.notices.models import Follow, Reader

following = Blueprint("following", __name__)

DONE = {
    "followed": W("You follow this now."),
    "confirmed": W("Your address is confirmed. You get news from now on."),
    "removed": W("You do not follow this any more."),
    "chosen": W("Your choice is kept."),
    "on": W("Good, we go on."),
}


def page_of(reader: Reader) -> str:
    """Return the path of a reader's own page, which needs no login."""
    return url_for("following.page", token=links.token_for(reader.handle, Purpose.PAGE), language=g.language)


def show(reader: Reader | None, form: ChoiceForm, *, back: str, notice: object = "") -> ResponseReturnValue:
    """Show what somebody follows and how often they hear of it; `back` is where the forms are sent."""
    seen = [one for one in reader.follows if one.confirmed_at] if reader else []
    asked = {
        "follows": seen,
        "form": form,
        "back": back,
        "way_to": way_to,
        "has_address": bool(reader and reader.address),
        "is_asked": bool(reader and reader.asked_at),
    }
    if form.errors:
        return invalid("following/reader.html", **asked)
    return render("following/reader.html", notice=notice, **asked)


def way_to(follow: Follow) -> str:
    """Return the page of what is followed; a circle has none."""
    if follow.what == What.SEARCH:
        return address("front.proposals", kind=follow.kind or None, district=follow.district or None)
    pages = {
        What.PACT: ("front.pact", "code"),
        What.PROPOSAL: ("front.proposal", "code"),
        What.COMMONS: ("front.one_commons", "slug"),
        What.DISTRICT: ("front.pacts", "district"),
    }
    endpoint, name = pages.get(What(follow.what), ("", ""))
    return address(endpoint, **{name: follow.target}) if endpoint else ""


def choice_form(reader: Reader | None) -> ChoiceForm:
    """Return the form as it stands for this reader."""
    form = ChoiceForm(formdata=None).offer(current_app.config["LANGUAGES"])
    form.choice.data = reader.choice if reader else Choice.WEEKLY.value
    form.language.data = reader.language if reader else g.language
    return form


def sent_choice() -> ChoiceForm:
    """Return the form as it was sent."""
    return ChoiceForm().offer(current_app.config["LANGUAGES"])


def choose(reader: Reader, form: ChoiceForm) -> None:
    """Keep what was chosen."""
    actions.choose(reader, Choice(form.choice.data), form.language.data or "")


def remove(reader: Reader) -> None:
    """Stop following what the form names; refuses with NotFound what is another reader's."""
    actions.unfollow(reader, RemovalForm().number)
