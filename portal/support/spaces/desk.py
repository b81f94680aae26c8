"""The officials' pages of spaces: the list, each space, and what became of the bookings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint

from portal import clock, db, policy
from portal.errors import Invalid, NotFound, Stale
from portal.policy import Can
from portal.support.spaces import actions, queries, said
from portal.support.spaces.forms import NOBODY, UseForm, WhyForm, closing_form, space_form
from portal.support.spaces.views import spend, words
from portal.web import Form, invalid, me, needs, one_or_404, render, see_other
from portal.web.access import NO_SUCH_PAGE
from portal.web.chrome import profile

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.support.spaces.forms import ClosingForm, SpaceForm
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


@spaces_desk.get("/desk/spaces/<slug>/closings")
@needs(Can.SPACE_KEEP)
def closings(slug: str) -> ResponseReturnValue:
    space = one_or_404(queries.space(slug))
    return render("support/spaces/closings.html", **_closings(space, _closing_form(blank=True)))


@spaces_desk.post("/desk/spaces/<slug>/closings")
@needs(Can.SPACE_KEEP)
def close(slug: str) -> ResponseReturnValue:
    """Close hours once it was shown which bookings that cancels; before, or where they changed, show them."""
    spend()
    space = one_or_404(queries.space(slug))
    form = _closing_form()
    if not form.validate():
        return invalid("support/spaces/closings.html", **_closings(space, form))
    try:
        wish, seen = form.closure(), form.shown
        if seen is None:
            met = actions.check(space, wish, by=me())
            return render("support/spaces/closing.html", **_to_confirm(space, form, wish, met))
        actions.close(space, wish, seen=seen, by=me())
    except Stale as changed:
        db.session().rollback()
        return _again(slug, form, changed)
    except Invalid as refused:
        db.session().rollback()
        form.refuse(refused.field, refused.words)
        space = one_or_404(queries.space(slug))
        return invalid("support/spaces/closings.html", **_closings(space, form))
    return see_other("spaces_desk.closings", slug=slug)


def _again(slug: str, form: ClosingForm, changed: Stale) -> ResponseReturnValue:
    """Show what would be cancelled by now, after somebody else was faster."""
    space = one_or_404(queries.space(slug))
    wish = form.closure()
    try:
        met = actions.check(space, wish, by=me())
    except Invalid as refused:
        form.refuse(refused.field, refused.words)
        return invalid("support/spaces/closings.html", **_closings(space, form))
    shown = _to_confirm(space, form, wish, met) | {"changed": changed.words}
    return render("support/spaces/closing.html", **shown), Stale.status


def _closing_form(*, blank: bool = False) -> ClosingForm:
    return closing_form(profile().languages, blank=blank)


def _closings(space: Space, form: ClosingForm) -> dict[str, Any]:
    form.seen.data = ""  # whoever changes what was typed is shown the bookings of that
    found = db.session().scalars(queries.closed(space.id, clock.now())).all()
    return {"space": space, "form": form, "closings": said.together(found), **words()}


def _to_confirm(
    space: Space, form: ClosingForm, wish: actions.Closure, met: list[SpaceBooking]
) -> dict[str, Any]:
    return {
        "space": space,
        "form": form,
        "wish": wish,
        "met": met,
        "seen": ",".join(str(one.id) for one in met) or NOBODY,
        "changed": None,
        **words(),
    }


@spaces_desk.post("/desk/spaces/<slug>/closings/<int:which>/opening")
@needs(Can.SPACE_KEEP)
def reopen(slug: str, which: int) -> ResponseReturnValue:
    spend()
    space = one_or_404(queries.space(slug))
    found = db.session().scalars(queries.closing_series(space.id, which)).all()
    if not found:
        raise NotFound(NO_SUCH_PAGE)
    actions.reopen(found, space, by=me())
    return see_other("spaces_desk.closings", slug=slug)


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
