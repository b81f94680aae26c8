"""Random secrets and password hashing, beside the canonical bytes: the only door to cryptography."""

from __future__ import annotations

import hmac
import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from portal.canonical import canonical, leaf_hash, sha256_hex

# Codes are read aloud and typed by hand: no 0/O and no 1/I.
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
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


__all__ = [
    "canonical",
    "cheapen_hashing",
    "hash_password",
    "leaf_hash",
    "new_code",
    "new_token",
    "nobody_hash",
    "password_matches",
    "same",
    "sha256_hex",
    "token_hash",
]
