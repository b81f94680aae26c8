"""What becomes of the promises: progress reports are sent, returned, validated and published."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from portal import clock, db, policy
from portal.errors import Invalid, NotFound, Stale, WrongState
from portal.pacts import calendar, queries
from portal.pacts.actions.held import hold
from portal.pacts.lifecycle import REPORT_LIFE, ReportState, ReportVerb, State
from portal.pacts.models import KeptPromise, Report
from portal.policy import Can
from portal.record import Did, record
from portal.words import W, home_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.pacts.calendar import Period
    from portal.pacts.models import Pact, Promise
    from portal.policy import Actor

_REPORTING = frozenset({State.SIGNED, State.SUSPENDED, State.CONCLUDED, State.TERMINATED})
OUTCOMES = ("kept", "late", "not_done")
MOST_DONE = 1_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one promise in the period: kept, late or not_done, how much, and what shows it."""

    promise: str
    state: str
    done: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReportContent:
    """What a group tells: the four parts of article 30 of the regulation of 2014, and its figures.

    `resources` holds integer "spent_cents", "volunteer_hours", "people" and the text "other";
    `figures` rows hold "label", integer "value", "unit", "source".
    """

    objectives: str
    actions: str
    results: str
    resources: dict[str, Any]
    outcomes: tuple[Outcome, ...]
    figures: tuple[dict[str, Any], ...] = ()
    next_steps: str = ""
    language: str = field(default_factory=home_language)


def periods_of(pact: Pact) -> tuple[Period, ...]:
    """Return the reporting periods of the signed text."""
    if pact.agreed_version is None:
        return ()
    return calendar.of_text(db.session().scalars(queries.version(pact.id, pact.agreed_version)).one().text)


def send_report(pact: Pact, number: int, content: ReportContent, *, by: Actor) -> Report:
    """Send the report of a period, or send it again after it was returned; a late one is taken too.

    Refuses with NotFound (no such period), Invalid (a part is empty, a promise without a word), WrongState
    (not signed), Stale (sent already).
    """
    policy.check(by, Can.REPORT_SEND, pact)
    pact = hold(pact)
    if pact.state not in {state.value for state in _REPORTING}:
        raise WrongState(W("Reports begin when the pact is signed."))
    period = next((one for one in periods_of(pact) if one.number == number), None)
    if period is None:
        raise NotFound(W("The pact has no such reporting period."))
    promises = db.session().scalars(queries.promises(pact.id)).all()
    _need_whole(content, promises)
    report = _sent(pact, period, content)
    _fill(report, content, promises)
    db.session().flush()
    record(Did.REPORT_SENT, pact.key, by=by, number=number, late=period.is_overdue(clock.today()))
    return report


def return_report(report: Report, reason: str, *, pact: Pact, by: Actor) -> None:
    """Give a report back to the group with the reason, so that it can be mended and sent again."""
    policy.check(by, Can.REPORT_VALIDATE, pact)
    if not reason.strip():
        raise Invalid(W("Say what is missing, so that the group can mend it."), field="reason")
    hold(pact)
    db.session().refresh(report)
    report.state = REPORT_LIFE.after(report.state, ReportVerb.RETURN).value
    report.return_reason = reason.strip()
    record(Did.REPORT_RETURNED, pact.key, by=by, number=report.number)


def validate_report(report: Report, *, pact: Pact, by: Actor) -> None:
    """Find a report in order; with that it is published."""
    policy.check(by, Can.REPORT_VALIDATE, pact)
    hold(pact)
    db.session().refresh(report)
    report.state = REPORT_LIFE.after(report.state, ReportVerb.VALIDATE).value
    report.validated_at, report.validated_by_id = clock.now(), by.person_id
    report.state = REPORT_LIFE.after(report.state, ReportVerb.PUBLISH).value
    report.published_at = clock.now()
    record(Did.REPORT_VALIDATED, pact.key, by=by, number=report.number)


def _need_whole(content: ReportContent, promises: Sequence[Promise]) -> None:
    for name, sentence in (
        ("objectives", W("Say what the period was for.")),
        ("actions", W("Say what was done.")),
        ("results", W("Say what came of it.")),
    ):
        if not getattr(content, name).strip():
            raise Invalid(sentence, field=name)
    told = {outcome.promise: outcome for outcome in content.outcomes}
    for promise in promises:
        outcome = told.get(promise.row_key)
        if outcome is None or outcome.state not in OUTCOMES:
            raise Invalid(W("Say what became of “%(what)s”.", what=promise.what), field="outcomes")
        if not 0 <= outcome.done <= MOST_DONE:
            raise Invalid(W("Enter a whole number, like 12."), field="outcomes")


def _sent(pact: Pact, period: Period, content: ReportContent) -> Report:
    before = db.session().scalars(queries.report(pact.id, period.number, published_only=False)).one_or_none()
    if before is not None:
        if before.state != ReportState.RETURNED:
            raise Stale(W("The report of this period was sent already."))
        before.state = REPORT_LIFE.after(before.state, ReportVerb.RESEND).value
        before.sent_at = clock.now()
        before.language = content.language
        before.kept.clear()
        db.session().flush()
        return before
    report = Report(
        pact_id=pact.id,
        number=period.number,
        period_from=period.starts_on,
        period_until=period.ends_before,
        due_on=period.due_on,
        state=ReportState.SENT.value,
        language=content.language,
        sent_at=clock.now(),
        kept=[],
    )
    db.session().add(report)
    return report


def _fill(report: Report, content: ReportContent, promises: Sequence[Promise]) -> None:
    report.objectives, report.actions, report.results = content.objectives, content.actions, content.results
    report.resources, report.figures = dict(content.resources), list(content.figures)
    report.next_steps = content.next_steps
    told = {outcome.promise: outcome for outcome in content.outcomes}
    for promise in promises:
        outcome = told[promise.row_key]
        report.kept.append(
            KeptPromise(
                promise_id=promise.id, state=outcome.state, done=outcome.done, note=outcome.note[:300]
            )
        )
