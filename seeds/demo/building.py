"""Let the stories happen one day after the other, so that the record is in the order of time."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import timedelta

from portal import city, clock, db
from portal.record import actions as record
from seeds.demo import cast
from seeds.demo.stories import STORIES
from seeds.demo.telling import tell_story

FIRST_DAY = -440


def seed(city_name: str, *, tell: Callable[[str], None]) -> None:
    """Build the demonstration in an empty database; the papers follow from the worker."""
    kept = clock.offset()
    profile = city.profile(city_name)
    try:
        clock.set_offset(kept + timedelta(days=FIRST_DAY))
        with db.writing():
            cast.enter_people()
            cast.open_pools()
        tell("people and pools are there")
        _live(profile, kept)
        tell(f"{len(STORIES)} cases are there")
    finally:
        clock.set_offset(kept)
    while True:
        with db.writing():
            if not record.sequence():
                break


def _live(profile: city.Profile, kept: timedelta) -> None:
    lives = [tell_story(story, profile) for story in STORIES]
    queue: list[tuple[float, int]] = [(next(life), number) for number, life in enumerate(lives)]
    heapq.heapify(queue)
    while queue:
        day, number = heapq.heappop(queue)
        clock.set_offset(kept + timedelta(days=day))
        with db.writing():
            following = next(lives[number], None)
        if following is not None:
            heapq.heappush(queue, (following, number))
