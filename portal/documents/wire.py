"""The pipe between the portal and the child that draws: a JSON head and blobs, each with its length.

Nothing is unpickled: what a child answers after it read a hostile text stays plain bytes.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

# An agreement has some hundred kilobytes; beyond this the answer is not a paper.
LARGEST = 256 * 1024 * 1024
_LENGTH = struct.Struct(">I")


def send(stream: BinaryIO, head: dict[str, Any], *blobs: bytes) -> None:
    """Write one message and flush it."""
    text = json.dumps(head | {"blobs": [len(blob) for blob in blobs]}).encode()
    stream.write(_LENGTH.pack(len(text)))
    stream.write(text)
    stream.writelines(blobs)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[dict[str, Any], list[bytes]]:
    """Read one message; EOFError where the other side has gone."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    head = json.loads(_exactly(stream, length))
    return head, [_exactly(stream, size) for size in head.pop("blobs")]


def _exactly(stream: BinaryIO, size: int) -> bytes:
    if not 0 <= size <= LARGEST:
        msg = f"a message part of {size} bytes"
        raise ValueError(msg)
    found = stream.read(size)
    if len(found) != size:
        raise EOFError
    return found
