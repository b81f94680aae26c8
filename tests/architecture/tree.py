"""The files of the project, as the tests of its shape read them."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
MADE = {".venv", "node_modules", "vendor", "__pycache__", "var", "build"}


def files(*folders: str, ends: str) -> list[Path]:
    """Return the files below these folders (or these files), without what set-up and running make."""
    found: list[Path] = []
    for folder in folders:
        start = ROOT / folder
        found += [start] if start.is_file() else start.rglob(f"*{ends}")
    return sorted(path for path in found if path.is_file() and not MADE & set(path.relative_to(ROOT).parts))


@cache
def committed() -> tuple[Path, ...]:
    """Return every file under version control, or every file where there is no git."""
    asked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if asked.returncode:
        return tuple(files(".", ends=""))
    named = (ROOT / name for name in asked.stdout.split("\0") if name)
    return tuple(path for path in named if path.is_file())


def sources() -> list[Path]:
    """Return the Python of the product itself."""
    return files("config.py", "portal", "seeds", "requirements", ends=".py")


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    """Return a path as a person writes it."""
    return path.relative_to(ROOT).as_posix()
