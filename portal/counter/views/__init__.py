"""The pages of the counter: help somebody, their cases and papers, and the way to an account."""

from portal.counter.views import audit, cases, connecting, helping
from portal.counter.views.room import counter

__all__ = ["audit", "cases", "connecting", "counter", "helping"]
