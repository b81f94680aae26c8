"""A pact's page says whose surplus financed it, asks little for it, and forgets a group that goes out of public."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.organisations import actions as groups
from portal.organisations.actors import actor_for
from portal.organisations.models import Kind, Organisation
from portal.people.models import Person
from portal.support.models import Allocation, Pool, PoolEntry, Surplus, SurplusArrival
from portal.web import kept, parts
from tests.browser import Browser
from tests.conftest import CAST
from tests.counting import counting
from tests.front.conftest import World


@pytest.fixture
def financed(app: Any, world: World) -> tuple[str, int]:
    """The fund of a pact in force becomes the commons fund, and all that opened it came from one group."""
    code = world.codes["in_force"]
    with db.writing() as session:
        rosa = session.scalars(select(Person).where(Person.email == CAST["rosa"][1])).one()
        group = groups.found("Ruota Libera", Kind.COOPERATIVE, by=actor_for(rosa), speaker=rosa)
        mine = (Allocation.subject == f"pact:{code}", Allocation.kind == "funding")
        given = session.scalars(select(Allocation).where(*mine)).first()
        assert given
        pool = session.get_one(Pool, given.pool_id)
        pool.slug = "commons-fund"
        row = session.scalars(
            select(PoolEntry).where(PoolEntry.pool_id == pool.id).order_by(PoolEntry.id)
        ).first()
        assert row
        sums = {"surplus_cents": row.amount, "transferred_cents": row.amount, "arrived_cents": row.amount}
        said = {"organisation_id": group.id, "year": 2025, "number": 1, "basis": "Accounts", "actor": "p"}
        surplus = Surplus(**said, **sums, declared_at=clock.now())
        session.add(surplus)
        session.flush()
        came = {"arrived_on": clock.today(), "bank_reference": "CRO 9", "entry_id": row.id}
        by = {"confirmed_by_id": rosa.id, "at": clock.now()}
        session.add(SurplusArrival(surplus_id=surplus.id, amount_cents=row.amount, **came, **by))
        return code, given.id


def test_a_pact_says_whose_surplus_financed_it(
    app: Any, financed: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST_PAGES", 0)
    monkeypatch.setattr(parts, "MOST_STANDING", 0)
    code, number = financed
    anybody = app.test_client(use_cookies=False)

    def page(path: str = f"pacts/{code}", language: str = "en") -> str:
        return str(anybody.get(f"/{language}/{path}").get_data(as_text=True))

    with counting() as asked:
        shown = page()
    assert len(asked) <= 10, "\n\n".join(asked)
    assert "Financed by the surplus of" in shown
    assert 'surplus">Ruota Libera</a>, 2025' in shown
    for link in (f"/en/money/decisions/{number}", "/en/commons-fund"):
        assert f'href="{link}"' in shown
    assert "Finanziato dall&#39;avanzo di" in page(language="it")
    assert "Ruota Libera" in page(f"money/decisions/{number}")
    with db.writing() as session:
        group = session.scalars(select(Organisation).where(Organisation.name == "Ruota Libera")).one()
        group.hidden_at, group.hidden_reason = clock.now(), "Not a group"
    assert "Ruota Libera" not in page()
    assert "A group that is not public" in page()


def test_a_pact_of_other_funds_says_nothing_of_a_surplus(client: Browser, world: World) -> None:
    client.get(f"/en/pacts/{world.codes['in_force']}")
    assert "surplus" not in client.page.split('<footer class="foot')[0]
