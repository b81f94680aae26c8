"""Progress reports: the public list, one report, and the form in which a group tells of a period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, request

from portal import clock, db, policy
from portal.errors import Invalid
from portal.money import as_typed
from portal.pacts import actions, calendar, page, queries
from portal.pacts.actions.reports import Outcome, ReportContent, periods_of
from portal.pacts.forms import OUTCOMES, ReportForm, with_blanks
from portal.pacts.lifecycle import ReportState
from portal.pacts.views.blueprint import pacts
from portal.policy import CASE_STAFF, Can
from portal.typed import whole
from portal.web import me, needs, one_or_404, public, render, see_other
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from portal.pacts.calendar import Period
    from portal.pacts.models import Pact, Promise, Report

FIGURE_ROWS = 3


def _sees_all(pact: Pact) -> bool:
    return me().holds(*CASE_STAFF) or policy.allows(me(), Can.REPORT_SEND, pact)


@pacts.get("/pacts/<code>/reports")
@public
def reports(code: str) -> ResponseReturnValue:
    pact = one_or_404(queries.by_code(code))
    found = db.session().scalars(queries.reports(pact.id, published_only=not _sees_all(pact))).all()
    every = db.session().scalars(queries.reports(pact.id, published_only=False)).all()
    sent = {one.number for one in every}
    return render(
        "pacts/reports.html",
        pact=pact,
        reports=found,
        periods=periods_of(pact),
        sent=sent,
        due=calendar.due(periods_of(pact), sent, clock.today()),
        may_send=pact.signed_at is not None and policy.allows(me(), Can.REPORT_SEND, pact),
    )


@pacts.get("/pacts/<code>/reports/<int:number>")
@public
def report(code: str, number: int) -> ResponseReturnValue:
    pact = one_or_404(queries.by_code(code))
    found = one_or_404(queries.report(pact.id, number, published_only=not _sees_all(pact)))
    promises = db.session().scalars(queries.promises(pact.id)).all()
    papers = db.session().scalars(queries.papers_of(pact, queries.PROGRESS_REPORT)).all()
    paper = next((one for one in papers if one.version == number and one.is_public), None)
    return render(
        "pacts/report.html",
        pact=pact,
        report=found,
        outcomes=page.outcomes(found, promises),
        outcome_words=dict(OUTCOMES),
        paper=paper,
        may_send=policy.allows(me(), Can.REPORT_SEND, pact),
        may_validate=policy.allows(me(), Can.REPORT_VALIDATE, pact),
    )


@pacts.get("/pacts/<code>/reports/new")
@needs(Can.REPORT_SEND)
def new_report(code: str) -> ResponseReturnValue:
    pact, period, before = _wanted(code, whole(request.args.get("number")))
    if period is None:
        return see_other("pacts.reports", code=code)
    promises = db.session().scalars(queries.promises(pact.id)).all()
    form = _filled(period, promises, before)
    last = None if before else db.session().scalars(queries.reports(pact.id, published_only=False)).first()
    if last is not None:
        _begin_from(form, last)
    return _page(pact, period, promises, form, before)


def _begin_from(form: ReportForm, last: Report) -> None:
    # Aims and the names of what is counted seldom change; what happened is always told anew.
    form.objectives.data = last.objectives
    for row, known in zip(form.figures, last.figures, strict=False):
        for name in ("label", "unit", "source"):
            row.form[name].data = known[name]


def _wanted(code: str, number: int | None) -> tuple[Pact, Period | None, Report | None]:
    """Return the pact, the period to tell of (the first one not told of yet), and a report that came back."""
    pact = one_or_404(queries.room_of(me(), code))
    policy.check(me(), Can.REPORT_SEND, pact)
    every = {one.number: one for one in db.session().scalars(queries.reports(pact.id, published_only=False))}
    returned = {n: one for n, one in every.items() if one.state == ReportState.RETURNED}
    told = set(every) - set(returned)
    periods = periods_of(pact) if pact.signed_at else ()
    wanted = next((one for one in periods if one.number == number and number not in told), None)
    period = wanted or calendar.next_unreported(periods, told)
    return pact, period, returned.get(period.number) if period else None


def _page(
    pact: Pact, period: Period, promises: Sequence[Promise], form: ReportForm, before: Report | None
) -> str:
    told_of = {one.row_key: one for one in promises}
    _name_promises(form, told_of)
    return render(
        "pacts/report_form.html",
        pact=pact,
        period=period,
        form=form,
        promises=told_of,
        before=before,
        is_early=not period.is_over(clock.today()),
        is_late=period.is_overdue(clock.today()),
    )


def _name_promises(form: ReportForm, promises: Mapping[str, Promise]) -> None:
    # The list of problems stands far from the promises, so each sentence says which one it is about.
    for row in form.outcomes:
        promise, state = promises.get(row.form.promise.data), row.form.state
        if promise is not None and state.errors:
            state.errors = [f"{promise.what}: {words}" for words in state.errors]


def _filled(period: Period, promises: Sequence[Promise], before: Report | None) -> ReportForm:
    told = {row.promise_id: row for row in before.kept} if before else {}
    outcomes = [
        {
            "promise": one.row_key,
            "state": told[one.id].state,
            "done": told[one.id].done,
            "note": told[one.id].note,
        }
        if one.id in told
        else {"promise": one.row_key}
        for one in promises
    ]
    data: dict[str, Any] = {"number": str(period.number), "outcomes": outcomes}
    data["figures"] = with_blanks(before.figures if before else [], {}, FIGURE_ROWS)
    if before:
        names = ("objectives", "actions", "results", "next_steps")
        data |= {name: getattr(before, name) for name in names}
        data |= {name: before.resources.get(name) for name in ("volunteer_hours", "people", "other")}
        cents = before.resources.get("spent_cents") or 0
        data["spent"] = as_typed(cents)
    return ReportForm(formdata=None, data=data)


@pacts.post("/pacts/<code>/reports")
@pacts.post("/pacts/<code>/reports/new")
@needs(Can.REPORT_SEND)
def send_report(code: str) -> ResponseReturnValue:
    form = ReportForm()
    number = whole(form.number.data)
    if not form.validate_on_submit():
        return _again(code, number, form), 422
    pact = one_or_404(queries.room_of(me(), code))
    try:
        actions.send_report(pact, number or 0, _content(form), by=me())
    except Invalid as error:
        db.session().rollback()
        form.refuse(error.field, error.words)
        return _again(code, number, form), error.status
    return see_other("pacts.reports", code=code)


def _again(code: str, number: int | None, form: ReportForm) -> str:
    pact, period, before = _wanted(code, number)
    if period is None:
        raise Invalid(W("The report of this period was sent already."))
    return _page(pact, period, db.session().scalars(queries.promises(pact.id)).all(), form, before)


def _content(form: ReportForm) -> ReportContent:
    rows = (row.form for row in form.figures)
    return ReportContent(
        objectives=form.objectives.data,
        actions=form.actions.data,
        results=form.results.data,
        resources={
            "spent_cents": form.spent.cents or 0,
            "volunteer_hours": form.volunteer_hours.data or 0,
            "people": form.people.data or 0,
            "other": form.other.data or "",
        },
        outcomes=tuple(_outcome(row.form) for row in form.outcomes),
        figures=tuple(
            {
                "label": row.label.data,
                "value": row.value.data or 0,
                "unit": row.unit.data,
                "source": row.source.data,
            }
            for row in rows
            if row.label.data
        ),
        next_steps=form.next_steps.data or "",
        language=g.language,
    )


def _outcome(row: Any) -> Outcome:
    return Outcome(row.promise.data, row.state.data, row.done.data or 0, row.note.data or "")
