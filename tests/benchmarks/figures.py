"""What was measured, against its budget: printed as a table, kept in build/bench.json, written into the docs."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "bench.json"
DOCS = ROOT / "docs" / "measures.md"
BEGIN, END = "<!-- measured: written by make bench -->", "<!-- end of what is measured -->"


@dataclass(frozen=True)
class Figure:
    """One measure; `budget` is the most that is allowed (the least where `at_least`)."""

    work: str
    value: float
    unit: str
    budget: float | None = None
    database: str = ""
    rows: int = 0
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        """Say whether the budget is kept; what has none is only told."""
        if self.budget is None:
            return True
        return self.value >= self.budget if self.at_least else self.value <= self.budget


@dataclass
class Figures:
    """The measures of one run."""

    found: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, figure: Figure) -> Figure:
        """Take a measure and say it at once: a run takes minutes."""
        self.found.append(figure)
        sys.stdout.write(f"\n{_line(figure)}\n")
        return figure

    def note(self, words: str) -> None:
        """Say what could not be measured, and why."""
        if words not in self.notes:
            self.notes.append(words)

    def missed(self) -> list[str]:
        """Return the measures beyond their budgets."""
        return [_line(one) for one in self.found if not one.is_met]

    def write(self) -> None:
        """Keep the figures, print them, and put them into the docs where `make bench` asks for it."""
        if not self.found:
            return
        KEPT.parent.mkdir(exist_ok=True)
        told = {"machine": machine(), "figures": [asdict(one) for one in self.found], "notes": self.notes}
        KEPT.write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")
        sys.stdout.write("\n".join(["", *table(self.found), ""]))
        if os.environ.get("PORTAL_BENCH_DOCS"):
            self._write_docs()

    def _write_docs(self) -> None:
        before, _, rest = DOCS.read_text(encoding="utf-8").partition(BEGIN)
        facts = [f"- {name}: {value}" for name, value in machine().items()]
        notes = [f"- {words}" for words in self.notes]
        after = rest.partition(END)[2]
        lines = [BEGIN, "", *facts, "", *table(self.found), "", *notes, *([""] if notes else []), END]
        DOCS.write_text(before + "\n".join(lines) + after, encoding="utf-8")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


def _line(one: Figure) -> str:
    sign = "≥" if one.at_least else "≤"
    budget = "" if one.budget is None else f"{sign} {_number(one.budget)}"
    met = "" if one.budget is None else ("yes" if one.is_met else "**no**")
    rows = f"{one.rows:,}" if one.rows else ""
    return f"| {one.work} | {one.database} | {rows} | {_number(one.value)} {one.unit} | {budget} | {met} |"


def table(found: list[Figure]) -> list[str]:
    """Return the figures as a table."""
    head = ["| work | database | proposals | measured | budget | met |", "|---|---|---|---|---|---|"]
    return [*head, *(_line(one) for one in found)]


def machine() -> dict[str, str]:
    """Return where this was measured."""
    about = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in about if line.startswith("model name")), "")
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "measured on": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, at commit {commit.stdout.strip() or 'unknown'}",
        "processor": f"{os.cpu_count()} × {model or platform.machine()}",
        "load before": f"{os.getloadavg()[2]:.1f} (of the last quarter of an hour)",
        "Python": sys.version.split()[0],
        "SQLite": sqlite3.sqlite_version,
    }
