"""Find or enter a person, help them, finish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app, g, request

from portal.counter import actions
from portal.counter import helping as standing
from portal.counter.actions.people import Newcomer
from portal.counter.forms.people import BirthForm, CaseForm, NameForm, NewcomerForm, ReachForm
from portal.counter.views.room import browser, cases, counter, helped_person, helping, must_help
from portal.errors import Invalid, NotFound
from portal.policy import Can
from portal.proposals.lifecycle import State
from portal.proposals.views.room import STATE_WORDS
from portal.web import Form, invalid, me, needs, render, see_other
from portal.web.chrome import language_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from portal.counter.models import Helped


@counter.get("/counter")
@needs(Can.COUNTER_HELP)
def here() -> ResponseReturnValue:
    if helping() is None:
        return render("counter/find.html", **_find_page())
    return render("counter/help.html", **_help_page())


def _find_page(**shown: Any) -> dict[str, Any]:
    newcomer = shown.get("newcomer_form") or NewcomerForm(None, way="letter", language=g.language)
    newcomer.offer([(code, language_name(code)) for code in current_app.config["LANGUAGES"]])
    page: dict[str, Any] = {
        "case_form": CaseForm(None),
        "name_form": NameForm(None),
        "birth_form": BirthForm(None),
        "found": None,
    }
    return page | shown | {"newcomer_form": newcomer}


def _help_page(form: Form | None = None) -> dict[str, Any]:
    contact = must_help().contact
    reach = {"way": contact.way, "postal": contact.postal, "phone": contact.phone}
    return {
        "cases": cases(),
        "state_words": STATE_WORDS,
        "draft": State.DRAFT,
        "reach_form": form or ReachForm(None, data=reach),
        "form": form,
        "was_written": "written" in request.args,
    }


def _begin(helped: Helped) -> ResponseReturnValue:
    begun = actions.begin(helped, by=me())
    standing.remember(browser(), begun.id, helped.pseudonym)
    return see_other("counter.here")


@counter.post("/counter/case")
@needs(Can.COUNTER_HELP)
def by_case() -> ResponseReturnValue:
    form = CaseForm()
    if form.validate_on_submit():
        try:
            return _begin(actions.find_by_case(form.code.data, form.born_on.value, by=me()))
        except NotFound as refusal:
            form.refuse(refusal.field, refusal.words)
    return invalid("counter/find.html", **_find_page(case_form=form, form=form))


@counter.post("/counter/search")
@needs(Can.COUNTER_HELP)
def search() -> ResponseReturnValue:
    """Show who is found; a name typed at the counter stands in no address and no log."""
    form = NameForm()
    if form.validate_on_submit():
        try:
            found = actions.find_by_name(form.name.data, by=me())
            return render("counter/find.html", **_find_page(name_form=form, found=found))
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
    return invalid("counter/find.html", **_find_page(name_form=form, form=form))


@counter.post("/counter/birth")
@needs(Can.COUNTER_HELP)
def by_birth() -> ResponseReturnValue:
    form = BirthForm()
    found: Sequence[Helped] | None = None
    if form.validate_on_submit():
        try:
            return _begin(actions.recognise(form.person.data, form.born_on.value, by=me()))
        except NotFound as refusal:
            form.refuse(refusal.field, refusal.words)
    return invalid("counter/find.html", **_find_page(birth_form=form, form=form, found=found))


@counter.post("/counter/people")
@needs(Can.COUNTER_HELP)
def newcomer() -> ResponseReturnValue:
    form = NewcomerForm()
    form.offer([(code, language_name(code)) for code in current_app.config["LANGUAGES"]])
    if form.validate_on_submit():
        try:
            told = Newcomer(
                form.contact(form.name.data), form.born_on.value, form.language.data or g.language
            )
            return _begin(actions.meet(told, by=me()))
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
    return invalid("counter/find.html", **_find_page(newcomer_form=form, form=form))


@counter.post("/counter/reach")
@needs(Can.COUNTER_HELP)
def reach() -> ResponseReturnValue:
    form = ReachForm()
    helped = helped_person()
    if form.validate_on_submit():
        try:
            actions.how_to_reach(helped, form.contact(helped.name), by=me())
            return see_other("counter.here")
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
    return invalid("counter/help.html", **_help_page(form))


@counter.post("/counter/connection")
@needs(Can.COUNTER_HELP)
def connection() -> ResponseReturnValue:
    """Write the letter with which the person connects an account."""
    form = Form()
    if form.validate_on_submit():
        try:
            actions.offer_connection(by=me(), base_url=current_app.config["PORTAL"].base_url)
            return see_other("counter.here", written=1)
        except Invalid as refusal:
            form.refuse("", refusal.words)
    return invalid("counter/help.html", **{**_help_page(), "form": form})


@counter.get("/counter/leave")
@needs(Can.COUNTER_HELP)
def leave() -> ResponseReturnValue:
    """Show the papers to hand over before the person goes."""
    if helping() is None:
        return see_other("counter.here")
    return render("counter/leave.html", cases=cases(), draft=State.DRAFT)


@counter.post("/counter/finish")
@needs(Can.COUNTER_HELP)
def finish() -> ResponseReturnValue:
    """Stop helping, here and wherever else this help was open; sent twice, the second finds it done."""
    found = helping()
    if found is not None:
        actions.finish(found.id, by=me())
        standing.forget(browser())
    return see_other("counter.here")


@counter.app_context_processor
def _who_is_helped() -> dict[str, Any]:
    """Let every page show who is helped, or that nobody is any more."""
    return {"helped": g.get("helped"), "help_over": g.get("help_over")}
