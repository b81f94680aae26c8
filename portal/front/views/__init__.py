"""The public pages: home, lists, a pact, a proposal, checking a paper, the portal's own promises."""

from portal.front.views import (
    calendars,
    commons,
    fences,
    home,
    legal_calendars,
    money,
    money_books,
    money_flow,
    newest,
    observations,
    organisations,
    pacts,
    phase_times,
    record,
    rules,
    search,
    space_calendars,
    texts,
    verify,
)
from portal.front.views.feeds import feeds
from portal.front.views.room import front

__all__ = [
    "calendars",
    "commons",
    "feeds",
    "fences",
    "front",
    "home",
    "legal_calendars",
    "money",
    "money_books",
    "money_flow",
    "newest",
    "observations",
    "organisations",
    "pacts",
    "phase_times",
    "record",
    "rules",
    "search",
    "space_calendars",
    "texts",
    "verify",
]
