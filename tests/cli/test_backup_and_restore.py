"""A city is backed up while people write, restored onto an empty place, and is the same city there."""

from __future__ import annotations

import io
import json
import re
import shutil
import threading
from pathlib import Path
from typing import Any, Self

import pytest
from sqlalchemy import select, text

from config import Config
from portal import clock, db, worker
from portal.canonical import leaf_hash
from portal.cli import migrating
from portal.documents.opening import store_for
from portal.notices.jobs import waiting as due
from portal.notices.models import Message
from portal.operations.backups import Plan, find, keys, make, manifest, whole_in
from portal.operations.backups.bytes import quiet
from portal.operations.backups.making import _alone
from portal.people.models import MailedLink, OpenSession
from portal.policy import SYSTEM
from portal.record import Act, Did, notes, record
from portal.record import actions as records
from portal.record.keys import signer_for
from portal.schedule.models import JobRun
from tests.browser import Browser
from tests.cli import keeping
from tests.cli.keeping import Command
from tests.worker.dying import dies_at

Places = tuple[dict[str, str], dict[str, str]]


def _folder(environment: dict[str, str]) -> Path:
    return Path(environment["PORTAL_DATA_DIR"])


class Writer(threading.Thread):
    """Acts without a pause until it is told to stop."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.ended, self.wrote, self.broken = threading.Event(), 0, None

    def run(self) -> None:
        try:
            while not self.ended.is_set():
                with db.writing():
                    record(Did.JOB_ASKED, "job:mail", by=SYSTEM, number=self.wrote)
                    records.sequence()
                self.wrote += 1
        except Exception as error:
            self.broken = error

    def __enter__(self) -> Self:
        self.start()
        while not self.wrote and self.is_alive():
            self.ended.wait(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.join()
        assert self.broken is None


def _mail() -> list[tuple[str, str]]:
    with db.reading() as session:
        return [(one.key, one.state) for one in session.scalars(select(Message).order_by(Message.id))]


def test_a_city_that_is_written_to_is_restored_whole(
    places: Places, tmp_path: Path, run: Command, one_app: Any
) -> None:
    old, new = places
    mail, pages = _mail(), keeping.papers()
    assert len(pages) >= 2
    with Writer() as writer:
        before = writer.wrote
        code, said, _ = run(old, "backup", tmp_path / "kept")
        during = writer.wrote - before
    assert code == 0
    assert during > 0
    assert "keys      include: PORTAL_MAIL_URL, PORTAL_SECRET_KEY, demo-record.key, demo-seal.p12" in said
    backup = find(tmp_path / "kept")
    assert notes.opened(
        (backup.folder / "checkpoint.txt").read_text(), signer_for(keeping.read(old)).key
    ).size
    shutil.rmtree(old["PORTAL_DATA_DIR"])
    code, said, _ = run(new, "restore", tmp_path / "kept")
    assert code == 0, said
    assert "1 sessions, 1 mailed links, 1 leases" in said

    db.use(db.Database(new["PORTAL_DATABASE_URL"]))
    state = keeping.state(db.database())
    expected = backup.says["database"]["tables"]
    assert 0 < backup.says["record"]["size"] <= backup.says["database"]["tables"]["act"]
    assert state.size == backup.says["record"]["size"]
    assert state.root.hex() == backup.says["record"]["root"]
    assert {name for name in expected if state.tables[name] != expected[name]} == {"act", "open_session"}
    assert _mail() == mail  # neither lost nor doubled
    _goes_on(new, state.size, waiting=expected["act"] - state.size)
    _pages_answer(new, one_app, pages)


def _pages_answer(new: dict[str, str], one_app: Any, papers: list[Any]) -> None:
    """The sealed agreement is intact on the page that verifies files, as it was before."""
    config = keeping.read(new)
    one_app.config["PORTAL"] = config
    one_app.extensions["store"] = store_for(config.store_url)
    tools = keeping.tools_for(config)
    with pytest.MonkeyPatch.context() as patch:  # other tests know the seal of the application they share
        patch.setitem(one_app.extensions, "sealer", lambda: tools.sealer)
        _verify_in(Browser(one_app), papers, tools)


def _verify_in(browser: Browser, papers: list[Any], tools: Any) -> None:
    assert browser.get("/en/pacts").status_code == 200
    paper = next(paper for paper in papers if paper.is_public)
    content = tools.store.read(paper.file_hash)
    browser.get("/en/verify")
    assert browser.post("/en/verify", {"file": (io.BytesIO(content), "a.pdf")}).status_code == 200
    assert "Genuine and intact" in browser.page


def _goes_on(new: dict[str, str], size: int, *, waiting: int) -> None:
    with db.reading() as session:
        assert session.scalars(select(OpenSession)).all() == []
        open_links = select(MailedLink.purpose).where(MailedLink.used_at.is_(None))
        assert session.scalars(open_links).all() == ["undo"]
        assert (
            session.scalars(select(JobRun.lease_until).where(JobRun.state == "running")).one() <= clock.real()
        )
        act = session.scalars(select(Act).where(Act.verb == Did.RECORD_RESTORED.value)).one()
    assert (act.facts["size"], act.facts["seen"]) == (size, 0)
    with db.writing():
        records.sequence()
    assert keeping.state(db.database()).size == size + waiting + 1
    tools = keeping.tools_for(keeping.read(new))
    # What is gathered for later goes on waiting; what may go now goes, each once.
    before = due()
    worker.run_now("mail", tools)
    with db.reading() as session:
        states = session.scalars(select(Message.state).where(Message.id.in_(before))).all()
    assert set(states) <= {"sent"}
    assert len(list((_folder(new) / "mail").glob("*.eml"))) == len(before)


@pytest.fixture
def kept(lived: dict[str, str], tmp_path: Path, run: Command) -> Path:
    """A folder with one whole backup of the city."""
    assert run(lived, "backup", tmp_path / "kept")[0] == 0
    return tmp_path / "kept"


@pytest.fixture
def new(tmp_path: Path) -> dict[str, str]:
    """An empty place."""
    return keeping.config_in(tmp_path / "new")


def test_only_its_owner_reads_a_backup(kept: Path) -> None:
    modes = {path.stat().st_mode & 0o777 for path in [kept, *kept.rglob("*")] if path.is_dir()}
    assert modes == {0o700}
    assert {path.stat().st_mode & 0o777 for path in kept.rglob("*") if path.is_file()} == {0o600}


def test_the_next_backup_copies_only_what_is_new_and_old_ones_go(
    kept: Path, lived: dict[str, str], run: Command
) -> None:
    first = find(kept)
    store_for(Config.from_env(lived).store_url).put(b"one more")
    code, said, _ = run(lived, "backup", kept, "--keep", 2)
    assert code == 0
    assert "1 of them copied now" in said
    second = find(kept)
    name, _size = next(first.held())
    assert first.file(name).stat().st_ino == second.file(name).stat().st_ino
    run(lived, "backup", kept, "--keep", 2)
    assert first.name not in {path.name for path in whole_in(kept)}
    assert len(whole_in(kept)) == 2
    second.check(quiet)  # its files did not go with the older one


def test_a_file_that_rots_in_an_earlier_backup_is_copied_afresh(
    kept: Path, lived: dict[str, str], run: Command
) -> None:
    first = find(kept)
    name, _size = next(first.held())
    first.file(name).write_bytes(b"rotten")
    assert run(lived, "backup", kept)[0] == 0
    find(kept).check(quiet)


def test_a_paper_that_is_nowhere_whole_is_named_and_no_backup_is_made(
    lived: dict[str, str], tmp_path: Path, run: Command
) -> None:
    paper = keeping.papers()[0]
    path = next((_folder(lived) / "store").rglob(paper.file_hash))
    path.write_bytes(b"%PDF something else")
    code, _, told = run(lived, "backup", tmp_path / "kept")
    assert code == 1
    assert paper.file_hash in told
    assert [one.name for one in (tmp_path / "kept").iterdir()] == [".lock"]


def test_a_record_that_was_rewritten_beneath_its_signature_is_not_backed_up(
    lived: dict[str, str], tmp_path: Path, run: Command
) -> None:
    with db.database().writer.begin() as connection:
        for name in ("act_no_update", "leaf_no_update"):
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("UPDATE act SET canonical = x'7b7d' WHERE id = 3"))
        place = {"hash": leaf_hash(b"{}"), "id": 3}
        connection.execute(text("UPDATE leaf SET hash = :hash WHERE act_id = :id"), place)
    code, _, told = run(lived, "backup", tmp_path / "kept")
    assert code == 1
    assert "not the one that was signed" in told
    assert whole_in(tmp_path / "kept") == []


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _spoil(backup: Path, what: str) -> None:
    if what == "database.sqlite3":
        _flip(backup / what)
    elif what == "manifest.json":
        says = json.loads((backup / what).read_text())
        says["database"]["tables"]["act"] += 1
        (backup / what).write_text(json.dumps(says))
    elif what == "files.txt":
        lines = (backup / what).read_text().splitlines()
        (backup / what).write_text("\n".join(lines[1:]) + "\n")
    else:
        file = next((backup / "store").rglob("?" * 64))
        file.unlink() if what == "missing" else _flip(file)


@pytest.mark.parametrize("what", ["database.sqlite3", "manifest.json", "files.txt", "missing", "changed"])
def test_a_spoilt_backup_is_refused_by_the_name_of_its_part(
    what: str, kept: Path, new: dict[str, str], run: Command
) -> None:
    backup = find(kept).folder
    file = next((backup / "store").rglob("?" * 64)).name
    _spoil(backup, what)
    for words in (("restore", kept), ("restore", "--check", kept)):
        code, _, told = run(new, *words)
        assert code == 1
        assert (file if what in {"missing", "changed"} else what) in told
    assert not _folder(new).exists()


@pytest.mark.parametrize("there", ["note.txt", "store/ab/x", "portal.db"])
def test_a_place_that_is_not_empty_is_left_as_it_was(
    there: str, kept: Path, new: dict[str, str], run: Command
) -> None:
    path = _folder(new) / there
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    code, _, told = run(new, "restore", kept)
    assert code == 1
    assert there.partition("/")[0] in told
    assert [one for one in _folder(new).rglob("*") if one.is_file()] == [path]
    assert path.read_text() == "mine"


def test_a_database_that_is_not_empty_is_left_as_it_was(
    postgres: db.Database, lived: dict[str, str], kept: Path, tmp_path: Path, run: Command
) -> None:
    _turn_into_postgresql(find(kept).folder)
    url = postgres.engine.url.render_as_string(hide_password=False)
    code, _, told = run(keeping.config_in(tmp_path / "new", url), "restore", kept)
    assert code == 1
    assert re.search(r"The database is not empty: .*\bact,", told)
    assert not (tmp_path / "new").exists() or not list((tmp_path / "new").iterdir())


def _turn_into_postgresql(folder: Path) -> None:
    says = dict(manifest.read(folder).says)
    says["database"]["kind"] = "postgresql"
    manifest.write(folder, says)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"CITY": "barcelona"}, "of bologna, PORTAL_CITY is barcelona"),
        (
            {
                "MODE": "production",
                "SECRET_KEY": "d8f3k2-9sla0-vmx71-qpwe4-zzt5y-ru6io",
                "MAIL_URL": "smtp://mail.example.org",
                "BASE_URL": "https://commons.example.org",
            },
            "of a demonstration",
        ),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x"}, "portal db move-to"),
    ],
)
def test_a_backup_of_something_else_is_refused(
    settings: dict[str, str], sentence: str, kept: Path, tmp_path: Path, run: Command
) -> None:
    environment = {**keeping.config_in(tmp_path / "new"), **{f"PORTAL_{k}": v for k, v in settings.items()}}
    code, _, told = run(environment, "restore", kept)
    assert code == 1
    assert sentence in told


@pytest.mark.parametrize("point", ["backup-database", "backup-files", "backup-written"])
def test_a_backup_that_dies_is_none_and_the_next_one_cleans_up(
    point: str, lived: dict[str, str], tmp_path: Path, new: dict[str, str], run: Command
) -> None:
    config, folder = keeping.read(lived), tmp_path / "kept"
    assert dies_at(point, lambda: make(config, Plan(folder, keys.Policy.EXCLUDE)))
    left = [one.name for one in folder.iterdir() if one.is_dir()]
    assert len(left) == 1
    assert whole_in(folder) == []
    code, _, told = run(new, "restore", folder)
    assert code == 1
    assert "One was begun and did not end" in told
    assert run(lived, "backup", folder)[0] == 0
    assert [one.name for one in folder.iterdir() if one.is_dir()] == [find(folder).name]


@pytest.mark.parametrize("point", ["restore-database", "restore-files"])
def test_a_restore_that_dies_says_so_and_is_begun_again_after_emptying(
    point: str, kept: Path, new: dict[str, str], run: Command
) -> None:
    assert dies_at(point, lambda: run(new, "restore", kept))
    for words, sentence in ((["restore", kept], "did not end"), (["jobs"], "restore again")):
        code, _, told = run(new, *words)
        assert code == 1
        assert sentence in told
    shutil.rmtree(new["PORTAL_DATA_DIR"])
    assert run(new, "restore", kept)[0] == 0
    assert run(new, "jobs")[0] == 0


def test_a_second_backup_at_once_is_refused(lived: dict[str, str], tmp_path: Path, run: Command) -> None:
    with _alone(tmp_path / "kept"):
        code, _, told = run(lived, "backup", tmp_path / "kept")
    assert code == 1
    assert "Another backup" in told


def test_a_full_disk_is_said_before_anything_is_copied(
    lived: dict[str, str], tmp_path: Path, run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.operations.backups.making.MARGIN_BYTES", 1 << 60)
    code, _, told = run(lived, "backup", tmp_path / "kept")
    assert code == 1
    assert "not enough room" in told
    assert [one.name for one in (tmp_path / "kept").iterdir()] == [".lock"]


def test_sealed_keys_open_with_their_passphrase_only(
    lived: dict[str, str], tmp_path: Path, new: dict[str, str], run: Command
) -> None:
    (tmp_path / "word").write_text("una frase abbastanza lunga\n")
    (tmp_path / "other").write_text("un'altra frase abbastanza lunga\n")
    (tmp_path / "short").write_text("corta")
    code, _, told = run(
        lived, "backup", tmp_path / "kept", "--keys", "sealed", "--passphrase-file", tmp_path / "short"
    )
    assert code == 1
    assert "12 characters" in told
    words = ("--keys", "sealed", "--passphrase-file", tmp_path / "word")
    assert run(lived, "backup", tmp_path / "kept", *words)[0] == 0
    backup = find(tmp_path / "kept").folder
    assert keeping.read(lived).secret_key.encode() not in (backup / "keys.sealed").read_bytes()
    code, _, told = run(new, "restore", tmp_path / "kept", "--passphrase-file", tmp_path / "other")
    assert code == 1
    assert "does not open the backup's keys" in told
    assert not _folder(new).exists()
    assert run(new, "restore", tmp_path / "kept", "--passphrase-file", tmp_path / "word")[0] == 0
    assert (_folder(new) / "demo-seal.p12").read_bytes() == (_folder(lived) / "demo-seal.p12").read_bytes()


def test_production_leaves_its_keys_out_and_says_so(
    lived: dict[str, str], tmp_path: Path, run: Command
) -> None:
    production = {
        **lived,
        "PORTAL_MODE": "production",
        "PORTAL_SECRET_KEY": "d8f3k2-9sla0-vmx71-qpwe4-zzt5y-ru6io",
        "PORTAL_MAIL_URL": "smtp://mail.example.org",
        "PORTAL_BASE_URL": "https://commons.example.org",
    }
    config = keeping.read(production)
    made = make(config, Plan(tmp_path / "kept", keys.usual(config)))
    assert made.backup.says["keys"]["policy"] == "exclude"
    held = b"".join(path.read_bytes() for path in (tmp_path / "kept").rglob("*") if path.is_file())
    assert config.secret_key.encode() not in held
    assert b"PRIVATE KEY" not in held


def test_another_secret_key_is_warned_of(kept: Path, new: dict[str, str], run: Command) -> None:
    other = {**new, "PORTAL_SECRET_KEY": "another-secret-of-32-characters-or-more"}
    code, said, _ = run(other, "restore", kept)
    assert code == 0
    assert "PORTAL_SECRET_KEY is not the one of the backup" in said


def test_a_witness_who_saw_more_is_believed_and_one_who_saw_another_record_too(
    kept: Path, tmp_path: Path, run: Command
) -> None:
    says = find(kept).says["record"]
    key = "a key of the record that is long enough"
    for name, size, root, code, sentence in (
        ("same", says["size"], bytes.fromhex(says["root"]), 0, "agrees with the first"),
        ("more", says["size"] + 7, b"\1" * 32, 0, "7 acts after the backup are missing"),
        ("other", says["size"] - 1, b"\1" * 32, 1, "not the one the witness saw"),
        ("forged", says["size"] + 7, b"\1" * 32, 1, "not signed by this portal's key"),
    ):
        place = keeping.config_in(tmp_path / f"new-{name}", RECORD_KEY=key)
        used = (
            {**place, "PORTAL_RECORD_KEY": "another key, of somebody else's record"}
            if name == "forged"
            else place
        )
        signer = signer_for(Config.from_env(used))
        (tmp_path / name).write_text(signer.sign(size, root))
        found, said, told = run(place, "restore", kept, "--checkpoint", tmp_path / name)
        assert found == code
        assert sentence in said + told
        if name == "more":
            db.use(db.Database(place["PORTAL_DATABASE_URL"]))
            with db.reading() as session:
                act = session.scalars(select(Act).where(Act.verb == Did.RECORD_RESTORED.value)).one()
            db.database().close()
            assert act.facts["seen"] == act.facts["size"] + 7


def test_an_older_backup_gets_the_newer_tables(
    tmp_path: Path, new: dict[str, str], run: Command, sqlite: db.Database
) -> None:
    old = keeping.config_in(tmp_path / "older")
    (tmp_path / "older").mkdir()
    database = db.Database(old["PORTAL_DATABASE_URL"])
    db.use(database)
    migrating.upgrade(database, "0001")
    with database.writer.begin() as connection:
        connection.execute(text("INSERT INTO tally VALUES ('k', 1, 1)"))
    config = keeping.read(old)
    assert (
        make(config, Plan(tmp_path / "kept", keys.Policy.EXCLUDE)).backup.says["database"]["migration"]
        == "0001"
    )
    database.close()
    assert run(new, "restore", tmp_path / "kept")[0] == 0
    restored = db.Database(new["PORTAL_DATABASE_URL"])
    assert not migrating.missing(restored)
    assert keeping.state(restored).tables["tally"] == 1
    restored.close()


def test_pg_dump_that_is_missing_is_said_in_a_sentence(
    postgres: db.Database, tmp_path: Path, run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    code, _, told = run(keeping.config_in(tmp_path / "old", url), "backup", tmp_path / "kept")
    assert code == 1
    assert "pg_dump is not installed" in told
