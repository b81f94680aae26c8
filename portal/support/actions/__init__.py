"""The verbs of support, the only writers: pools, asking, deciding with two persons, giving."""

from portal.support.actions.asking import Case, ask_for, ask_more, let_go, release
from portal.support.actions.books import open_pool_of, pool_of, take_back, take_back_measures
from portal.support.actions.changes import (
    approve_change,
    ask,
    ask_to_open,
    refuse_change,
    withdraw_change,
)
from portal.support.actions.deciding import approve, propose, propose_rows, send_back
from portal.support.actions.giving import check_running, commit, commit_row, deliver
from portal.support.actions.pools import open_pool
from portal.support.actions.setting_aside import give_up, set_aside
from portal.support.actions.undoing import undo_delivery

__all__ = [
    "Case",
    "approve",
    "approve_change",
    "ask",
    "ask_for",
    "ask_more",
    "ask_to_open",
    "check_running",
    "commit",
    "commit_row",
    "deliver",
    "give_up",
    "let_go",
    "open_pool",
    "open_pool_of",
    "pool_of",
    "propose",
    "propose_rows",
    "refuse_change",
    "release",
    "send_back",
    "set_aside",
    "take_back",
    "take_back_measures",
    "undo_delivery",
    "withdraw_change",
]
