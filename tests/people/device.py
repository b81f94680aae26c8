"""A device that holds passkeys, played in software: it answers questions as WebAuthn asks, or wrongly on purpose."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, NEW_KEY = 0x01, 0x04, 0x40


@dataclass
class Device:
    """One key for one site; `count` is its counter, `is_verified` whether its person unlocked it."""

    origin: str = "http://localhost:8000"
    host: str = "localhost"
    count: int = 0
    is_verified: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def made(self, asked: dict[str, Any]) -> str:
        """Return what the browser sends after making the key for these options."""
        numbers = self.key.public_key().public_numbers()
        public = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        )
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        response = {
            "clientDataJSON": self._said("webauthn.create", asked["challenge"]),
            "attestationObject": bytes_to_base64url(
                cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._state(NEW_KEY) + attested})
            ),
        }
        return self._answer(response)

    def answered(self, asked: dict[str, Any]) -> str:
        """Return what the browser sends after the key answered this question."""
        self.count += 1
        said, state = self._said("webauthn.get", asked["challenge"]), self._state(0)
        signed = self.key.sign(
            state + hashlib.sha256(self._plain("webauthn.get", asked["challenge"])).digest(),
            ec.ECDSA(hashes.SHA256()),
        )
        response = {
            "clientDataJSON": said,
            "authenticatorData": bytes_to_base64url(state),
            "signature": bytes_to_base64url(signed),
        }
        return self._answer(response)

    def _plain(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _said(self, kind: str, challenge: str) -> str:
        return bytes_to_base64url(self._plain(kind, challenge))

    def _state(self, more: int) -> bytes:
        flags = PRESENT | (VERIFIED if self.is_verified else 0) | more
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, response: dict[str, str]) -> str:
        name = bytes_to_base64url(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
