"""Machines ask whether the portal is alive and ready and measure it; a stranger learns nothing by it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config import Config
from portal import clock, db
from portal.cli import migrating
from portal.operations import readiness
from portal.schedule import actions as schedule
from tests.browser import Browser
from tests.conftest import CAST, Cast
from tests.edges.conftest import as_nobody

TOKEN = "m7Qx2-tR9vKp4Wn1sLd8Zb3Hc6Jf5Gy0"


@pytest.fixture
def migrated(database: db.Database) -> db.Database:
    """A database that says of itself which migrations it has."""
    with database.writer.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (readiness.newest_revision(),))
    return database


def ask(app: Any, path: str = "/readyz", **options: Any) -> tuple[int, Any]:
    answer = app.test_client().get(path, **options)
    return answer.status_code, answer.get_json()


def test_a_portal_that_can_answer_is_ready(app: Any, migrated: db.Database) -> None:
    good = {"ready": True, "reasons": [], "store": "writable", "writing": "yes", "worker": "not_seen"}
    assert ask(app) == (200, good)
    with db.writing():
        schedule.announce("mail", "every 5 s", clock.now())
    assert ask(app) == (200, {**good, "worker": "seen"})


def test_what_is_wrong_is_said_in_single_words(app: Any, database: db.Database) -> None:
    assert ask(app) == (503, {"ready": False, "reasons": ["migrations"], "store": "writable"})
    db.use(db.Database("postgresql+psycopg://nobody:SECRET@127.0.0.1:9/none"))
    status, said = ask(app)
    assert (status, said["reasons"]) == (503, ["database"])
    answer = app.test_client().get("/readyz")
    assert b"SECRET" not in answer.data
    assert b"127.0.0.1" not in answer.data
    assert answer.headers["Cache-Control"] == "no-store"
    assert app.test_client().get("/healthz").data == b"ok\n"


def test_a_database_that_hangs_is_not_waited_for(
    app: Any, postgres: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "ANSWER_SECONDS", 0.2)
    hurried = db.Database(
        postgres.engine.url.render_as_string(hide_password=False),
        db.Patience(lock_seconds=1, statement_seconds=1),
    )
    db.use(hurried)
    with postgres.writer.begin() as holder:
        holder.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        holder.exec_driver_sql("LOCK TABLE pg_catalog.pg_class IN ACCESS EXCLUSIVE MODE")
        assert ask(app)[1]["reasons"] == ["database_slow"]
        holder.rollback()
    readiness._asking.submit(int).result(10)
    hurried.close()


def test_a_read_only_portal_is_ready_to_be_read(app: Any, migrated: db.Database) -> None:
    migrated.condition.note(db.Trouble.READ_ONLY)
    status, said = ask(app)
    assert (status, said["writing"]) == (200, "no")


def test_a_store_is_writable_read_only_or_missing(app: Any, migrated: db.Database) -> None:
    store = app.extensions["store"]
    assert readiness._of_store(store) == "writable"
    with tempfile.TemporaryDirectory() as name:
        closed = Path(name)
        closed.chmod(0o555)
        for folder, said in ((closed, "read_only"), (closed / "store", "missing")):
            store.folder = folder
            with as_nobody():
                assert readiness._of_store(store) == said


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer \u00e9"]
)
def test_nobody_reads_the_measures_without_the_token(app: Any, database: db.Database, header: str) -> None:
    app.config["PORTAL"] = replace(app.config["PORTAL"], metrics_token=TOKEN)
    headers = {"Authorization": header.encode("utf-8").decode("latin-1")} if header else {}
    assert app.test_client().get("/metrics", headers=headers).status_code == 404


def test_whoever_knows_the_token_reads_the_measures(app: Any, database: db.Database) -> None:
    for config in (app.config["PORTAL"], production(app)):
        app.config["PORTAL"] = replace(config, metrics_token=TOKEN)
        answer = app.test_client().get(
            "/metrics", headers={"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "203.0.113.7"}
        )
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"


def production(app: Any) -> Config:
    return replace(app.config["PORTAL"], mode="production")


def test_without_a_token_only_the_machine_of_a_demonstration_reads_them(
    app: Any, database: db.Database
) -> None:
    client = app.test_client()
    assert client.get("/metrics").status_code == 200
    for header in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
        assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 404
    app.config["PORTAL"] = production(app)
    assert client.get("/metrics").status_code == 404


def test_the_measures_name_endpoints_jobs_and_numbers_and_nobody(app: Any, cast: Cast) -> None:
    cast.person("rosa")
    browser = Browser(app)
    browser.sign_in(CAST["rosa"][1])
    browser.get("/en/account?x=SECRETTOKEN")
    browser.get("/en/propose/link/SECRETTOKEN")
    browser.get("/en/nothing/SECRETTOKEN")
    browser.client.open("/en/", method="SECRETTOKEN")
    with db.writing():
        schedule.announce("mail", "every 5 s", clock.real())
        run = schedule.claim("mail", "now:1", due_at=clock.now())
        assert run is not None
        schedule.finish(run, "")
    schedule.note_failure("mail", "7", "rosa@example.org has no mailbox")
    said = browser.client.get("/metrics").get_data(as_text=True)
    for line in (
        'portal_request_seconds_count{endpoint="people.account",method="GET",status="2xx"}',
        'portal_request_seconds_count{endpoint="none",method="GET",status="4xx"}',
        'portal_database_wait_seconds_bucket{kind="writer",le="0.005"}',
        'portal_job_success_age_seconds{job="mail"} ',
        'portal_job_late_seconds{job="mail"} 0.0',
        'portal_job_failed_items{job="mail"} 1.0',
        "portal_mails_waiting 0.0",
        "portal_sessions_open 1.0",
        "portal_writable 1.0",
    ):
        assert line in said, line
    acts = [line for line in said.splitlines() if line.startswith("portal_record_waiting ")]
    assert float(acts[0].split()[1]) >= 2
    for word in ("SECRETTOKEN", "rosa", "Neri", "/en/", "example.org", "127.0.0.1"):
        assert word not in said


def test_all_processes_are_added_up(tmp_path: Path) -> None:
    code = "from portal.web import metrics; metrics.count_request('front.home', 'GET', 200, 0.1)"
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code], env=env, check=True)
    told = subprocess.run(
        [sys.executable, "-c", "from portal.web import metrics; print(metrics.exposition().decode())"],
        env=env, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert 'portal_request_seconds_count{endpoint="front.home",method="GET",status="2xx"} 2.0' in told


def test_the_newest_migration_is_the_one_that_upgrading_leads_to(tmp_path: Path) -> None:
    fresh = db.Database(f"sqlite:///{tmp_path / 'fresh.db'}")
    migrating.upgrade(fresh)
    with fresh.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    fresh.close()
    assert found == readiness.newest_revision()
