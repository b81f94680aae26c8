"""What the worker does for observations: it adds endorsements given and taken back to their counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import db
from portal.observations.actions.endorsing import fold
from portal.schedule.said import NOTHING, Said, said

if TYPE_CHECKING:
    from portal.schedule.actions import Run


def count_endorsements(run: Run) -> Said:
    """Add all changes there are, in steps with a short transaction each."""
    total = 0
    while True:
        with db.writing():
            count = fold()
        if not count:
            return said("counted", count=total) if total else NOTHING
        total += count
        run.progress(total, total)
