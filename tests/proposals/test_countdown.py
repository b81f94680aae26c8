"""Both sides read where the city's clock stands, in words, with the rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from portal import city
from portal.city import Stop
from portal.proposals.countdown import countdown
from portal.words import in_language, say

PROFILE = city.profile("bologna")
CLOCK = PROFILE.clock("examination")
START = date(2026, 11, 3)
ASKED = Stop("supplement", date(2026, 11, 8))
NOTICED = Stop("refusal_notice", date(2026, 11, 8), date(2026, 11, 18))


@pytest.mark.parametrize(
    ("on", "stops", "yours", "words"),
    [
        (date(2026, 11, 15), (), True, "Day 12 of 30 · 18 days left · until 3 Dec 2026"),
        (date(2026, 12, 3), (), True, "Day 30 of 30 · the answer is due by 3 Dec 2026"),
        (date(2026, 12, 5), (), False, "The answer is 2 days late · it was due by 3 Dec 2026"),
        (
            date(2026, 11, 20),
            (ASKED,),
            True,
            "The clock stands still since 8 Nov 2026, until you answer what was asked · day 5 of 30",
        ),
        (
            date(2026, 11, 12),
            (NOTICED,),
            False,
            "until the group replies to the notice, at most until 18 Nov 2026 · day 5 of 30",
        ),
    ],
)
def test_the_countdown_in_words(on: date, stops: tuple[Stop, ...], yours: bool, words: str) -> None:
    found = city.count(START, CLOCK, on=on, stops=stops)
    shown = countdown(found, PROFILE, "en", yours=yours, decided=False)
    assert say(shown.headline, "en").endswith(words)
    assert "article 2 of Law 241" in shown.rule


def test_silence_is_explained_before_and_after_the_last_day() -> None:
    refusing = replace(CLOCK, tacit="refused")
    for on, words in ((date(2026, 11, 15), "If the city does not answer"), (date(2026, 12, 9), "has passed")):
        shown = countdown(city.count(START, refusing, on=on), PROFILE, "en", yours=True, decided=False)
        with in_language("en"):
            assert words in str(shown.lines[-1].words)
            assert "counts as a refusal" in str(shown.lines[-1].words)
