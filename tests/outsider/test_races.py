"""Two browsers at the same moment, on both databases: one is done, the other is told, nothing is done twice."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import db, models
from portal.pacts.models import Agreement, Pact, PactVersion, Signature
from portal.pacts.terms import terms_of
from portal.proposals import actions as proposals
from portal.proposals.models import Proposal
from portal.record import Act, Did
from portal.support import actions as support
from portal.support import queries as support_queries
from portal.support.models import Allocation, Pool, PoolEntry
from tests.browser import Browser
from tests.conftest import CAST, PASSWORD, Cast, _empty
from tests.outsider.world import fill
from tests.pacts import journey


@pytest.fixture(params=["sqlite", "postgres"])
def base(request: pytest.FixtureRequest, app: Any, tmp_path: Any) -> Any:
    """An empty database of each kind, under the application."""
    if request.param == "postgres":
        found = request.getfixturevalue("postgres")
        _empty(found)
    else:
        found = db.Database(f"sqlite:///{tmp_path / 'empty.db'}")
        models.metadata.create_all(found.engine)
    db.use(found)
    yield found
    if request.param == "sqlite":
        found.close()


def entered(app: Any, cast: Cast, name: str) -> Browser:
    cast.person(name)
    browser = Browser(app)
    browser.sign_in(CAST[name][1])
    browser.get("/en/account/sessions")
    return browser


def at_once(*posts: tuple[Browser, str, dict[str, str]]) -> list[int]:
    """Send the forms together and return the statuses, in order."""
    barrier, found = threading.Barrier(len(posts)), [0] * len(posts)

    def send(place: int, browser: Browser, path: str, values: dict[str, str]) -> None:
        data = {"csrf_token": browser.token(), **values}
        barrier.wait(timeout=20)
        found[place] = browser.client.post(path, data=data).status_code

    threads = [threading.Thread(target=send, args=(place, *post)) for place, post in enumerate(posts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert all(status < 500 or status == 503 for status in found), found
    return found


def count(column: Any, *where: Any) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count(column)).where(*where)) or 0


def test_a_proposal_sent_from_two_browsers_is_sent_once(base: Any, app: Any) -> None:
    cast = Cast()
    rosa = cast.rosa
    with db.writing():
        draft = proposals.start(by=rosa, profile=journey.city.profile("bologna"), language="it").proposal
        fill(draft, rosa)
    two = [entered(app, cast, "rosa") for _ in range(2)]
    statuses = at_once(*((one, f"/en/propose/{draft.code}/submission", {}) for one in two))
    assert set(statuses) <= {303, 409}
    assert count(Act.id, Act.verb == Did.PROPOSAL_SUBMITTED) == 1


def test_two_officers_take_one_case(base: Any, app: Any) -> None:
    cast = Cast()
    code = journey.submitted(cast).code
    two = [entered(app, cast, name) for name in ("giulia", "marco")]
    statuses = at_once(*((one, f"/en/desk/cases/{code}/owner", {}) for one in two))
    assert 303 in statuses
    taken = count(Act.id, Act.verb == Did.CASE_ASSIGNED)
    assert taken == statuses.count(303)
    if taken == 2:  # the second saw who had it, and the record says that it was taken over
        with db.reading() as session:
            acts = session.scalars(select(Act).where(Act.verb == Did.CASE_ASSIGNED).order_by(Act.id)).all()
            assert acts[1].facts["former"] == acts[0].actor
    with db.reading() as session:
        last = session.scalars(
            select(Act).where(Act.verb == Did.CASE_ASSIGNED).order_by(Act.id.desc())
        ).first()
        owner = session.scalars(select(Proposal.owner_id)).one()
    assert last is not None
    assert owner in {cast.person(name).id for name in ("giulia", "marco")}


def test_agreeing_while_the_other_side_changes_the_text(base: Any, app: Any) -> None:
    cast = Cast()
    pact = journey.settled(cast)
    journey.agree(pact, cast.giulia)
    version = journey.version_of(pact)
    rosa, giulia = entered(app, cast, "rosa"), entered(app, cast, "giulia")
    giulia.get(f"/en/pacts/{pact.code}/co-design/terms")
    terms = terms_of(version.text)
    changed = {
        "version": str(version.number),
        "starts_on": f"{terms.starts_on:%d/%m/%Y}",
        "ends_on": f"{terms.ends_on:%d/%m/%Y}",
        "commitments-0-side": "community",
        "commitments-0-what": "Qualcosa di nuovo",
        "commitments-0-per": "once",
    }
    form = {"version": str(version.number), "content_hash": version.content_hash}
    statuses = at_once(
        (rosa, f"/en/pacts/{pact.code}/agreement", form),
        (giulia, f"/en/pacts/{pact.code}/co-design/terms", changed),
    )
    assert sorted(statuses) == [303, 409]
    after = journey.reload(pact)
    if after.state == "agreed":
        assert (after.agreed_hash, after.last_version) == (version.content_hash, version.number)
    else:
        assert after.last_version == version.number + 1
        assert after.agreements == []
    assert count(Allocation.id) == (2 if after.state == "agreed" else 0)
    assert count(PactVersion.id, PactVersion.pact_id == pact.id) == after.last_version


def test_signing_while_the_text_is_taken_up_again(base: Any, app: Any) -> None:
    cast = Cast()
    pact = journey.sign(journey.signing(cast), cast.nuria)
    rosa, giulia = entered(app, cast, "rosa"), entered(app, cast, "giulia")
    signature = {"content_hash": pact.agreed_hash, "confirm-password": PASSWORD}
    at_once(
        (rosa, f"/en/pacts/{pact.code}/signature", signature),
        (giulia, f"/en/pacts/{pact.code}/co-design/reopening", {"reason": "x"}),
    )
    after = journey.reload(pact)
    assert after.state in {"signed", "co_design"}
    if after.state == "signed":
        assert count(Signature.id) == 2
        assert count(Allocation.id, Allocation.state == "committed") == 2
    else:
        assert count(Signature.id) == count(Agreement.id) == 0
        assert count(Allocation.id, Allocation.state == "released") == 2
    _books_balance()


def test_an_allocation_approved_twice_at_once_is_kept_aside_once(base: Any, app: Any) -> None:
    cast = Cast()
    pact = journey.agreed(cast)
    giulia = cast.giulia
    with db.reading() as session:
        rows = session.scalars(support_queries.current(pact.key)).all()
    funds = journey.pools(cast, rows[0].starts_on.year)
    with db.writing() as session:
        found = session.scalars(support_queries.current(pact.key)).all()
        for row in found:
            support.propose(row, session.merge(funds[row.kind]), "x", by=giulia)
    two = [entered(app, cast, name) for name in ("tina", "lea")]
    statuses = at_once(*((one, f"/en/desk/allocate/{pact.code}/approval", {}) for one in two))
    assert 303 in statuses
    assert count(PoolEntry.id, PoolEntry.movement == "reserved") == 2
    assert count(Act.id, Act.verb == Did.SUPPORT_APPROVED) == 2
    with db.reading() as session:
        approvers = set(session.scalars(select(Allocation.approved_by_id)))
    assert len(approvers) == 1
    _books_balance()


def _books_balance() -> None:
    with db.reading() as session:
        sums = support_queries.balances()
        for pool in session.scalars(select(Pool)):
            found = sums[pool.id]
            assert (found.reserved, found.committed, found.delivered) == (
                pool.reserved,
                pool.committed,
                pool.delivered,
            )


def test_two_sides_settle_one_text_at_once(base: Any, app: Any) -> None:
    cast = Cast()
    pact = journey.settled(cast)
    version = journey.version_of(pact)
    two = [entered(app, cast, name) for name in ("rosa", "giulia")]
    form = {"version": str(version.number), "content_hash": version.content_hash}
    assert at_once(*((one, f"/en/pacts/{pact.code}/agreement", form) for one in two)) == [303, 303]
    assert journey.reload(pact).state == "agreed"
    assert count(Act.id, Act.verb == Did.PACT_AGREED) == 1
    assert count(Pact.id) == 1
