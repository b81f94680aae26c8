"""A real mail server on this machine that can be down, refuse, hang up midway, and know addresses no more."""

from __future__ import annotations

import asyncio
import socket
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from email.message import Message


class Post:
    """What the server takes and answers; `mood` decides: "well", "busy" (4xx) or "hangs up"."""

    def __init__(self) -> None:
        self.mood = "well"
        self.unknown: set[str] = set()
        self.taken: list[Message] = []
        self.knocks = 0
        self._controller: Controller | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def ids(self) -> list[str]:
        return sorted(str(mail["Message-ID"]) for mail in self.taken)

    def open(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def close(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(  # noqa: N802 - the library calls it so
        self, server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.knocks += 1
        if address in self.unknown:
            return f"550 5.1.1 <{address}> has no mailbox here"
        if self.mood == "busy":
            return "451 4.3.0 try later"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.mood == "hangs up":
            server.transport.abort()
            await asyncio.sleep(0)
            return "421 gone"
        self.taken.append(message_from_bytes(envelope.content))
        return "250 ok"
