"""Functions stay calm and files short, so that each can be read at once."""

from __future__ import annotations

import ast
import statistics

from tests.architecture.tree import name, parsed, sources

LONGEST_FUNCTION, LONG_FUNCTION, LONGEST_FILE = 50, 25, 350


def _functions() -> dict[str, int]:
    found = {}
    for path in sources():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found[f"{name(path)}:{node.lineno} {node.name}"] = (node.end_lineno or 0) - node.lineno + 1
    return found


def test_no_function_is_long() -> None:
    lengths = _functions()
    assert not {where: lines for where, lines in lengths.items() if lines > LONGEST_FUNCTION}


def test_most_functions_are_short() -> None:
    lengths = sorted(_functions().values())
    assert statistics.median(lengths) <= 8
    assert lengths[int(len(lengths) * 0.95)] < LONG_FUNCTION


def test_no_file_is_long() -> None:
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert not {where: lines for where, lines in lengths.items() if lines > LONGEST_FILE}
