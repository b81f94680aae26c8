"""Keeps papers under the hash of their bytes: nothing is ever overwritten, nothing is believed unread."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from portal import crypto, faults
from portal.documents.refusals import NotStored, StoreFailed
from portal.words import W

_HASH = re.compile(r"[0-9a-f]{64}")


class Store(Protocol):
    """Where papers are kept; a folder by default, an object store where one is configured."""

    def put(self, content: bytes) -> str:
        """Keep the bytes and return their SHA-256 in hexadecimal; StoreFailed unless read back alike."""

    def open(self, file_hash: str) -> BinaryIO:
        """Return the stored bytes as a stream; NotStored where there are none."""

    def read(self, file_hash: str) -> bytes:
        """Return the stored bytes after checking them; NotStored, or StoreFailed where they have changed."""

    def drop(self, file_hash: str, *, untouched_since: float) -> bool:
        """Destroy the bytes and return True; False where somebody kept them since (seconds since 1970)."""


class FolderStore:
    """A folder, two levels deep by the first characters of the hash."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep the bytes for good and return their SHA-256 in hexadecimal.

        Written beside its place, forced to the disk, renamed and read back: a crash leaves all or nothing.
        """
        file_hash = crypto.sha256_hex(content)
        path = self._path(file_hash)
        try:
            if self._holds(path, file_hash):
                path.touch()  # kept anew: whoever is about to destroy it sees that
            else:
                _write(path, content)
                if not self._holds(path, file_hash):
                    raise StoreFailed(W("The document store gave back other bytes than it was given."))
        except OSError as error:
            raise StoreFailed(W("The document store cannot be written. Is the disk full?")) from error
        return file_hash

    def open(self, file_hash: str) -> BinaryIO:
        """Return the stored bytes as a stream; NotStored where there are none."""
        try:
            return self._path(file_hash).open("rb")
        except FileNotFoundError as error:
            raise NotStored(W("There is no document under this number.")) from error

    def read(self, file_hash: str) -> bytes:
        """Return the stored bytes after checking them; NotStored, or StoreFailed where they have changed."""
        with self.open(file_hash) as file:
            content = file.read()
        if crypto.sha256_hex(content) != file_hash:
            raise StoreFailed(W("A stored document has been damaged. Restore it from the backup."))
        return content

    def drop(self, file_hash: str, *, untouched_since: float) -> bool:
        """Destroy the bytes and return True, also where they were gone; False where they were kept since."""
        path = self._path(file_hash)
        with suppress(FileNotFoundError):
            if path.stat().st_mtime >= untouched_since:
                return False
            path.unlink()
        return True

    def _path(self, file_hash: str) -> Path:
        if not _HASH.fullmatch(file_hash):
            raise NotStored(W("There is no document under this number."))
        return self.folder / file_hash[:2] / file_hash[2:4] / file_hash

    def _holds(self, path: Path, file_hash: str) -> bool:
        try:
            return crypto.sha256_hex(path.read_bytes()) == file_hash
        except FileNotFoundError:
            return False


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        faults.reach("part-written")
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    # The rename is safe only when the folders that name it are on the disk too.
    for folder in (path.parent, path.parent.parent, path.parent.parent.parent):
        _sync(folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
