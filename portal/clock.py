"""Two clocks: the instant of this unit of work, and the real one that nobody can move."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# An instant, or where to ask for it when somebody first wants to know.
Instant = datetime | Callable[[], datetime] | None
_instant: ContextVar[Instant] = ContextVar("instant", default=None)


class _Settings:
    """How far the domain's clock is moved (demonstration and tests only) and the city's zone."""

    offset = timedelta(0)
    zone = ZoneInfo("Europe/Rome")


def set_offset(offset: timedelta) -> None:
    """Move the domain's clock; production refuses to start with an offset."""
    _Settings.offset = offset


def set_zone(name: str) -> None:
    """Use the city's time zone for everything that is shown or counted in days."""
    _Settings.zone = ZoneInfo(name)


def zone() -> ZoneInfo:
    """Return the city's time zone."""
    return _Settings.zone


def offset() -> timedelta:
    """Return how far the domain's clock is moved."""
    return _Settings.offset


def real() -> datetime:
    """Return the machine's instant, for leases, sign-in, limits and one-time codes."""
    return datetime.now(UTC)


def now() -> datetime:
    """Return the instant of this unit of work, in UTC; it stands still until the unit ends."""
    fixed = _instant.get()
    if fixed is None:
        return real() + _Settings.offset
    return fixed if isinstance(fixed, datetime) else fixed()


def fix(instant: Instant) -> Instant:
    """Let the unit of work stand at this instant, or run again with None; return where it stood before."""
    before = _instant.get()
    _instant.set(instant)
    return before


def today() -> date:
    """Return the city's calendar day of this unit of work."""
    return local(now()).date()


def local(instant: datetime) -> datetime:
    """Return the instant in the city's time zone."""
    return instant.astimezone(_Settings.zone)


def end_of(day: date) -> datetime:
    """Return the instant at which a day of the city is over."""
    return datetime.combine(day + timedelta(days=1), time.min, _Settings.zone)
