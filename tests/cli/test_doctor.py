"""The doctor names what is not sound, says what to do, and fails on faults only."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from sqlalchemy import text

from portal import clock, db, models
from portal.cli.doctor import base, duties, machine, neighbours
from portal.cli.doctor.findings import Finding, Grade
from portal.documents.seal import Sealer
from portal.operations.backups import Plan, keys, make, whole_in
from portal.operations.backups.databases import STORED
from portal.schedule import actions as schedule
from tests.cli import keeping
from tests.cli.keeping import Command
from tests.worker.mail_server import MailServer


def _graded(found: list[Finding], grade: Grade) -> str:
    return " | ".join(one.line() for one in found if one.grade is grade)


@pytest.mark.parametrize("kind", ["text", "json"])
def test_a_sound_demonstration_has_no_fault(kind: str, lived: dict[str, str], run: Command) -> None:
    code, said, _ = run(lived, "doctor", *(["--json"] if kind == "json" else []))
    if kind == "json":
        found = {row["name"]: row["grade"] for row in json.loads(said)}
        assert found["papers"] == found["record triggers"] == found["database"] == "good"
    assert code == 0
    assert "fault" not in said


def test_a_configuration_with_faults_is_told_to_a_program_too(lived: dict[str, str], run: Command) -> None:
    code, said, _ = run({**lived, "PORTAL_COLOUR": "red"}, "doctor", "--json")
    assert code == 1
    assert [row["name"] for row in json.loads(said)] == ["configuration"]


def test_missing_triggers_of_the_record_are_a_fault(lived: dict[str, str], run: Command) -> None:
    with db.database().writer.begin() as connection:
        connection.execute(text("DROP TRIGGER act_no_delete"))
    code, said, _ = run(lived, "doctor")
    assert code == 1
    assert "fault   record triggers: act_no_delete missing" in said


def test_on_postgresql_a_trigger_that_is_switched_off_counts_as_missing(postgres: db.Database) -> None:
    db.use(postgres)
    assert [one.grade for one in base.triggers()] == [Grade.GOOD]
    with postgres.writer.begin() as connection:
        connection.execute(text("ALTER TABLE act DISABLE TRIGGER act_no_update"))
    try:
        assert "act_no_update missing or switched off" in _graded(list(base.triggers()), Grade.FAULT)
    finally:
        with postgres.writer.begin() as connection:
            connection.execute(text("ALTER TABLE act ENABLE TRIGGER act_no_update"))


def test_a_role_that_could_rewrite_the_record_is_warned_of(postgres: db.Database) -> None:
    db.use(postgres)
    assert "could" in _graded(list(base.rights()), Grade.WARNING)
    role = f"portal_web_{os.getpid()}"
    with postgres.writer.begin() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        connection.execute(text(f"GRANT SELECT, INSERT ON act TO {role}"))
    url = postgres.engine.url.set(username=role).render_as_string(hide_password=False)
    small = db.Database(url)
    db.use(small)
    try:
        assert "can only add to the record" in _graded(list(base.rights()), Grade.GOOD)
        with postgres.writer.begin() as connection:
            connection.execute(text(f"GRANT UPDATE ON act TO {role}"))
        assert "REVOKE" in _graded(list(base.rights()), Grade.WARNING)
    finally:
        small.close()
        with postgres.writer.begin() as connection:
            connection.execute(text(f"DROP OWNED BY {role}"))
            connection.execute(text(f"DROP ROLE {role}"))


def _bundle(path: Path, days: int) -> Sealer:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Comune di Prova")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=100))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    sealing = BestAvailableEncryption(b"p")
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"x", key, certificate, None, sealing))
    return Sealer(path, "p")


@pytest.mark.parametrize(("days", "grade"), [(90, Grade.GOOD), (30, Grade.WARNING), (-1, Grade.FAULT)])
def test_a_certificate_is_told_of_before_it_ends(
    days: int, grade: Grade, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lived: dict[str, str]
) -> None:
    sealer = _bundle(tmp_path / "seal.p12", days)
    monkeypatch.setattr(machine, "_sealer", lambda _config: sealer)
    found = list(machine.certificate(keeping.opened(lived)))
    assert [one.grade for one in found] == [grade]
    assert "Comune di Prova" in found[0].words


def test_a_mail_server_is_greeted_and_gets_no_mail(lived: dict[str, str]) -> None:
    server = MailServer()
    config = keeping.read({**lived, "PORTAL_MAIL_URL": f"smtp://127.0.0.1:{server.port}"})
    try:
        assert [one.grade for one in neighbours.mail(config)] == [Grade.GOOD]
        assert server.taken == []
    finally:
        server.stop()
    assert "mails wait" in _graded(list(neighbours.mail(config)), Grade.FAULT)


def test_redis_is_asked_where_one_is_configured(lived: dict[str, str]) -> None:
    assert list(neighbours.redis(keeping.read(lived))) == []
    away = keeping.read({**lived, "PORTAL_REDIS_URL": "redis://127.0.0.1:1/0"})
    assert [one.grade for one in neighbours.redis(away)] == [Grade.WARNING]


def test_a_worker_that_was_not_seen_lately_is_missed(lived: dict[str, str]) -> None:
    assert "none was ever seen" in _graded(list(duties.worker()), Grade.WARNING)
    with db.writing():
        schedule.announce("mail", "every 5 s", None)
    assert [one.grade for one in duties.worker()] == [Grade.GOOD]
    with db.writing() as session:
        session.execute(text("UPDATE job SET announced_at = '2020-01-01 00:00:00.000000'"))
    assert "none seen since 2020-01-01" in _graded(list(duties.worker()), Grade.WARNING)


def test_old_backups_are_told_of(
    lived: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = keeping.read({**lived, "PORTAL_BACKUP_DIR": str(tmp_path / "kept")})
    assert "none in" in _graded(list(duties.backups(config)), Grade.WARNING)
    make(config, Plan(tmp_path / "kept", keys.Policy.EXCLUDE))
    assert "without keys" in _graded(list(duties.backups(config)), Grade.GOOD)
    real = clock.real()
    for days, grade in ((2, Grade.WARNING), (5, Grade.FAULT)):
        monkeypatch.setattr(duties.clock, "real", lambda days=days: real + timedelta(days=days))
        assert [one.grade for one in duties.backups(config)] == [grade]


def test_the_job_by_night_makes_a_backup_or_fails_loudly(
    lived: dict[str, str], tmp_path: Path, run: Command
) -> None:
    assert "PORTAL_BACKUP_DIR is not set" in run(lived, "jobs", "run", "backups")[1]
    there = {**lived, "PORTAL_BACKUP_DIR": str(tmp_path / "kept")}
    code, said, _ = run(there, "jobs", "run", "backups")
    assert code == 0
    assert f"{whole_in(tmp_path / 'kept')[0].name}: " in said
    (tmp_path / "file").write_text("no folder")
    code, said, _ = run({**lived, "PORTAL_BACKUP_DIR": str(tmp_path / "file")}, "jobs", "run", "backups")
    assert code == 1
    assert "failed: Backups cannot be kept in" in said


def test_no_column_that_names_a_stored_file_is_forgotten() -> None:
    """Who adds a column with a hash says here whether a file of the store stands behind it."""
    stored = {f"{column.class_.__tablename__}.{column.key}" for column in STORED}
    there = {
        f"{table.name}.{column.name}"
        for table in models.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_hash") and getattr(column.type, "length", None) == 64
    }
    # A drawn paper that is lost is drawn again, to the very same bytes.
    others = {"agreed", "code", "content", "json", "link", "token", "unsigned"}
    # Fingerprints of what people said; a scan lies sealed in its own row, and what was
    # released is about to go.
    others |= {"address", "document", "mail", "sent"}
    # The bank's own file is sealed in the row of its batch, and of its answers only the hash is kept.
    elsewhere = {
        "signed_scan.file_hash",
        "released_file.file_hash",
        "payment_batch.file_hash",
        "bank_file.file_hash",
    }
    assert stored <= there
    assert {
        name
        for name in there - stored - elsewhere
        if name.partition(".")[2].removesuffix("_hash") not in others
    } == set()
