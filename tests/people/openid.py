"""An OpenID provider on the loopback: real HTTP, real keys, codes that work once and only with their verifier."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "commons-portal", "a-secret-between-the-two"


@dataclass
class OpenId:
    """The provider; `person` is who sits at its sign-in page, `twist` changes what it says about them."""

    person: dict[str, Any] = field(default_factory=lambda: {"sub": "s-1", "name": "Rosa Neri"})
    twist: dict[str, Any] = field(default_factory=dict)
    is_away: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1"}))
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def start(self) -> OpenId:
        provider = self

        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.look(self)

            def do_POST(self) -> None:
                provider.exchange(self)

            def log_message(self, *words: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self.issuer = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def look(self, page: BaseHTTPRequestHandler) -> None:
        path = urlsplit(page.path).path
        if self.is_away:
            return _answer(page, {"error": "temporarily_unavailable"}, 503)
        if path == "/keys":
            return _answer(page, {"keys": [self.key.as_dict(private=False)]})
        return _answer(
            page,
            {
                "issuer": self.twist.get("metadata_issuer", self.issuer),
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            },
        )

    def sign_in(self, address: str) -> str:
        """Sit at the sign-in page that `address` opens, and return the address the browser is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.asked.append(asked)
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": self.issuer, **self.twist.get("answer", {})}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def exchange(self, page: BaseHTTPRequestHandler) -> None:
        length = int(page.headers.get("Content-Length", 0))
        sent = {name: values[0] for name, values in parse_qs(page.rfile.read(length).decode()).items()}
        asked = self._codes.pop(sent.get("code", ""), None)  # a code works once
        if asked is None or not self._is_client(page) or not _fits(asked, sent):
            return _answer(page, {"error": "invalid_grant"}, 400)
        return _answer(
            page, {"access_token": "a", "token_type": "Bearer", "id_token": self._id_token(asked["nonce"])}
        )

    def _is_client(self, page: BaseHTTPRequestHandler) -> bool:
        _, _, text = page.headers.get("Authorization", "").partition(" ")
        name, _, secret = base64.b64decode(text or "").decode().partition(":")
        return (unquote(name), unquote(secret)) == (CLIENT_ID, CLIENT_SECRET)

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "nonce": nonce, "iat": now, "exp": now + 300}
        claims |= {"auth_time": now} | self.person | self.twist.get("claims", {})
        header = {"alg": "RS256", "kid": self.key.kid} | self.twist.get("header", {})
        key = self.twist.get("key", self.key)
        text = jwt.encode(
            header, {k: v for k, v in claims.items() if v is not None}, key, algorithms=[header["alg"]]
        )
        return self.twist.get("token", str)(text)


def _fits(asked: dict[str, str], sent: dict[str, str]) -> bool:
    digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return (challenge, sent.get("redirect_uri")) == (asked.get("code_challenge"), asked["redirect_uri"])


def _answer(page: BaseHTTPRequestHandler, content: dict[str, Any], status: int = 200) -> None:
    body = json.dumps(content).encode()
    page.send_response(status)
    page.send_header("Content-Type", "application/json")
    page.send_header("Content-Length", str(len(body)))
    page.end_headers()
    page.wfile.write(body)
