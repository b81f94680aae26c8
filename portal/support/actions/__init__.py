"""The verbs of support, the only writers: pools, asking, deciding with two persons, giving."""

from portal.support.actions.asking import Case, ask_for, release
from portal.support.actions.books import take_back
from portal.support.actions.changes import (
    approve_change,
    ask,
    ask_to_open,
    refuse_change,
    withdraw_change,
)
from portal.support.actions.deciding import approve, propose, propose_rows, send_back
from portal.support.actions.giving import commit, deliver
from portal.support.actions.pools import open_pool

__all__ = [
    "Case",
    "approve",
    "approve_change",
    "ask",
    "ask_for",
    "ask_to_open",
    "commit",
    "deliver",
    "open_pool",
    "propose",
    "propose_rows",
    "refuse_change",
    "release",
    "send_back",
    "take_back",
    "withdraw_change",
]
