"""The officials' sheet to allocate support to a pact, the same for whoever proposes and whoever approves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal import clock, db, policy
from portal.errors import Invalid, NotFound
from portal.policy import Can
from portal.support import actions, queries, valuing
from portal.support.bars import Bar, bars, year_needed
from portal.support.checks import queries as checks
from portal.support.checks import said as checks_said
from portal.support.desk.pools import words
from portal.support.desk.room import support_desk
from portal.support.forms import ReasonForm, delivery_form, proposal_form, return_form
from portal.support.lifecycle import LIFE, State, Verb
from portal.support.models import Allocation, Pool
from portal.support.subjects import subject_of
from portal.web import invalid, me, needs, one_or_404, render, see_other
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

from portal.web import Form

NOTHING_ASKED = W(
    "No support is asked for under this code. Support can be given once both sides have agreed to a text."
)
NOTHING_CHOSEN = W("Choose a fund for at least one kind of support")


@support_desk.get("/desk/allocate/<code>")
@needs(Can.POOL_READ)
def allocate(code: str) -> ResponseReturnValue:
    sheet = _sheet(code)
    return render("support/allocate.html", **_shown(sheet, {}))


@support_desk.post("/desk/allocate/<code>")
@needs(Can.SUPPORT_PROPOSE)
def propose(code: str) -> ResponseReturnValue:
    sheet = _sheet(code)
    return _propose(sheet, sheet.asked)


@support_desk.post("/desk/allocate/<code>/<row>/proposal")
@needs(Can.SUPPORT_PROPOSE)
def propose_row(code: str, row: str) -> ResponseReturnValue:
    return _propose(_sheet(code), [_row(code, row)])


@support_desk.post("/desk/allocate/<code>/approval")
@needs(Can.SUPPORT_APPROVE)
def approve(code: str) -> ResponseReturnValue:
    for allocation in _sheet(code).waiting:
        actions.approve(allocation, by=me())
    return see_other("support_desk.allocate", code=code)


@support_desk.post("/desk/allocate/<code>/<row>/approval")
@needs(Can.SUPPORT_APPROVE)
def approve_row(code: str, row: str) -> ResponseReturnValue:
    actions.approve(_row(code, row), by=me())
    return see_other("support_desk.allocate", code=code)


@support_desk.post("/desk/allocate/<code>/<row>/return")
@needs(Can.SUPPORT_SEND_BACK)
def send_back(code: str, row: str) -> ResponseReturnValue:
    allocation = _row(code, row)
    form = return_form(allocation)
    return _try(code, row, form, lambda: actions.send_back(allocation, form.reason.data or "", by=me()))


@support_desk.post("/desk/allocate/<code>/<row>/delivery")
@needs(Can.SUPPORT_DELIVER)
def deliver(code: str, row: str) -> ResponseReturnValue:
    allocation = _row(code, row)
    form = delivery_form(allocation)
    return _try(
        code,
        row,
        form,
        lambda: actions.deliver(allocation, form.number, form.day, form.evidence.data or "", by=me()),
    )


def _try(code: str, row: str, form: Form, act: Callable[[], object]) -> ResponseReturnValue:
    """Do what a row's own form asks for, or show the sheet again with what was typed."""
    if form.validate():
        try:
            act()
        except Invalid as refused:
            form.refuse(refused.field, refused.words)
        else:
            return see_other("support_desk.allocate", code=code)
    return invalid("support/allocate.html", **_shown(_sheet(code), {row: form}))


def _propose(sheet: Sheet, rows: list[Allocation]) -> ResponseReturnValue:
    form = proposal_form(rows, sheet.measured, clock.today())
    if form.validate():
        choices = form.chosen(rows, sheet.pools)
        try:
            actions.propose_rows(_some(choices), form.reason.data or "", by=me())
        except Invalid as refused:
            form.refuse(refused.field, refused.words)
        else:
            return see_other("support_desk.allocate", code=sheet.code)
    return invalid("support/allocate.html", **_shown(_sheet(sheet.code), {}, form))


