"""The database, the city's clock, the cast, and a browser-like client for every test."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from pyhanko.sign.signers import pdf_cms
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from config import DEMO_SECRET, Config
from portal import clock, crypto, db, models, words
from portal.db import units
from portal.documents.opening import store_for
from portal.documents.seal import make_demo_certificate
from portal.notices import times
from portal.organisations.actors import actor_for
from portal.people import actions as people
from portal.people import queries as people_queries
from portal.people.actions.factors import enter_app
from portal.people.factors import seeded_secret
from portal.policy import SYSTEM, Actor, Role
from portal.web import kept
from tests import dealing
from tests.again import brought_about
from tests.compiled import templates

PASSWORD = "commons-demo-2026"
CAST = {
    "rosa": ("Rosa Neri", "rosa@example.org", ()),
    "teo": ("Teo Galli", "teo@example.org", ()),
    "eve": ("Eve Moro", "eve@example.org", ()),
    "nina": ("Nina Costa", "nina@example.org", ()),
    "giulia": ("Giulia Bassi", "giulia@city.example", (Role.OFFICER,)),
    "marco": ("Marco Riva", "marco@city.example", (Role.OFFICER,)),
    "lea": ("Lea Conti", "lea@city.example", (Role.LEGAL,)),
    "ivan": ("Ivan Ferri", "ivan@city.example", (Role.INFRASTRUCTURE,)),
    "tina": ("Tina Sala", "tina@city.example", (Role.TREASURER,)),
    "carla": ("Carla Gatti", "carla@city.example", (Role.CLERK,)),
    "dario": ("Dario Pozzi", "dario@city.example", (Role.CLERK,)),
    "nuria": ("Nuria Vidal", "nuria@city.example", (Role.SIGNATORY,)),
    "aldo": ("Aldo Pini", "aldo@city.example", (Role.AUDITOR,)),
    "ada": ("Ada Monti", "ada@city.example", (Role.ADMINISTRATOR,)),
}
# Every commit waits for the disk, and that is not what the tests try: they live in memory where there is enough.
MEMORY = Path("/dev/shm")
ENOUGH_BYTES = 4 * 1024**3
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH_BYTES:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
# The collector would look through a whole city's code after every few hundred objects: a tenth of the time.
gc.set_threshold(50_000, 20, 50)
# A busy machine is no fault: what takes long is stopped elsewhere.
settings.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("portal")
REQUIRED = set(filter(None, os.environ.get("PORTAL_TEST_REQUIRE", "").split(",")))
POSTGRES_URL = os.environ.get(
    "PORTAL_TEST_POSTGRES_URL", "postgresql+psycopg://root@127.0.0.1:5432/test"
).replace("postgresql://", "postgresql+psycopg://", 1)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Share the compiling of the tests between the processes; see tests/dealing.py."""
    dealing.import_ahead(session.config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first."""
    items[:] = dealing.longest_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Deal the tests out to the processes; see tests/dealing.py."""
    return dealing.Dealer(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="session", autouse=True)
def _cheap_hashes() -> None:
    crypto.cheapen_hashing()
    crypto.use_secret(DEMO_SECRET)


@pytest.fixture(scope="session", autouse=True)
def _one_key_check() -> Iterator[None]:
    """Let the key of the seal be checked once, not for each paper: that takes a tenth of a second."""
    once = SimpleNamespace(load_der_private_key=cache(pdf_cms.serialization.load_der_private_key))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf_cms, "serialization", once)
        yield


@pytest.fixture(autouse=True)
def _own_secret() -> Iterator[None]:
    """Whatever key a test opened a portal with, the next one begins with the demonstration's."""
    yield
    crypto.use_secret(DEMO_SECRET)


@pytest.fixture(autouse=True)
def by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be day in the city, whenever the tests run; those about the night give their own instants."""
    monkeypatch.setattr(times, "is_quiet", lambda _at, _zone: False)


@pytest.fixture(scope="session", autouse=True)
def _one_compiler() -> Iterator[None]:
    """Let all SQLite databases of this process share the statements that were compiled: a third of the time."""
    made = units.sqlite_engine
    first = made("sqlite://", db.JOBS)
    first.connect().close()  # from then on its dialect knows what this SQLite can do

    def sharing(url: str, patience: db.Patience) -> Engine:
        engine = made(url, patience)
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(units, "sqlite_engine", sharing)
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with all tables, copied for every test."""
    path = tmp_path_factory.mktemp("template") / "portal.db"
    empty = db.Database(f"sqlite:///{path}")
    models.metadata.create_all(empty.engine)
    with empty.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    empty.close()
    return path


def _fresh_name(worker: str) -> str:
    # Two runs on one machine never meet.
    return f"portal_test_{worker}_{os.getpid()}"


