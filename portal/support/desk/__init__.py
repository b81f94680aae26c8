"""The officials' pages of support: the pools and their ledgers, their changes, and the sheet of a pact."""

from portal.support.desk import allocating, changing, pools
from portal.support.desk.room import support_desk

__all__ = ["allocating", "changing", "pools", "support_desk"]
