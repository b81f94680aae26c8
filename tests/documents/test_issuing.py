"""A paper that is due is issued once, whoever works on it and whoever dies over it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import clock, crypto, db
from portal.documents import actions, finish, queries
from portal.documents.issue import Due, issue
from portal.documents.lifecycle import State
from portal.documents.models import CODE_LENGTH, Edition, Key, Paper
from portal.documents.refusals import NoCertificate, StoreFailed
from portal.documents.renderer import Renderer
from portal.documents.seal import Sealer, inspect
from portal.documents.sheet import Sheet
from portal.documents.store import FolderStore
from portal.errors import NotAllowed, Stale, WrongState
from portal.policy import SYSTEM, VISITOR
from portal.record import Act, Did
from portal.words import W
from tests.documents.conftest import make_sheet

SUBJECT = "pact:BO-2026-041"


class Pen:
    """Draws at once, and counts."""

    def __init__(self) -> None:
        self.drawn = 0

    def render(self, sheet: Sheet) -> bytes:
        self.drawn += 1
        return b"%PDF-1.7 " + sheet.attachment


class Stamp:
    """Seals at once; `missing` says that there is no certificate."""

    def __init__(self, *, missing: bool = False) -> None:
        self.missing = missing
        self.sealed = 0

    def check(self) -> None:
        """Nothing is wrong before sealing itself."""

    def seal(self, pdf: bytes, at: datetime) -> bytes:
        if self.missing:
            raise NoCertificate(W("no seal certificate is configured."))
        self.sealed += 1
        return pdf + b" sealed " + str(at.timestamp()).encode()


@pytest.fixture(autouse=True)
def _one_page(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "renderer" not in request.fixturenames:
        monkeypatch.setattr(finish, "page_count", lambda _pdf: 1)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let the leases of the dead end: the clock that nobody else can move."""
    real = clock.real
    return lambda: monkeypatch.setattr(clock, "real", lambda: real() + actions.LEASE + timedelta(seconds=1))


def due(version: int = 1, edition: Edition = Edition.ORIGINAL) -> Due:
    attachment = f'{{"version":{version}}}'.encode()
    return Due("agreement", SUBJECT, version, "it", edition, lambda: make_sheet(attachment=attachment))


def _papers() -> list[Paper]:
    with db.reading() as session:
        return list(session.scalars(select(Paper).order_by(Paper.version)))


def _issued_acts() -> list[Act]:
    with db.reading() as session:
        return list(session.scalars(select(Act).where(Act.verb == Did.PAPER_ISSUED.value)))


def test_a_paper_is_issued_with_its_evidence_and_remembered(both: Any, store: FolderStore) -> None:
    paper = issue(due(), Pen(), Stamp(), store, by=SYSTEM)
    assert paper is not None
    assert (paper.state, paper.pages, paper.code) == (State.SEALED, 1, due().key.code)
    assert paper.content_hash == paper.json_hash == crypto.sha256_hex(b'{"version":1}')
    assert store.read(paper.file_hash).startswith(store.read(paper.unsigned_hash))
    assert paper.byte_size == len(store.read(paper.file_hash))
    (act,) = _issued_acts()
    assert (act.subject, act.facts["file_hash"]) == (SUBJECT, paper.file_hash)


def test_the_real_tools_issue_a_paper_that_holds(
    database: Any, renderer: Renderer, sealer: Sealer, store: FolderStore
) -> None:
    paper = issue(due(), renderer, sealer, store, by=SYSTEM)
    assert paper is not None
    assert paper.sealed_at is not None
    report = inspect(store.read(paper.file_hash), sealer=sealer)
    assert report.is_intact
    assert report.sealed_at == paper.sealed_at.replace(microsecond=0)


def test_an_issued_paper_is_not_issued_again(both: Any, store: FolderStore) -> None:
    pen = Pen()
    assert issue(due(), pen, Stamp(), store, by=SYSTEM) is not None
    assert issue(due(), pen, Stamp(), store, by=SYSTEM) is None
    assert pen.drawn == 1
    assert len(_issued_acts()) == 1


def test_workers_at_once_issue_each_paper_once(both: Any, store: FolderStore) -> None:
    pen, stamp = Pen(), Stamp()
    wanted = [due(edition=edition) for edition in Edition]
    ready = threading.Barrier(4)

    def work() -> None:
        ready.wait()
        for each in wanted:
            issue(each, pen, stamp, store, by=SYSTEM)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert pen.drawn == stamp.sealed == len(_issued_acts()) == 2
    assert [paper.state for paper in _papers()] == [State.SEALED, State.SEALED]


def test_a_worker_killed_after_drawing_is_followed_by_one_who_only_seals(
    both: Any, store: FolderStore, later: Any
) -> None:
    first = Pen()

    class Killed(Stamp):
        def seal(self, pdf: bytes, at: datetime) -> bytes:
            raise KeyboardInterrupt  # nothing is tidied up

    with pytest.raises(KeyboardInterrupt):
        issue(due(), first, Killed(), store, by=SYSTEM)
    assert [paper.state for paper in _papers()] == [State.RENDERED]
    second = Pen()
    assert issue(due(), second, Stamp(), store, by=SYSTEM) is None  # the lease still stands
    later()
    assert issue(due(), second, Stamp(), store, by=SYSTEM) is not None
    assert (first.drawn, second.drawn) == (1, 0)


