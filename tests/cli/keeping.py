"""A small city worth backing up: a signed pact with a really sealed agreement, mail that waits, a record in order."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pikepdf
from sqlalchemy import create_engine, select, text

from config import Config
from portal import clock, crypto, db, worker
from portal.cli import migrating
from portal.cli.opening import Opened
from portal.documents.models import Paper
from portal.documents.sheet import Sheet
from portal.operations.backups.databases import State, state_of
from portal.people.models import MailedLink, OpenSession, Person
from portal.record import actions as record
from portal.record import checkpoints
from portal.record.keys import signer_for
from portal.schedule.models import JobRun
from tests.conftest import POSTGRES_URL
from tests.pacts import journey


class Pen:
    """Draws an empty page at once, always the same one for the same sheet."""

    def render(self, sheet: Sheet) -> bytes:
        out = io.BytesIO()
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.docinfo["/Title"] = sheet.title + sheet.html + sheet.language
            pdf.save(out, static_id=True)
        return out.getvalue()

    def close(self) -> None:
        """There is no child to end."""


def stamp(database: db.Database) -> None:
    """Say that the tables, made at once from the models, are those of the newest migration."""
    head = (migrating.MIGRATIONS / "head").read_text(encoding="utf-8").strip()
    with database.writer.begin() as connection:
        connection.execute(
            text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
        )
        connection.execute(text("DELETE FROM alembic_version"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})


def tools_for(config: Config) -> Any:
    """Return a worker's tools that draw empty pages and seal them really."""
    made: Any = worker.Tools(config, city="Comune di Bologna", sender="patti@city.example")
    made.renderer = Pen()
    return made


def build(cast: Any, config: Config) -> None:
    """Build the city in the open database: signed pact, sealed papers, sessions, a running job, waiting mail."""
    journey.signed(cast)
    tools = tools_for(config)
    for job in ("record", "reactions", "agreements", "record"):
        assert "failed" not in worker.run_now(job, tools)
    leave_open(cast.person("rosa"))
    with db.writing():
        record.sequence()
    assert checkpoints.sign(signer_for(config))
    with db.writing():
        record.sequence()


def leave_open(person: Person) -> None:
    """Leave a session, a half-open link and a running job behind."""
    now = clock.real()
    with db.writing() as session:
        session.add(
            OpenSession(
                token_hash="a" * 64, person_id=person.id, content={}, created_at=now, seen_at=now,
                expires_at=now.replace(year=now.year + 1),
            )
        )  # fmt: skip
        for purpose in ("reset", "undo"):
            session.add(
                MailedLink(
                    token_hash=purpose.ljust(64, "0"), purpose=purpose, person_id=person.id, language="it",
                    made_at=now, expires_at=now.replace(year=now.year + 1),
                )
            )  # fmt: skip
        session.add(
            JobRun(
                job="mail", period="then", state="running", lease_until=now.replace(year=now.year + 1),
                due_at=now, started_at=now,
            )
        )  # fmt: skip


def papers() -> list[Paper]:
    """Return the sealed papers of the open database."""
    with db.reading() as session:
        return list(session.scalars(select(Paper).where(Paper.state == "sealed").order_by(Paper.id)))


def state(database: db.Database) -> State:
    """Return what a database holds."""
    with database.engine.connect() as connection:
        return state_of(connection)


@contextmanager
def postgres_database() -> Iterator[str]:
    """An empty PostgreSQL database of its own, gone afterwards."""
    name = f"portal_test_{uuid4().hex[:12]}"
    admin = create_engine(POSTGRES_URL, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield f"{POSTGRES_URL.rsplit('/', 1)[0]}/{name}"
    finally:
        db.database().close()
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


def config_in(folder: Path, url: str = "", **settings: str) -> dict[str, str]:
    """Return the environment of a portal in a folder."""
    return {
        "PORTAL_DATA_DIR": str(folder),
        "PORTAL_DATABASE_URL": url or f"sqlite:///{folder / 'portal.db'}",
        **{f"PORTAL_{name}": value for name, value in settings.items()},
    }


def read(environment: dict[str, str]) -> Config:
    """Return the configuration of an environment, with its secret in use."""
    config = Config.from_env(environment)
    crypto.use_secret(config.secret_key)
    return config


Command = Callable[..., tuple[int, str, str]]


def opened(environment: dict[str, str]) -> Opened:
    """Return the portal of an environment, over the database that is open already."""
    return Opened(read(environment))
