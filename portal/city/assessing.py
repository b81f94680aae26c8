"""What a proposal is judged by, and what helps against a refusal or a poor answer, as frozen shapes."""

from __future__ import annotations

from dataclasses import dataclass

from portal.city.shapes import Words

# A score is a place on the scale: 0 is the first of its texts.
HIGHEST_SCORE = 4


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing a proposal is judged by; `scale` says what each score from 0 to 4 means."""

    id: str
    name: Words
    question: Words
    scale: tuple[Words, Words, Words, Words, Words]
    citation: str
    # How often it counts beside the others.
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Remedy:
    """What somebody can do against a refusal, within so many days (0: without a term), by which rule."""

    id: str
    name: Words
    text: Words
    days: int
    citation: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """Where somebody goes on whose observation was not answered: whom to reach how, or by which rule."""

    id: str
    name: Words
    text: Words
    phone: str = ""
    mail: str = ""
    link: str = ""
    citation: str = ""
