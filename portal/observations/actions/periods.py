"""Publish a period for observations, and say whether a case was heard: it is over, and each was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from portal import clock, db, policy
from portal.errors import Invalid, Stale, WrongState
from portal.observations import phases, queries
from portal.observations.actions.answering import check_said
from portal.observations.models import Period
from portal.observations.phases import Phase
from portal.policy import Can
from portal.record import Did, record
from portal.words import W, current_language, say_number

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Select

    from portal.city import Profile
    from portal.observations.subjects import Rules, Subject
    from portal.policy import Actor

# Longer than this somebody mistyped a year.
MOST_DAYS = 366
_NOT_NOW = W("No period for observations can be published here now.")
_NONE_YET = W("No period for observations is published here.")
_OVER = W("This period is over. What is over is not opened again: what is said now is read all the same.")
_YEAR = W("A period takes a year at most. Check the year.")
_THERE_IS_ONE = W("A period for observations is published already. Look at the case again.")


def open_period(subject: Subject, first: date, last: date, *, by: Actor) -> Period:
    """Publish that everybody may speak, from one day of the city to another, both whole.

    Refuses with Invalid (a day that is past, fewer days than the rules ask for), WrongState (no period has
    its place here now), Stale (a colleague published one first).
    """
    policy.check(by, Can.OBSERVATIONS_OPEN, subject.thing)
    if subject.rules is None:
        raise WrongState(_NOT_NOW)
    _check_days(subject.profile, subject.rules, first, last)
    dates = phases.span(first, last, clock.zone())
    period = Period(
        subject_key=subject.key,
        version=subject.version,
        opens_at=dates.opens_at,
        closes_at=dates.closes_at,
        published_at=clock.now(),
        published_by_id=by.person_id,
    )
    if db.session().scalars(queries.period_of(subject.key, subject.version)).first() is not None:
        raise WrongState(_THERE_IS_ONE)
    try:
        with db.session().begin_nested():
            db.session().add(period)
            db.session().flush()
    except IntegrityError as error:
        raise Stale(_THERE_IS_ONE) from error
    facts = {"first": str(first), "last": str(last), "days": (last - first).days + 1}
    record(Did.OBSERVATIONS_OPENED, subject.key, by=by, version=subject.version, **facts)
    return period


def extend_period(subject: Subject, last: date, why: str, *, by: Actor) -> Period:
    """Let a period that is not over last up to a later day, whole; everybody concerned is told.

    What was answered until then stands, and an answer promised for a day stays promised for it. Refuses with
    WrongState (no period, one that is over), with Invalid (no later day, no reason).
    """
    policy.check(by, Can.OBSERVATIONS_OPEN, subject.thing)
    period = db.session().scalars(_held(subject)).first()
    if period is None:
        raise WrongState(_NONE_YET)
    if phases.phase(period.opens_at, period.closes_at, clock.now()) is Phase.OVER:
        raise WrongState(_OVER)
    first, before = clock.local(period.opens_at).date(), last_day(period)
    if last <= before:
        raise Invalid(W("A period can only be made longer. Choose a later last day."), field="extended_on")
    if (last - first).days >= MOST_DAYS:
        raise Invalid(_YEAR, field="extended_on")
    check_said(why, field="extended_why", words=W("Write the reason: everybody can read it."))
    period.closes_at = phases.span(first, last, clock.zone()).closes_at
    period.extensions += 1
    period.extended_at, period.extended_by_id, period.extended_why = clock.now(), by.person_id, why
    facts = {"before": str(before), "last": str(last), "reason": why}
    record(Did.OBSERVATIONS_EXTENDED, subject.key, by=by, version=subject.version, **facts)
    return period


def _held(subject: Subject) -> Select[Period]:
    """Select the period with its row locked: of two officers who move its end the second sees the first."""
    found = queries.period_of(subject.key, subject.version).with_for_update()
    return found.execution_options(populate_existing=True)


def last_day(period: Period) -> date:
    """Return the last day of the city that belongs to a period."""
    return phases.last_day(period.closes_at, clock.zone())


def end_period(key: str) -> None:
    """End the period of something that goes on as another thing; one that lay ahead never comes.

    The verb that ends the thing asks who may, and is what the record says.
    """
    found = queries.period_of(key).with_for_update().execution_options(populate_existing=True)
    period, now = db.session().scalars(found).first(), clock.now()
    if period is None or phases.phase(period.opens_at, period.closes_at, now) is Phase.OVER:
        return
    if period.opens_at < now:
        period.closes_at = now
    else:
        db.session().delete(period)


def _check_days(profile: Profile, rules: Rules, first: date, last: date) -> None:
    if first < clock.today():
        raise Invalid(W("The first day has passed already. Choose today or a later day."), field="first")
    if last < phases.least_last_day(first, rules.least_days):
        raise Invalid(too_short(profile, rules), field="last")
    if (last - first).days >= MOST_DAYS:
        raise Invalid(_YEAR, field="last")


def too_short(profile: Profile, rules: Rules) -> W:
    """Return the sentence that says how many days the rules ask for, and which rule."""
    source = profile.citation(rules.citation).words[current_language()] if rules.citation else ""
    return W(
        "The regulation asks for at least %(days)s days. Source: %(source)s.",
        days=max(rules.least_days, 1),
        source=source,
    )


def what_is_missing(key: str, profile: Profile, rules: Rules) -> W | None:
    """Return what must still happen before the city may go on, in one sentence; None where nothing.

    Everybody was heard where a period of enough days is over, and each observation of it is answered or
    passed over; where the rules ask for no days there is nothing to wait for.
    """
    if not rules.least_days:
        return None
    period = db.session().scalars(queries.period_of(key)).first()
    if period is None:
        return W(
            "Publish this for observations first: the regulation asks for at least %(days)s days.",
            days=rules.least_days,
        )
    count = phases.count(period.opens_at, period.closes_at, clock.now(), clock.zone())
    if phases.phase(period.opens_at, period.closes_at, clock.now()) is not Phase.OVER:
        return W(
            "Wait until the period for observations is over: its last day is %(day)s.",
            day=count.last.strftime("%d/%m/%Y"),
        )
    if count.days < rules.least_days:
        return too_short(profile, rules)
    waiting = db.session().scalar(queries.unanswered(period.id)) or 0
    return None if not waiting else no_answer(waiting)


def no_answer(waiting: int) -> W:
    """Return the sentence about observations without an answer, in the language of the page."""
    return W(
        say_number(
            "%(num)s observation has no answer. Answer it before you go on.",
            "%(num)s observations have no answer. Answer them before you go on.",
            waiting,
        )
    )
