"""The database: engines for SQLite and PostgreSQL, units of work, and the types every table shares."""

from portal.db.engines import BUSY_SECONDS, JOBS, PAGES, Patience, _one_writer, waits
from portal.db.guards import guard_ddl, keep_append_only, triggers_ddl
from portal.db.tables import NAMES, Base, BigNumber, UtcDateTime, Versioned, among
from portal.db.troubles import UNWRITABLE, Trouble, trouble_of
from portal.db.units import (
    Database,
    _default,
    aside,
    database,
    database_skew_seconds,
    insert,
    only_rows,
    reading,
    rows,
    session,
    snapshot,
    unit,
    use,
    writing,
)

__all__ = [
    "BUSY_SECONDS",
    "JOBS",
    "NAMES",
    "PAGES",
    "UNWRITABLE",
    "Base",
    "BigNumber",
    "Database",
    "Patience",
    "Trouble",
    "UtcDateTime",
    "Versioned",
    "_default",
    "_one_writer",
    "among",
    "aside",
    "database",
    "database_skew_seconds",
    "guard_ddl",
    "insert",
    "keep_append_only",
    "only_rows",
    "reading",
    "rows",
    "session",
    "snapshot",
    "triggers_ddl",
    "trouble_of",
    "unit",
    "use",
    "waits",
    "writing",
]
