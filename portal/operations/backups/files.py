"""Brings the store's files into a backup: hashed on the way, and kept once however many backups hold it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from portal.operations.backups.bytes import copy, link_or_copy, sync
from portal.operations.backups.manifest import LISTING, STORE, BackupFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.operations.backups.bytes import Tell
    from portal.operations.backups.manifest import Backup

_HASH = re.compile(r"[0-9a-f]{64}")


def folder_of(store_url: str) -> Path:
    """Return the folder of the store; BackupFailed for a store that is not a folder."""
    parts = urlsplit(store_url)
    if parts.scheme != "file":
        raise BackupFailed(
            "This version backs up a store in a folder: object stores keep copies of their own."
        )
    return Path(parts.path)


def in_store(folder: Path) -> Iterator[Path]:
    """Yield the stored files; half-written ones are none."""
    for path in sorted(folder.glob("??/??/*")):
        if _HASH.fullmatch(path.name):
            yield path


@dataclass
class Copied:
    """How many files the backup holds, how many bytes, and how many of both were new."""

    files: int = 0
    bytes: int = 0
    new_files: int = 0
    new_bytes: int = 0


def needed(folder: Path, earlier: Backup | None) -> int:
    """Return how many bytes of the store no earlier backup holds."""
    return sum(path.stat().st_size for path in in_store(folder) if not _earlier(earlier, path.name))


def _earlier(earlier: Backup | None, file_hash: str) -> Path | None:
    held = earlier.file(file_hash) if earlier else None
    return held if held and held.is_file() else None


class Bringing:
    """Brings files from a store into one backup."""

    def __init__(self, store: Path, target: Path, earlier: Backup | None) -> None:
        self.store, self.target, self.earlier = store, target, earlier
        self.copied = Copied()
        self.damaged: list[str] = []

    def bring(self, named: frozenset[str], tell: Tell) -> Copied:
        """Bring every file; BackupFailed where one that the database names is nowhere whole.

        The database was taken first: a file is stored before its row is, so all of them are here by now.
        """
        names = sorted({path.name for path in in_store(self.store)} | named)
        with self._listing() as listing:
            for count, name in enumerate(names, start=1):
                size = self._one(name)
                if size is None:
                    self._miss(name, is_named=name in named)
                    continue
                listing.write(f"{name} {size}\n")
                tell(f"papers: {count} of {len(names)}", every=count)
            listing.flush()
            os.fsync(listing.fileno())
        sync(self.target / STORE)
        return self.copied

    def _listing(self) -> IO[str]:
        (self.target / STORE).mkdir(mode=0o700)
        handle = os.open(self.target / LISTING, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        return os.fdopen(handle, "w", encoding="ascii")

    def _miss(self, name: str, *, is_named: bool) -> None:
        if is_named:
            raise BackupFailed(
                f"The stored file {name} is missing or damaged, and no earlier backup holds it whole:"
                " no backup was made. `portal verify papers` says which paper it is."
            )
        self.damaged.append(name)

    def _one(self, name: str) -> int | None:
        """Return the size of the file that was brought, None where neither place holds it whole."""
        place = self.target / STORE / name[:2] / name
        place.parent.mkdir(mode=0o700, exist_ok=True)
        held = _earlier(self.earlier, name)
        if held is not None:
            found, size = link_or_copy(held, place)
            if found == name:
                return self._count(size, is_new=False)
            place.unlink()
        source = self.store / name[:2] / name[2:4] / name
        if not source.is_file():
            return None
        found, size = copy(source, place)
        if found != name:
            place.unlink()
            return None
        return self._count(size, is_new=True)

    def _count(self, size: int, *, is_new: bool) -> int:
        self.copied.files += 1
        self.copied.bytes += size
        if is_new:
            self.copied.new_files += 1
            self.copied.new_bytes += size
        return size
