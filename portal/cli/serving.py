"""Run the web server, the worker, or both under one roof, and stop them in good order."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from granian import Granian
from granian.constants import Interfaces

from portal.web import logs, metrics
from portal.worker import Worker

if TYPE_CHECKING:
    from types import FrameType

    from config import Config
    from portal.cli.opening import Opened

log = logging.getLogger("portal")
# What is in flight has this long to end; service managers kill after 30 seconds or more.
STOP_SECONDS = 20
WEB_WORKERS = 2


def web(config: Config) -> None:
    """Serve pages until stopped: requests in flight are answered, new ones refused.

    A demonstration listens on this machine only.
    """
    logs.configure_for(config)
    parts = urlsplit(config.base_url)
    host = "127.0.0.1" if config.is_demo else "0.0.0.0"  # noqa: S104 - production stands behind a proxy
    with tempfile.TemporaryDirectory(prefix="portal-measures-") as measures:
        metrics.share(measures)
        Granian(
            "portal.wsgi:app",
            address=host,
            port=parts.port or 8000,
            interface=Interfaces.WSGI,
            workers=WEB_WORKERS,
            blocking_threads=4,
            log_access=False,
            log_dictconfig=logs.granian_settings(),
            respawn_failed_workers=True,
            workers_kill_timeout=STOP_SECONDS,
        ).serve()


def worker(opened: Opened) -> None:
    """Run the jobs until stopped; what is in flight ends first, or is given back for another worker."""
    logs.configure_for(opened.config)
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    running = Worker(opened.tools())
    running.start()
    log.info("worker started")
    stopped.wait()
    if not running.stop(STOP_SECONDS):
        log.warning("an item did not end in time: its run is given back")
        os._exit(0)  # its thread cannot be ended otherwise


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
        code = child.wait(STOP_SECONDS + 5)
    except subprocess.TimeoutExpired:
        child.kill()
        return 1
    return 1 if code > 0 else 0
