"""Makes one backup while the portal runs: database first, then the files it names, the manifest last."""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal import clock, faults
from portal.operations.backups import databases, keys, manifest
from portal.operations.backups.bytes import digest_of, quiet, sync, write_new
from portal.operations.backups.files import Bringing, Copied, folder_of, needed
from portal.operations.backups.manifest import CHECKPOINT, LISTING, STORE, Backup, BackupFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config import Config
    from portal.operations.backups.bytes import Tell

# Besides what is copied: the manifest, the list, the keys, and room to breathe.
MARGIN_BYTES = 16 << 20
LOCK = ".lock"


@dataclass(frozen=True)
class Plan:
    """Where to, what becomes of the keys, and how many whole backups are kept; nought keeps all."""

    folder: Path
    policy: keys.Policy
    passphrase: str = ""
    keep: int = 0


@dataclass(frozen=True)
class Made:
    """A finished backup, what was copied for it, and what it could not take or threw away."""

    backup: Backup
    copied: Copied
    damaged: list[str]
    pruned: list[str]


def make(config: Config, plan: Plan, tell: Tell = quiet) -> Made:
    """Make a whole backup, or raise BackupFailed and leave none; older ones are pruned only after success."""
    with _alone(plan.folder):
        _tidy(plan.folder)
        now = clock.real()
        name = f"{now:%Y%m%dT%H%M%S}.{now.microsecond // 1000:03d}Z"
        folder = plan.folder / f"{manifest.UNFINISHED}{name}"
        try:
            bringing, says = _fill(config, plan, folder, tell)
            manifest.write(folder, {**says, "made_at": f"{now:%Y-%m-%dT%H:%M:%SZ}"})
            faults.reach("backup-written")
            folder.replace(plan.folder / name)
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, OSError):
                raise BackupFailed(f"The backup cannot be written: {error.strerror}.") from error
            raise
        sync(plan.folder)
        pruned = _prune(plan)
    return Made(manifest.read(plan.folder / name), bringing.copied, bringing.damaged, pruned)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep a second backup out of the folder; the lock of a process that died is gone with it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise BackupFailed(f"Backups cannot be kept in {folder} ({error.strerror}).") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise BackupFailed(f"Another backup into {folder} is being made just now.") from error
    finally:
        os.close(handle)


def _tidy(folder: Path) -> None:
    for left in folder.glob(f"{manifest.UNFINISHED}*"):
        shutil.rmtree(left)


def _fill(config: Config, plan: Plan, folder: Path, tell: Tell) -> tuple[Bringing, dict[str, Any]]:
    store, earlier = folder_of(config.store_url), _newest(plan.folder)
    _check_room(config, plan.folder, needed(store, earlier))
    folder.mkdir(mode=0o700)
    held = keys.put(config, plan.policy, plan.passphrase, folder)
    taken = databases.take(config.database_url, folder, tell)
    faults.reach("backup-database")
    if taken.state.note:
        write_new(folder / CHECKPOINT, taken.state.note.encode())
    bringing = Bringing(store, folder, earlier)
    copied = bringing.bring(taken.state.named, tell)
    faults.reach("backup-files")
    says = {
        "version": portal_version(),
        "city": config.city,
        "mode": config.mode,
        "database": _database(taken),
        "record": {"size": taken.state.size, "root": taken.state.root.hex()},
        "store": {"files": copied.files, "bytes": copied.bytes, "named": len(taken.state.named)},
        "keys": {"policy": plan.policy.value, "holds": held, "secret_key_mark": keys.mark()},
        "parts": _parts(folder),
    }
    return bringing, says


def _newest(folder: Path) -> Backup | None:
    for one in reversed(manifest.whole_in(folder)):
        try:
            return manifest.read(one)
        except BackupFailed:
            continue  # a damaged one is no base for the next
    return None


def _check_room(config: Config, folder: Path, of_files: int) -> None:
    wanted = databases.size_of(config.database_url) + of_files + MARGIN_BYTES
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise BackupFailed(
            f"There is not enough room in {folder}: the backup may need {wanted >> 20} MiB,"
            f" {free >> 20} MiB are free. Make room, or keep fewer backups (--keep)."
        )


def _database(taken: databases.Taken) -> dict[str, Any]:
    return {
        "kind": taken.kind,
        "file": taken.file.name,
        "server": taken.server,
        "migration": taken.state.migration,
        "tables": taken.state.tables,
    }


def _parts(folder: Path) -> dict[str, dict[str, Any]]:
    found = {}
    for path in sorted(folder.iterdir()):
        if path.name != STORE:
            sha256, size = digest_of(path)
            found[path.name] = {"sha256": sha256, "bytes": size}
    assert LISTING in found  # noqa: S101 - a backup without its list would vouch for no paper
    return found


def portal_version() -> str:
    """Return the version of the installed portal."""
    try:
        return version("commons-portal")
    except PackageNotFoundError:
        return "not installed"


def _prune(plan: Plan) -> list[str]:
    whole = manifest.whole_in(plan.folder)
    old = whole[: -plan.keep] if plan.keep else []
    for folder in old:
        # Without its manifest it is no backup any more, wherever the removal is interrupted.
        gone = folder.with_name(f"{manifest.UNFINISHED}{folder.name}")
        folder.replace(gone)
        shutil.rmtree(gone)
    return [folder.name for folder in old]