@pytest.fixture(scope="session")
def postgres(worker_id: str) -> Iterator[db.Database]:
    """A PostgreSQL database with all tables, one per test process."""
    name = _fresh_name(worker_id)
    admin = create_engine(POSTGRES_URL, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    try:
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
            connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    except SQLAlchemyError as error:
        if "postgres" in REQUIRED:
            raise
        pytest.skip(f"PostgreSQL is not reachable at {POSTGRES_URL}: {error}")
    found = db.Database(f"{POSTGRES_URL.rsplit('/', 1)[0]}/{name}")
    models.metadata.create_all(found.engine)
    yield found
    found.close()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def _empty(database: db.Database) -> None:
    tables = reversed(models.metadata.sorted_tables)
    with database.engine.begin() as connection:
        # Only a superuser of a test database can step around the record's triggers like this.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        # Deleting a handful of rows is much faster than truncating forty tables.
        connection.exec_driver_sql("; ".join(f'DELETE FROM "{table.name}"' for table in tables))


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[db.Database]:
    """A fresh SQLite database."""
    path = tmp_path / "portal.db"
    shutil.copy(sqlite_template, path)
    found = db.Database(f"sqlite:///{path}")
    yield found
    found.close()


@pytest.fixture
def database(sqlite: db.Database) -> Iterator[db.Database]:
    """The database of this test: SQLite, unless the test asks for `both`."""
    db.use(sqlite)
    yield sqlite
    clock.set_offset(timedelta(0))
    clock.fix(None)
    words.set_language(words.SOURCE_LANGUAGE)


@pytest.fixture(params=["sqlite", "postgres"])
def both(request: pytest.FixtureRequest) -> Iterator[db.Database]:
    """Run the test on SQLite and on PostgreSQL."""
    found: db.Database = request.getfixturevalue(request.param)
    if request.param == "postgres":
        _empty(found)
    db.use(found)
    yield found
    clock.set_offset(timedelta(0))
    clock.fix(None)
    words.set_language(words.SOURCE_LANGUAGE)


class Cast:
    """The people of the demonstration, made when a test first names them: `cast.giulia` is her Actor."""

    def __init__(self) -> None:
        self._people: dict[str, Any] = {}

    def person(self, name: str) -> Any:
        """Return the account of a member of the cast."""
        if name not in self._people:
            full, email, roles = CAST[name]
            with db.writing():
                person = people.join(full, email, PASSWORD)
                for role in roles:
                    people.grant(person, role, by=SYSTEM)
                if roles:
                    enter_app(person, seeded_secret(email))
            self._people[name] = person
        return self._people[name]

    def gather(self, *names: str) -> None:
        """Make all these people beforehand, as they were made for an earlier test."""

        def walk() -> None:
            for name in names:
                self.person(name)

        brought_about(self, names, walk)

    def __getattr__(self, name: str) -> Actor:
        if name not in CAST:
            raise AttributeError(name)
        person_id = self.person(name).id
        with db.reading() as session:
            person = session.scalars(people_queries.by_id(person_id)).one()
            return actor_for(person, is_proved=True)

    def fresh(self, name: str) -> Actor:
        """Return the actor who confirmed a moment ago who they are, with everything there is to ask."""
        return replace(getattr(self, name), is_fresh=True)


@pytest.fixture
def cast(request: pytest.FixtureRequest) -> Cast:
    """The cast, in the database of this test."""
    if "both" not in request.fixturenames:
        request.getfixturevalue("database")
    return Cast()


@pytest.fixture
def move_clock() -> Callable[[timedelta], None]:
    """Let days pass in the domain."""

    def move(distance: timedelta) -> None:
        clock.set_offset(clock.offset() + distance)

    return move


@pytest.fixture(scope="session")
def demo_seal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration's certificate, made once: its key takes a second."""
    return make_demo_certificate(tmp_path_factory.mktemp("seal"))


@pytest.fixture
def config(tmp_path: Path, demo_seal: Path) -> Config:
    """A demonstration configuration whose files live in the test's folder."""
    shutil.copy(demo_seal, tmp_path / demo_seal.name)
    return Config.from_env(
        {"PORTAL_DATA_DIR": str(tmp_path), "PORTAL_DATABASE_URL": f"sqlite:///{tmp_path / 'portal.db'}"}
    )


@pytest.fixture(scope="session")
def one_app(demo_seal: Path) -> Any:
    """The web application, built once: its routes and templates take a second."""
    from portal.app import create_app

    found = create_app(Config.from_env({"PORTAL_DATA_DIR": str(demo_seal.parent)}))
    found.jinja_env.bytecode_cache = templates()
    gc.freeze()  # all this stays: the collector need not look through it again
    return found


@pytest.fixture
def app(one_app: Any, config: Config, database: db.Database) -> Any:
    """The web application over this test's database and store."""
    one_app.config["PORTAL"] = config
    one_app.extensions["store"] = store_for(config.store_url)
    kept.forget()  # a test may change a table past the record, which no city does
    clock.set_offset(config.clock_offset)
    return one_app


@pytest.fixture
def client(app: Any) -> Any:
    """A browser without scripts that lints every page it gets: see tests/browser.py."""
    from tests.browser import Browser

    return Browser(app)
