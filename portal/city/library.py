"""The clauses, the fences and the measures that a city offers, as frozen shapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from portal.city.shapes import CommonsKind, Comparator, Frequency, ParameterKind, Unit, Words


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named blank in a clause; a blank without default that is needed stops the agreement."""

    name: str
    kind: ParameterKind
    label: Words
    needed: bool = True
    default: Words | None = None
    # A number as default (cents, days, hours), or the name of a fact of the pact.
    default_number: int | None = None
    default_fact: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of the library; `number` orders, it does not print."""

    id: str
    number: int
    version: str
    element: str
    mandatory: bool
    locked: bool
    classes: tuple[str, ...]
    kinds: tuple[CommonsKind, ...]
    parameters: tuple[Parameter, ...]
    heading: Words
    plain: Words
    text: Words
    # Only with a row of this kind of support; without one the clause says "none" or is left out.
    needs_support: str = ""
    # The rule of the class of pact that makes the clause binding; otherwise it may begin as "none".
    needed_by: Literal["", "insurance_required", "guarantee_required"] = ""
    locked_because: Words | None = None
    # With a reason the parties may say "none"; the text then becomes these words with {reason}.
    none_text: Words | None = None
    none_default: Words | None = None

    @property
    def may_be_none(self) -> bool:
        """Say whether the parties may settle this with "none, because …"."""
        return self.none_text is not None

    def applies_to(self, pact_class: str, kind: str) -> bool:
        """Say whether the clause belongs in a pact of this class about this kind of commons."""
        return pact_class in self.classes and kind in self.kinds

    def parameter(self, name: str) -> Parameter:
        """Return the named blank; an unknown name is a KeyError."""
        for one in self.parameters:
            if one.name == name:
                return one
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Fence:
    """A promise that keeps value in the commons, as the catalogue offers it."""

    id: str
    kinds: tuple[CommonsKind, ...]
    recommended: tuple[CommonsKind, ...]
    title: Words
    sentence: Words
    why: Words
    comparator: Comparator
    threshold: int
    close: int
    unit: Unit
    frequency: Frequency
    source: str
    evidence: Words
    ladder: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One step of the reaction to a breached fence; a person takes it, never a job."""

    id: str
    days: int
    name: Words


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the four sides of the Community Balance."""

    id: str
    name: Words


@dataclass(frozen=True, slots=True)
class Indicator:
    """One question of the Community Balance, answered with a whole number."""

    id: str
    dimension: str
    unit: str
    question: Words
