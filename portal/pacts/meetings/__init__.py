"""Meetings of the co-design room: invited with a calendar entry, attended, written down, confirmed."""
