"""A portal that really runs: its own process, its own database, the cast, and jobs that run when a test says so."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from config import Config
from portal import city, clock, db, models
from portal.people import actions as people
from portal.people.actions.factors import enter_app
from portal.people.factors import seeded_secret
from portal.policy import SYSTEM
from portal.support import actions as support
from portal.worker import Tools, run_now
from tests.browser import unused_code
from tests.conftest import CAST, PASSWORD
from tests.journeys.served import serve

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 40
STOP_SECONDS = 10
# A process that has read the portal once; the web processes are split off from it.
READ = multiprocessing.get_context("forkserver")
READ.set_forkserver_preload([serve.__module__])
POOLS = (
    ("funding", "funding", "Fund for commons", 40_000_00),
    ("server", "server", "City servers", 40),
    ("legal", "legal", "Legal clinic", 200),
)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class LivePortal:
    """A demonstration portal on a free port of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        # A name, not a number: passkeys are made for names only.
        self.base_url = f"http://localhost:{self.port}"
        self.passed = timedelta(0)
        self.settings = {
            "PORTAL_BASE_URL": self.base_url,
            "PORTAL_DATA_DIR": str(folder),
            "PORTAL_DATABASE_URL": f"sqlite:///{folder / 'portal.db'}",
        }
        self.config = Config.from_env(self.settings)
        self.database = db.Database(self.config.database_url)
        self.web: ForkServerProcess | None = None
        with self.inside():
            self._fill()
            profile = city.profile(self.config.city)
            self.tools = Tools(self.config, city=profile.body, sender=profile.contact.mail)

    def _fill(self) -> None:
        models.metadata.create_all(self.database.engine)
        for full, email, roles in CAST.values():
            with db.writing():
                person = people.join(full, email, PASSWORD, language="en")
                for role in roles:
                    people.grant(person, role, by=SYSTEM)
                if roles:
                    enter_app(person, seeded_secret(email))
        with db.writing():
            this_year = clock.today().year
            for year in (this_year, this_year + 1):
                for slug, kind, name, capacity in POOLS:
                    support.open_pool(year, slug, kind, name, capacity, by=SYSTEM)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Let this process stand in the portal's database and day."""
        before, offset = list(db._default), clock.offset()
        db.use(self.database)
        clock.set_offset(self.passed)
        try:
            yield
        finally:
            db._default[:] = before
            clock.set_offset(offset)

    def code(self, email: str) -> str:
        """Return a code of somebody's app that opens now."""
        with self.inside():
            return unused_code(email)

    def today(self) -> date:
        """Return the city's day, as the portal sees it."""
        with self.inside():
            return clock.today()

    def run(self, *jobs: str) -> list[str]:
        """Run jobs of the worker, once each and at once; fail where one failed."""
        # The browser's driver keeps an event loop in this thread; sealing wants one of its own.
        with self.inside(), ThreadPoolExecutor(1) as worker:
            done = [worker.submit(run_now, job, self.tools).result() for job in jobs]
        for job, words in zip(jobs, done, strict=True):
            count, _, rest = words.partition(" of ")
            assert not words.startswith("failed"), f"{job}: {words}"
            assert not rest or count == rest.split()[0], f"{job}: {words}: {self.failures()}"
        return done

    def failures(self) -> list[str]:
        """Return why items of jobs failed."""
        with self.database.engine.connect() as connection:
            return [str(row) for row in connection.exec_driver_sql("SELECT * FROM failed_item")]

    def mails(self) -> list[Path]:
        """Return the mails that went out, oldest first."""
        return sorted((self.folder / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)

    def start(self) -> None:
        """Serve pages, and return when the first one can be had."""
        assert self.web is None
        settings = self.settings | {"PORTAL_NOW": f"+{self.passed.days}d"}
        self.web = READ.Process(target=serve, args=(settings, self.folder / "web.log"))
        self.web.start()
        self._await()

    def _await(self) -> None:
        assert self.web is not None
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends and self.web.is_alive():
            try:
                with urllib.request.urlopen(f"{self.base_url}/healthz", timeout=5):
                    return
            except OSError:
                time.sleep(0.02)
        self.stop()
        msg = f"the portal did not start:\n{self.log()[-3000:]}"
        raise RuntimeError(msg)

    def log(self) -> str:
        """Return what the web process has written."""
        return (self.folder / "web.log").read_text(errors="replace")

    def pass_days(self, days: int) -> None:
        """Let days pass; the web process is started anew, people keep their sessions."""
        self.stop()
        self.passed += timedelta(days=days)
        self.start()

    def stop(self) -> None:
        """End the web process with everything it started."""
        if self.web is None:
            return
        for way in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self.web.pid, way)
            self.web.join(STOP_SECONDS)
        self.web.close()
        self.web = None

    def close(self) -> None:
        """End everything."""
        self.stop()
        self.tools.close()
        self.database.close()
