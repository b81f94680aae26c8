"""What each kind of support is asked in: the questions of its page, and whether a number must be there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.money import Currency
from portal.words import W

# Beyond these a number was mistyped, by the unit.
MOST = {"cent": 10**11, "hour": 2000, "piece": 10_000}
_HOW_MANY = W("Enter a whole number above zero, like 12")
_HOW_MUCH = W("Enter an amount in %(currency)s, like 1,200", currency=Currency())


@dataclass(frozen=True, slots=True)
class Asked:
    """How much is asked, and what for; `needed` is the sentence that asks for a number that must be there."""

    how_much: W
    what: W
    needed: W | None = None
    hint: W | str = ""
    needed_what: W = W("Describe what you need")


_IF_KNOWN = W("Leave this empty if you do not know: the city works it out with you.")
_ROUGHLY = W("A rough number is enough, like 10.")
OF_KIND: Mapping[str, Asked] = {
    "funding": Asked(
        W("How much money do you ask for?"),
        W("What is it for?"),
        W("Enter the amount of funding you ask for"),
        W("For the whole pact, like 1,200."),
        W("Say what the money is for"),
    ),
    "legal": Asked(
        W("How many hours do you need, roughly?"),
        W("What do you need help with?"),
        W("Enter how many hours of legal help you ask for"),
        _ROUGHLY,
        W("Say what you need legal help with"),
    ),
    "spaces": Asked(
        W("How many hours do you need in all?"),
        W("Which kind of space, and when?"),
        W("Enter for how many hours you need a space"),
        W("For the whole pact: two hours a week for a year are 104."),
        W("Say which kind of space you need, and when"),
    ),
    "materials": Asked(
        W("How many pieces in all?"),
        W("Which things, and how many of each?"),
        W("Enter how many pieces you ask for"),
        W("One tool, one pair of gloves or one bag of soil is one piece."),
        W("Say which things you need"),
    ),
    "training": Asked(
        W("How many hours of training do you need?"),
        W("Training in what, and for how many people?"),
        W("Enter how many hours of training you ask for"),
        W("Hours of the course, not of each person."),
        W("Say what the training is about, and for how many people"),
    ),
    "insurance": Asked(
        W("What does the cover cost?"),
        W("Who and what is to be insured, and for how long?"),
        hint=_IF_KNOWN,
        needed_what=W("Say who and what is to be insured"),
    ),
    "waivers": Asked(
        W("How much would you have to pay?"),
        W("Which fee or charge, and what for?"),
        hint=_IF_KNOWN,
        needed_what=W("Say which fee or charge the city is not to ask, and what for"),
    ),
    "communication": Asked(
        W("How many hours of help do you need, roughly?"),
        W("What is to be made known, to whom, and how?"),
        W("Enter how many hours of help with communication you ask for"),
        _ROUGHLY,
        W("Say what is to be made known, and to whom"),
    ),
}
_WHAT = W("What do you need, and how much of it?")
OF_UNIT: Mapping[str, Asked] = {
    "cent": Asked(W("What does it cost?"), _WHAT, hint=_IF_KNOWN),
    "hour": Asked(W("How many hours, roughly?"), _WHAT, hint=_IF_KNOWN),
    "piece": Asked(W("How many?"), _WHAT, hint=_IF_KNOWN),
}


def asked_of(kind: str, unit: str) -> Asked:
    """Return what the page of a kind asks; a kind that a city added is asked by its unit."""
    return OF_KIND.get(kind) or OF_UNIT.get(unit) or OF_UNIT["piece"]


def not_zero(unit: str) -> W:
    """Return the sentence for a number that was typed and is nothing."""
    return _HOW_MUCH if unit == "cent" else _HOW_MANY
