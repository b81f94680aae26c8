"""The index of normalised words per subject, filled by each feature and read by the front."""

from portal.search.actions import Card, drop, put

__all__ = ["Card", "drop", "put"]
