"""Keeps one warm child that draws papers, and kills it when a paper takes too long or too much."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import weakref
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Self, cast

from portal.documents import child as child_side
from portal.documents import fonts, wire
from portal.documents.refusals import RenderFailed, Why
from portal.documents.sheet import Sheet

__all__ = ["Limits", "RenderFailed", "Renderer", "Sheet", "Why"]

ROOT = Path(__file__).parents[2]
# Signals of C code that could not allocate, and of the kernel when the machine itself has no memory left.
MEMORY_SIGNALS = frozenset({signal.SIGKILL, signal.SIGABRT, signal.SIGTRAP, signal.SIGSEGV, signal.SIGBUS})
# All else stays here: the child reads strangers' texts and must not know the portal's secrets.
KEPT_NAMES = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
# Only our own faces may be drawn with: what is installed on a machine must not change a paper's bytes.
FONTCONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><cachedir>{folder}</cachedir></fontconfig>"""


@dataclass(frozen=True)
class Limits:
    """What one paper may take, and after how many papers the child is replaced."""

    wall_seconds: float = 90.0
    cpu_seconds: int = 60
    memory_bytes: int = 1024 * 1024 * 1024
    papers: int = 200
    start_seconds: float = 60.0


class Renderer:
    """Draws sheets, one at a time, in a child started with the first; safe to share between threads."""

    def __init__(self, folder: Path = fonts.FOLDER, limits: Limits | None = None) -> None:
        self.folder = folder
        self.limits = limits or Limits()
        self._child: _Child | None = None
        self._lock = threading.Lock()

    def render(self, sheet: Sheet) -> bytes:
        """Return the finished PDF: PDF/A-3a and PDF/UA-1, always the same bytes for the same sheet.

        Refuses with FontsMissing, or with RenderFailed (too long, too much memory, bad).
        """
        with self._lock:
            child = self._ready()
            try:
                return child.draw(sheet, self.limits.wall_seconds)
            finally:
                if child.is_gone or child.papers >= self.limits.papers:
                    self._let_go()

    def close(self) -> None:
        """End the child; a later sheet starts another."""
        with self._lock:
            self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def _ready(self) -> _Child:
        fonts.check(self.folder)
        if self._child is None:
            self._child = _Child(self.folder, self.limits)
        return self._child

    def _let_go(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


class _Child:
    """One child process, its pipes and its own temporary folder."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.papers = 0
        self.is_gone = False
        self._was_late = False
        self._room = tempfile.TemporaryDirectory(prefix="papers-")
        settings = {
            "fonts": str(folder),
            "memory_bytes": limits.memory_bytes,
            "cpu_seconds": limits.cpu_seconds,
        }
        self._running = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
            [sys.executable, "-m", "portal.documents.child", json.dumps(settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._room.name,
            env=_environment(Path(self._room.name)),
            start_new_session=True,
        )
        self._end_with_us = weakref.finalize(self, _end, self._running, self._room)
        self._ask(None, limits.start_seconds)

    def draw(self, sheet: Sheet, seconds: float) -> bytes:
        self.papers += 1
        head, blobs = self._ask(sheet, seconds)
        if "fault" in head:
            raise RenderFailed(Why.BAD, str(head["fault"]))
        return blobs[0]

    def end(self) -> None:
        self.is_gone = True
        self._end_with_us()

    def _ask(self, sheet: Sheet | None, seconds: float) -> tuple[dict[str, Any], list[bytes]]:
        alarm = threading.Timer(seconds, self._kill)
        alarm.daemon = True
        alarm.start()
        try:
            if sheet is not None:
                head, blobs = child_side.pack(sheet)
                wire.send(cast("BinaryIO", self._running.stdin), head, *blobs)
            return wire.receive(cast("BinaryIO", self._running.stdout))
        except (OSError, EOFError, ValueError) as error:
            raise RenderFailed(self._why(), f"exit {self._running.returncode}") from error
        finally:
            alarm.cancel()

    def _kill(self) -> None:
        self._was_late = True
        self._running.kill()

    def _why(self) -> Why:
        """Say why the child went silent; it is gone for good afterwards."""
        try:
            code = self._running.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._running.kill()
            code = self._running.wait()
        was_late = self._was_late or -code == signal.SIGXCPU
        self.end()
        if was_late:
            return Why.TOO_LONG
        is_memory = code == child_side.OUT_OF_MEMORY or (code < 0 and -code in MEMORY_SIGNALS)
        return Why.TOO_MUCH_MEMORY if is_memory else Why.BAD


def _environment(room: Path) -> dict[str, str]:
    """Return a bare environment with our own font configuration."""
    config = room / "fonts.conf"
    config.write_text(FONTCONFIG.format(folder=room / "cache"))
    kept = {name: os.environ[name] for name in KEPT_NAMES if name in os.environ}
    return kept | {
        "FONTCONFIG_FILE": str(config),
        "HOME": str(room),
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(room),
        "TZ": "UTC",
    }


def _end(running: subprocess.Popen[bytes], room: tempfile.TemporaryDirectory[str]) -> None:
    running.kill()
    running.wait()
    for pipe in (running.stdin, running.stdout):
        if pipe is not None:
            with suppress(OSError):  # what was still to be sent has nobody to read it
                pipe.close()
    room.cleanup()
