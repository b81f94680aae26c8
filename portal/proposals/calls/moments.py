"""From a day and an hour on the city's clock to the one instant that is meant."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from portal.errors import Invalid
from portal.words import W

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

NO_SUCH_HOUR = W("The clocks are changed at this hour: it is not there, or there twice. Choose another.")


def instant_at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """Return the instant in UTC; refuse with Invalid an hour that this day does not have, or has twice."""
    earlier = datetime.combine(day, hour, zone).replace(fold=0)
    later = earlier.replace(fold=1)
    instant = earlier.astimezone(UTC)
    if instant != later.astimezone(UTC):
        raise Invalid(NO_SUCH_HOUR)
    return instant
