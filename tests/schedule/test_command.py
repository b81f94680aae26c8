"""`portal jobs` runs one job, or what is due, once, and says what it did."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from portal import clock, db, worker
from portal.cli import main
from portal.policy import SYSTEM
from portal.record import Did, Leaf, record
from portal.schedule.actions import Run, ask_now
from portal.schedule.models import Job, JobRun


@pytest.fixture(autouse=True)
def environment(
    database: db.Database, tmp_path: Path, demo_seal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command's own environment: a demonstration in the test's folder, with its certificate."""
    (tmp_path / demo_seal.name).write_bytes(demo_seal.read_bytes())
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PORTAL_DATABASE_URL", str(database.engine.url))


def _remember() -> None:
    with db.writing():
        record(Did.JOB_ASKED, "job:x", by=SYSTEM)


def test_one_job_is_run_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    _remember()
    assert main(["jobs", "run", "record"]) == 0
    assert capsys.readouterr().out == "record: 1 act put in order\n"
    with db.reading() as session:
        assert len(session.scalars(select(Leaf)).all()) == 1
        assert len(session.scalars(select(Job)).all()) == len(worker.JOBS)
    assert main(["jobs", "run", "record"]) == 0
    assert capsys.readouterr().out == "record: nothing to do\n"


def test_what_is_due_is_run_once(capsys: pytest.CaptureFixture[str]) -> None:
    _remember()
    assert main(["jobs", "run", "--due"]) == 0
    first = dict(line.split(": ", 1) for line in capsys.readouterr().out.splitlines())
    assert list(first) == [job.name for job in worker.JOBS]
    assert first["record"] == "1 act put in order"
    assert "old drafts" in first["housekeeping"]
    assert main(["jobs", "run", "--due"]) == 0
    second = dict(line.split(": ", 1) for line in capsys.readouterr().out.splitlines())
    assert second["housekeeping"] == "nothing to do"
    with db.reading() as session:
        assert len(session.scalars(select(JobRun).where(JobRun.job == "housekeeping")).all()) == 1


def test_what_staff_asked_for_is_due_too(capsys: pytest.CaptureFixture[str]) -> None:
    with db.writing():
        ask_now("mail", by=SYSTEM)
    assert main(["jobs", "run", "--due"]) == 0
    assert "asked for: " in capsys.readouterr().out
    with db.reading() as session:
        assert {run.state for run in session.scalars(select(JobRun))} == {"done"}


def test_a_job_that_fails_is_an_exit_code(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(_tools: worker.Tools, _run: Run) -> str:
        raise OSError("no font")

    monkeypatch.setitem(worker.BY_NAME, "record", worker.Job("record", work))
    assert main(["jobs", "run", "record"]) == 1
    assert capsys.readouterr().out == "record: failed: no font\n"


@pytest.mark.parametrize("words", [["jobs", "run"], ["jobs", "run", "nothing"]])
def test_wrong_words_are_answered_with_the_right_ones(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    assert "record" in capsys.readouterr().err


def test_jobs_are_listed_with_their_calendar(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["jobs"]) == 0
    assert "reminders            30 7 * * *" in capsys.readouterr().out


def test_an_environment_that_cannot_be_used_names_all_its_faults(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_MODE", "production")
    monkeypatch.setenv("PORTAL_COLOUR", "red")
    assert main(["jobs"]) == 1
    said = capsys.readouterr().err
    for name in ("PORTAL_SECRET_KEY", "PORTAL_MAIL_URL", "PORTAL_COLOUR"):
        assert name in said
    assert clock.offset().total_seconds() == 0
