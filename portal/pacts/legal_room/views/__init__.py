"""The pages of the room that both sides enter."""

from portal.pacts.legal_room.views import guided, hours, matters, times

__all__ = ["guided", "hours", "matters", "times"]
