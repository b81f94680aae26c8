"""Templates and assets ask nothing of others and carry no style or script of their own inside a page."""

from __future__ import annotations

import re

from tests.architecture.tree import ROOT, committed, files, name

BARRED = {
    "style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "safe filter": re.compile(r"\|\s*safe\b|autoescape\s+false", re.IGNORECASE),
    "script in the page": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "style in the page": re.compile(r"<style\b", re.IGNORECASE),
    "script attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
}
# An address a browser would fetch by itself; a link that a person may follow is another matter.
FETCHED = re.compile(
    r"""\b(?:src|srcset|poster|data|action|formaction)\s*=\s*["']?(?:https?:)?//
      | <link\b[^>]*\bhref\s*=\s*["']?(?:https?:)?//
      | url\(\s*["']?(?:https?:)?//
      | @import\b
      | \b(?:fetch|import|importScripts|WebSocket|EventSource)\(\s*["'`](?:https?:|wss?:)?//""",
    re.IGNORECASE | re.VERBOSE,
)


def test_templates_carry_no_style_script_or_unescaped_text() -> None:
    found = [
        f"{name(path)}: {what}"
        for path in files("templates", ends=".html")
        for what, pattern in BARRED.items()
        if pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert not found


def test_no_page_asks_another_server() -> None:
    kinds = {".html", ".css", ".js", ".svg", ".py", ".txt"}
    own = (
        path for path in committed() if path.suffix in kinds and "tests" not in path.relative_to(ROOT).parts
    )
    found = {name(path): hit[0] for path in own if (hit := FETCHED.search(path.read_text(encoding="utf-8")))}
    assert not found


def test_locks_name_no_registry() -> None:
    locks = [*files("requirements", ends=".txt"), ROOT / "package-lock.json", ROOT / "package.json"]
    assert not [name(path) for path in locks if "://" in path.read_text(encoding="utf-8")]
    assert not [name(path) for path in committed() if path.name in {"uv.lock", "pylock.toml", "poetry.lock"}]


def test_locks_carry_a_hash_for_every_package() -> None:
    for path in files("requirements", ends=".txt"):
        entries = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8"))
        assert not [entry for entry in entries if "==" in entry and "--hash=sha256:" not in entry]
