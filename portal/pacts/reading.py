"""A text of a pact as it was read and looked through before: its bytes say all, so both are done once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from portal.pacts.lint import Finding, lint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.city import Profile
    from portal.pacts.models import PactVersion

# A text of sixty clauses takes half a megabyte in memory.
MOST_TEXTS = 16


class Read(NamedTuple):
    """A text, which nobody may change, and everything that is still to be settled in it."""

    text: Mapping[str, Any]
    findings: tuple[Finding, ...]


_kept: dict[tuple[str, str, str, str], Read] = {}


def known(content_hash: str, profile: Profile) -> Read | None:
    """Return the text with this hash and its findings where it was read before."""
    return _kept.get((content_hash, profile.city, profile.regulation, profile.version))


def read(version: PactVersion, profile: Profile) -> Read:
    """Return the text of a version with its findings; verbs read `version.text`, which they may change."""
    found = known(version.content_hash, profile)
    if found is None:
        if len(_kept) >= MOST_TEXTS:
            _kept.clear()
        text = version.text
        found = Read(text, lint(text, profile))
        _kept[version.content_hash, profile.city, profile.regulation, profile.version] = found
    return found
