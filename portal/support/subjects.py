"""For what support is given: a pact, or the track of a call; how each stands in addresses and in links."""

from __future__ import annotations

PACT, CALL = "pact:", "call:"


def code_of(subject: str) -> str:
    """Return how a subject stands in addresses: a pact by its code alone, a call by its whole key."""
    return subject.removeprefix(PACT)


def subject_of(code: str) -> str:
    """Return the subject that stands so in an address."""
    return code if code.startswith(CALL) else f"{PACT}{code}"


def is_track(subject: str) -> bool:
    """Say whether it is the track of a call: what is given for it goes to no one group."""
    return subject.startswith(CALL)


def place_of(subject: str) -> str:
    """Return the address of the public page of a subject, without language."""
    if is_track(subject):
        return f"/calls/{subject.removeprefix(CALL)}/track"
    return f"/pacts/{code_of(subject)}"
