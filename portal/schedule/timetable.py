"""When a job is due: every few seconds, or by the calendar, each period once, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from apscheduler.triggers.cron import CronTrigger

from portal import clock

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

# How far back a calendar is searched for its newest slot: mostly one step, and a leap day is found too.
LOOKS_BACK = tuple(timedelta(hours=hours) for hours in (1, 25, 8 * 24, 32 * 24, 367 * 24, 9 * 366 * 24))


class CatchUp(StrEnum):
    """What becomes of several runs that were missed: each is run, the oldest first, or only the newest."""

    EACH = "each"
    NEWEST = "newest"


class Timetable:
    """When a job is due; `every` is its beat where it has no calendar of its own in cron words."""

    cron: str
    catch_up: CatchUp
    every: timedelta

    @property
    def calendar(self) -> str:
        """Return when it runs, for the jobs page."""
        return self.cron or f"every {self.every.seconds} s"

    def slot(self, now: datetime) -> datetime:
        """Return the newest instant at or before `now` at which this job was due."""
        if not self.cron:
            step = self.every.seconds
            return datetime.fromtimestamp(int(now.timestamp()) // step * step, UTC)
        found = next(slot for back in LOOKS_BACK if (slot := self._after(now - back)) <= now)
        return self._until(found, now)[-1]

    def slots(self, now: datetime, last: datetime | None) -> list[datetime]:
        """Return the instants to be run now, the oldest first; `last` is the newest that had its run."""
        if self.catch_up is CatchUp.NEWEST or last is None:
            return [self.slot(now)]
        following = self._after(last)
        found = self._until(following, now) if following <= now else []
        # The hour that an October night has twice is one period: its first instant stands for it.
        return list({self.period(slot): slot for slot in reversed(found)}.values())[::-1]

    def next_at(self, now: datetime) -> datetime:
        """Return the next instant at which this job is due."""
        if not self.cron:
            return self.slot(now) + self.every
        return self._after(now)

    def period(self, slot: datetime) -> str:
        """Return the period's name; a calendar job's is its local day and hour, so no fold runs it twice."""
        return f"{clock.local(slot):%Y-%m-%dT%H:%M}" if self.cron else f"{slot:%Y-%m-%dT%H:%M:%SZ}"

    def _until(self, slot: datetime, now: datetime) -> list[datetime]:
        found = [slot]
        while (following := self._after(found[-1])) <= now:
            found.append(following)
        return found

    def _after(self, instant: datetime) -> datetime:
        # In UTC: a second added to a local time in the repeated hour of October leads back into it, for ever.
        after = (instant + timedelta(seconds=1)).astimezone(UTC)
        following: datetime = _trigger(self.cron, clock.zone()).get_next_fire_time(None, after)
        return following.astimezone(UTC)


@cache
def _trigger(cron: str, zone: ZoneInfo) -> CronTrigger:
    return CronTrigger.from_crontab(cron, timezone=zone)
