"""The verbs of spaces: staff keep the list, groups book and cancel, the office says what was used."""

from portal.support.spaces.actions.booking import STOPPED, Wish, book, cancel
from portal.support.spaces.actions.closing import Closure, check, close, reopen
from portal.support.spaces.actions.confirming import excuse, miss, use
from portal.support.spaces.actions.keeping import Plan, add, change
from portal.support.spaces.actions.stopping import cancel_coming, let_go_on

__all__ = [
    "STOPPED",
    "Closure",
    "Plan",
    "Wish",
    "add",
    "book",
    "cancel",
    "cancel_coming",
    "change",
    "check",
    "close",
    "excuse",
    "let_go_on",
    "miss",
    "reopen",
    "use",
]
