"""The census is taken in from the command line: what it says, and what it exits with."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal import db
from portal.cli import main
from portal.residents.models import CensusFile
from tests.residents.people import ROSA, rows


@pytest.fixture(autouse=True)
def environment(
    database: db.Database, tmp_path: Path, demo_seal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A demonstration in the test's folder."""
    (tmp_path / demo_seal.name).write_bytes(demo_seal.read_bytes())
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PORTAL_DATABASE_URL", str(database.engine.url))


def write(tmp_path: Path, *lines: str) -> str:
    path = tmp_path / "anagrafe.csv"
    path.write_text("\n".join(["codice_fiscale;data_nascita;cap", *lines]))
    return str(path)


def test_a_census_is_taken_in_and_its_standing_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["residents", "status"]) == 0
    assert "No census is in use" in capsys.readouterr().out
    assert main(["residents", "import", write(tmp_path, f"{ROSA};1980-01-01;40121")]) == 0
    assert "1 people are in the census" in capsys.readouterr().out
    assert main(["residents", "status"]) == 0
    assert rows(CensusFile)[0].key_name in capsys.readouterr().out


def test_faulty_rows_are_named_by_line_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(
        tmp_path, f"{ROSA};1980-01-01;40121", "MISTYPED;1980-01-01;40121", f"{ROSA};1980-01-01;40121"
    )
    assert main(["residents", "import", path]) == 1
    said = capsys.readouterr().err
    assert "line 3: Enter your tax code" in said
    assert "1 rows have a number that stands in the file already" in said
    assert "MISTYPED" not in said
    assert main(["residents", "import", path, "--leave-out"]) == 0


def test_what_is_no_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["residents", "import", str(tmp_path / "nothing.csv")]) == 1
    assert main(["residents", "import", str(tmp_path)]) == 1
    assert main(["residents", "import", write(tmp_path)]) == 1
    assert "no rows" in capsys.readouterr().err


def test_a_census_whose_key_is_gone_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_RESIDENTS_KEY", "a first key of its own, for residents")
    assert main(["residents", "import", write(tmp_path, f"{ROSA};1980-01-01;40121")]) == 0
    monkeypatch.setenv("PORTAL_RESIDENTS_KEY", "a second key of its own, for residents")
    assert main(["residents", "status"]) == 1
    monkeypatch.setenv("PORTAL_RESIDENTS_KEY_FALLBACKS", "x,a-first")
    assert main(["residents", "status"]) == 1
    assert "configured no longer" in capsys.readouterr().err
