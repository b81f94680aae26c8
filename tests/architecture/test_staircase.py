"""Imports go downwards only, in no circle, and rules are plain Python."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tests.architecture.tree import ROOT

RULES = {
    "balance_rules", "clauses", "conditions", "eligibility", "ledger_rules", "lifecycle", "monitors",
    "phases", "scoring", "sections", "thresholds",
}  # fmt: skip
IMPURE = ("flask", "sqlalchemy", "portal.clock", "portal.db", "portal.web", "random", "secrets")
THE_CLOCK = re.compile(r"\b(?:datetime|date)\.(?:now|today|utcnow)\(|\btime\.time\(")


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(
        "portal", include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )


def _is_rule(module: str) -> bool:
    # portal.<feature>.<rule file>, or a module in a folder of that name.
    return len(module.split(".")) > 2 and bool(RULES & set(module.split(".")[2:]))


def test_imports_go_down_the_staircase_only() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, env={"COLUMNS": "120"}
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_rules_know_no_web_no_database_no_clock_and_no_chance(graph: grimp.ImportGraph) -> None:
    rules = [module for module in graph.modules if module.startswith("portal.") and _is_rule(module)]
    assert rules
    chains = [
        graph.find_shortest_chain(importer=rule, imported=impure)
        for rule in sorted(rules)
        for impure in IMPURE
        if impure in graph.modules
    ]
    assert not [" -> ".join(chain) for chain in chains if chain]


def test_only_the_clock_reads_the_clock() -> None:
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "portal").rglob("*.py")
        if THE_CLOCK.search(path.read_text(encoding="utf-8"))
    }
    # A certificate is valid in the world's time, also while a demonstration moves its own clock.
    assert readers <= {"portal/clock.py", "portal/documents/seal.py"}
