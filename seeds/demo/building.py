"""Let the stories happen one day after the other, so that the record is in the order of time."""

from __future__ import annotations

import heapq
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from portal import city, clock, crypto, db
from portal.record import actions as record
from portal.subscriptions.reactions import SUBSCRIBER
from seeds.demo import cast
from seeds.demo.belonging import belong
from seeds.demo.booking import add_spaces
from seeds.demo.calling import tell_calls
from seeds.demo.cases import STORIES
from seeds.demo.counter import VISITS, tell_visit
from seeds.demo.finding import day_of_seeding, forget_cases, seeded_on
from seeds.demo.following import follows
from seeds.demo.paying import tell_paying
from seeds.demo.raising import tell_raising
from seeds.demo.starting import tell_track
from seeds.demo.telling import tell_story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from portal.city import Profile
    from portal.documents.store import Store
    from seeds.demo.story import Story

# Nobody is told of what happened before; the last days' news are for the worker.
FIRST_DAY, FIRST_NEWS_DAY = -1_160, -7
RESIDENTS_SHOWN = -40
OPENS_AT, MINUTES_APART = time(9, 5), 6
# The pools of a year are opened on this day of the year before, at the latest so many days before today.
POOLS_OPEN_IN, POOLS_OPEN_DAYS = 9, 100
# A year that is over is closed on this day of the next one; what it still owes goes along.
YEARS_CLOSE_IN = 4
POOLS_CHANGED = -2


def seed(
    city_name: str, *, store: Store, tell: Callable[[str], None], stories: Sequence[Story] = STORIES
) -> None:
    """Build the demonstration in an empty database; the papers follow from the worker.

    One unit of work: whoever interrupts it finds the database as empty as before, and may begin again.
    """
    kept = clock.offset()
    profile = city.profile(city_name)
    _forget()
    seeded_on(clock.today())
    try:
        with crypto.cheap_hashing(), db.writing():
            _settle_in(kept, profile)
            tell("people and pools are there")
            cases = (tell_story(story, profile, store) for story in stories)
            visits = (tell_visit(visit, profile) for visit in VISITS)
            paying = tell_paying(store, [story.what.title for story in stories])
            years = (_pools(profile), _years(profile))
            slowly = (*years, follows(profile), _residents(profile), belong(), tell_track(profile))
            _live([*slowly, *tell_calls(), *cases, *tell_raising(), *paying, *visits], kept)
            _put_in_order()
    finally:
        clock.set_offset(kept)
        _forget()
    tell(f"{len(stories)} cases are there")


def _forget() -> None:
    cast.forget()
    forget_cases()


def _go_to(day: int, kept: timedelta) -> None:
    clock.set_offset(kept + timedelta(days=day))
    clock.fix(clock.real() + clock.offset())


def _settle_in(kept: timedelta, profile: Profile) -> None:
    _go_to(FIRST_DAY, kept)
    year = (day_of_seeding() + timedelta(days=FIRST_DAY)).year
    cast.enter_people(profile.languages)
    for first in (year, year + 1):
        cast.open_pools(first, profile.pools)
    add_spaces(profile)


def _pools(profile: Profile) -> Iterator[int]:
    """Yield the days on which the pools of the later years are opened, up to next year's."""
    today = day_of_seeding()
    first = (today + timedelta(days=FIRST_DAY)).year + 2
    for year in range(first, today.year + 2):
        yield min((date(year - 1, POOLS_OPEN_IN, 1) - today).days, -POOLS_OPEN_DAYS)
        cast.open_pools(year, profile.pools)
    yield POOLS_CHANGED
    cast.change_pools(today.year, profile.pools)


def _years(profile: Profile) -> Iterator[int]:
    """Yield the days on which years that were over were closed, each long ago: nobody is told of it now."""
    today = day_of_seeding()
    for ended in range((today + timedelta(days=FIRST_DAY)).year, today.year):
        day = (date(ended + 1, YEARS_CLOSE_IN, 1) - today).days
        if day >= FIRST_NEWS_DAY:
            return
        yield day
        cast.close_pools(ended, profile.pools)


def _residents(profile: Profile) -> Iterator[int]:
    """Yield the day on which some citizens showed that they live here; it holds for two years."""
    yield RESIDENTS_SHOWN
    cast.verify_residents(profile)


def _live(lives: list[Iterator[int]], kept: timedelta) -> None:
    """Let each life take its next step on its day."""
    queue = [(next(life), number) for number, life in enumerate(lives)]
    heapq.heapify(queue)
    is_told = False
    while queue:
        day = queue[0][0]
        if day >= FIRST_NEWS_DAY and not is_told:
            _put_in_order()
            _count_as_told()
            is_told = True
        _go_to(day, kept)
        _spend(day, queue, lives)


def _spend(day: int, queue: list[tuple[int, int]], lives: list[Iterator[int]]) -> None:
    opens = datetime.combine(
        day_of_seeding() + timedelta(days=day), OPENS_AT, tzinfo=clock.zone()
    ).astimezone(UTC)
    step = 0
    while queue and queue[0][0] == day:
        _, number = heapq.heappop(queue)
        clock.fix(opens + timedelta(minutes=MINUTES_APART * step))
        step += 1
        following = next(lives[number], None)
        if following is not None:
            heapq.heappush(queue, (max(day, following), number))


def _put_in_order() -> None:
    while record.sequence():
        pass


def _count_as_told() -> None:
    while record.next_for(SUBSCRIBER, limit=1_000):
        pass
