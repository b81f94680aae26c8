"""From a day and an hour on the city's clock to the one instant that is meant."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from wtforms import StringField
from wtforms.validators import StopValidation

from portal.errors import Invalid
from portal.words import W

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_HOUR = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
NO_SUCH_HOUR = W("The clocks are changed at this hour: it is not there, or there twice. Choose another.")


def instant_at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """Return the instant in UTC; refuse with Invalid an hour that this day does not have, or has twice."""
    earlier = datetime.combine(day, hour, zone).replace(fold=0)
    later = earlier.replace(fold=1)
    instant = earlier.astimezone(UTC)
    if instant != later.astimezone(UTC):
        raise Invalid(NO_SUCH_HOUR)
    return instant


class HourField(StringField):
    """An hour and minute on the city's clock."""

    value: time | None = None

    def pre_validate(self, _form: Any) -> None:
        """Read the hour into `value`."""
        self.value = None
        if not self.data:
            return
        found = _HOUR.fullmatch(self.data)
        if found is None:
            raise StopValidation(str(W("Enter an hour like 12:00")))
        self.value = time(int(found[1]), int(found[2]))
