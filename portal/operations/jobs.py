"""What the worker calls by night: one backup, where a folder for backups is configured."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from portal.operations.backups import Plan, keys, make
from portal.schedule.said import Said, said

if TYPE_CHECKING:
    from config import Config
    from portal.schedule.actions import Run

# A month of days; the files that did not change take room once.
KEPT = 30
BEAT_SECONDS = 20.0


class _Beat:
    """Lengthens the run's lease while a backup is at work, without a write for each file."""

    def __init__(self, run: Run) -> None:
        self.run, self._last, self._most = run, time.monotonic(), 0

    def __call__(self, line: str, *, every: int = 0) -> None:  # noqa: ARG002 - the desk shows the count
        self._most = max(self._most, every)
        if time.monotonic() >= self._last + BEAT_SECONDS:
            self._last = time.monotonic()
            self.run.progress(every, self._most)


def back_up(config: Config, run: Run) -> Said:
    """Make the backup and say what it holds; whatever keeps it from being whole is raised."""
    if config.backup_dir is None:
        return said("no_backup_place")
    plan = Plan(config.backup_dir, keys.usual(config), config.backup_passphrase, KEPT)
    made = make(config, plan, _Beat(run))
    held, copied = made.backup.says["keys"]["policy"], made.copied
    return said("backed_up", name=made.backup.name, files=copied.files, new=copied.new_files, keys=str(held))
