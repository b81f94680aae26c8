"""A mail server small enough to be read, which can be stopped and started on the same port."""

from __future__ import annotations

import socketserver
import threading
from email import message_from_bytes
from typing import Any

ANSWERS = {
    "EHLO": b"250 localhost\r\n",
    "HELO": b"250 localhost\r\n",
    "MAIL": b"250 ok\r\n",
    "RCPT": b"250 ok\r\n",
    "RSET": b"250 ok\r\n",
}


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 localhost\r\n")
        while line := self.rfile.readline():
            word = line[:4].decode().upper()
            if word == "QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            if word == "DATA":
                self._take()
            else:
                self.wfile.write(ANSWERS.get(word, b"500 what\r\n"))

    def _take(self) -> None:
        self.wfile.write(b"354 go on\r\n")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        server: Any = self.server
        if server.refusals:
            server.refusals -= 1
            self.wfile.write(b"451 try later\r\n")
            return
        server.taken.append(message_from_bytes(b"".join(lines)))
        self.wfile.write(b"250 ok\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class MailServer:
    """`taken` holds every mail it accepted; the next `refusals` mails are answered with "try later"."""

    def __init__(self, port: int = 0) -> None:
        self.server = _Server(("127.0.0.1", port), _Talk)
        self.server.taken = []  # type: ignore[attr-defined]
        self.server.refusals = 0  # type: ignore[attr-defined]
        self.port = int(self.server.server_address[1])
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def taken(self) -> list[Any]:
        found: list[Any] = self.server.taken  # type: ignore[attr-defined]
        return found

    def refuse(self, count: int) -> None:
        self.server.refusals = count  # type: ignore[attr-defined]

    def stop(self) -> None:
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()
