"""What is due is said again, before and after its day, each reminder once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from portal import db
from portal.subscriptions.reminders import (
    desk,
    drafts,
    follows,
    legal,
    loans,
    lost_mail,
    mandates,
    matches,
    meetings,
    opinions,
    reports,
    servers,
    signing,
    spaces,
    supplements,
    support,
    terms,
)

if TYPE_CHECKING:
    from portal.city import PoolRules
    from portal.schedule.actions import Run
    from portal.schedule.said import Said

# Each names what it looks at (a selection of codes or ids) and what it does with one of them.
ROUNDS = (
    ("reports", reports.due, reports.remind_of),
    ("meetings", meetings.due, meetings.remind_of),
    ("legal help", legal.due, legal.remind_of),
    ("spaces", spaces.due, spaces.remind_of),
    ("signing", signing.due, signing.remind_of),
    ("terms", terms.due, terms.remind_of),
    ("supplements", supplements.due, supplements.remind_of),
    ("opinions", opinions.due, opinions.remind_of),
    ("support", support.due, support.remind_of),
    ("loans", loans.due, loans.remind_of),
    ("servers", servers.due, servers.remind_of),
    ("drafts", drafts.due, drafts.remind_of),
    ("mandates", mandates.due, mandates.remind_of),
    ("checks", mandates.checks_due, mandates.remind_of_check),
    ("follows", follows.due, follows.remind_of),
    ("desk", desk.due, desk.write),
    ("overdue", desk.overdue, desk.remind_of),
    ("lost mail", lost_mail.due, lost_mail.write_again),
)


def remind(run: Run, *, base_url: str, rules: PoolRules) -> Said:
    """Remind everybody of what is due by the city's rules; a second run, or worker, says nothing twice.

    The mail's key names the reminder, and each reminder makes up for days on which the worker slept.
    """
    items: list[tuple[str, Callable[[], object]]] = []
    matched = partial(matches.due, rules.match_reminder_days)
    for name, selection, work in (*ROUNDS, ("matches", matched, matches.remind_of)):
        with db.reading() as session:
            found = session.scalars(selection()).all()
        items += [
            (str(one) if name == "reports" else f"{name} {one}", partial(work, one, base_url))
            for one in found
        ]
    return run.each(items)


__all__ = ["remind"]
