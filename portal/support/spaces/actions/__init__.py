"""The verbs of spaces: staff keep the list, groups book and cancel, the office says what was used."""

from portal.support.spaces.actions.booking import Wish, book, cancel
from portal.support.spaces.actions.confirming import excuse, miss, use
from portal.support.spaces.actions.keeping import Plan, add, change

__all__ = ["Plan", "Wish", "add", "book", "cancel", "change", "excuse", "miss", "use"]
