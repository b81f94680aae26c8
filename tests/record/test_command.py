"""The command verifies and signs: 0 where all holds, 1 with the first bad act, 2 for what is no checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from portal import crypto, db
from portal.cli import main
from portal.documents.models import Edition, Key, Paper
from portal.documents.opening import store_for
from portal.record import Act, Leaf
from tests.outsider.world import keep_paper
from tests.record.test_tampering import remember, unguarded


@pytest.fixture(autouse=True)
def environment(database: db.Database, config: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A demonstration in the test's folder."""
    monkeypatch.setenv("PORTAL_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("PORTAL_DATABASE_URL", str(database.engine.url))


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    out, err = capsys.readouterr()
    return code, out, err


def test_a_checkpoint_is_printed_kept_and_verified_against(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert said(capsys, "checkpoint")[0] == 1
    remember(6)
    code, note, err = said(capsys, "checkpoint")
    assert code == 0
    assert note.splitlines()[:2] == ["127.0.0.1:8000/record", "6"]
    key = err.partition("Public key: ")[2].strip()
    assert key.startswith("127.0.0.1:8000/record+")
    kept = tmp_path / "kept"
    kept.write_text(note, encoding="utf-8")
    assert said(capsys, "checkpoint")[1] == note
    remember(3, 6)
    for more in ([], ["--since-checkpoint"], ["--public-key", key]):
        code, out, _ = said(capsys, "verify", "record", "--against", str(kept), *more)
        assert code == 0, more
        assert out.startswith("The record holds: 9 acts, 1 checkpoints, 1 kept outside.")


def test_the_first_bad_act_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    remember(6)
    kept = tmp_path / "kept"
    kept.write_text(said(capsys, "checkpoint")[1], encoding="utf-8")
    with unguarded() as session:
        session.execute(update(Act).where(Act.subject == "proposal:PR-4").values(actor="p-FORGED"))
        session.commit()
    code, out, _ = said(capsys, "verify", "record")
    assert (code, out) == (
        1,
        "The record does NOT hold. The first bad act: act 4: its column actor does not say what was entered.\n",
    )
    with unguarded() as session:
        session.execute(delete(Leaf).where(Leaf.position >= 3))
        session.commit()
    code, out, _ = said(capsys, "verify", "record", "--against", str(kept))
    assert code == 1
    assert "one of the acts 3 to 5" in out
    assert "6 acts, but only 3 are there" in out
    code, _, err = said(capsys, "checkpoint")
    assert (code, "6 acts were signed, but only 3 are there" in err) == (1, True)


@pytest.mark.parametrize("content", ["", "hello\nworld\n", "x/record\n6\nAAAA\n\nno signature\n"])
def test_what_is_no_checkpoint_is_wrong_use(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str
) -> None:
    file = tmp_path / "kept"
    file.write_text(content, encoding="utf-8")
    assert said(capsys, "verify", "record", "--against", str(file))[0] == 2
    assert said(capsys, "verify", "record", "--against", str(tmp_path / "none"))[0] == 2


def test_papers_are_read_again(capsys: pytest.CaptureFixture[str], config: Any, tmp_path: Path) -> None:
    assert said(capsys, "verify", "papers")[:2] == (0, "All 0 papers hold.\n")
    store = store_for(config.store_url)
    for number in range(4):
        keep_paper(store, Key("agreement", f"pact:{number}", 1, "it", Edition.PUBLIC), b"%%PDF %d" % number)
    with db.writing() as session:
        session.execute(update(Paper).where(Paper.subject == "pact:3").values(byte_size=1))
    _file(store, b"%PDF 0").unlink()
    _file(store, b"%PDF 1").write_bytes(b"%PDF another")
    code, out, _ = said(capsys, "verify", "all")
    told = {line.partition("(")[2].partition(",")[0]: line.partition("): ")[2] for line in out.splitlines()}
    assert code == 1
    assert "no document" in told["pact:0"]
    assert "damaged" in told["pact:1"]
    assert told["pact:2"] == "it bears no seal"
    assert told["pact:3"] == "it has 6 bytes, not the 1 that were issued"
    assert "4 papers, 4 of them bad." in out
    assert "The record holds: 0 acts" in out


def _file(store: Any, content: bytes) -> Path:
    found = crypto.sha256_hex(content)
    path: Path = store.folder / found[:2] / found[2:4] / found
    path.chmod(0o600)
    return path
