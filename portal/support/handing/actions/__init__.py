"""The verbs between promise and settlement: refuse, plan, receive, give back, close, declare."""

from portal.support.handing.actions.declaring import declare
from portal.support.handing.actions.planning import plan
from portal.support.handing.actions.receiving import accept, answer, object_to
from portal.support.handing.actions.refusing import let_go, refuse
from portal.support.handing.actions.settling import Back, close, give_back

__all__ = [
    "Back",
    "accept",
    "answer",
    "close",
    "declare",
    "give_back",
    "let_go",
    "object_to",
    "plan",
    "refuse",
]
