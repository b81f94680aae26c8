"""The room of legal help: what a group asks, when the two sides meet, and what the hours went into."""

from portal.pacts.legal_room import desk, views

__all__ = ["desk", "views"]
