"""The rules of second factors: who needs one, which code is right, and for which site a passkey is made."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pyotp

from portal.crypto import same

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

STEP_SECONDS = 30
DIGITS = 6
# A phone's clock may be half a minute off (RFC 6238, 5.2).
DRIFT_STEPS = 1
RECOVERY_CODES, RECOVERY_LENGTH, RECOVERY_GROUP = 10, 16, 4


def is_obliged(ends: Iterable[datetime | None], at: datetime) -> bool:
    """Say whether somebody with roles that end at these instants needs a second factor.

    A role that is still to begin obliges already, so that nobody stands without one on the first day.
    """
    return any(end is None or end > at for end in ends)


def plain(typed: str) -> str:
    """Return what was typed without the spaces and dashes that make codes readable, in capitals."""
    return "".join(sign for sign in typed.upper() if not sign.isspace() and sign not in "-‐‑–—")


def is_app_code(typed: str) -> bool:
    """Say whether this looks like the code of an app: six digits, and no other script's."""
    code = plain(typed)
    return len(code) == DIGITS and code.isascii() and code.isdigit()


def step_of(at: datetime) -> int:
    """Return the number of the stretch of thirty seconds that holds this instant (RFC 6238, 4.2)."""
    return int(at.timestamp()) // STEP_SECONDS


def code_at(secret: str, step: int) -> str:
    """Return the code that an app shows in this stretch."""
    return str(pyotp.TOTP(secret).generate_otp(step))


def matching_step(secret: str, typed: str, at: datetime, *, after: int) -> int | None:
    """Return the stretch whose code this is, later than `after`; None where the code is wrong or used."""
    now, code = step_of(at), plain(typed)
    near = [
        step for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1) if same(code_at(secret, step), code)
    ]
    return next((step for step in near if step > after), None)


def address_for_app(secret: str, account: str, issuer: str) -> str:
    """Return the otpauth address that a QR code hands to the app."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer))


def readable(code: str) -> str:
    """Return a code in groups of four."""
    return " ".join(code[at : at + RECOVERY_GROUP] for at in range(0, len(code), RECOVERY_GROUP))


def seeded_secret(email: str) -> str:
    """Return the secret of a demonstration account: anybody can work it out, so production never asks."""
    digest = hashlib.sha256(f"second step of the demonstration: {email}".encode()).digest()
    return base64.b32encode(digest[:20]).decode()


def web_safe(content: bytes) -> str:
    """Return bytes as WebAuthn writes them: base64url without padding (RFC 4648, 5)."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def from_web_safe(text: str) -> bytes:
    """Return the bytes again."""
    return base64.urlsafe_b64decode(f"{text}==")


@dataclass(frozen=True, slots=True)
class Site:
    """What a passkey is bound to: the host of the portal's address, and the address itself."""

    host: str
    origin: str

    @classmethod
    def of(cls, base_url: str) -> Site | None:
        """Return the site of a base address; None where it is a bare number, for which no passkey can be."""
        parts = urlsplit(base_url)
        host = parts.hostname or ""
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return cls(host, f"{parts.scheme}://{parts.netloc}")
        return None
