"""The rules under which a proposal was made: a case keeps the version of its day."""

from __future__ import annotations

from typing import Protocol

from portal import city
from portal.city import Profile


class UnderRules(Protocol):
    """Whatever keeps a key such as "bologna/2023/2023-01-01"."""

    profile_version: str


def profile_of(case: UnderRules) -> Profile:
    """Return the profile of the case's own version."""
    name, _, version = case.profile_version.split("/")
    return city.profile(name, version)


def newest_for(case: UnderRules) -> Profile:
    """Return the newest profile of the case's city: a draft is sent under the rules of that day."""
    return city.profile(case.profile_version.split("/")[0])
