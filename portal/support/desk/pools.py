"""The pools of support: all of them with their bars, and the ledger of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from flask import g, request, url_for

from portal import clock, db, policy
from portal.errors import Invalid
from portal.policy import Can
from portal.support import actions, following, queries, said
from portal.support.amounts import Amount, figure, named
from portal.support.bars import bars
from portal.support.changes import CORRECTABLE, Change
from portal.support.desk.room import spend_try, support_desk
from portal.support.forms import AnswerForm, PoolForm
from portal.support.ledger import Balance, Kind
from portal.support.models import Pool, PoolEntry, PoolRequest
from portal.typed import whole
from portal.web import invalid, me, needs, one_or_404, render, see_other, sheets
from portal.web.chrome import profile
from portal.words import W, in_language

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

ROWS_A_PAGE, FUNDS_A_PAGE = 50, 20
HEADS = (
    W("Number"),
    W("When"),
    W("What"),
    W("Amount"),
    W("Unit"),
    W("Pact"),
    W("For"),
    W("Other fund"),
    W("Reason"),
    W("Corrects"),
)
NO_SUCH_DAY = W("Enter a day that has been, like 2026-06-30")


@support_desk.get("/desk/pools")
@needs(Can.POOL_READ)
def pools() -> ResponseReturnValue:
    return render("support/pools.html", **_pools(_new_form()))


@support_desk.post("/desk/pools")
@needs(Can.POOL_CHANGE)
def open_pool() -> ResponseReturnValue:
    spend_try()
    form = _new_form()
    if form.validate():
        try:
            asked = actions.ask_to_open(form.facts, form.wish, by=me(), rules=profile().pools)
        except Invalid as refused:
            form.refuse(refused.field, refused.words)
        else:
            if asked.pool_id is None:
                return see_other("support_desk.pools", _anchor="asked")
            return see_other("support_desk.book", year=asked.facts["year"], slug=asked.facts["slug"])
    return invalid("support/pools.html", **_pools(form))


def _new_form() -> PoolForm:
    return PoolForm().offer(_offices())


def _offices() -> list[tuple[str, str]]:
    return [(one.id, one.name[g.language]) for one in profile().offices]


def _chosen() -> dict[str, str]:
    """Return the filters of the address that mean something; without a year it is this one."""
    year = request.args.get("year", str(clock.today().year))
    kind, office = (request.args.get(name, "") for name in ("kind", "office"))
    known = {
        "year": year if whole(year) else "",
        "kind": kind if kind in set(Kind) else "",
        "office": office if office in dict(_offices()) else "",
    }
    return {name: value for name, value in known.items() if value or name == "year"}


def _address(**page: int) -> str:
    args: dict[str, Any] = {**_chosen(), **page}
    return url_for("support_desk.pools", **args)


def _found(after: int = 0, most: int | None = None) -> tuple[list[Pool], dict[int, Balance]]:
    """Return the funds that are chosen, all or some of them, and what their ledgers add up to."""
    found = list(db.session().scalars(queries.pools(**_chosen()).offset(after).limit(most)))
    return found, queries.balances_on(clock.today(), [pool.id for pool in found])


def _pools(form: PoolForm) -> dict[str, Any]:
    after = whole(request.args.get("after")) or 0
    every, sums = _found(after, FUNDS_A_PAGE + 1)
    found, chosen = every[:FUNDS_A_PAGE], _chosen()
    asked = db.session().scalars(queries.asked_changes(clock.now())).all()
    shown = {bar.pool_id: bar for bar in bars(found, ())}
    return {
        "form": form,
        "years": [(year, list(some)) for year, some in groupby(found, key=lambda pool: pool.year)],
        "bars": shown,
        "sums": {pool.id: sums.get(pool.id, Balance()) for pool in found},
        "waiting": db.session().scalars(queries.waiting()).all(),
        "asked": asked,
        "answers": {one.id: _answer_of(one) for one in asked},
        "may_open": policy.allows(me(), Can.POOL_CHANGE),
        "chosen": chosen,
        "first": _address() if after else "",
        "older": _address(after=after + FUNDS_A_PAGE) if len(every) > FUNDS_A_PAGE else "",
        "options": {
            "year": [("", W("All years")), *((one, one) for one in db.session().scalars(queries.years()))],
            "kind": [("", W("All kinds")), *((kind.value, words) for kind, words in said.KINDS.items())],
            "office": [("", W("All offices")), *_offices()],
        },
        **words(),
    }


@support_desk.get("/desk/pools.csv")
@needs(Can.POOL_READ)
def pools_file() -> ResponseReturnValue:
    found, sums = _found()
    offices = dict(_offices())
    heads = [W("Year"), W("Fund"), W("Kind"), W("Office"), W("Unit"), *said.FIGURES, W("Closed")]
    return sheets.sheet("pools", heads, (_cells(pool, sums, offices) for pool in found))


def _cells(pool: Pool, sums: dict[int, Balance], offices: dict[str, str]) -> list[object]:
    sum_ = sums.get(pool.id, Balance())
    figures = (sum_.capacity, sum_.reserved, sum_.committed, sum_.delivered, sum_.left)
    closed = clock.local(pool.closed_at).date() if pool.closed_at else ""
    office = offices.get(pool.office, pool.office)
    told = [figure(one, pool.unit) for one in figures]
    return [pool.year, pool.name, said.KINDS[Kind(pool.kind)], office, named(pool.unit), *told, closed]


@support_desk.get("/desk/pools/<int:year>/<slug>")
@needs(Can.POOL_READ)
def book(year: int, slug: str) -> ResponseReturnValue:
    pool = one_or_404(queries.pool(year, slug))
    return render("support/book.html", **_book(pool))


def _book(pool: Pool) -> dict[str, Any]:
    """Return what the page of a pool shows."""
    session, day = db.session(), _as_of()
    measures = [pool, *(session.scalars(queries.parts_of(pool.id)) if pool.has_parts else ())]
    row = next((one for one in measures if one.unit == request.args.get("measure")), pool)
    before, last = whole(request.args.get("before")), _last(row, day)
    found = session.scalars(queries.entries(row.id, before=before, last=last, most=ROWS_A_PAGE + 1)).all()
    sums = queries.balances_on(day or clock.today(), [one.id for one in measures])
    asked = session.scalars(queries.asked_changes(clock.now(), pool.id)).all()
    (bar,) = bars([pool], ())
    return {
        "pool": pool,
        "row": row,
        "measures": measures,
        "bar": bar,
        "sums": {one.id: sums.get(one.id, Balance()) for one in measures},
        "rows": found[:ROWS_A_PAGE],
        "older": found[ROWS_A_PAGE - 1].id if len(found) > ROWS_A_PAGE else None,
        "is_first": before is None,
        "as_of": day,
        "view": _view(),
        "asked": asked,
        "answers": {one.id: _answer_of(one) for one in asked},
        "office": dict(_offices()).get(pool.office, pool.office),
        "changes": _changes_of(pool),
        "correctable": _correctable(pool, found),
        **words(),
    }


def _answer_of(asked: PoolRequest) -> dict[str, Any]:
    """Return what the viewer may do about a request; approving asks once more who they are, later."""
    fresh = replace(me(), is_fresh=True)
    may_decide = policy.allows(fresh, Can.POOL_DECIDE, asked)
    return {
        "form": AnswerForm() if may_decide else None,
        "whose": following.in_words(asked),
        "may_withdraw": policy.allows(me(), Can.POOL_WITHDRAW, asked),
    }


def _changes_of(pool: Pool) -> list[Change]:
    """Return what the viewer may ask for in this pool."""
    if pool.closed_at is not None or not policy.allows(me(), Can.POOL_CHANGE):
        return []
    if pool.kept_for:
        return [Change.CARRY_OVER, Change.CLOSE]
    return [one for one in Change if one not in {Change.OPEN, Change.CORRECT, Change.REASSIGN}]


def _correctable(pool: Pool, rows: Sequence[PoolEntry]) -> set[int]:
    if not _changes_of(pool):
        return set()
    return {one.id for one in rows if one.movement in CORRECTABLE and one.corrects_id is None}


def _view() -> dict[str, str]:
    """Return what of the address belongs to the whole view, whichever page of it."""
    names = ("measure", "as_of")
    return {name: request.args[name] for name in names if request.args.get(name)}


def _as_of() -> date | None:
    typed = request.args.get("as_of", "")
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed) if typed.isascii() else None
    except ValueError:
        day = None
    if day is None or day > clock.today():
        raise Invalid(NO_SUCH_DAY)
    return day


def _last(row: Pool, day: date | None) -> int | None:
    """Return the last row of a measure's ledger on a day, 0 where there was none yet; None for no bound."""
    if day is None:
        return None
    return db.session().scalar(queries.last_entry(row.id, clock.end_of(day))) or 0


