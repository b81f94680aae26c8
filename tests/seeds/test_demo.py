"""The demonstration city: everything in it came about through the actions, and holds together."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import clock, db
from portal.cli import main
from portal.fences.models import Fence, Measurement
from portal.pacts import jobs
from portal.pacts.models import Pact, Report
from portal.proposals.models import Proposal
from portal.record.models import Act, Leaf
from portal.support import queries as support
from portal.support.models import Allocation, Pool
from seeds.demo import cast
from tests.browser import Browser

CODE = re.compile(r"[A-Z]{2}-[0-9]{4}-[0-9]{3}|PR-[A-Z0-9]{4}-[A-Z0-9]{2}")
# What differs between two builds on one day: addresses made at random, tokens, the times of day.
CHANGING = re.compile(r'name="csrf_token"[^>]*>|\d{1,2}:\d{2}|<svg class="qr.*?</svg>', re.DOTALL)


def test_there_are_a_dozen_cases_and_more_in_eight_states(database: db.Database) -> None:
    with db.reading() as session:
        pacts = list(session.scalars(select(Pact.state)))
        proposals = list(session.scalars(select(Proposal.state)))
        titles = list(session.scalars(select(Proposal.title)))
    assert len(proposals) >= 12
    assert len(pacts) >= 12
    states = {f"pact {state}" for state in pacts} | {f"proposal {state}" for state in proposals}
    assert len(states) >= 8, states
    assert len(set(titles)) == len(titles)


def test_everybody_of_the_cast_can_sign_in(app: Any) -> None:
    for email, name, language, _roles in cast.PEOPLE:
        browser = Browser(app)
        browser.sign_in(email, cast.PASSWORD)
        browser.get("/en/account")
        assert name in browser.page, email
        assert language


def test_nothing_has_happened_yet_that_lies_ahead(database: db.Database) -> None:
    now, today = clock.real(), clock.local(clock.real()).date()
    with db.reading() as session:
        assert session.scalar(select(func.max(Act.at))) <= now
        for column in (
            Pact.proposed_at,
            Pact.opened_at,
            Pact.agreed_at,
            Pact.signing_opened_at,
            Pact.signed_at,
        ):
            assert session.scalar(select(func.max(column))) <= now, column
        for column in (Proposal.started_at, Proposal.saved_at, Proposal.submitted_at, Proposal.decided_at):
            assert session.scalar(select(func.max(column))) <= now, column
        assert session.scalar(select(func.max(Measurement.measured_on))) <= today
        assert session.scalar(select(func.max(Report.sent_at))) <= now
        unsigned = select(Pact).where(Pact.signed_at.is_(None))
        for pact in session.scalars(unsigned):
            assert pact.starts_on > today, f"{pact.title} begins on {pact.starts_on} and nobody has signed"


def test_the_record_is_in_the_order_of_time(database: db.Database) -> None:
    with db.reading() as session:
        acts = session.execute(select(Act.at).join(Leaf, Leaf.act_id == Act.id).order_by(Leaf.position)).all()
        assert session.scalar(select(func.count()).select_from(Act)) == len(acts) > 200
    assert [at for (at,) in acts] == sorted(at for (at,) in acts)


def test_every_pool_is_the_sum_of_its_ledger(database: db.Database) -> None:
    with db.reading() as session:
        sums = support.balances()
        for pool in session.scalars(select(Pool)):
            found = sums[pool.id]
            assert (found.reserved, found.committed, found.delivered) == (
                pool.reserved,
                pool.committed,
                pool.delivered,
            ), pool.name
            assert pool.reserved + pool.committed <= pool.capacity
        assert session.scalar(select(func.count()).where(Allocation.state == "committed")) > 3
        two = select(Allocation).where(Allocation.approved_by_id.is_not(None))
        assert all(one.approved_by_id != one.proposed_by_id for one in session.scalars(two))


def test_fences_of_several_kinds_hold_or_not(database: db.Database) -> None:
    from portal.fences import queries as fences

    with db.reading() as session:
        found = {state.value: count for state, count in fences.counts(clock.today()).items() if count}
        assert session.scalar(select(func.count()).select_from(Fence)) >= 10
    assert {"holding", "breached", "not_measured"} & set(found)
    assert len(found) >= 3, found


def test_its_papers_are_due(database: db.Database) -> None:
    with db.reading():
        agreements = jobs.agreements_due("http://127.0.0.1:8000")
        reports = jobs.progress_reports_due("http://127.0.0.1:8000")
        assert len(agreements) >= 12
        assert reports
        for due in (*agreements[:2], reports[0]):
            assert due.build().title


def test_every_public_page_of_it_opens(client: Browser) -> None:
    for address in _public_pages():
        for language in ("it", "en"):
            assert client.get(f"/{language}{address}").status_code == 200, address


def _public_pages() -> list[str]:
    with db.reading() as session:
        pacts = session.scalars(select(Pact.code).order_by(Pact.id)).all()
        proposals = session.scalars(
            select(Proposal.code).where(Proposal.submitted_at.is_not(None)).order_by(Proposal.id)
        ).all()
    pages = [f"/pacts/{code}{room}" for code in pacts for room in ("", "/history")]
    return ["/", "/pacts", "/proposals", *pages, *(f"/proposals/{code}" for code in proposals)]


def _read(client: Browser) -> list[str]:
    """Return what the public pages say, without what is random."""
    said = []
    for address in _public_pages():
        client.get(f"/en{address}")
        main_part = client.page.partition("<main")[2].partition("</main>")[0]
        said.append(CODE.sub("CODE", CHANGING.sub("", main_part)))
    return said


def test_two_builds_on_one_day_say_the_same(
    client: Browser, build_demo: Callable[[], Path], database: db.Database
) -> None:
    first = _read(client)
    again = db.Database(f"sqlite:///{build_demo()}")
    db.use(again)
    second = _read(client)
    again.close()
    assert len(first) == len(second) > 40
    assert "Giardino Scipione" in first[1]
    different = [(one, two) for one, two in zip(first, second, strict=True) if one != two]
    assert not different, different[0]


def test_a_filled_database_is_not_seeded_again(
    database: db.Database,
    tmp_path: Path,
    demo_seal: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / demo_seal.name).write_bytes(demo_seal.read_bytes())
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PORTAL_DATABASE_URL", str(database.engine.url))
    monkeypatch.setattr("portal.cli.migrating.upgrade", lambda _database: None)
    with db.reading() as session:
        before = session.scalar(select(func.count()).select_from(Act))
    assert main(["seed", "demo"]) == 1
    assert "the demonstration needs an empty one" in capsys.readouterr().err
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Act)) == before
