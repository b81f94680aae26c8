"""A small automation of servers: takes signed requests of the portal, and tells it that the machine runs.

Run it with the secret of the portal in PORTAL_SERVERS_SECRET: python3 server_receiver.py 8099
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MOST_BYTES, TOLERANCE_SECONDS = 65_536, 300
SEEN: set[str] = set()  # a real one keeps these in its database
LOCK = threading.Lock()


def key() -> bytes:
    """Return the shared key."""
    return base64.b64decode(os.environ["PORTAL_SERVERS_SECRET"].split()[0].removeprefix("whsec_"))


def signature(message_id: str, timestamp: str, body: bytes) -> str:
    """Sign a message."""
    content = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key(), content, hashlib.sha256).digest()).decode()


def is_right(message_id: str, timestamp: str, signatures: str, body: bytes) -> bool:
    """Say whether a message is the portal's, and fresh."""
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    wanted = signature(message_id, timestamp, body)
    return any(hmac.compare_digest(wanted.encode(), one.encode()) for one in signatures.split(" "))


def tell(callback: str, type_: str, server: str, **more: object) -> None:
    """Tell the portal what became of a server."""
    now = time.gmtime()
    content = {
        "type": type_,
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", now),
        "data": {"server": server, **more},
    }
    body, message_id = json.dumps(content).encode(), f"msg_{secrets.token_urlsafe(16)}"
    timestamp = str(int(time.time()))
    head = {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature(message_id, timestamp, body),
    }
    asked = urllib.request.Request(callback, body, head)  # noqa: S310 - the portal's own address, signed
    with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310 - the same
        print(type_, server, answer.read().decode())


def set_up(told: dict) -> str:
    """Set the machine up and return where it is reached. Your own work goes here."""
    return f"{told['server'].lower()}.machines.example"


def work(told: dict) -> None:
    """Do what a request asks for, and tell of each step."""
    tell(told["callback"], "server.provisioning", told["server"])
    tell(told["callback"], "server.running", told["server"], address=set_up(told))


class Receiver(BaseHTTPRequestHandler):
    """Takes messages of the portal."""

    def do_POST(self) -> None:
        """Take one: 401 unless it is the portal's, and once per id."""
        size = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(min(size, MOST_BYTES))
        names = ("webhook-id", "webhook-timestamp", "webhook-signature")
        message_id, timestamp, signatures = (self.headers.get(name, "") for name in names)
        if size > MOST_BYTES or not is_right(message_id, timestamp, signatures, body):
            self._answer(401)
            return
        with LOCK:
            is_new = message_id not in SEEN
            SEEN.add(message_id)
        self._answer(202)
        told = json.loads(body)
        if is_new and told["type"] == "server.requested":
            threading.Thread(target=work, args=(told["data"],), daemon=True).start()

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
