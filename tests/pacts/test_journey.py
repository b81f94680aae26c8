"""The whole life of a pact through its actions, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal import db
from portal.fences import queries as fences
from portal.pacts import queries
from portal.pacts.lifecycle import State
from portal.record import Act
from portal.support import queries as support
from tests.pacts import journey


@pytest.mark.parametrize("kind", ["place", "software", "data_set"])
def test_from_proposal_to_published_report(both: db.Database, cast, kind: str) -> None:
    pact = journey.signed(cast, kind)
    assert pact.state == State.SIGNED
    assert pact.code.startswith("BO-")
    pact = journey.reported(cast, pact)
    with db.reading() as session:
        assert [one.row_key for one in session.scalars(queries.promises(pact.id))] == ["c1", "c2", "c3"]
        assert len(session.scalars(fences.of_subject(pact.key)).all()) == 2
        assert {one.state for one in session.scalars(support.current(pact.key))} == {"committed"}
        assert [one.state for one in session.scalars(queries.reports(pact.id, published_only=True))] == [
            "published"
        ]
        verbs = session.scalars(select(Act.verb).where(Act.subject == pact.key).order_by(Act.id)).all()
    once = [one for i, one in enumerate(verbs) if one not in verbs[:i]]
    told = ("pact:opened", "pact:version", "pact:agreed", "pact:sign", "fence", "report")
    assert [one for one in once if one.startswith(told)] == [
        "pact:opened",
        "pact:version_made",
        "pact:agreed_by",
        "pact:agreed",
        "pact:signing_opened",
        "pact:signed_by",
        "fence:set",
        "pact:signed",
        "report:sent",
        "report:validated",
    ]
