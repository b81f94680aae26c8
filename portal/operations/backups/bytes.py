"""Bytes that are copied once and believed only after they have been hashed on the way."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol

CHUNK = 1 << 20


class Tell(Protocol):
    """Says how far a long work is; `every` counts items, so that not each of them is a line."""

    def __call__(self, line: str, *, every: int = 0) -> None: ...


def quiet(line: str, *, every: int = 0) -> None:
    """Say nothing."""


def digest_of(path: Path) -> tuple[str, int]:
    """Return the SHA-256 in hexadecimal and the size of a file, read in pieces."""
    found, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            found.update(piece)
            size += len(piece)
    return found.hexdigest(), size


def copy(source: Path, target: Path) -> tuple[str, int]:
    """Copy a file to a new place, readable by the owner only and forced to the disk; return hash and size."""
    found, size = hashlib.sha256(), 0
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out, source.open("rb") as file:
        while piece := file.read(CHUNK):
            found.update(piece)
            size += len(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return found.hexdigest(), size


def write_new(path: Path, content: bytes) -> None:
    """Write a new file, readable by the owner only and forced to the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync(folder: Path) -> None:
    """Force a folder's own list of names to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def link_or_copy(earlier: Path, target: Path) -> tuple[str, int]:
    """Give an earlier backup's file a second name, or copy it where the disk cannot; return hash and size.

    It is read again either way: a disk that rots must not spoil tomorrow's backup unseen.
    """
    with suppress(OSError):
        os.link(earlier, target)
        return digest_of(target)
    return copy(earlier, target)
