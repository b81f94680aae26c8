"""What is the matter when the database says no: five troubles a page can explain, told by error codes."""

from __future__ import annotations

import errno
import sqlite3
from enum import StrEnum

from sqlalchemy import exc


class Trouble(StrEnum):
    """Why something could not be read or written just now; nothing was half-written in any of them."""

    BUSY = "busy"  # others hold what is needed; a few seconds help
    SLOW = "slow"  # it took longer than a page may take
    AWAY = "away"  # nobody answers
    READ_ONLY = "read_only"  # a replica, a read-only disk, or an administrator's switch
    FULL = "full"  # no room on the disk


# Those in which pages can be read while nothing can be sent.
UNWRITABLE = frozenset({Trouble.READ_ONLY, Trouble.FULL})

# https://sqlite.org/rescode.html: the primary code is the lowest byte.
_SQLITE = {
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_CANTOPEN: Trouble.AWAY,
    sqlite3.SQLITE_IOERR: Trouble.AWAY,
    sqlite3.SQLITE_INTERRUPT: Trouble.SLOW,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL = {
    "25006": Trouble.READ_ONLY,  # read-only transaction, also on a replica
    "53100": Trouble.FULL,
    "53200": Trouble.BUSY,  # out of memory
    "53300": Trouble.BUSY,  # too many connections
    "40001": Trouble.BUSY,  # could not be put in order with others
    "40P01": Trouble.BUSY,  # deadlock
    "55P03": Trouble.BUSY,  # somebody else holds the row
    "57014": Trouble.SLOW,  # statement time-out
    "25P03": Trouble.SLOW,  # idle in a transaction
    "57P01": Trouble.AWAY,
    "57P02": Trouble.AWAY,
    "57P03": Trouble.AWAY,
}
_DISK = {
    errno.ENOSPC: Trouble.FULL,
    errno.EDQUOT: Trouble.FULL,
    errno.EROFS: Trouble.READ_ONLY,
}


def trouble_of(error: BaseException) -> Trouble | None:
    """Return which trouble this error is, or None where it is a fault of the program."""
    if isinstance(error, exc.TimeoutError):
        return Trouble.BUSY  # every connection of the pool is in use
    if isinstance(error, exc.DBAPIError):
        return _of_driver(error)
    if isinstance(error, OSError):
        return _DISK.get(error.errno or 0)
    return None


def _of_driver(error: exc.DBAPIError) -> Trouble | None:
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", None)
        return None if code is None else _SQLITE.get(code & 0xFF)
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        # The driver itself speaks: the server was never reached, or the line broke.
        broken = error.connection_invalidated or isinstance(error, exc.OperationalError)
        return Trouble.AWAY if broken else None
    return _POSTGRESQL.get(state, Trouble.AWAY if state.startswith("08") else None)
