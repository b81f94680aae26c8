"""The kept row of each case is what the rules give, after every verb and without any verb knowing of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal import clock, db
from portal.pacts import actions, jobs, waiting
from portal.pacts.desk.chosen import Chosen, read
from portal.pacts.models import DeskCase
from portal.web.sheets import safe_cell
from tests.pacts import journey

OFFERED = {"kind": {"place"}, "district": {"savena"}, "office": {"commons"}}


def rows() -> dict[str, DeskCase]:
    with db.reading() as session:
        return {row.code: row for row in session.scalars(select(DeskCase))}


def nothing_to_rebuild() -> bool:
    with db.writing() as session:
        waiting.catch_up(session)  # the journeys hear the neighbours out by turning the clock
        return waiting.rebuild(session) == 0


def test_after_every_stage_the_row_is_what_the_rules_give(cast: Any) -> None:
    for stage in (journey.submitted, journey.checked, journey.accepted, journey.signing, journey.signed):
        case = stage(cast, title=f"Posto {stage.__name__}")
        row = rows()[case.code]
        assert row.title == case.title
        assert nothing_to_rebuild(), stage.__name__
    assert len(rows()) == 5


def test_a_closed_case_leaves_the_desk(cast: Any) -> None:
    pact = journey.signed(cast)
    with db.writing():
        actions.terminate(journey.reload(pact), "The place was sold.", "article 12", by=cast.giulia)
    assert rows() == {}


def test_what_the_calendar_changes_is_caught_up_with(cast: Any) -> None:
    proposal = journey.submitted(cast)
    with db.writing() as session:
        row = session.scalars(select(DeskCase)).one()
        row.turns_at = clock.now() - timedelta(hours=1)
        row.action = "Wait"
    with db.writing() as session:
        assert waiting.catch_up(session) == 1
    assert rows()[proposal.code].action == "Take this case"


def test_a_row_that_was_lost_comes_back(cast: Any) -> None:
    journey.submitted(cast)
    with db.writing() as session:
        session.delete(session.scalars(select(DeskCase)).one())
    with db.writing() as session:
        assert waiting.catch_up(session) == 1


def test_at_night_a_row_that_was_lost_or_is_wrong_is_put_right(cast: Any) -> None:
    lost, wrong = (journey.submitted(cast, title=title) for title in ("Perduta", "Sbagliata"))
    giulia = cast.person("giulia")
    with db.writing() as session:
        for row in session.scalars(select(DeskCase)):
            if row.code == lost.code:
                session.delete(row)
            else:
                row.owner_id = giulia.id
    assert jobs.heal_desk() == 2
    assert rows()[lost.code].action == "Take this case"
    assert rows()[wrong.code].owner_id is None
    assert jobs.heal_desk() == 0


def test_on_postgresql_too(both: Any, cast: Any) -> None:
    pact = journey.signing(cast)
    assert rows()[pact.code].is_signature
    assert nothing_to_rebuild()


@given(
    st.builds(
        Chosen,
        step=st.sampled_from(["", "checking", "signed"]),
        who=st.sampled_from(["", "mine", "signature"]),
        due=st.sampled_from(["", "overdue"]),
        kind=st.sampled_from(["", "place"]),
        on=st.none() | st.dates(),
        q=st.text("abc%_&=é", max_size=9),
        sort=st.sampled_from(["due", "newest", "title"]),
        view=st.sampled_from(["", "board"]),
    )
)
def test_a_view_is_its_address(chosen: Chosen) -> None:
    assert read(chosen.address(), offered=OFFERED) == chosen


@given(
    st.dictionaries(
        st.sampled_from(["step", "who", "after", "on", "q", "sort", "kind"]), st.text(max_size=30)
    )
)
def test_no_address_is_too_odd_to_be_read(arguments: dict[str, str]) -> None:
    read(arguments, offered=OFFERED)


@pytest.mark.parametrize("cell", ["=1+1", "+39", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"
    assert safe_cell("Orto = vita") == "Orto = vita"
