"""Canonical bytes, hashes, random secrets and password hashing: the only door to cryptography."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

# Codes are read aloud and typed by hand: no 0/O and no 1/I.
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
MOST_EXACT = 2**53 - 1
# A hash takes 64 MiB: no more than this many at once per process, so that sign-ins cannot exhaust memory.
_HASHING = threading.BoundedSemaphore(4)
_cost = {"time_cost": 3, "memory_cost": 65536, "parallelism": 4}


def cheapen_hashing() -> None:
    """Make password hashes cheap; called by the tests and the demonstration seeds only."""
    _cost.update(time_cost=1, memory_cost=1024, parallelism=1)
    _hasher.cache_clear()
    nobody_hash.cache_clear()


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(
        time_cost=_cost["time_cost"], memory_cost=_cost["memory_cost"], parallelism=_cost["parallelism"]
    )


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


def new_token() -> str:
    """Return a secret of 256 bits, safe in an address."""
    return secrets.token_urlsafe(32)


def new_code(length: int) -> str:
    """Return random characters that can be read aloud."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))


def token_hash(token: str) -> str:
    """Return what is stored of a secret: its SHA-256; a secret of 128 bits or more needs no salt."""
    return sha256_hex(token.encode())


def same(one: str, other: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password; at most four are computed at once."""
    with _HASHING:
        return _hasher().hash(password)


def password_matches(stored: str, password: str) -> bool:
    """Say whether the password is the stored one, in the time of one hash."""
    with _HASHING:
        try:
            return _hasher().verify(stored, password)
        except (VerifyMismatchError, InvalidHashError):
            return False


@cache
def nobody_hash() -> str:
    """Return a hash that matches nothing, so that an unknown address costs what a known one does."""
    return hash_password(new_token())
