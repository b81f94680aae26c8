"""The rooms of a pact: co-design, versions, signature, reports, papers, history."""

from portal.pacts.views import history, measuring, meetings, papers, reports, room, signature, versions
from portal.pacts.views.blueprint import pacts

__all__ = ["history", "measuring", "meetings", "pacts", "papers", "reports", "room", "signature", "versions"]
