"""The typefaces of the papers, unpacked once at the set-up: drawing begins some seconds sooner.

A browser is given the small packed form (WOFF2). What draws papers needs the plain one (TTF), and unpacking
the faces takes seconds of computing each time a drawing process starts. An unpacked file is named by the hash
of the packed one, so that one of an older face is never taken for it.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
import tempfile
from pathlib import Path

from fontTools.ttLib import woff2  # type: ignore[import-untyped]

KEPT = "unpacked"


def place(folder: Path, packed: bytes) -> Path:
    """Return where the unpacked form of this face lies, or would lie."""
    return folder / KEPT / f"{hashlib.sha256(packed).hexdigest()}.ttf"


def read(folder: Path, name: str) -> bytes:
    """Return a face unpacked where that was done before, else as it lies in the folder."""
    packed = (folder / name).read_bytes()
    try:
        return place(folder, packed).read_bytes()
    except OSError:
        return packed


def unpack(folder: Path) -> list[Path]:
    """Unpack every face of the folder that is not yet; return what was written. Raises OSError."""
    written = []
    (folder / KEPT).mkdir(exist_ok=True)
    for face in sorted(folder.glob("*.woff2")):
        packed = face.read_bytes()
        target = place(folder, packed)
        if not target.exists():
            _write(target, packed)
            written.append(target)
    return written


def _write(target: Path, packed: bytes) -> None:
    plain = io.BytesIO()
    woff2.decompress(io.BytesIO(packed), plain)
    # Half a file under the final name would be taken for a face.
    handle, name = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(plain.getvalue())
    Path(name).chmod(0o644)
    Path(name).replace(target)


if __name__ == "__main__":
    unpack(Path(sys.argv[1]))
