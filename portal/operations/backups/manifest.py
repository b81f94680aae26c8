"""What a backup says of itself, written last: a folder without a manifest is no backup."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal.canonical import canonical, sha256_hex
from portal.errors import Unready
from portal.operations.backups.bytes import digest_of, sync

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.operations.backups.bytes import Tell

FORMAT = 1
MANIFEST, LISTING, STORE, CHECKPOINT = "manifest.json", "files.txt", "store", "checkpoint.txt"
UNFINISHED = ".unfinished-"
_NAME = re.compile(r"\d{8}T\d{6}\.\d{3}Z")
_LINE = re.compile(r"([0-9a-f]{64}) (\d+)")


class BackupFailed(Unready):
    """The backup cannot be made or used; the sentence names the part."""


@dataclass(frozen=True)
class Backup:
    """A whole backup: its folder and what its manifest says."""

    folder: Path
    says: dict[str, Any]

    @property
    def name(self) -> str:
        """Return the instant (UTC) at which it was begun, as its folder is called."""
        return self.folder.name

    def held(self) -> Iterator[tuple[str, int]]:
        """Yield the hash and size of every file of the store that is in it."""
        with (self.folder / LISTING).open(encoding="ascii", errors="replace") as lines:
            for line in lines:
                matched = _LINE.fullmatch(line.rstrip("\n"))
                if not matched:
                    raise BackupFailed(f"{self.name}/{LISTING} cannot be read: it is damaged.")
                yield matched[1], int(matched[2])

    def file(self, file_hash: str) -> Path:
        """Return where the bytes with this hash are."""
        return self.folder / STORE / file_hash[:2] / file_hash

    def check(self, tell: Tell) -> None:
        """Read every byte again; BackupFailed names the first part that is missing or changed."""
        for name, part in self.says["parts"].items():
            tell(f"reading {name}")
            _same(self, self.folder / name, (part["sha256"], part["bytes"]))
        for count, (file_hash, size) in enumerate(self.held(), start=1):
            tell(f"reading papers: {count} of {self.says['store']['files']}", every=count)
            _same(self, self.file(file_hash), (file_hash, size))


def _same(backup: Backup, path: Path, expected: tuple[str, int]) -> None:
    name = f"{backup.name}/{path.relative_to(backup.folder)}"
    try:
        found = digest_of(path)
    except OSError as error:
        raise BackupFailed(
            f"The backup cannot be used: {name} is missing ({error.strerror}). Take another one."
        ) from error
    if found != expected:
        raise BackupFailed(f"The backup cannot be used: {name} has been changed. Take another one.")


def write(folder: Path, says: dict[str, Any]) -> None:
    """Write the manifest, whole or not at all, and readable by the owner only."""
    sealed = {**says, "format": FORMAT}
    sealed["seal"] = sha256_hex(canonical(sealed))
    part = folder / f".{MANIFEST}"
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(sealed, file, indent=1, sort_keys=True, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / MANIFEST)
    sync(folder)


def read(folder: Path) -> Backup:
    """Return the backup in a folder; BackupFailed where its manifest is missing, damaged or too new."""
    try:
        says = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        seal = says.pop("seal")
        holds = seal == sha256_hex(canonical(says))
    except FileNotFoundError as error:
        raise BackupFailed(f"{folder} has no {MANIFEST}: it is no whole backup.") from error
    except (ValueError, TypeError, KeyError, AttributeError, OSError) as error:
        raise BackupFailed(f"{folder.name}/{MANIFEST} cannot be read: it is damaged.") from error
    if not holds:
        raise BackupFailed(f"The backup cannot be used: {folder.name}/{MANIFEST} has been changed.")
    if says["format"] != FORMAT:
        raise BackupFailed(
            f"{folder.name} was made by another version of the portal: restore it with that one."
        )
    return Backup(folder, says)


def whole_in(folder: Path) -> list[Path]:
    """Return the folders of the whole backups in a folder, the oldest first."""
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(one for one in found if _NAME.fullmatch(one.name) and (one / MANIFEST).is_file())


def find(folder: Path) -> Backup:
    """Return the backup that a folder is, or the newest in it; BackupFailed where there is none."""
    if (folder / MANIFEST).is_file():
        return read(folder)
    whole = whole_in(folder)
    if whole:
        return read(whole[-1])
    if not folder.is_dir():
        raise BackupFailed(f"There is no folder {folder}.")
    begun = any(one.name.startswith(UNFINISHED) for one in folder.iterdir())
    more = " One was begun and did not end." if begun else ""
    raise BackupFailed(f"There is no whole backup in {folder}: none has a {MANIFEST}.{more}")
