"""How things are measured: CPU in turns with a bare answer, steps of SQLite, buffers of PostgreSQL, memory."""

from __future__ import annotations

import html
import io
import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from psycopg import sql
from sqlalchemy import Engine, event
from werkzeug.test import EnvironBuilder

from portal import db
from tests.counting import noting_straight

_NAMED = re.compile(r"%\((\w+)\)s")
_LINKED = re.compile(r"""<(?:link rel="stylesheet"|script|link rel="icon")[^>]*(?:href|src)="([^"]+)""")
_FONTS = re.compile(r"(vendor/fonts/[\w.-]+\.woff2)")
QUIET = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "EXPLAIN")
Call = Callable[[], tuple[int, bytes, dict[str, str]]]


def bare() -> Flask:
    """Return what everything is compared with: Flask that answers a word and asks nobody."""
    app = Flask("bare")
    app.get("/")(lambda: "ok\n")
    return app


def caller(app: Any, path: str = "/", **headers: str) -> Call:
    """Return a function that sends one request through the application, without any client around it."""
    builder = EnvironBuilder(path=path, base_url="http://127.0.0.1:8000", headers=headers)
    environ = builder.get_environ()
    builder.close()

    def call() -> tuple[int, bytes, dict[str, str]]:
        told: dict[str, Any] = {}

        def start(status: str, sent: list[tuple[str, str]], _error: Any = None) -> Any:
            told.update(status=int(status[:3]), headers=dict(sent))

        answer = app({**environ, "wsgi.input": io.BytesIO()}, start)
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        return told["status"], body, told["headers"]

    return call


def _cpu(call: Callable[[], object], times: int) -> float:
    begun = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - begun) / times


def ratios(calls: dict[str, Callable[[], object]], *, rounds: int = 7) -> dict[str, float]:
    """Return the CPU of each call as a multiple of "bare": every round asks all in turn, the median counts."""
    times = {}
    for name, call in calls.items():
        once = max(_cpu(call, 3), 1e-5)
        times[name] = max(3, min(400, int(0.06 / once)))
    found: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        base = _cpu(calls["bare"], times["bare"])
        for name, call in calls.items():
            found[name].append(_cpu(call, times[name]) / base)
        # The machine may have changed its pace meanwhile: a round counts only between two like measures.
    return {name: statistics.median(values) for name, values in found.items()}


@contextmanager
def asked() -> Iterator[list[tuple[str, Any]]]:
    """Collect the statements that are sent meanwhile, with their parameters, on both lines."""
    found: list[tuple[str, Any]] = []

    def note(_line: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(QUIET):
            found.append((statement, parameters))

    with (
        _listening("before_cursor_execute", note),
        noting_straight(lambda _driver, statement, given: found.append((statement, given))),
    ):
        yield found


def engines() -> list[Engine]:
    """Return the engines of the process's database: on PostgreSQL readers have their own."""
    base = db.database()
    return [base.engine] if base.is_sqlite else [base.engine, base.reader]


@contextmanager
def _listening(name: str, note: Callable[..., None]) -> Iterator[None]:
    for engine in engines():
        event.listen(engine, name, note)
    try:
        yield
    finally:
        for engine in engines():
            event.remove(engine, name, note)


def vm_steps(call: Callable[[], object], *, but: str = "") -> int:
    """Return how many steps SQLite's machine takes for one call; the same call always takes the same.

    Statements with the words of `but` in them do not count.
    """
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    def begin(line: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        straight(line.connection.driver_connection, statement)

    def straight(driver: Any, statement: str, _given: Any = ()) -> None:
        driver.set_progress_handler(None if but and but in statement else step, 1)

    for _ in range(2):  # what is kept or written out after the first calls does not count
        call()
    with _listening("before_cursor_execute", begin), noting_straight(straight):
        call()
    with db.database().engine.connect() as line:
        line.connection.driver_connection.set_progress_handler(None, 0)
    return count


def buffers(call: Callable[[], object]) -> int:
    """Return how many pages of 8 KB PostgreSQL touches for the statements of one call."""
    call()
    with asked() as found:
        call()
    with db.database().reader.connect() as line:
        return sum(_touched(line, statement, parameters) for statement, parameters in found)


def _touched(line: Any, statement: str, parameters: Any) -> int:
    """Return the pages of one statement, prepared as the driver prepares it, so that its general plan counts."""
    names = list(dict.fromkeys(_NAMED.findall(statement)))
    numbered = _NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", statement).replace("%%", "%")
    given = sql.SQL(", ").join(sql.Literal(parameters[name]) for name in names)
    call = sql.SQL("EXECUTE bench ({})").format(given) if names else sql.SQL("EXECUTE bench")
    raw = line.connection.driver_connection
    with raw.cursor() as cursor:
        cursor.execute("SET plan_cache_mode = force_generic_plan")
        cursor.execute(f"PREPARE bench AS {numbered}")
        for _ in range(2):  # the second time the planner's own reading is over
            cursor.execute(sql.SQL("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {}").format(call))
            plan = cursor.fetchone()[0][0]["Plan"]
        cursor.execute("DEALLOCATE bench")
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def resident_mb(pid: int | str = "self") -> float:
    """Return the memory a process holds that it shares with nobody, and its share of the rest, in MB."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Rss:"):
            return int(line.split()[1]) / 1024
    raise AssertionError(pid)


def cpu_seconds(pid: int) -> float:
    """Return how long a process has computed, to the nanosecond."""
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


def assets_of(text: str, kind: str) -> list[str]:
    """Return what a page or a style sheet makes a browser load at once; of fonts those of Latin letters."""
    if kind.startswith("text/html"):
        return [html.unescape(path) for path in _LINKED.findall(text) if path.startswith("/static/")]
    named = _FONTS.findall(text)
    return [f"/static/{path}" for path in named if "-latin-" in path and "-ext-" not in path]
