"""Let everything that is shown, read or counted follow one city: its time zone, currency and languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import clock, money, words

if TYPE_CHECKING:
    from portal.city.whole import Profile


def live_by(profile: Profile) -> None:
    """Use the city's time zone, currency and languages for everything that is shown, read or counted."""
    clock.set_zone(profile.time_zone)
    money.set_currency(profile.currency)
    words.set_languages(profile.languages)
