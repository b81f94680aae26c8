"""What a few people of the demonstration follow, so that their lists and digests hold something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.city import Profile
from portal.notices.actions import Wish, choose, follow, reader_of
from portal.notices.models import What
from portal.notices.times import Choice
from portal.words import W, in_language, say
from seeds.demo.cast import actor

if TYPE_CHECKING:
    from collections.abc import Iterator

# Before the days whose news the worker tells.
DAY = -20
ALL_IN, SEARCH = W("Everything new in %(district)s"), W("New proposals: %(search)s")


def follows(profile: Profile) -> Iterator[int]:
    """Yield the day on which they begin: districts by account, new proposals, one of them every day."""
    yield DAY
    for place, email in zip(profile.districts, ("nina@example.org", "eve@example.org"), strict=False):
        language = "it" if email.startswith("nina") else "en"
        name = place.name
        with in_language(language):
            title = say(W(ALL_IN.id, district=name))
        follow(Wish(What.DISTRICT, place.id, title), language, by=actor(email))
    nina = actor("nina@example.org")
    with in_language("it"):
        title = say(W(SEARCH.id, search=W("the whole city")))
    follow(Wish(What.SEARCH, "kind=&district=", title), "it", by=nina)
    choose(reader_of(nina.person_id, "", "it"), Choice.DAILY)
