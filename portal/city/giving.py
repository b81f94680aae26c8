"""What the city's rules say about giving support: checks, costs that count, what things are worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from portal.city.shapes import Words

CheckKind = Literal["contribution_cap", "advance", "care_work", "double_funding", "de_minimis", "publication"]


@dataclass(frozen=True, slots=True)
class SupportCheck:
    """A rule that every allocation is held against; a blocking one stops it, another one makes people look.

    One that `blocks_payment` lets the city promise, but no money leaves it before the rule is kept.

    `limit_cents` and `years` are those of the state-aid ceiling; the other limits stand with the class of
    pact and in `publish_benefit_above_cents`.
    """

    id: CheckKind
    name: Words
    citation: str
    blocks: bool
    blocks_payment: bool = False
    limit_cents: int = 0
    years: int = 1


@dataclass(frozen=True, slots=True)
class CostKind:
    """A kind of cost that money may be asked for; one that is not eligible is named to be refused."""

    id: str
    name: Words
    eligible: bool


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """What one unit of a kind of support in kind is worth, by which method, and since when."""

    kind: str
    cents: int
    method: Words
    as_of: date


@dataclass(frozen=True, slots=True)
class Giving:
    """When support is due and when the group's silence counts; days are calendar days.

    `due_days` counts from the first day of the pact where no other day was agreed. What a group cancels of
    its hours in a space later than `space_late_hours` before, the office may count all the same.
    """

    due_days: int
    accept_days: int
    silence_accepts: bool
    citation: str
    loan_reminder_days: tuple[int, ...] = (7, 0)
    space_late_hours: int = 24
