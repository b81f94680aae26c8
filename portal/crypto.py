"""Random secrets, hashes of passwords, sealed texts, beside the canonical bytes: the door to cryptography."""

from __future__ import annotations

import base64
import hmac
import secrets
import struct
import threading
from collections.abc import Callable, Iterable
from contextlib import contextmanager, suppress
from functools import cache, partial
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import HashingError, InvalidHashError, VerifyMismatchError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.canonical import canonical, leaf_hash, sha256_hex

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@contextmanager
def cheap_hashing() -> Iterator[None]:
    """Make password hashes cheap for a while: for the demonstration, whose password everybody knows."""
    before = dict(_cost)
    cheapen_hashing()
    try:
        yield
    finally:
        _cost.update(before)
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
    # Its 32 signs divide the 256 values of a byte: each is as likely as the others.
    return "".join([CODE_ALPHABET[byte % 32] for byte in secrets.token_bytes(length)])


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


def needs_rehash(stored: str) -> bool:
    """Say whether the hash was made at another cost than today's."""
    return _hasher().check_needs_rehash(stored)


@cache
def nobody_hash() -> str:
    """Return a hash that matches nothing, so that an unknown address costs what a known one does."""
    return hash_password(new_token())


# Keys of their own for some purposes; under "" the one for everything else.
_secrets: dict[str, list[bytes]] = {}
_NONCE_BYTES = 12


def use_secret(secret: str, older: Iterable[str] = ()) -> None:
    """Make this the process's secret key: sealed texts and keyed hashes hang on it.

    What was sealed under an older key opens as long as that one is named; nothing is sealed anew by itself.
    """
    _secrets.clear()
    _secrets[""] = [secret.encode(), *(one.encode() for one in older)]
    _keys.cache_clear()
    _named.cache_clear()


def use_own_secret(purpose: str, secret: str, older: Iterable[str] = ()) -> None:
    """Let the keyed hashes of one purpose hang on a secret of their own; call it after use_secret()."""
    _secrets[f"hash {purpose}"] = [secret.encode(), *(one.encode() for one in older)]
    _keys.cache_clear()
    _named.cache_clear()


@cache
def _keys(purpose: str) -> tuple[bytes, ...]:
    if not _secrets:
        msg = "no secret key is set: call crypto.use_secret() first"
        raise RuntimeError(msg)
    # What was hashed before a purpose was given a secret of its own is found still.
    found = [*_secrets.get(purpose, ()), *_secrets[""]]
    # RFC 5869: each purpose has a key of its own, so that one use tells nothing about another.
    return tuple(HKDF(SHA256(), 32, None, purpose.encode()).derive(secret) for secret in found)


def seal(text: str, purpose: str) -> str:
    """Return the text encrypted for one purpose (AES-256-GCM), as it may stand in the database."""
    return base64.urlsafe_b64encode(seal_bytes(text.encode(), purpose)).decode()


def unseal(sealed: str, purpose: str) -> str | None:
    """Return the text sealed for this purpose; None where the key, the purpose or the bytes are others."""
    found = unseal_bytes(base64.urlsafe_b64decode(sealed), purpose)
    return None if found is None else found.decode()


def seal_bytes(content: bytes, purpose: str) -> bytes:
    """Return the bytes encrypted for one purpose (AES-256-GCM)."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(_keys("seal")[0]).encrypt(nonce, content, purpose.encode())


def unseal_bytes(sealed: bytes, purpose: str) -> bytes | None:
    """Return the bytes sealed for this purpose; None where the key, the purpose or the bytes are others."""
    nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    for key in _keys("seal"):
        with suppress(InvalidTag):
            return AESGCM(key).decrypt(nonce, rest, purpose.encode())
    return None


def keyed_hash(text: str, purpose: str) -> str:
    """Return an HMAC-SHA256: what is stored of a short secret, worthless to whoever has only the database."""
    return _named(purpose)[0][1](text).hex()


def keyed_hashes(text: str, purpose: str) -> list[str]:
    """Return the hash under the key of today and under each older one."""
    return [hashed(text).hex() for _, hashed in _named(purpose)]


def named_hash(text: str, purpose: str, name: str) -> bytes:
    """Return the hash under the key of that name, one of `key_names`; 32 bytes."""
    return dict(_named(purpose))[name](text)


def key_names(purpose: str) -> list[str]:
    """Return what today's key of a purpose and each older one are called; a name opens nothing."""
    return [name for name, _ in _named(purpose)]