@support_desk.get("/desk/pools/<int:year>/<slug>.csv")
@needs(Can.POOL_READ)
def book_file(year: int, slug: str) -> ResponseReturnValue:
    pool = one_or_404(queries.pool(year, slug))
    unit = request.args.get("measure")
    measures = [pool, *db.session().scalars(queries.parts_of(pool.id))]
    row = next((one for one in measures if one.unit == unit), pool)
    last = _last(row, _as_of())
    if last is None:
        last = db.session().scalar(queries.last_entry(row.id, None)) or 0
    return sheets.streamed(f"{year}-{slug}", HEADS, _lines(row.id, row.unit, last, g.language))


def _lines(pool_id: int, unit: str, last: int, language: str) -> Iterator[list[object]]:
    """Yield the rows of a ledger, the newest first; the book only grows, so that parts of it fit together."""
    before: int | None = last + 1
    while before is not None:
        with db.reading() as session, in_language(language):
            found = session.scalars(queries.entries(pool_id, before=before, most=ROWS_AT_ONCE)).all()
            lines = [_line(entry, unit) for entry in found]
        yield from lines
        before = found[-1].id if len(found) == ROWS_AT_ONCE else None


ROWS_AT_ONCE = 500


def _line(entry: PoolEntry, unit: str) -> list[object]:
    allocation, other = entry.allocation, entry.other_pool
    return [
        entry.id,
        f"{clock.local(entry.at):%Y-%m-%d %H:%M:%S}",
        said.booked(entry.movement, allocation.subject if allocation else ""),
        figure(entry.amount, unit),
        named(unit),
        allocation.code if allocation else "",
        allocation.what if allocation else "",
        other.title if other else "",
        entry.reason,
        entry.corrects_id or "",
    ]


def words() -> dict[str, Any]:
    """Return what the templates of support say amounts and states with."""
    return {"amount": Amount, "said": said}
