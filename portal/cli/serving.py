"""Run the web server, the worker, or both under one roof."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from granian import Granian
from granian.constants import Interfaces

from portal.worker import Worker

if TYPE_CHECKING:
    from types import FrameType

    from config import Config
    from portal.cli.opening import Opened

log = logging.getLogger("portal")
STOP_SECONDS = 20
WEB_WORKERS = 2


def web(config: Config) -> None:
    """Serve pages until stopped; a demonstration listens on this machine only."""
    parts = urlsplit(config.base_url)
    host = "127.0.0.1" if config.is_demo else "0.0.0.0"  # noqa: S104 - production stands behind a proxy
    Granian(
        "portal.wsgi:app",
        address=host,
        port=parts.port or 8000,
        interface=Interfaces.WSGI,
        workers=WEB_WORKERS,
        blocking_threads=4,
        log_access=False,
        respawn_failed_workers=True,
    ).serve()


def worker(opened: Opened) -> None:
    """Run the jobs until stopped; what is in flight ends first."""
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    running = Worker(opened.tools())
    running.start()
    log.info("worker started")
    stopped.wait()
    running.stop()


def both() -> int:
    """Run web and worker as two processes; when one ends, the other is stopped too."""
    children = [_start(name) for name in ("web", "worker")]

    def stop(_number: int, _frame: FrameType | None) -> None:
        for child in children:
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while all(child.poll() is None for child in children):
        time.sleep(0.2)
    stop(0, None)
    return max(_ended(child) for child in children)


def _start(name: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "portal", name])  # noqa: S603 - our own two words


def _ended(child: subprocess.Popen[bytes]) -> int:
    try:
        code = child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        return 1
    return 1 if code > 0 else 0
