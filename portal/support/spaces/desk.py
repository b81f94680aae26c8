"""The officials' pages of spaces: the list, each space, and what became of the bookings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint

from portal import clock, db, policy
from portal.errors import Invalid
from portal.policy import Can
from portal.support.spaces import actions, queries
from portal.support.spaces.forms import UseForm, WhyForm, space_form
from portal.support.spaces.views import spend, words
from portal.web import Form, invalid, me, needs, one_or_404, render, see_other
from portal.web.chrome import profile

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.support.spaces.forms import SpaceForm
    from portal.support.spaces.models import Space, SpaceBooking

spaces_desk = Blueprint("spaces_desk", __name__)


@spaces_desk.get("/desk/spaces")
@needs(Can.POOL_READ)
def overview() -> ResponseReturnValue:
    session = db.session()
    return render(
        "support/spaces/desk.html",
        spaces=session.scalars(queries.spaces()).all(),
        waiting=session.scalars(queries.to_confirm(clock.now())).all(),
        may_keep=policy.allows(me(), Can.SPACE_KEEP),
        **words(),
    )


@spaces_desk.get("/desk/spaces/new")
@needs(Can.SPACE_KEEP)
def new() -> ResponseReturnValue:
    return render("support/spaces/space.html", form=_form(blank=True), space=None, **words())


@spaces_desk.post("/desk/spaces/new")
@needs(Can.SPACE_KEEP)
def add() -> ResponseReturnValue:
    spend()
    form = _form()
    done = form.attempt(
        lambda: actions.add(form.plan(), by=me()), lambda _: see_other("spaces_desk.overview")
    )
    return done or invalid("support/spaces/space.html", form=form, space=None, **words())


@spaces_desk.get("/desk/spaces/<slug>")
@needs(Can.SPACE_KEEP)
def one_space(slug: str) -> ResponseReturnValue:
    space = one_or_404(queries.space(slug))
    return render("support/spaces/space.html", form=_form(space, blank=True), space=space, **words())


@spaces_desk.post("/desk/spaces/<slug>")
@needs(Can.SPACE_KEEP)
def change(slug: str) -> ResponseReturnValue:
    spend()
    space = one_or_404(queries.space(slug))
    form = _form(space)
    done = form.attempt(
        lambda: actions.change(space, form.plan(), by=me()), lambda _: see_other("spaces_desk.overview")
    )
    return done or invalid("support/spaces/space.html", form=form, space=space, **words())


def _form(space: Space | None = None, *, blank: bool = False) -> SpaceForm:
    return space_form(profile().languages, profile().districts, space, blank=blank)


@spaces_desk.get("/desk/spaces/bookings/<int:which>")
@needs(Can.SUPPORT_DELIVER)
def booking(which: int) -> ResponseReturnValue:
    return render("support/spaces/confirm.html", **_shown(which, {}))


@spaces_desk.post("/desk/spaces/bookings/<int:which>/use")
@needs(Can.SUPPORT_DELIVER)
def use(which: int) -> ResponseReturnValue:
    form = UseForm()
    return _decide(which, form, lambda one: actions.use(one, form.number, form.note.data or "", by=me()))


@spaces_desk.post("/desk/spaces/bookings/<int:which>/absence")
@needs(Can.SUPPORT_DELIVER)
def miss(which: int) -> ResponseReturnValue:
    form = WhyForm(prefix="missed-")
    return _decide(which, form, lambda one: actions.miss(one, form.reason.data or "", by=me()))


@spaces_desk.post("/desk/spaces/bookings/<int:which>/excuse")
@needs(Can.SUPPORT_DELIVER)
def excuse(which: int) -> ResponseReturnValue:
    form = WhyForm(prefix="excused-")
    return _decide(which, form, lambda one: actions.excuse(one, form.reason.data or "", by=me()))


def _decide(which: int, form: Form, act: Callable[[SpaceBooking], None]) -> ResponseReturnValue:
    spend()
    one = one_or_404(queries.booking(which))
    if form.validate():
        try:
            act(one)
        except Invalid as refused:
            db.session().rollback()
            form.refuse(refused.field, refused.words)
        else:
            return see_other("spaces_desk.overview")
    name = "use" if isinstance(form, UseForm) else form._prefix.rstrip("-")  # noqa: SLF001 - said nowhere else
    return invalid("support/spaces/confirm.html", **_shown(which, {name: form}))


def _shown(which: int, typed: dict[str, Form]) -> dict[str, Any]:
    one = one_or_404(queries.booking(which))
    blank: dict[str, Form] = {
        "use": UseForm(formdata=None),
        "missed": WhyForm(formdata=None, prefix="missed-"),
        "excused": WhyForm(formdata=None, prefix="excused-"),
    }
    return {
        "one": one,
        "forms_of": blank | typed,
        "typed": typed,
        "is_over": one.is_over(clock.now()),
        "why_not": policy.refusal(me(), Can.SUPPORT_DELIVER, one.allocation),
        **words(),
    }
