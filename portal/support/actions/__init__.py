"""The verbs of support, the only writers: pools, asking, deciding with two persons, giving."""

from portal.support.actions.asking import ask_for, release
from portal.support.actions.deciding import approve, propose, propose_rows, send_back
from portal.support.actions.giving import commit, deliver
from portal.support.actions.pools import open_pool

__all__ = [
    "approve",
    "ask_for",
    "commit",
    "deliver",
    "open_pool",
    "propose",
    "propose_rows",
    "release",
    "send_back",
]
