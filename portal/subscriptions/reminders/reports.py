"""Who is reminded of a report that is due, and when."""

from __future__ import annotations

from sqlalchemy import Select, select

from portal import clock, db
from portal.notices.actions import Text
from portal.notices.telling import tell
from portal.pacts import calendar
from portal.pacts.actions.reports import periods_of
from portal.pacts.lifecycle import State
from portal.pacts.models import Pact, Report
from portal.subscriptions.recipients import group, in_words, pact_of, people
from portal.words import W

REMIND_DAYS_BEFORE = (30, 7, 0)
LATE_WEEKS = 3


def due() -> Select[str]:
    """Select the pacts that have reports to send."""
    return select(Pact.code).where(Pact.state == State.SIGNED.value)


def remind_of(code: str, base_url: str) -> None:
    """Remind the group of the report that is due next: 30, 7 and 0 days before, weekly, then the officer."""
    with db.writing() as session:
        pact = pact_of(code)
        reported = set(session.scalars(select(Report.number).where(Report.pact_id == pact.id)))
        period = calendar.next_unreported(periods_of(pact), reported)
        mark = None if period is None else _reminder((period.due_on - clock.today()).days)
        if period is None or mark is None:
            return
        late = mark.startswith("late")
        is_for_staff = mark == "late-staff"
        recipients = people([pact.owner_id]) if is_for_staff else group(pact)
        for to in recipients:
            body = (
                W(
                    "The report on “%(title)s” is due on %(day)s.",
                    title=pact.title,
                    day=in_words(period.due_on, to),
                ),
                W("Send what you have; you can add to it.")
                if late
                else W("Most of it is filled in already."),
            )
            text = Text(
                W("Your progress report is late") if late else W("Your progress report is due"),
                body,
                f"{base_url}/{to.language}/pacts/{pact.code}/reports{'' if is_for_staff else '/new'}",
                pact.title,
            )
            # Accounts stand here without a letter in front, as in the reminders sent so far.
            key = f"E12:{pact.code}:{period.number}:{mark}:{to.person_id or to.mark}"
            tell("E12", key, to, text, about=pact.key)


def _reminder(days_left: int) -> str | None:
    """Return which reminder a day belongs to; each is sent once, also when the worker slept over its day."""
    if days_left < 0:
        week = -days_left // 7
        return "late-staff" if week > LATE_WEEKS else f"late-{week}"
    near = [days for days in REMIND_DAYS_BEFORE if days_left <= days]
    return f"before-{min(near)}" if near else None
