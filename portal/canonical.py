"""One form of bytes for one content (RFC 8785), and the hashes of it; pure, so that rules may use it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

MOST_EXACT = 2**53 - 1


def canonical(value: Any) -> bytes:
    """Return the canonical JSON bytes (RFC 8785) of strings, integers, booleans, null, lists and objects.

    Floats and integers that a float cannot hold are refused with TypeError, keys must be ASCII: so the plain
    sorted dump is already canonical.
    """
    _check_canonical(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _check_canonical(value: Any) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if not (isinstance(key, str) and key.isascii()):
                msg = f"a key must be ASCII text: {key!r}"
                raise TypeError(msg)
            _check_canonical(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check_canonical(item)
    elif not (value is None or isinstance(value, str) or _is_exact(value)):
        msg = f"not allowed in canonical JSON: {type(value).__name__}"
        raise TypeError(msg)


def _is_exact(value: Any) -> bool:
    # Other programs read JSON numbers as floats (RFC 8785, section 3.2.2.3).
    return isinstance(value, int) and abs(value) <= MOST_EXACT


def sha256_hex(content: bytes) -> str:
    """Return the SHA-256 of the bytes as 64 hexadecimal characters."""
    return hashlib.sha256(content).hexdigest()


def leaf_hash(content: bytes) -> bytes:
    """Return the Merkle leaf hash of the bytes (RFC 9162, section 2.1.1)."""
    return hashlib.sha256(b"\x00" + content).digest()
