"""Whatever would make a pact incomplete or contradictory is found before anybody can agree to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import city
from portal.pacts import clauses
from portal.pacts.lint import lint
from portal.words import say
from tests.pacts.test_clauses import DATA, GARDEN, INSURED, TOOL, clause, text_of

PROFILE = city.profile("bologna")
Text = dict[str, Any]


def found(text: Text) -> set[tuple[str, str]]:
    return {(one.code, one.clause_id) for one in lint(text, PROFILE)}


def with_terms(sources: clauses.Sources = GARDEN, **terms: Any) -> Text:
    return text_of(replace(sources, **terms))


def spoiled(change: Callable[[Text], object], sources: clauses.Sources = GARDEN) -> Text:
    text = text_of(sources)
    change(text)
    return text


PROMISES = GARDEN.commitments
CASES = {
    "nothing is insured yet": (with_terms(params={}), ("empty_parameter", "insurance")),
    "insurance too short": (
        with_terms(params={"insurance": INSURED["insurance"] | {"covers_until": "2029-11-29"}}),
        ("insurance_short", "insurance"),
    ),
    "insurance begins too late": (
        with_terms(params={"insurance": INSURED["insurance"] | {"covers_from": "2026-12-02"}}),
        ("insurance_short", "insurance"),
    ),
    "no insurance where it is needed": (
        with_terms(none_because={"insurance": {"it": "costa", "en": "cost"}}),
        ("insurance_missing", "insurance"),
    ),
    "ends before it begins": (with_terms(ends_on=date(2026, 11, 30)), ("contradictory_dates", "duration")),
    "too long": (with_terms(ends_on=date(2035, 12, 1)), ("too_long", "duration")),
    "promise due after the end": (
        with_terms(commitments=(PROMISES[0], replace(PROMISES[1], due_on=date(2030, 1, 1)))),
        ("contradictory_dates", "city_commitments"),
    ),
    "the city promises nothing": (with_terms(commitments=PROMISES[:1]), ("one_sided", "city_commitments")),
    "the community promises nothing": (
        with_terms(commitments=PROMISES[1:]),
        ("one_sided", "community_commitments"),
    ),
    "a promise without evidence": (
        with_terms(commitments=(replace(PROMISES[0], evidence=" "), PROMISES[1])),
        ("commitment_incomplete", "community_commitments"),
    ),
    "no amount": (with_terms(asks=(replace(GARDEN.asks[0], amount=0),)), ("missing_amount", "support")),
    "a server without term": (
        with_terms(TOOL, asks=(replace(TOOL.asks[0], months=0),)),
        ("missing_amount", "support"),
    ),
    "more money than the rules allow": (
        with_terms(asks=(replace(GARDEN.asks[0], amount=1_500_001),)),
        ("over_cap", "money"),
    ),
    "a data set without licence": (
        with_terms(DATA, commons=replace(DATA.commons, licence="")),
        ("licence_missing", "licence"),
    ),
    "a guarantee left open": (with_terms(pact_class="complex"), ("empty_parameter", "guarantees")),
    "nobody on the other side": (with_terms(parties=GARDEN.parties[:1]), ("party_missing", "premises")),
    "a fence without threshold": (
        spoiled(lambda text: text["fences"][0].update(threshold=None)),
        ("fence_without_threshold", "fences"),
    ),
    "a share of more than everything": (
        with_terms(fences=(clauses.FenceChoice("reinvestment_share", 101),)),
        ("fence_impossible", "fences"),
    ),
    "a clause that was taken out": (
        spoiled(lambda text: text["clauses"].remove(clause(text, "amendments"))),
        ("clause_missing", "amendments"),
    ),
    "an element that nothing settles": (
        spoiled(lambda text: text["clauses"].remove(clause(text, "amendments"))),
        ("element_missing", ""),
    ),
    "none without reason": (
        spoiled(lambda text: clause(text, "guarantees").update(none_because={"it": " ", "en": ""})),
        ("none_without_reason", "guarantees"),
    ),
    "an advance above the cap": (
        with_terms(params=INSURED | {"money": {"advance_percent": 51}}),
        ("advance_over_cap", "money"),
    ),
    "insurance that ends before it begins": (
        with_terms(
            params={
                "insurance": INSURED["insurance"]
                | {"covers_from": "2026-12-01", "covers_until": "2026-11-01"}
            }
        ),
        ("insurance_dates", "insurance"),
    ),
    "a licence that nobody knows": (
        spoiled(lambda text: clause(text, "intellectual_property")["params"].update(content_licence="LIB-9")),
        ("licence_not_open", "intellectual_property"),
    ),
    "a program that is not open": (
        with_terms(TOOL, commons=replace(TOOL.commons, licence="CC-BY-NC-4.0")),
        ("licence_not_open", "licence"),
    ),
    "a fence that nobody measures": (
        spoiled(lambda text: text["fences"][0].update(source="")),
        ("fence_without_measure", "fences"),
    ),
    "no words in the language that is signed": (
        spoiled(lambda text: clause(text, "actions")["text"].update(it=" ")),
        ("prevailing_missing", "actions"),
    ),
    "no words in a language": (
        spoiled(lambda text: clause(text, "actions")["text"].update(en="")),
        ("text_missing", "actions"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_fault_is_found_in_its_clause(name: str) -> None:
    text, expected = CASES[name]
    assert expected in found(text)


@pytest.mark.parametrize("name", CASES)
def test_each_finding_reads_as_a_sentence_in_the_readers_language(name: str) -> None:
    for one in lint(CASES[name][0], PROFILE):
        sentence = say(one.words, "en")
        assert len(sentence) > 10
        assert "%(" not in sentence
        assert "{" not in sentence


@given(st.integers(0, 4_000), st.integers(-40, 40), st.integers(-40, 40))
@settings(max_examples=40, deadline=None)
def test_insurance_and_term_are_judged_by_their_days(days: int, early: int, late: int) -> None:
    ends_on = GARDEN.starts_on + timedelta(days=days)
    cover = {
        "policy": "RCT",
        "covers_from": (GARDEN.starts_on - timedelta(days=early)).isoformat(),
        "covers_until": (ends_on + timedelta(days=late)).isoformat(),
    }
    codes = {
        code
        for code, _ in found(with_terms(ends_on=ends_on, commitments=PROMISES, params={"insurance": cover}))
    }
    assert ("insurance_short" in codes) == (early < 0 or late < 0)
    assert ("too_long" in codes) == (ends_on >= date(2035, 12, 1))
