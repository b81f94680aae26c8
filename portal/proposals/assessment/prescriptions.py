"""What an office prescribes: each thing for itself, for one clause of the library where it names one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.city import Clause, Profile


@dataclass(frozen=True, slots=True)
class Prescription:
    """One thing that the text must observe; `clause` is an id of the library, or nothing.

    `language` is that of the page on which it was written, or nothing where that was not kept.
    """

    words: str
    clause: str = ""
    language: str = ""

    def kept(self) -> dict[str, str]:
        """Return it as an opinion keeps it."""
        return {"words": self.words, "clause": self.clause, "language": self.language}


def read(kept: Iterable[str | Mapping[str, str]]) -> tuple[Prescription, ...]:
    """Return what an opinion keeps; an older one names no language, the oldest keep their lines alone."""
    return tuple(Prescription(one) if isinstance(one, str) else Prescription(**one) for one in kept)


def clauses_for(profile: Profile, kind: str) -> tuple[Clause, ...]:
    """Return the clauses of any pact about this kind whose words can change."""
    classes = [one.id for one in profile.classes if one.needs_pact]
    found = (one for one in profile.clauses if any(one.applies_to(key, kind) for key in classes))
    return tuple(sorted((one for one in found if not one.locked), key=lambda one: one.number))
