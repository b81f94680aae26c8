"""What a plan measures, when a server is late or near its end, and how much of its promise was used."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from portal.words import W

MEASURES = ("vcpu", "memory_gb", "storage_gb", "traffic_gb")
SHORT = {"vcpu": "vCPU", "memory_gb": "GB RAM", "storage_gb": "GB", "traffic_gb": "GB/month"}
# A gigabyte as machines for rent are measured: a thousand megabytes.
MB, HOURS, WHOLE = 1000, 24, 100
# Where the rows of an agreed text name no plan of the profile: what a processor mostly comes with.
_PER_VCPU = {"memory_gb": 2, "storage_gb": 25, "traffic_gb": 0}
_LONGEST_MONTHS = 12


class Use(Protocol):
    """What was measured on a day."""

    @property
    def day(self) -> date: ...
    @property
    def cpu_hours(self) -> int: ...
    @property
    def memory_mb(self) -> int: ...
    @property
    def storage_mb(self) -> int: ...
    @property
    def traffic_mb(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Share:
    """How much of one measure was used: both figures in the same unit."""

    measure: str
    used: int
    promised: int

    @property
    def percent(self) -> int:
        """Return whole percents, rounded down; nothing promised is nothing to measure against."""
        return self.used * WHOLE // self.promised if self.promised else 0

    def level(self, marks: Iterable[int]) -> int:
        """Return the highest mark that was reached, or 0."""
        return max((mark for mark in marks if self.promised and self.percent >= mark), default=0)

    @property
    def is_over(self) -> bool:
        """Say whether more was used than promised."""
        return bool(self.promised) and self.used > self.promised


def measures_of(plan: Any, vcpu: int) -> dict[str, int]:
    """Return the four measures of a plan of the profile; without one, what so many processors come with."""
    if plan is None:
        return {"vcpu": vcpu, **{name: each * vcpu for name, each in _PER_VCPU.items()}}
    return {name: int(getattr(plan, name, 0) or 0) for name in MEASURES}


def end_of(starts_on: date, months: int) -> date:
    """Return the first day after a server; without months a year."""
    year, month = divmod(starts_on.year * 12 + starts_on.month - 1 + (months or _LONGEST_MONTHS), 12)
    return date(year, month + 1, min(starts_on.day, monthrange(year, month + 1)[1]))


def months_left(today: date, ends_on: date) -> int:
    """Return how many months a server still runs, each begun one counted; at least one."""
    months = (ends_on.year - today.year) * 12 + ends_on.month - today.month + (ends_on.day > today.day)
    return max(1, months)


def shares(promised: Mapping[str, int], rows: Sequence[Use]) -> tuple[Share, ...]:
    """Return what the newest day used of each measure, and the month so far of the traffic.

    `rows` hold one row a day, the newest first.
    """
    if not rows:
        return ()
    newest = rows[0]
    month = [one for one in rows if (one.day.year, one.day.month) == (newest.day.year, newest.day.month)]
    return (
        Share("vcpu", newest.cpu_hours, promised["vcpu"] * HOURS),
        Share("memory_gb", newest.memory_mb, promised["memory_gb"] * MB),
        Share("storage_gb", newest.storage_mb, promised["storage_gb"] * MB),
        Share("traffic_gb", sum(one.traffic_mb for one in month), promised["traffic_gb"] * MB),
    )


def risen(before: Iterable[Share], after: Iterable[Share], marks: Sequence[int]) -> list[tuple[Share, int]]:
    """Return the measures that reached a mark which they had not reached before, with that mark."""
    reached = {one.measure: one.level(marks) for one in before}
    found = ((one, one.level(marks)) for one in after)
    return [(one, level) for one, level in found if level > reached.get(one.measure, 0)]


def days_late(due_on: date, running_on: date | None, today: date) -> int:
    """Return by how many days the city is late, or was, with a server that it promised."""
    return max(0, ((running_on or today) - due_on).days)


# The steps of both ends, in order: what is done, and who may say so.
BEGIN = {
    "machine": W("The machine is set up in the place that was promised"),
    "access": W("The administrators can open it, each with a key of their own"),
    "domain": W("The name in the Internet leads to it"),
    "backup": W("The backup runs, and putting it back was tried"),
}
END = {
    "export": W("The group has been given all that is on it"),
    "domain_moved": W("The name in the Internet leads elsewhere, or is given up"),
    "confirmed": W("The group confirms that it has everything"),
    "erased": W("Everything on it and its backups was deleted"),
}
# Done before anybody says that it runs; a backup only where the city keeps it. The name may follow.
BEFORE_RUNNING = ("machine", "access", "backup")
# Only the group itself can say this.
OF_THE_GROUP = "confirmed"
BEFORE_HAND_OVER = ("export", "domain_moved", "confirmed")
