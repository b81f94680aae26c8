"""Says how far a long work is: one line that moves on a terminal, a few lines that stay in a log."""

from __future__ import annotations

import sys
import time

PAUSE_SECONDS = 0.2


class Telling:
    """Tells on standard error, so that what the command answers stays alone on standard output."""

    def __init__(self) -> None:
        self.moves = sys.stderr.isatty()
        self._told_at = 0.0
        self._said = ""

    def __call__(self, line: str, *, every: int = 0) -> None:
        """Say the line; of counted ones only those that a person can read in time, and only on a terminal."""
        if every and (not self.moves or time.monotonic() < self._told_at + PAUSE_SECONDS):
            return
        self._told_at = time.monotonic()
        if self.moves:
            print(f"\r{line:<{len(self._said)}}", end="", file=sys.stderr, flush=True)
            self._said = line
        else:
            print(line, file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the moving line."""
        if self._said:
            print(f"\r{'':<{len(self._said)}}\r", end="", file=sys.stderr, flush=True)
            self._said = ""