def test_a_worker_who_slept_through_its_lease_writes_nothing(both: Any, later: Any) -> None:
    with db.writing():
        slow = actions.claim(due().key, by=SYSTEM)
    later()
    with db.writing():
        quick = actions.claim(due().key, by=SYSTEM)
    assert slow is not None
    assert quick is not None
    assert quick.fence == slow.fence + 1
    drawn = actions.Drawn("c" * 64, "j" * 64, "u" * 64, 1)
    with pytest.raises(Stale), db.writing():
        actions.note_drawn(slow, drawn, by=SYSTEM)
    with db.writing():
        actions.note_drawn(quick, drawn, by=SYSTEM)
    with pytest.raises(Stale), db.writing():
        actions.finish(slow, actions.Sealed("f" * 64, 9, clock.real()), by=SYSTEM)
    with db.writing():
        actions.release(slow, by=SYSTEM)
    assert _papers()[0].leased_until is not None


def test_without_a_certificate_the_paper_stays_due_and_is_taken_up_at_once(
    both: Any, store: FolderStore
) -> None:
    pen = Pen()
    with pytest.raises(NoCertificate):
        issue(due(), pen, Stamp(missing=True), store, by=SYSTEM)
    assert [paper.is_issued for paper in _papers()] == [False]
    assert _issued_acts() == []
    assert issue(due(), pen, Stamp(), store, by=SYSTEM) is not None
    assert pen.drawn == 1


def test_drawn_bytes_lost_from_the_store_are_drawn_again_only_alike(
    database: Any, store: FolderStore
) -> None:
    with pytest.raises(NoCertificate):
        issue(due(), Pen(), Stamp(missing=True), store, by=SYSTEM)
    _lose_everything(store.folder)

    class OtherPen(Pen):
        def render(self, sheet: Sheet) -> bytes:
            return super().render(sheet) + b"?"

    with pytest.raises(StoreFailed):
        issue(due(), OtherPen(), Stamp(), store, by=SYSTEM)
    assert issue(due(), Pen(), Stamp(), store, by=SYSTEM) is not None


def test_a_newer_version_supersedes_the_one_before_in_its_edition_only(both: Any, store: FolderStore) -> None:
    for each in (due(1), due(1, Edition.PUBLIC), due(2)):
        issue(each, Pen(), Stamp(), store, by=SYSTEM)
    states = {(paper.version, paper.edition): paper.state for paper in _papers()}
    assert states == {(1, "original"): "superseded", (1, "public"): "sealed", (2, "original"): "sealed"}


def test_a_paper_is_not_finished_before_it_is_drawn(both: Any) -> None:
    with db.writing():
        claim = actions.claim(due().key, by=SYSTEM)
    assert claim is not None
    with pytest.raises(WrongState), db.writing():
        actions.finish(claim, actions.Sealed("f" * 64, 9, clock.real()), by=SYSTEM)


def test_the_database_refuses_a_state_without_its_evidence(both: Any) -> None:
    with db.writing():
        actions.claim(due().key, by=SYSTEM)
    for state in ("rendered", "sealed", "superseded", "lost"):
        with pytest.raises(IntegrityError), db.writing() as session:
            session.scalars(select(Paper)).one().state = state


def test_a_visitor_issues_nothing(both: Any, store: FolderStore) -> None:
    with pytest.raises(NotAllowed):
        issue(due(), Pen(), Stamp(), store, by=VISITOR)
    assert _papers() == []


def test_papers_are_found_by_what_people_have_in_hand(both: Any, store: FolderStore) -> None:
    original = issue(due(), Pen(), Stamp(), store, by=SYSTEM)
    public = issue(due(edition=Edition.PUBLIC), Pen(), Stamp(), store, by=SYSTEM)
    assert original is not None
    assert public is not None
    typed = f" {original.code[:5].lower()}-{original.code[5:]} "
    with db.reading() as session:
        assert session.scalars(queries.by_code(typed)).one().id == original.id
        assert session.scalars(queries.by_code("")).all() == []
        assert session.scalars(queries.by_file_hash(public.file_hash.upper())).one().id == public.id
        assert session.scalars(queries.by_file_hash("")).all() == []
        assert len(session.scalars(queries.by_content_hash(original.content_hash)).all()) == 2
        assert [each.id for each in session.scalars(queries.of_subject(SUBJECT, public_only=True))] == [
            public.id
        ]
        assert len(session.scalars(queries.of_subject(SUBJECT, public_only=False)).all()) == 2


def test_the_code_is_readable_fixed_and_its_own() -> None:
    keys = [Key("agreement", SUBJECT, version, "it", edition) for version in range(50) for edition in Edition]
    codes = [key.code for key in keys]
    assert len(set(codes)) == len(keys)
    assert all(len(code) == CODE_LENGTH and set(code) <= set(crypto.CODE_ALPHABET) for code in codes)
    assert codes == [key.code for key in keys]


def _lose_everything(folder: Path) -> None:
    for path in list(folder.rglob("*")):
        if path.is_file():
            path.unlink()
