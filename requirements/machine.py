"""See what the operating system itself must have: install it as root on Debian, or name the exact command."""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

OLDEST = (3, 11)


class Refused(Exception):
    """The set-up cannot go on; the sentence says what to do."""


def say(sentence: str) -> None:
    """Tell the person at the terminal, before anything a started program prints."""
    print(sentence, flush=True)


def required() -> list[str]:
    """Return what the tests may not do without, from PORTAL_TEST_REQUIRE."""
    return [name for name in os.environ.get("PORTAL_TEST_REQUIRE", "").split(",") if name]


class Need(NamedTuple):
    """A thing of the operating system, how to see it, and its package on Debian, Fedora and macOS."""

    what: str
    is_here: Callable[[], bool]
    debian: str
    fedora: str
    macos: str


def _has_library(name: str) -> bool:
    if ctypes.util.find_library(name):
        return True
    folders = ("/opt/homebrew/lib", "/usr/local/lib", "/opt/local/lib")
    if any(Path(folder, f"lib{name}.dylib").exists() for folder in folders):
        return True
    try:
        ctypes.CDLL(f"lib{name}.so.0")
    except OSError:
        return False
    return True


# Chromium without a window: smaller, and the tests take it a fifth less. Not every archive has it.
SHELL = "chromium-headless-shell"


def browser() -> str | None:
    """Return the path of a Chromium, or None."""
    names = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    bundled = "/Applications/Chromium.app/Contents/MacOS/Chromium"
    found = next(filter(None, map(shutil.which, names)), None)
    return found or (bundled if Path(bundled).exists() else None)


PANGO = ("pango", "pango")
VENV_PACKAGE = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
NEEDED = (
    Need(
        "Python's venv",
        lambda: bool(importlib.util.find_spec("ensurepip")),
        VENV_PACKAGE,
        "python3",
        "python",
    ),
    Need("Pango", lambda: _has_library("pango-1.0"), "libpango-1.0-0", *PANGO),
    Need("PangoFT2", lambda: _has_library("pangoft2-1.0"), "libpangoft2-1.0-0", *PANGO),
    Need(
        "HarfBuzz subset",
        lambda: _has_library("harfbuzz-subset"),
        "libharfbuzz-subset0",
        "harfbuzz",
        "harfbuzz",
    ),
)
CHROMIUM = Need("Chromium", lambda: bool(browser()), "chromium", "chromium", "--cask chromium")
# Read the papers back as a person would: their text, their pages as pictures, their QR code.
POPPLER = Need(
    "Poppler", lambda: bool(shutil.which("pdftotext")), "poppler-utils", "poppler-utils", "poppler"
)
ZBAR = Need("ZBar", lambda: bool(shutil.which("zbarimg")), "zbar-tools", "zbar", "zbar")
FOR_TESTS = (CHROMIUM, POPPLER, ZBAR)


def _missing(needs: Sequence[Need]) -> list[Need]:
    return [need for need in needs if not need.is_here()]


def _lines(needs: Sequence[Need]) -> str:
    def words(column: str) -> str:
        return " ".join(dict.fromkeys(getattr(need, column) for need in needs))

    return (
        f"  Debian, Ubuntu:  sudo apt-get update && sudo apt-get install -y {words('debian')}\n"
        f"  Fedora:          sudo dnf install -y {words('fedora')}\n"
        f"  macOS:           brew install {words('macos')}"
    )


def _apt(*words: str) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", *words], check=True, env=quiet, stdout=subprocess.DEVNULL)


def _package(need: Need) -> str:
    if (
        need is CHROMIUM
        and not subprocess.run(["apt-cache", "show", SHELL], capture_output=True, check=False).returncode
    ):
        return SHELL
    return need.debian


def _install_as_root(needs: Sequence[Need]) -> None:
    if not (shutil.which("apt-get") and os.geteuid() == 0):
        return
    say(f"Installing {', '.join(need.what for need in needs)} from Debian's packages.")
    try:
        _apt("update")
        _apt("install", "-y", "--no-install-recommends", *map(_package, needs))
    except subprocess.CalledProcessError:
        say("That did not work.")


def _ensure(needs: Sequence[Need]) -> list[Need]:
    missing = _missing(needs)
    if missing:
        _install_as_root(missing)
    return _missing(missing)


def prepare(kind: str) -> None:
    """See that the machine has what is needed: install it as root on Debian, or stop with the command."""
    if sys.version_info[:2] < OLDEST:
        raise Refused(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}.")
    still = _ensure(NEEDED)
    if still:
        names = ", ".join(need.what for need in still)
        raise Refused(
            f"Missing on this machine: {names}. Install with:\n{_lines(still)}\nThen run this again."
        )
    if kind == "test":
        _machine_for_tests()


def _machine_for_tests() -> None:
    still = _ensure(FOR_TESTS)
    if not still:
        return
    names = ", ".join(need.what for need in still)
    if "browser" in required():
        raise Refused(f"The tests need {names} here. Install with:\n{_lines(still)}")
    say(f"Without {names} some tests will be skipped. To run them, install:\n{_lines(still)}")
