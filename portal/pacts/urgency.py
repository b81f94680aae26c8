"""What a case waits for, until when, with whom, and by which rule: the order of the city's desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from portal import city, clock
from portal.city import Profile
from portal.pacts import calendar
from portal.pacts.lifecycle import State
from portal.proposals import checklist
from portal.proposals.lifecycle import State as ProposalState
from portal.proposals.observed import rules_of
from portal.words import W

WEEK = timedelta(days=7)
NEVER = date.max


@dataclass(frozen=True, slots=True)
class Task:
    """The next action of a case: one sentence, with whom it lies, its last day and the rule behind that."""

    action: W
    waits_on: str
    due_on: date | None = None
    source: str = ""
    is_signature: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One row of the desk."""

    code: str
    title: str
    thing: str
    state: str
    public_state: str
    kind: str
    owner_id: int | None
    owner_name: str
    assessor_id: int | None
    task: Task

    def days_left(self, on: date) -> int | None:
        """Return the days until the last day; negative when it has passed, None without one."""
        return None if self.task.due_on is None else (self.task.due_on - on).days

    def is_overdue(self, on: date) -> bool:
        """Say whether the last day has passed."""
        return self.task.due_on is not None and self.task.due_on < on

    def is_due_this_week(self, on: date) -> bool:
        """Say whether the last day is today or within seven days."""
        return self.task.due_on is not None and on <= self.task.due_on < on + WEEK


class ProposalRow(Protocol):
    """What the rules ask of an open proposal."""

    state: str
    kind: str
    owner_id: int | None
    completeness: dict[str, object]
    answer_due_on: date | None
    noticed_at: datetime | None
    reply: str
    supplement_due_on: date | None
    opens_at: datetime | None
    closes_at: datetime | None
    unanswered: int
    held_at: datetime | None
    held_until: datetime | None
    held_stopped_at: datetime | None


class PactRow(Protocol):
    """What the rules ask of an open pact."""

    state: str
    pact_class: str
    starts_on: date | None
    ends_on: date | None
    signing_opened_at: datetime | None
    has_paper: bool
    community_agreed: bool
    city_agreed: bool
    community_signed: bool
    city_signed: bool
    suggestions_to_answer: int
    waits_for_support: bool
    report_to_check: int | None
    last_report: int


def order(cases: Iterable[Case]) -> list[Case]:
    """Return the cases by urgency: the nearest last day first, those without one at the end, then by code."""
    return sorted(cases, key=lambda case: (case.task.due_on or NEVER, case.code))


def of_proposal(row: ProposalRow, profile: Profile, language: str) -> Task:
    """Return the next action on an open proposal."""
    if row.state == ProposalState.SUPPLEMENT_ASKED:
        action = W("Wait for the missing items; until then the city's clock stands still")
        return _clocked(action, "community", row.supplement_due_on, (profile, "supplement", language))
    if row.held_stopped_at is not None:
        action = W("The prepared decision was not published: see why")
        return _clocked(action, "city", row.answer_due_on, (profile, "examination", language))
    if row.state == ProposalState.REFUSAL_NOTICED:
        return _after_notice(row, profile, language)
    if row.owner_id is None:
        action = W("Take this case")
    elif not checklist.is_complete(row.completeness, row.kind):
        action = W("Check that the proposal is complete")
    else:
        return _after_check(row, profile, language)
    return _clocked(action, "city", row.answer_due_on, (profile, "examination", language))


def _after_check(row: ProposalRow, profile: Profile, language: str) -> Task:
    rules, on = (profile, "examination", language), row.answer_due_on
    if row.closes_at is None and rules_of(profile).least_days:
        return _clocked(W("Publish it for observations"), "city", on, rules)
    if row.closes_at is not None and clock.now() < row.closes_at:
        last = clock.local(row.closes_at).date() - calendar.ONE_DAY
        return Task(W("Wait for the end of the period for observations"), "community", last)
    if row.unanswered:
        return _clocked(W("Answer the observations"), "city", on, rules)
    if row.held_at is not None:
        return _held(row, profile, language)
    return _clocked(W("Accept it for co-design, or give notice of the reasons against"), "city", on, rules)


