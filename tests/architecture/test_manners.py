"""Names say what a thing is, each file says its idea, and only the edges commit."""

from __future__ import annotations

import ast
import re

from tests.architecture.tree import files, name, parsed, sources

BANNED = {
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "service",
    "services",
    "handler",
    "data",
    "info",
    "process",
}
MAY_COMMIT = re.compile(r"portal/(?:app|worker|cli|db)(?:\.py$|/)")


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = {name(path): {path.stem, path.parent.name} for path in sources()}
    assert not [where for where, words in named.items() if words & BANNED]


def test_every_file_opens_with_its_idea() -> None:
    tests = files("tests", "migrations", ends=".py")
    silent = [
        name(path)
        for path in [*sources(), *tests]
        if parsed(path).body and not ast.get_docstring(parsed(path))
    ]
    assert not [where for where in silent if "/versions/" not in where]


def _commits(tree: ast.Module) -> list[int]:
    # Without arguments: `support.commit(pact, version)` is a verb of the city, not of the database.
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and not node.args]
    return [
        call.lineno for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "commit"
    ]


def test_only_the_edges_commit() -> None:
    product = [path for path in sources() if not MAY_COMMIT.match(name(path))]
    assert not {name(path): lines for path in product if (lines := _commits(parsed(path)))}


def test_views_hold_no_sql() -> None:
    views = [
        path
        for path in sources()
        if (path.stem in {"views", "desk"} or path.parent.name in {"views", "desk"})
        and path.parent.name not in {"actions", "models", "queries", "reminders"}
    ]
    speaking = [
        name(path)
        for path in views
        for node in parsed(path).body  # what only a type checker imports speaks no SQL
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sqlalchemy"
    ]
    assert not speaking
