"""The public code of an observation, and the secret of its author: made from the code, kept nowhere."""

from __future__ import annotations

import re

from portal import crypto

_PURPOSE = "observation"
CODE = re.compile(r"OS-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{2}")


def new_code() -> str:
    """Return a code like OS-7Q4K-29; the database refuses one that exists."""
    return f"OS-{crypto.new_code(4)}-{crypto.new_code(2)}"


def tidy_code(text: str) -> str:
    """Return a typed code as it is stored: capitals, hyphens in their places."""
    plain = re.sub(r"[^0-9A-Z]", "", text.upper())
    return f"{plain[:2]}-{plain[2:6]}-{plain[6:8]}" if len(plain) == len("OS7Q4K29") else text.strip().upper()


def key_of(code: str) -> str:
    """Return the subject key with which a browser shows that it holds the secret."""
    return f"observation:{code}"


def token_of(code: str) -> str:
    """Return the secret in the link of an observation's author: 256 bits, for this code alone."""
    return crypto.keyed_hash(code, _PURPOSE)


def is_token(code: str, token: str) -> bool:
    """Say whether this is the observation's secret, under the key of today or an older one."""
    return token.isascii() and any(crypto.same(one, token) for one in crypto.keyed_hashes(code, _PURPOSE))
