"""Papers under the worker: two at once, one that dies anywhere, no certificate, a child that is stopped."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal import db, worker
from portal.documents.models import Paper
from portal.documents.renderer import Limits, Renderer
from portal.documents.seal import inspect
from portal.documents.sheet import Sheet
from portal.record import Act, Did
from portal.schedule.models import FailedItem, JobRun
from tests.browser import Browser
from tests.conftest import CAST, Cast
from tests.pacts import journey
from tests.worker.conftest import Pen
from tests.worker.dying import POINTS, dies_at, let_leases_end

Make = Callable[..., worker.Tools]


def _papers() -> list[Paper]:
    with db.reading() as session:
        return list(session.scalars(select(Paper).order_by(Paper.id)))


def _acts() -> list[Act]:
    with db.reading() as session:
        return list(session.scalars(select(Act).where(Act.verb == Did.PAPER_ISSUED.value)))


def assert_issued_once(tools: worker.Tools, count: int = 3) -> None:
    """One row, one act and one file for each edition; every file is whole and sealed; nothing half-written."""
    papers = _papers()
    assert [paper.state for paper in papers] == ["sealed"] * count
    assert all(paper.leased_until is None for paper in papers)
    assert sorted(str(act.facts["code"]) for act in _acts()) == sorted(paper.code for paper in papers)
    for paper in papers:
        content = tools.store.read(paper.file_hash)
        assert len(content) == paper.byte_size
        assert content.startswith(tools.store.read(paper.unsigned_hash))
    kept = [path for path in tools.store.folder.rglob("*") if path.is_file() and ".part-" not in path.name]
    assert {path.name for path in kept} >= {paper.file_hash for paper in papers}


def _run_all(*workers: worker.Tools, job: str = "agreements") -> None:
    ready = threading.Barrier(len(workers))
    broken: list[BaseException] = []

    def work(tools: worker.Tools) -> None:
        try:
            ready.wait(10)
            worker.run_now(job, tools)
        except BaseException as error:
            broken.append(error)

    threads = [threading.Thread(target=work, args=[tools]) for tools in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not broken


def test_two_workers_with_real_tools_issue_one_real_paper(
    signed: Any, tools: Make, renderer: Renderer
) -> None:
    first, second = tools(renderer), tools(renderer)
    # The shortest real paper: it is fought over as hard as a long one.
    _run_all(first, second, job="receipts")
    assert_issued_once(first, 1)
    (paper,) = _papers()
    report = inspect(first.store.read(paper.file_hash), sealer=first.sealer)
    assert report.is_intact
    assert report.is_ours


def test_four_workers_at_once_issue_every_paper_once(both: db.Database, cast: Cast, tools: Make) -> None:
    journey.signed(cast)
    workers = [tools() for _ in range(4)]
    _run_all(*workers)
    assert_issued_once(workers[0])


@pytest.mark.parametrize("point", POINTS)
def test_what_a_dead_worker_left_is_finished_by_the_next(signed: Any, tools: Make, point: str) -> None:
    first = tools()
    assert dies_at(point, lambda: worker.run_now("agreements", first))
    assert len(_acts()) == 0
    second = tools()
    worker.run_now("agreements", second)  # the dead one's lease still stands: the others are done
    assert [paper.state for paper in _papers()].count("sealed") == 2
    let_leases_end()
    worker.run_now("agreements", second)
    assert_issued_once(second)


def test_a_dead_workers_run_is_taken_over_and_ends(signed: Any, tools: Make) -> None:
    assert dies_at("sealed", lambda: worker.run_now("agreements", tools()))
    let_leases_end()
    second = tools()
    assert worker.run_asked(second) == "3 of 3 done"
    assert worker.run_asked(second) is None
    with db.reading() as session:
        (run,) = session.scalars(select(JobRun))
        assert (run.state, run.attempts, run.fence) == ("done", 2, 2)
    assert_issued_once(second)


def test_the_command_itself_dies_and_is_followed(
    signed: Any, tools: Make, renderer: Renderer, tmp_path: Path
) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "PORTAL_DATA_DIR": str(tmp_path),
        "PORTAL_DATABASE_URL": str(signed.engine.url),
        "PORTAL_TEST_FAULT": "stored",
    }
    signed.close()
    command = [sys.executable, "-m", "portal", "jobs", "run", "receipts"]
    killed = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert killed.returncode == 137, killed.stderr
    assert [paper.state for paper in _papers()] == ["rendered"]
    let_leases_end()
    second = tools(renderer)
    assert worker.run_now("receipts", second) == "1 of 1 done"
    assert_issued_once(second, 1)


def test_without_a_certificate_staff_see_it_and_the_pact_waits(signed: Any, app: Any, tools: Make) -> None:
    lost = tools()
    lost.sealer.missing = True
    assert worker.run_now("agreements", lost) == "0 of 3 done"
    with db.reading() as session:
        (run,) = session.scalars(select(JobRun))
        failed = list(session.scalars(select(FailedItem)))
    assert (run.state, run.failures) == ("failed", 3)
    assert len(failed) == 3
    assert all("the seal certificate file cannot be read" in one.reason for one in failed)
    browser = Browser(app)
    browser.sign_in(CAST["giulia"][1])
    browser.get("/en/desk/jobs/failed")
    assert "the seal certificate file cannot be read" in browser.page
    _assert_pact_waits(browser)
    lost.sealer.missing = False
    let_leases_end()
    assert worker.run_now("agreements", lost) == "3 of 3 done"
    assert_issued_once(lost)
    with db.reading() as session:
        assert not session.scalars(select(FailedItem)).all()


def _assert_pact_waits(browser: Browser) -> None:
    browser.get("/en/pacts")
    code = next(link.rpartition("/")[2] for link in browser.parsed.links if "/pacts/BO-" in link)
    browser.get(f"/en/pacts/{code}")
    assert "from then on the pact is in force" in browser.page


class Stopped(Pen):
    """Lets the first paper run against its limit, in a real child."""

    def __init__(self) -> None:
        self.tight: Renderer | None = Renderer(limits=Limits(wall_seconds=0.01))

    def render(self, sheet: Sheet) -> bytes:
        if self.tight is None:
            return super().render(sheet)
        tight, self.tight = self.tight, None
        with tight:
            return tight.render(sheet)


def test_a_paper_that_is_stopped_is_noted_and_the_others_are_done(signed: Any, tools: Make) -> None:
    made: Any = tools()
    made.renderer = Stopped()
    assert worker.run_now("agreements", made) == "2 of 3 done"
    with db.reading() as session:
        (failed,) = session.scalars(select(FailedItem))
    assert "took too long to draw" in failed.reason
    assert [paper.state for paper in _papers()].count("sealed") == 2
    let_leases_end()
    assert worker.run_now("agreements", made) == "1 of 1 done"
    assert_issued_once(made)


def test_a_full_disk_is_noted_and_mended(signed: Any, tools: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tools()

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("portal.documents.store._write", full)
        assert worker.run_now("agreements", made) == "0 of 3 done"
    with db.reading() as session:
        assert "Is the disk full?" in session.scalars(select(FailedItem)).first().reason
    assert worker.run_now("agreements", made) == "0 of 0 done, 3 waiting for the next try"
    let_leases_end()
    assert worker.run_now("agreements", made) == "3 of 3 done"
    assert_issued_once(made)
