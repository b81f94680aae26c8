"""What the worker does for legal help: work that nobody objected to in time counts as confirmed."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from portal import clock, db
from portal.pacts import queries as pacts
from portal.pacts.models import Pact
from portal.pacts.standing import profile_named
from portal.support.legal import actions, queries

if TYPE_CHECKING:
    from portal.schedule.actions import Run
    from portal.schedule.said import Said


def due() -> list[int]:
    """Return the ids of work whose days are over, each by the rules of its own pact."""
    session, now, found = db.session(), clock.now(), []
    rules: dict[str, int] = {}
    for work_id, subject, entered_at in session.execute(queries.unanswered()):
        if subject not in rules:
            code = subject.removeprefix("pact:")
            version = session.scalar(pacts.by_code(code).with_only_columns(Pact.profile_version))
            rules[subject] = profile_named(str(version)).legal_hours.silent_days if version else 0
        days = rules[subject]
        if days and entered_at < now - timedelta(days=days):
            found.append(work_id)
    return found


def confirm_silent(run: Run) -> Said:
    """Confirm each of them in a transaction of its own; one that was answered meanwhile stays as it is."""
    with db.reading():
        found = due()
    return run.each([(f"work {one}", partial(_confirm, one)) for one in found])


def _confirm(work_id: int) -> None:
    with db.writing():
        actions.confirm_by_silence(work_id)
