"""The `portal` command answers with an exit code and a sentence: 0 done, 1 refused, 2 wrong use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from config import Config, ConfigError
from portal import db
from portal.cli import main
from portal.documents import fonts
from portal.policy import Can
from portal.record.models import Act

PRODUCTION = {
    "PORTAL_MODE": "production",
    "PORTAL_BASE_URL": "https://commons.example.org",
    "PORTAL_SECRET_KEY": "d8f3k2-9sla0-vmx71-qpwe4-zzt5y-ru6io",
    "PORTAL_MAIL_URL": "smtp://mail.example.org:587",
}


@pytest.fixture(autouse=True)
def environment(
    database: db.Database, tmp_path: Path, demo_seal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A demonstration in the test's folder, with its certificate and all tables."""
    (tmp_path / demo_seal.name).write_bytes(demo_seal.read_bytes())
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PORTAL_DATABASE_URL", str(database.engine.url))


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["nonsense"],
        ["seed"],
        ["seed", "nonsense"],
        ["db"],
        ["city"],
        ["city", "check"],
        ["routes", "more"],
        ["jobs", "run", "--often"],
    ],
)
def test_wrong_use_is_two_and_says_what_is_right(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage: portal" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["jobs", "run"], ["jobs", "run", "x"], ["jobs", "run", "mail", "--due"]])
def test_a_job_is_named_or_all_that_are_due_never_both(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    assert "or use --due" in capsys.readouterr().err


def test_what_is_due_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["jobs", "run", "--due"]) == 0
    assert "agreements: 0 of 0 done" in capsys.readouterr().out


def test_help_is_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "doctor" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["web"], ["worker"], ["run"], ["doctor"], ["routes"], ["seed", "demo"]])
def test_an_environment_that_cannot_be_used_names_every_fault(
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in {"MODE": "prod", "COLOUR": "red", "BASE_URL": "ftp:x", "NOW": "soon"}.items():
        monkeypatch.setenv(f"PORTAL_{name}", value)
    assert main(words) == 1
    said = capsys.readouterr().err
    for name in ("PORTAL_MODE", "PORTAL_COLOUR", "PORTAL_BASE_URL", "PORTAL_NOW"):
        assert name in said


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORTAL_CITY", "nowhere", "PORTAL_CITY: nowhere: no such city"),
        ("PORTAL_DATA_DIR", "/proc/none", "PORTAL_DATA_DIR: cannot make /proc/none"),
        ("PORTAL_STORE_URL", "s3://papers", "set PORTAL_STORE_URL to an address like file:"),
        ("PORTAL_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/x", "The database cannot be used:"),
        ("PORTAL_DATABASE_URL", "sqlite:////proc/none/portal.db", "The database cannot be used:"),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(
    name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["jobs", "run", "mail"]) == 1
    assert sentence in capsys.readouterr().err


def test_a_database_without_tables_is_said_to_be_out_of_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    assert main(["jobs", "run", "mail"]) == 1
    assert "portal db upgrade" in capsys.readouterr().err
    assert main(["db", "check"]) == 1
    assert main(["db", "upgrade"]) == 0
    assert main(["db", "check"]) == 0
    assert main(["jobs", "run", "mail"]) == 0
    assert main(["doctor"]) == 0
    assert "fault" not in capsys.readouterr().out.partition("up to date")[2]


def test_every_route_stands_in_the_list_with_its_permission(
    app: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["routes"]) == 0
    lines = [line.rsplit(maxsplit=2) for line in capsys.readouterr().out.splitlines()]
    # The newest checkpoint is there with and without a language in its address: the same line twice.
    assert len(lines) == len(list(app.url_map.iter_rules()))
    listed = {(path.strip(), methods): permission for path, methods, permission in lines}
    assert set(listed.values()) <= {"public", *(str(can) for can in Can)}
    for path, permission in {
        "/": "read_public",
        "/desk/jobs/<name>/run": "jobs.run",
        "/verify": "read_public",
    }.items():
        assert permission in {listed[key] for key in listed if key[0] == path}


def _doctor(capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = main(["doctor"])
    return code, capsys.readouterr().out


def test_the_doctor_finds_a_missing_migration(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = _doctor(capsys)
    assert code == 1
    assert "fault   migrations: a migration is missing: portal db upgrade" in said
    assert "good    papers" in said


def test_the_doctor_finds_a_missing_certificate(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    code, said = _doctor(capsys)
    assert code == 1
    assert "fault   papers: Papers cannot be sealed: no seal certificate is configured." in said


def test_the_doctor_finds_a_certificate_that_does_not_open(
    tmp_path: Path, demo_seal: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PORTAL_SEAL_FILE", str(tmp_path / demo_seal.name))
    monkeypatch.setenv("PORTAL_SEAL_PASSPHRASE", "not-the-passphrase-of-it")
    assert "the passphrase does not open the seal certificate" in _doctor(capsys)[1]


def test_the_doctor_finds_a_missing_font(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fonts.check, "__defaults__", (tmp_path,))
    code, said = _doctor(capsys)
    assert code == 1
    assert "Typefaces for papers are missing" in said


def test_the_doctor_finds_a_store_that_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORTAL_STORE_URL", "file:///proc/none")
    code, said = _doctor(capsys)
    assert code == 1
    assert "The document store cannot be written" in said


def test_the_doctor_survives_a_database_that_is_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORTAL_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/x")
    code, said = _doctor(capsys)
    assert code == 1
    assert "fault   database:" in said
    assert "good    papers" in said


def test_a_city_is_checked_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["city", "check", "bologna"]) == 0
    assert "The profile is sound." in capsys.readouterr().out
    for name in ("nowhere", "../bologna", ""):
        assert main(["city", "check", name]) == 1
    assert "no such city" in capsys.readouterr().out


def test_the_demonstration_is_not_sown_over_accounts(
    cast: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("portal.cli.migrating.upgrade", lambda _database: None)
    cast.person("rosa")
    with db.reading() as session:
        before = session.scalar(select(func.count()).select_from(Act))
    assert main(["seed", "demo"]) == 1
    assert "needs an empty one" in capsys.readouterr().err
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Act)) == before


def test_production_has_no_places_to_die_at() -> None:
    assert Config.from_env(PRODUCTION).mode == "production"
    with pytest.raises(ConfigError, match="PORTAL_TEST_FAULT: production has no places to die at"):
        Config.from_env({**PRODUCTION, "PORTAL_TEST_FAULT": "drawn"})