def _hash(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


@cache
def _named(purpose: str) -> tuple[tuple[str, Callable[[str], bytes]], ...]:
    found = _keys(f"hash {purpose}")
    return tuple((_hash(key, "name of this key").hex()[:12], partial(_hash, key)) for key in found)


_LOCKED = struct.Struct(">8s3I16s12s")  # kind, the three costs, salt, nonce
_KIND = b"portal-1"
_MOST_COSTS = (100, 1 << 20, 64)  # a stranger's file must not take all memory (KiB)


def _passphrase_key(passphrase: str, salt: bytes, costs: tuple[int, int, int]) -> bytes:
    with _HASHING:
        return hash_secret_raw(passphrase.encode(), salt, *costs, 32, Type.ID)


def lock(content: bytes, passphrase: str) -> bytes:
    """Return the bytes encrypted under a passphrase: argon2id (RFC 9106) makes the key of AES-256-GCM."""
    costs = (_cost["time_cost"], _cost["memory_cost"], _cost["parallelism"])
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(_NONCE_BYTES)
    head = _LOCKED.pack(_KIND, *costs, salt, nonce)
    return head + AESGCM(_passphrase_key(passphrase, salt, costs)).encrypt(nonce, content, head)


def unlock(locked: bytes, passphrase: str) -> bytes | None:
    """Return what was locked; None where the passphrase or the bytes are others."""
    head, sealed = locked[: _LOCKED.size], locked[_LOCKED.size :]
    if len(head) < _LOCKED.size:
        return None
    kind, *costs, salt, nonce = _LOCKED.unpack(head)
    if kind != _KIND or any(not 0 < cost <= most for cost, most in zip(costs, _MOST_COSTS, strict=True)):
        return None
    try:
        key = _passphrase_key(passphrase, salt, (costs[0], costs[1], costs[2]))
        return AESGCM(key).decrypt(nonce, sealed, head)
    except (InvalidTag, HashingError):
        return None


SEED_BYTES = 32


def signing_seed(secret: str) -> str:
    """Return the seed of the Ed25519 key (RFC 8032) that belongs to a secret, as base64 (RFC 5869)."""
    seed = HKDF(algorithm=SHA256(), length=SEED_BYTES, salt=None, info=b"ed25519").derive(secret.encode())
    return base64.b64encode(seed).decode()


def public_of(seed: str) -> bytes:
    """Return the public key of a signing key, 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed)).public_key().public_bytes_raw()


def sign(seed: str, content: bytes) -> bytes:
    """Return the Ed25519 signature of the bytes, 64 bytes."""
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed)).sign(content)


def is_signed(public: bytes, signature: bytes, content: bytes) -> bool:
    """Say whether the signature of the bytes was made with the key of this public one."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


__all__ = [
    "canonical",
    "cheap_hashing",
    "cheapen_hashing",
    "hash_password",
    "is_signed",
    "key_names",
    "keyed_hash",
    "keyed_hashes",
    "leaf_hash",
    "lock",
    "named_hash",
    "needs_rehash",
    "new_code",
    "new_token",
    "nobody_hash",
    "password_matches",
    "public_of",
    "same",
    "seal",
    "seal_bytes",
    "sha256_hex",
    "sign",
    "signing_seed",
    "token_hash",
    "unlock",
    "unseal",
    "unseal_bytes",
    "use_own_secret",
    "use_secret",
]
