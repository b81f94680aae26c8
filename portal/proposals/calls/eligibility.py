"""Whether a proposal fits a call, and what the city adds to what a group raises: rules with their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING, Protocol

from portal.proposals.calls.lifecycle import Dated, Phase, phase
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

WHOLE_BP = 10_000


class Terms(Dated, Protocol):
    """What this file reads of a call; an empty list takes everything."""

    @property
    def kinds(self) -> Collection[str]: ...
    @property
    def zones(self) -> Collection[str]: ...
    @property
    def leads(self) -> Collection[str]: ...


class Entry(Protocol):
    """What this file reads of a proposal; "" is a question not answered yet."""

    kind: str
    district: str
    group_kind: str


NOT_YET = W("This call is not open yet. You can write your proposal now and send it from its first day on.")
OVER = W("This call is closed. You can still send your proposal outside the call: take it out of the call.")
CALLED_OFF = W("This call was cancelled. You can still send your proposal outside the call.")
WRONG_KIND = W("This call is for something else than what you want to look after.")
WRONG_ZONE = W("This call is for other districts of the city than yours.")
NO_ZONE = W("This call is for certain districts only: say in which one yours is.")
WRONG_LEAD = W("This call is for other kinds of groups than yours.")


def time_refusal(call: Dated, at: datetime) -> W | None:
    """Return why nothing can be sent under the call at this instant, or None where it is open."""
    now = phase(call, at)
    if now is Phase.OPEN:
        return None
    return {Phase.DRAFT: NOT_YET, Phase.AHEAD: NOT_YET, Phase.CANCELLED: CALLED_OFF}.get(now, OVER)


def refusals(call: Terms, entry: Entry, at: datetime) -> list[W]:
    """Return every reason why the proposal does not fit; what is not answered yet speaks against nothing."""
    wrong_zone = (WRONG_ZONE if entry.district else NO_ZONE) if entry.kind else None
    reasons = (
        time_refusal(call, at),
        WRONG_KIND if call.kinds and entry.kind and entry.kind not in call.kinds else None,
        wrong_zone if call.zones and entry.district not in call.zones else None,
        WRONG_LEAD if call.leads and entry.group_kind and entry.group_kind not in call.leads else None,
    )
    return [one for one in reasons if one is not None]


@dataclass(frozen=True, slots=True)
class Match:
    """What the city adds in cents, and why it is that much."""

    cents: int
    why: W


def match(raised_cents: int, *, ratio_bp: int, cap_cents: int, threshold_cents: int) -> Match:
    """Return what the city adds to money raised by a group: the ratio in basis points, cut to whole cents.

    Nothing below the threshold, never above the cap.
    """
    if raised_cents < threshold_cents:
        return Match(0, W("Less was raised than the call asks for, so the city adds nothing."))
    share = Decimal(raised_cents) * ratio_bp / WHOLE_BP
    cents = int(share.to_integral_value(rounding=ROUND_DOWN))
    if cents > cap_cents:
        return Match(cap_cents, W("The city adds the highest amount that the call allows."))
    return Match(cents, W("The city adds its share of what was raised."))
