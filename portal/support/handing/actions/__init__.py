"""The verbs between promise and settlement: refuse, plan, receive, give back, close, declare."""

from portal.support.handing.actions.declaring import declare
from portal.support.handing.actions.planning import plan
from portal.support.handing.actions.receiving import accept, answer, object_to
from portal.support.handing.actions.refusing import let_go, refuse
from portal.support.handing.actions.settling import Back, close, give_back
from portal.support.handing.actions.suspending import go_on, suspend

__all__ = [
    "Back",
    "accept",
    "answer",
    "close",
    "declare",
    "give_back",
    "go_on",
    "let_go",
    "object_to",
    "plan",
    "refuse",
    "suspend",
]
