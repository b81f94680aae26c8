"""The forms that change a pool, and what a second person answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from portal import clock, db
from portal.errors import Invalid
from portal.policy import Can
from portal.support import actions, queries, said
from portal.support.actions import changing
from portal.support.changes import INTO_ANOTHER, Change, second_person
from portal.support.closing import closing
from portal.support.desk.pools import words
from portal.support.desk.room import spend_try, support_desk
from portal.support.forms import AnswerForm, ChangeForm, change_form
from portal.support.models import Pool, PoolEntry, PoolRequest
from portal.typed import whole
from portal.web import invalid, me, needs, one_or_404, render, see_other
from portal.web.chrome import profile

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

# Any other word is no page at all, whoever asks. A fund is opened, and money moved to its group, elsewhere.
WORDS = ", ".join(f'"{one}"' for one in Change if one not in {Change.OPEN, Change.REASSIGN})
ONE = f"/desk/pools/<int:year>/<slug>/<any({WORDS}):change>"


@support_desk.get(ONE)
@needs(Can.POOL_CHANGE)
def change(year: int, slug: str, change: str) -> ResponseReturnValue:
    pool, wanted, form, entry = _asked(year, slug, change)
    if changing.is_over(wanted, pool, entry.id if entry else None):
        return render("support/closed.html", pool=pool, found=closing(pool), **words())
    return render("support/change.html", **_page(pool, wanted, form, entry))


@support_desk.post(ONE)
@needs(Can.POOL_CHANGE)
def ask_change(year: int, slug: str, change: str) -> ResponseReturnValue:
    spend_try()
    pool, wanted, form, entry = _asked(year, slug, change)
    if form.validate():
        try:
            actions.ask(wanted, pool, form.wish, by=me(), rules=profile().pools)
        except Invalid as refused:
            form.refuse(refused.field, refused.words)
        else:
            return see_other("support_desk.book", year=year, slug=slug)
    return invalid("support/change.html", **_page(pool, wanted, form, entry))


def _asked(year: int, slug: str, change: str) -> tuple[Pool, Change, ChangeForm, PoolEntry | None]:
    """Return the pool, what is asked of it, its form, and the row to be put right where one is named."""
    pool = one_or_404(queries.pool(year, slug))
    wanted = Change(change)
    others = queries.others(pool, clock.today().year) if wanted in INTO_ANOTHER else None
    entry, unit = None, pool.unit
    if wanted is Change.CORRECT:
        number = whole(request.values.get("entry"))
        entry = one_or_404(queries.entry_of(pool.id, number or 0))
        unit = db.session().get_one(Pool, entry.pool_id).unit
    form = change_form(wanted, pool, db.session().scalars(others).all() if others is not None else (), unit)
    return pool, wanted, form, entry


def _page(pool: Pool, wanted: Change, form: ChangeForm, entry: PoolEntry | None) -> dict[str, Any]:
    rules = profile().pools
    return {
        "pool": pool,
        "change": wanted,
        "form": form,
        "entry": entry,
        "title": said.CHANGES[wanted],
        "explained": said.GOES_ON_WHOLE
        if pool.kept_for and wanted is Change.CARRY_OVER
        else said.EXPLAINED[wanted],
        "two_persons": second_person(pool.kind, rules.second_person_above[pool.kind] + 1, rules),
        **words(),
    }


@support_desk.post("/desk/pools/requests/<int:number>/approval")
@needs(Can.POOL_DECIDE)
def approve_change(number: int) -> ResponseReturnValue:
    spend_try()
    asked = _request(number)
    actions.approve_change(asked, by=me())
    return _back(asked)


@support_desk.post("/desk/pools/requests/<int:number>/refusal")
@needs(Can.POOL_DECIDE)
def refuse_change(number: int) -> ResponseReturnValue:
    spend_try()
    asked, form = _request(number), AnswerForm()
    if form.validate():
        try:
            actions.refuse_change(asked, form.answer.data or "", by=me())
        except Invalid as refused:
            form.refuse(refused.field, refused.words)
        else:
            return _back(asked)
    return invalid("support/answer.html", asked=asked, form=form, **words())


@support_desk.post("/desk/pools/requests/<int:number>/withdrawal")
@needs(Can.POOL_CHANGE)
def withdraw_change(number: int) -> ResponseReturnValue:
    spend_try()
    asked = _request(number)
    actions.withdraw_change(asked, by=me())
    return _back(asked)


def _request(number: int) -> PoolRequest:
    return one_or_404(queries.asked_change(number))


def _back(asked: PoolRequest) -> ResponseReturnValue:
    pool = db.session().get(Pool, asked.pool_id) if asked.pool_id else None
    if pool is None:
        return see_other("support_desk.pools")
    return see_other("support_desk.book", year=pool.year, slug=pool.slug)
