"""Each city whole: its days, its money and its languages, and pages that begin in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from portal import city, money, words
from portal.city.living import live_by
from portal.errors import Invalid


@pytest.fixture(autouse=True)
def _live_in_bologna_again() -> Iterator[None]:
    yield
    live_by(city.profile("bologna"))


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        # Forty working days: the Diada is a Friday, La Mercè a Thursday, the Assumption a Saturday.
        ("barcelona", date(2026, 8, 3), date(2026, 9, 30)),
        # Thirty: Chuseok from Thursday 24 September, the Monday after Foundation Day, and Hangul Day.
        ("seoul", date(2026, 9, 1), date(2026, 10, 19)),
    ],
)
def test_a_city_counts_its_own_working_days(name: str, start: date, end: date) -> None:
    assert city.deadline(start, city.profile(name).clock("examination")) == end


def test_silence_means_what_the_city_says() -> None:
    meaning = {name: city.profile(name).clock("examination").tacit for name in city.cities()}
    assert meaning == {"barcelona": "refused", "bologna": "none", "seoul": "none"}


def test_won_have_no_cents() -> None:
    live_by(city.profile("seoul"))
    assert money.euro(1_200_000, "ko").replace("\u00a0", "") == "₩1,200,000"
    assert money.parse_cents("₩1,200,000") == money.parse_cents("1200000 won") == 1_200_000
    assert money.as_typed(1_200_000) == "1200000"
    for typed in ("1200.50", "€ 12", "1,2"):
        with pytest.raises(Invalid, match="South Korean won, like 1,200"):
            money.parse_cents(typed)
    live_by(city.profile("barcelona"))
    assert money.euro(120_050, "ca").endswith("1.200,50")


def test_the_portal_speaks_the_next_language_it_knows() -> None:
    live_by(city.profile("barcelona"))
    assert [words.spoken(one) for one in ("ca", "es", "en", "it")] == ["en", "en", "en", "it"]
    assert words.home_language() == "ca"
    assert words.say("Save and continue", "ca") == "Save and continue"
    kept = words.current_language()
    words.set_language("ca")
    state = city.profile("barcelona").words["state.pact.in_force"]
    assert state["ca"].__html__() == '<span lang="ca">Actiu</span>'  # type: ignore[attr-defined]
    assert not hasattr(state["en"], "__html__")
    words.set_language(kept)


@pytest.mark.parametrize("name", city.cities())
def test_districts_of_a_city_do_not_overlap(name: str) -> None:
    profile = city.profile(name)
    west, south, east, north = city.bounds(profile)
    for x in range(25):
        for y in range(25):
            point = (west + (east - west) * (x + 0.37) / 25, south + (north - south) * (y + 0.41) / 25)
            assert sum(city.contains(one.ring, point) for one in profile.districts) <= 1, point
    longitude, latitude = profile.centre
    assert city.district_at(profile, latitude=latitude, longitude=longitude)
