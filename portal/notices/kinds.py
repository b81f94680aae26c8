"""What kind of message each event makes: when it may be sent follows from that alone."""

from __future__ import annotations

from enum import StrEnum

from portal.words import W


class Kind(StrEnum):
    """How urgent and how necessary a message is."""

    ACCOUNT = "account"  # at once: about signing in, or a link that somebody waits for
    LEGAL = "legal"  # at once, and nobody can switch it off
    ACT = "act"  # something waits for the reader: at most one mail a case and day, never at night
    NEWS = "news"  # good to know: gathered as the reader chose


# A mail that holds several messages; it is none of the messages itself.
ENVELOPE = "E00"

_EVENTS = {
    Kind.ACCOUNT: ("E01", "E50", "E51", "E52", "E53"),
    Kind.LEGAL: (
        "E02", "E04", "E08", "E10", "E15", "E18",
        "E30", "E31", "E32", "E34", "E35", "E36", "E37", "E38", "E39",
    ),
    Kind.ACT: (
        "E03", "E05", "E06", "E09", "E12", "E14", "E16", "E20", "E21", "E22", "E23", "E24", "E25", "E40",
        "E41", "E42",
    ),
    Kind.NEWS: ("E07", "E11", "E13", "E17", "E33"),
}  # fmt: skip
KIND_OF = {event: kind for kind, events in _EVENTS.items() for event in events}

WORDS = {
    Kind.ACCOUNT: W("Your account"),
    Kind.LEGAL: W("Decisions and deadlines"),
    Kind.ACT: W("Waiting for you"),
    Kind.NEWS: W("News"),
}


def kind_of(event: str) -> Kind:
    """Return the kind of an event; one that nobody named yet is something to act on."""
    return KIND_OF.get(event, Kind.ACT)