def _some(choices: list[tuple[Allocation, Pool]]) -> list[tuple[Allocation, Pool]]:
    if not choices:
        raise Invalid(NOTHING_CHOSEN)
    return choices


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page of one pact's support shows, to whoever proposes and to whoever approves."""

    code: str
    rows: list[Allocation]
    pools: list[Pool]
    # The pools, each followed by its further measures.
    measured: list[Pool]

    @property
    def asked(self) -> list[Allocation]:
        """Return the rows for which a pool is to be proposed, without those on whose side one stands."""
        return [one for one in self.rows if one.state == State.ASKED and not _is_barred(one)]

    @property
    def waiting(self) -> list[Allocation]:
        """Return the rows that wait for the second person."""
        return [one for one in self.rows if one.state == State.PROPOSED]

    @property
    def bars(self) -> list[Bar]:
        """Return what is left of each measure with this pact's requests already in."""
        return bars(self.measured, self.rows)


def _is_barred(row: Allocation) -> bool:
    # Hours of a track may be one group's alone at one stage and anybody's at the next.
    return bool(row.relations(me()) & policy.GIVEN_TO_YOURS.keys())


def _sheet(code: str) -> Sheet:
    rows = list(db.session().scalars(queries.current(subject_of(code))))
    if not rows:
        raise NotFound(NOTHING_ASKED)
    asked = [one for one in rows if one.state == State.ASKED]
    found = {one.pool.id: one.pool for one in rows if one.pool is not None and one.state != State.ASKED}
    if asked:
        year = year_needed(asked[0].starts_on, clock.today())
        kinds = {one.kind for one in asked}
        offered = db.session().scalars(queries.pools_for(kinds, year, case_key=asked[0].case_key))
        found |= {pool.id: pool for pool in offered}
    pools = sorted(found.values(), key=lambda pool: (pool.kind, pool.name, pool.year))
    return Sheet(code, rows, pools, _measured(pools))


def _measured(pools: list[Pool]) -> list[Pool]:
    heads = [pool.id for pool in pools if pool.has_parts]
    parts = db.session().scalars(queries.parts_of(*heads)).all() if heads else ()
    return [one for pool in pools for one in (pool, *(part for part in parts if part.head_id == pool.id))]


def _row(code: str, row: str) -> Allocation:
    return one_or_404(queries.row(subject_of(code), row))


def _shown(sheet: Sheet, typed: dict[str, Any], form: ReasonForm | None = None) -> dict[str, Any]:
    """Return what the template shows; `typed` are row forms and `form` the main form that were refused."""
    may_propose = bool(sheet.asked) and policy.allows(me(), Can.SUPPORT_PROPOSE, sheet.asked[0])
    if form is None and may_propose:
        form = proposal_form(sheet.asked, sheet.measured, clock.today())
    open_rows = [one for one in sheet.rows if one.state in queries.OPEN]
    weighed = checks.findings(open_rows)
    lines = [_line(one, typed.get(one.row_key)) | {"findings": weighed.get(one.id, [])} for one in sheet.rows]
    mine_to_approve = [line for line in lines if line["return_form"] is not None]
    return {
        "sheet": sheet,
        "title": sheet.rows[0].title or sheet.code,
        "form": form,
        "typed": typed,
        "lines": lines,
        "may_approve_all": len(mine_to_approve) == len(sheet.waiting) > 1,
        **words(),
        "rules": checks.rules_of(sheet.rows[0]),
        "publication": next(filter(None, map(checks_said.publication_of, sheet.rows)), None),
        "fits": (checks_said.FITS, checks_said.TONES),
    }


def _line(row: Allocation, typed: Form | None) -> dict[str, Any]:
    is_waiting = row.state == State.PROPOSED
    # The same people approve and send back; approving asks once more who they are, on a page of its own.
    is_mine = row.state == State.ASKED and _is_barred(row)
    why_not = policy.refusal(me(), Can.SUPPORT_SEND_BACK, row) if is_waiting or is_mine else None
    may_deliver = LIFE.allows(row.state, Verb.DELIVER_PART) and policy.allows(me(), Can.SUPPORT_DELIVER, row)
    return {
        "row": row,
        "valued": valuing.read(row.valued_by),
        "why_not": why_not,
        "return_form": (typed or return_form(row)) if is_waiting and why_not is None else None,
        "delivery_form": (typed or delivery_form(row)) if may_deliver else None,
    }