def _held(row: ProposalRow, profile: Profile, language: str) -> Task:
    if row.held_until is None:
        rules = (profile, "examination", language)
        return _clocked(W("Release the prepared decision"), "city", row.answer_due_on, rules)
    day = clock.local(row.held_until).date()
    return Task(W("Wait for the moment of the prepared decision"), "system", day)


def _after_notice(row: ProposalRow, profile: Profile, language: str) -> Task:
    if row.reply and row.held_at is not None:
        return _held(row, profile, language)
    if row.reply:
        action, on = W("Read the reply, then decide"), row.answer_due_on
        return _clocked(action, "city", on, (profile, "examination", language))
    noticed_on = clock.local(row.noticed_at).date() if row.noticed_at else None
    until = city.deadline(noticed_on, profile.clock("refusal_reply")) if noticed_on else None
    action = W("Wait for the reply to the notice of refusal")
    return _clocked(action, "community", until, (profile, "refusal_reply", language))


def _clocked(action: W, waits_on: str, due_on: date | None, rule: tuple[Profile, str, str]) -> Task:
    profile, name, language = rule
    return Task(action, waits_on, due_on, profile.citation(profile.clock(name).citation).words[language])


def of_pact(row: PactRow, profile: Profile, language: str) -> Task:
    """Return the next action on an open pact."""
    if row.state == State.CO_DESIGN:
        return _writing(row)
    if row.state == State.AGREED:
        action = (
            W("Have the support of the text approved by two officials")
            if row.waits_for_support
            else W("Prepare it for signature")
        )
        return Task(action, "city", row.starts_on)
    if row.state == State.SIGNING:
        return _signing(row, profile, language)
    if row.state == State.SUSPENDED:
        return Task(W("Resume the pact, or end it"), "city")
    return _living(row, profile)


def _writing(row: PactRow) -> Task:
    if row.suggestions_to_answer:
        return Task(W("Answer the community's suggestions"), "city", row.starts_on)
    if row.city_agreed and not row.community_agreed:
        return Task(W("Wait for the community to agree to the text"), "community", row.starts_on)
    if row.community_agreed:
        return Task(W("Agree to the text for the city, or suggest a change"), "city", row.starts_on)
    return Task(W("Write the text together, then agree to it"), "city", row.starts_on)


def _signing(row: PactRow, profile: Profile, language: str) -> Task:
    opened_on = clock.local(row.signing_opened_at).date() if row.signing_opened_at else None
    until = city.deadline(opened_on, profile.clock("signature")) if opened_on else None
    if not row.city_signed:
        action = W("Sign for the city")
        source = profile.citation(profile.clock("signature").citation).words[language]
        return Task(action, "city", until, source, is_signature=True)
    return _clocked(
        W("Wait for the community's signature"), "community", until, (profile, "signature", language)
    )


def _living(row: PactRow, profile: Profile) -> Task:
    if row.report_to_check:
        return Task(W("Check progress report %(number)s", number=row.report_to_check), "city")
    if not row.has_paper:
        return Task(W("Wait for the sealed agreement; the pact is signed but not yet in force"), "system")
    period = next((one for one in usual_periods(row, profile) if one.number > row.last_report), None)
    if period is None:
        return Task(W("Look at the results and renew or conclude the pact"), "city", row.ends_on)
    action = W("Wait for progress report %(number)s", number=period.number)
    return Task(action, "community", period.due_on)


def usual_periods(row: PactRow, profile: Profile) -> tuple[calendar.Period, ...]:
    """Return the reporting periods as the rules of the class give them, without reading the text."""
    if row.starts_on is None or row.ends_on is None:
        return ()
    every = profile.pact_class(row.pact_class).report_every_months
    first = calendar.months_later(row.starts_on, every) + timedelta(days=profile.reports.sent_within_days)
    return calendar.periods(row.starts_on, row.ends_on, every_months=every, first_due_on=first)
