"""Competing proposals stand side by side, and the reason for the choice is public with the decision."""

from __future__ import annotations

from typing import Any

import pytest

from portal import db
from portal.errors import Invalid, NotAllowed, WrongState
from portal.proposals import actions as proposals
from portal.proposals.assessment import actions
from tests.observations.steps import judge
from tests.proposals.steps import clear, do, find_in_order, load, send


@pytest.fixture
def two(cast: Any) -> list[str]:
    """Two proposals for one and the same courtyard."""
    cast.person("nina")
    return [send(cast.rosa), send(cast.nina)]


def prefer(two: list[str], cast: Any, preferred: str = "", reason: str = "It opens to more people.") -> None:
    with db.writing():
        rows = [load(code) for code in two]
        actions.prefer(rows, preferred or two[0], reason, by=cast.giulia)


def test_whoever_may_not_assess_one_of_them_compares_none(cast: Any, two: list[str]) -> None:
    with pytest.raises(WrongState, match="First state"):
        prefer(two, cast)
    own = [two[0], send(cast.giulia)]
    with pytest.raises(NotAllowed):
        prefer([own[1], own[0]], cast)


def test_a_choice_needs_two_a_preferred_one_and_a_reason(cast: Any, two: list[str]) -> None:
    for code in two:
        clear(code, cast.giulia)
    for codes, preferred, reason in ((two[:1], two[0], "x"), (two, "PR-AAAA-AA", "x"), (two, two[0], "")):
        with pytest.raises(Invalid):
            prefer(codes, cast, preferred, reason)


def test_they_stand_side_by_side_and_the_reason_is_public_in_the_end(
    client: Any, cast: Any, two: list[str]
) -> None:
    do(two[0], lambda p: judge(p, cast.giulia))
    client.sign_in("giulia@city.example")
    page = f"/en/desk/cases/{two[0]}/comparison"
    client.get(page)
    assert two[1] in client.page
    assert "21 of 28" in client.page
    assert "Keep the choice" not in client.page
    clear(two[1], cast.giulia)
    client.get(page)
    assert client.post(page, {"with": two[1], "preferred": two[0], "reason": ""}).status_code == 422
    client.post(page, {"with": two[1], "preferred": two[0], "reason": "It opens to more people."})
    do(two[0], lambda p: proposals.save_completeness(p, find_in_order(), by=cast.giulia))
    do(two[0], lambda p: proposals.accept_for_codesign(p, "Good.", by=cast.giulia))
    client.get(f"/en/proposals/{two[0]}/assessment")
    assert "It opens to more people." in client.page
    assert client.get(f"/en/proposals/{two[1]}/assessment").status_code == 404
