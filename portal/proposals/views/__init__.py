"""The pages of proposing: start, questions, sending, following."""

from portal.proposals.views import questions, sending, start, suitability, tracking
from portal.proposals.views.room import proposals

__all__ = ["proposals", "questions", "sending", "start", "suitability", "tracking"]
