"""A small city with a pact in every state, built once and copied for every test of the public pages."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from portal import db, models
from portal.documents.issue import issue
from portal.documents.models import Paper
from portal.documents.opening import store_for
from portal.documents.seal import DEMO_PASSPHRASE, Sealer
from portal.documents.sheet import Sheet
from portal.pacts import actions, jobs
from portal.pacts.models import Pact
from portal.policy import SYSTEM
from tests.conftest import Cast
from tests.pacts import journey

BASE = "http://localhost"


@dataclass
class World:
    """Where the small city is, and the code of the case in each state."""

    file: Path
    codes: dict[str, str] = field(default_factory=dict)


class Pen:
    """Draws an empty page at once, with the paper's JSON in it so that no two are alike."""

    def render(self, sheet: Sheet) -> bytes:
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.docinfo["/Title"] = sheet.title + sheet.language + sheet.html[-400:]
            out = io.BytesIO()
            pdf.save(out)
        return out.getvalue()


@pytest.fixture(scope="session")
def sealing(demo_seal: Path) -> Sealer:
    """The demonstration's seal, which is also the one that the pages know as theirs."""
    return Sealer(demo_seal, DEMO_PASSPHRASE)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, sealing: Sealer) -> Iterator[World]:
    """A city with a pact in every state and proposals at every stage."""
    folder = tmp_path_factory.mktemp("city")
    found = World(folder / "portal.db")
    database = db.Database(f"sqlite:///{found.file}")
    models.metadata.create_all(database.engine)
    db.use(database)
    _settle_in(found, Cast(), folder, sealing)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return found


def _settle_in(found: World, cast: Cast, folder: Path, sealer: Sealer) -> None:
    cast.person("eve")
    _papered(cast, found, folder, sealer)
    software = journey.Asked(200_000, 0, 12)
    stages: dict[str, Pact] = {
        "co_design": journey.accepted(cast, title="Patto in scrittura"),
        "agreed": journey.agreed(cast, title="Patto concordato"),
        "signing": journey.signing(cast, "software", asked=software, title="Patto da firmare"),
        "unsealed": journey.signed(cast, "data_set", title="Patto firmato senza carta"),
    }
    found.codes |= {name: pact.code for name, pact in stages.items()}
    found.codes["draft"] = _draft(cast)
    found.codes["submitted"] = journey.submitted(cast, title="Proposta appena arrivata").code


def _papered(cast: Cast, found: World, folder: Path, sealer: Sealer) -> None:
    """Sign three pacts and issue their papers; then suspend one and conclude one."""
    for name in ("in_force", "suspended", "concluded"):
        found.codes[name] = journey.signed(cast, title=f"Patto {name}").code
    store = store_for(f"file://{folder / 'store'}")
    with db.reading():
        due = jobs.agreements_due(BASE)
    for each in due:
        assert issue(each, Pen(), sealer, store, by=SYSTEM) is not None
    nuria = cast.fresh("nuria")
    for name, verb in (("suspended", actions.suspend), ("concluded", actions.conclude)):
        with db.writing() as session:
            pact = session.scalars(journey.queries.by_code(found.codes[name])).one()
            verb(pact, "Lavori sotto la piazza", "Art. 12", by=nuria)
    shutil.copytree(folder / "store", folder / "papers")


def _draft(cast: Cast) -> str:
    rosa = cast.rosa
    with db.writing():
        draft = journey.proposals.start(by=rosa, profile=journey.city.profile("bologna"), language="it")
        journey.proposals.save_what(
            draft.proposal, journey.What("place", "Bozza segreta", "Non ancora inviata"), by=rosa
        )
        return draft.proposal.code


@pytest.fixture
def sqlite(world: World, tmp_path: Path) -> Iterator[db.Database]:
    """A copy of the small city."""
    path = tmp_path / "portal.db"
    shutil.copy(world.file, path)
    found = db.Database(f"sqlite:///{path}")
    yield found
    found.close()


@pytest.fixture
def issued(world: World, database: db.Database) -> Any:
    """The newest public paper of the pact in force, with its bytes: (paper, bytes)."""
    store = store_for(f"file://{world.file.parent / 'papers'}")
    with db.reading() as session:
        paper = session.scalars(
            journey.queries.papers_of(_pact(world.codes["in_force"]), "agreement").where(
                Paper.edition == "public", Paper.language == "it"
            )
        ).first()
    return paper, store.read(paper.file_hash)


def _pact(code: str) -> Pact:
    return db.session().scalars(journey.queries.by_code(code)).one()
