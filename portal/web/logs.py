"""What is written down of the portal's running: lines that tell what went wrong where, and never about whom.

An exception's message may quote a row, a form or an address; only its kind, its code and its places are told.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import sys
import traceback
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import structlog
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from structlog.typing import EventDict, Processor

    from config import Config

ROOT = Path(__file__).resolve().parents[2]
# What a line may carry beside its sentence.
FIELDS = ("endpoint", "method", "status", "ms", "signed_in", "reference")
# Their sentences are ours, or known to hold no values; of all others only the template is told.
KNOWN = ("portal", "_granian", "alembic", "apscheduler", "tests")
MOST_ERRORS, MOST_PLACES = 5, 25
# "UNIQUE constraint failed: person.email" names a column; other words of SQLite may quote a value.
_RULE = re.compile(r"(?:UNIQUE|CHECK|NOT NULL|FOREIGN KEY) constraint failed(?:: [\w.]+(?:, [\w.]+)*)?")


def configure_for(config: Config) -> None:
    """Write lines as the configuration says; whole exceptions only to who sits before a demonstration."""
    configure(config.log, shows_messages=config.is_demo and sys.stderr.isatty())


def configure_unless_done() -> None:
    """Write readable lines, unless somebody else decided already where they go."""
    if not logging.getLogger().handlers:
        configure("text")


class _Writer(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes what may be told: whole sentences of ours, of libraries only the template."""

    def emit(self, record: logging.LogRecord) -> None:
        super().emit(record if record.name.split(".")[0] in KNOWN else _withheld(record))


def _withheld(record: logging.LogRecord) -> logging.LogRecord:
    found = copy(record)
    # A template has its values apart; a sentence put together elsewhere may hold anything.
    found.msg = str(record.msg) if record.args else "(a sentence of a library, withheld)"
    found.args = ()
    return found


def configure(form: str, *, shows_messages: bool = False, to: TextIO | None = None) -> None:
    """Write lines to the standard error, as "json" or "text"; `shows_messages` tells whole exceptions."""
    handler = _Writer(to or sys.stderr)
    handler.setFormatter(_formatter(form, shows_messages=shows_messages))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    # A tick that finds its job still at work is nothing to report; foreign libraries like to talk.
    for name in ("apscheduler", "weasyprint", "fontTools", "pyhanko", "urllib3", "PIL"):
        logging.getLogger(name).setLevel(logging.ERROR)
    for name in ("alembic", "portal.db.engines"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _formatter(form: str, *, shows_messages: bool) -> logging.Formatter:
    tell = structlog.processors.format_exc_info if shows_messages else _tell_error
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=FIELDS),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        tell,
    ]
    shown: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=True)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, shown],
        keep_exc_info=False,
        keep_stack_info=False,
    )


def granian_settings() -> dict[str, Any]:
    """Return what lets the web server's own lines take the same way as ours."""
    return {"handlers": {}, "formatters": {}, "loggers": {"_granian": {"level": "INFO", "propagate": True}}}


def _tell_error(_logger: object, _method: str, event: EventDict) -> EventDict:
    found = event.pop("exc_info", None)
    error = found[1] if isinstance(found, tuple) else None
    if error is not None:
        event["exception"] = "\n".join(_chain(error))
    return event


def _chain(error: BaseException) -> Iterator[str]:
    """Yield one paragraph an error, from the last to what caused it."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen and len(seen) < MOST_ERRORS:
        seen.add(id(current))
        yield describe(current)
        yield from _places(current.__traceback__)
        current = current.__cause__ or current.__context__


def describe(error: BaseException) -> str:
    """Return the kind of an error with its code and the rule it broke; never its message."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    driver = error.orig if isinstance(error, DBAPIError) else error
    return " ".join([kind, *filter(None, _codes(driver))])


def _codes(error: BaseException | None) -> Iterator[str]:
    if isinstance(error, OSError) and error.errno:
        yield f"errno={error.errno}"
    if isinstance(error, sqlite3.Error):
        yield getattr(error, "sqlite_errorname", "")
        rule = _RULE.fullmatch(str(error))
        yield rule[0] if rule else ""
    diagnosis = getattr(error, "diag", None)
    if diagnosis is not None:
        yield f"sqlstate={diagnosis.sqlstate}"
        yield from (str(name) for name in (diagnosis.table_name, diagnosis.constraint_name) if name)


def _places(trace: TracebackType | None) -> Iterator[str]:
    for place in traceback.extract_tb(trace)[-MOST_PLACES:]:
        path = Path(place.filename)
        name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else Path(*path.parts[-3:])
        yield f"  {name}:{place.lineno} {place.name}"
