"""A claimed run in its worker's hands: it does one item after the other and says how far it is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Final

from sqlalchemy import update

from portal import clock, db, faults
from portal.schedule import queries
from portal.schedule.actions.items import LONGEST_ITEM, forget_failure, note_failure
from portal.schedule.models import JobRun, RunState
from portal.schedule.said import Said, said

if TYPE_CHECKING:
    from datetime import datetime

LEASE = timedelta(minutes=5)

# Set when this worker is told to stop: the item in hand ends, the others are left for another worker.
stopping = threading.Event()


class _Held(Enum):
    HELD = "held"
    LATER = "later"


# What a step returns where another worker is at the item: neither done nor failed here.
HELD: Final = _Held.HELD
# What a step returns that did not succeed and has a time of its own for the next try.
LATER: Final = _Held.LATER
Step = Callable[[], object]


class Stopping(Exception):
    """This worker ends; what is left of the run is another's."""


class Cancelled(Exception):
    """Somebody cancelled the run: what is left of it is not done."""


class LeaseLost(Exception):
    """The lease ended and another worker has the run now; this one must stop."""


@dataclass
class Run:
    """A claimed run, handed to the job: it reports progress and failed items through this.

    `held` counts items in another worker's hands, `waiting` those whose next try is not due yet, `resting`
    those that wait for a person.
    """

    id: int
    job: str
    period: str
    due_at: datetime
    fence: int
    tries: int = 1
    done: int = 0
    total: int = 0
    held: int = 0
    waiting: int = 0
    resting: int = 0
    failures: list[str] = field(default_factory=list)

    def progress(self, done: int, total: int) -> None:
        """Say how far the run is and lengthen the lease.

        Raises LeaseLost where another worker took over, Cancelled where somebody cancelled the run.
        """
        self.done, self.total = done, total
        mine = (JobRun.id == self.id, JobRun.fence == self.fence, JobRun.state == RunState.RUNNING.value)
        change = update(JobRun).where(*mine).values(done=done, total=total, lease_until=clock.real() + LEASE)
        with db.aside() as session:
            row = session.execute(change.returning(JobRun.id, JobRun.cancel_asked_at)).one_or_none()
        if row is None:
            raise LeaseLost
        if row.cancel_asked_at is not None:
            raise Cancelled

    def each(self, items: list[tuple[str, Step]]) -> Said:
        """Do every item that is not put off; one that fails is noted and never stops the rest."""
        todo = self._not_put_off(items)
        done = 0
        for name, step in todo:
            if stopping.is_set():
                raise Stopping
            self.progress(done, len(todo))
            done += self._one(name, step)
        if todo:
            self.progress(done, len(todo))
        figures = {"held": self.held, "waiting": self.waiting, "resting": self.resting}
        return said("items", done=done, total=len(todo), **{name: n for name, n in figures.items() if n})

    def _not_put_off(self, items: list[tuple[str, Step]]) -> list[tuple[str, Step]]:
        if not items:
            return []
        with db.reading() as session:
            put_off = {one.item: one for one in session.scalars(queries.put_off(self.job, clock.real()))}
        found = [put_off.get(name[:LONGEST_ITEM]) for name, _ in items]
        self.waiting += sum(one is not None and one.standing == "waits" for one in found)
        self.resting += sum(one is not None and one.standing == "rests" for one in found)
        return [item for item, one in zip(items, found, strict=True) if one is None]

    def _one(self, name: str, step: Step) -> int:
        try:
            answer = step()
        except (LeaseLost, Cancelled, Stopping):
            raise
        except Exception as error:  # noqa: BLE001 - the reason is kept; the other items must still be done
            self._failed(name, error)
            return 0
        if answer is HELD:
            self.held += 1
            return 0
        if answer is LATER:
            self.waiting += 1
            return 0
        faults.reach("item-done")
        forget_failure(self.job, name)
        return 1

    def _failed(self, name: str, error: Exception) -> None:
        self.failures.append(name)
        faults.reach("item-failed")
        note_failure(self.job, name, error)
