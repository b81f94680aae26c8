"""The text of a pact: complete in both languages, the same from the same sources, changed clause by clause."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import city
from portal.errors import Invalid
from portal.pacts import clauses
from portal.pacts.lint import lint

PROFILE = city.profile("bologna")
INSURED = {"insurance": {"policy": "RCT 1/2026", "covers_from": "2026-12-01", "covers_until": "2029-11-30"}}
GARDEN = clauses.Sources(
    code="BO-2026-041",
    title="Giardino della Lunetta",
    summary="Un giardino curato insieme da chi lo abita",
    pact_class="ordinary",
    commons=clauses.Commons(
        "place", "Giardino della Lunetta", "via dei Tigli 12", "navile", about="Un prato con tigli."
    ),
    parties=(
        clauses.Party("community", "community", "Amici della Lunetta", "informal_group", "spokesperson"),
        clauses.Party("city", "city", "Comune di Bologna", "public_body", "signatory", "districts"),
    ),
    starts_on=date(2026, 12, 1),
    ends_on=date(2029, 11, 30),
    commitments=(
        clauses.Commitment("c1", "community", "Innaffiare", 12, "hours", "month", "diario"),
        clauses.Commitment("c2", "city", "Potare i tigli", 1, "times", "year", "verbale", date(2027, 3, 1)),
    ),
    asks=(clauses.Ask("s1", "funding", "attrezzi da giardino", 120_000, "cent"),),
    fences=(clauses.FenceChoice("open_hours", 30), clauses.FenceChoice("transparency")),
    params=INSURED,
)
TOOL = replace(
    GARDEN,
    pact_class="digital",
    commons=clauses.Commons(
        "software", "Bacheca", repository="https://code.example/bacheca", licence="AGPL-3.0-or-later"
    ),
    asks=(
        clauses.Ask("s1", "server", "un server", 2, "vcpu", 12, "small"),
        clauses.Ask("s2", "legal", "licenze", 5, "hour"),
    ),
    fences=(clauses.FenceChoice("copyleft"), clauses.FenceChoice("fee_cap", 10)),
    params={},
)
DATA = replace(
    TOOL,
    pact_class="data",
    commons=clauses.Commons(
        "data_set", "Aria di casa", repository="https://data.example/aria", licence="ODbL-1.0"
    ),
    asks=(),
    fences=(clauses.FenceChoice("no_enclosure_of_data"),),
)
ALL = [pytest.param(one, id=one.commons.kind) for one in (GARDEN, TOOL, DATA)]
ANYTHING = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60)


def text_of(sources: clauses.Sources = GARDEN) -> dict[str, Any]:
    return clauses.assemble(sources, PROFILE)


def clause(text: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for one in text["clauses"] if one["id"] == key)


@pytest.mark.parametrize("sources", ALL)
@pytest.mark.parametrize("language", ["it", "en"])
def test_a_pact_fills_its_pages_in_both_languages(sources: clauses.Sources, language: str) -> None:
    text = text_of(sources)
    assert sum(len(one["text"][language].split()) for one in text["clauses"]) > 4_500
    assert len(text["clauses"]) >= 32
    for one in text["clauses"]:
        assert one["heading"][language]
        assert one["plain"][language]
        assert "{" not in one["text"][language] + one["plain"][language], one["id"]


@pytest.mark.parametrize("sources", ALL)
def test_a_complete_pact_is_clean_and_settles_every_element(sources: clauses.Sources) -> None:
    text = text_of(sources)
    assert [(one.code, one.clause_id) for one in lint(text, PROFILE)] == []
    settled = {one["element"] for one in text["clauses"]}
    assert {one.id for one in PROFILE.elements if one.required} <= settled


@pytest.mark.parametrize("sources", ALL)
def test_the_same_sources_give_the_same_hash_and_plain_json(sources: clauses.Sources) -> None:
    text = text_of(sources)
    assert clauses.content_hash(text) == clauses.content_hash(text_of(sources))
    assert json.loads(json.dumps(text)) == text


def test_the_text_has_the_agreed_shape() -> None:
    text = text_of()
    assert set(text) == {
        "schema", "code", "title", "summary", "class", "profile", "language", "languages", "commons", "parties",
        "starts_on", "ends_on", "clauses", "commitments", "support", "fences", "reports",
    }  # fmt: skip
    assert set(text["clauses"][0]) == {
        "id", "library_version", "number", "element", "locked", "params", "none_because", "heading", "plain", "text",
    }  # fmt: skip
    assert text["reports"] == {"every_months": 6, "first_due_on": "2027-07-01"}
    assert [one["number"] for one in text["clauses"]] == list(range(len(text["clauses"])))


def test_facts_stand_in_the_clauses() -> None:
    text = text_of()
    assert (
        "- Innaffiare: 12 ore al mese; prova: diario" in clause(text, "community_commitments")["text"]["it"]
    )
    assert "entro il 1 marzo 2027" in clause(text, "city_commitments")["text"]["it"]
    assert "at least 30 hours a week" in clause(text, "fences")["text"]["en"]
    assert "1,200" in clause(text, "money")["text"]["en"]
    assert "1 December 2026" in clause(text, "duration")["text"]["en"]


def test_support_is_valued_from_the_profile() -> None:
    server, legal = text_of(TOOL)["support"]
    assert server["value_cents"] == 12 * 3_000
    assert legal["value_cents"] == 5 * 9_000


def test_clauses_follow_the_kind_of_commons_and_the_support() -> None:
    garden, tool, data = ({one["id"] for one in text_of(one)["clauses"]} for one in (GARDEN, TOOL, DATA))
    assert {"collective_use", "safety", "materials"} <= garden
    assert not {"servers", "licence", "data_governance", "legal_help"} & garden
    assert {"servers", "licence", "legal_help", "collective_use_software"} <= tool
    assert {"data_governance", "licence"} <= data
    assert "servers" not in data
    assert clause(text_of(DATA), "money")["none_because"]
    assert clause(text_of(DATA), "insurance")["none_because"]


def test_a_changed_value_is_said_and_voids_the_hash() -> None:
    text = text_of()
    new = clauses.with_clause_changed(
        text, PROFILE, "collective_use", params={"opening_hours": "solo il sabato"}
    )
    assert "solo il sabato" in clause(new, "collective_use")["text"]["it"]
    assert clauses.content_hash(new) != clauses.content_hash(text)
    assert text == text_of(), "the older text is never touched"


def test_own_words_stand_as_written_and_can_be_taken_back() -> None:
    text = text_of()
    own = {"it": "Ci vediamo {ogni} martedì.", "en": "We meet every Tuesday."}
    new = clauses.with_clause_changed(text, PROFILE, "governance", own_words=own)
    assert clause(new, "governance")["text"] == own
    assert clause(new, "governance")["library_version"] == "1+own"
    later = clauses.with_changes(new, PROFILE, title="Altro titolo")
    assert clause(later, "governance")["text"] == own
    assert clauses.with_clause_changed(new, PROFILE, "governance", own_words={"it": ""}) == text


def test_none_with_a_reason_and_back() -> None:
    text = text_of()
    none = clauses.with_clause_changed(
        text, PROFILE, "insurance", none_because={"it": "copre già il Quartiere"}
    )
    assert "copre già il Quartiere" in clause(none, "insurance")["text"]["it"]
    assert clause(none, "insurance")["params"] == {}
    back = clauses.with_clause_changed(none, PROFILE, "insurance", params=INSURED["insurance"])
    assert back == text


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("nothing", {"params": {}}),
        ("principles", {"own_words": {"it": "Altro"}}),
        ("governance", {"own_words": {"en": "Only English"}}),
        ("governance", {"none_because": {"it": "perché no"}}),
        ("guarantees", {"none_because": {"it": " "}}),
        ("governance", {"params": {"meetings_a_year": "often"}}),
        ("governance", {"params": {"meetings_a_year": -1}}),
        ("governance", {"params": {"meetings_a_year": True}}),
        ("governance", {"params": {"mood": "good"}}),
        ("insurance", {"params": {"covers_from": "2026-02-30"}}),
        ("collective_use", {"params": {"opening_hours": "x" * 5_001}}),
        ("collective_use", {"params": {"opening_hours": 7}}),
    ],
)
def test_what_a_clause_does_not_take_is_refused(key: str, change: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        clauses.with_clause_changed(text_of(), PROFILE, key, **change)


def test_changed_terms_are_said_in_the_clauses_and_fences_keep_their_names() -> None:
    text = text_of()
    new = clauses.with_changes(
        text,
        PROFILE,
        ends_on=date(2027, 2, 28),
        fences=(clauses.FenceChoice("open_door"), clauses.FenceChoice("transparency", 40)),
        support=(*GARDEN.asks, clauses.Ask("s2", "legal", "statuto", 3, "hour")),
    )
    assert [(one["id"], one["catalogue"]) for one in new["fences"]] == [
        ("f3", "open_door"),
        ("f2", "transparency"),
    ]
    assert "within 40 days" in clause(new, "fences")["text"]["en"]
    assert "28 February 2027" in clause(new, "duration")["text"]["en"]
    assert new["reports"]["first_due_on"] == "2027-03-31"
    assert clause(new, "legal_help")["number"] == 11
    assert clauses.with_changes(text, PROFILE) == text
    assert clauses.with_changes(text, PROFILE, fences=text["fences"], support=text["support"]) == text
    with pytest.raises(TypeError, match="code"):
        clauses.with_changes(text, PROFILE, code="BO-1")


def test_money_that_comes_later_brings_its_clause_back() -> None:
    text = text_of(DATA)
    new = clauses.with_changes(text, PROFILE, support=GARDEN.asks)
    assert clause(new, "money")["none_because"] is None
    assert clauses.with_changes(new, PROFILE, support=()) == text


def test_the_licence_follows_the_commons_unless_another_was_chosen() -> None:
    text = text_of(TOOL)
    moved = replace(TOOL.commons, licence="EUPL-1.2")
    assert clause(clauses.with_changes(text, PROFILE, commons=moved), "licence")["params"] == {
        "licence": "EUPL-1.2"
    }
    chosen = clauses.with_clause_changed(text, PROFILE, "licence", params={"licence": "GPL-3.0-or-later"})
    later = clauses.with_changes(chosen, PROFILE, commons=moved)
    assert clause(later, "licence")["params"] == {"licence": "GPL-3.0-or-later"}


def test_a_single_citizen_is_not_named() -> None:
    alone = replace(
        GARDEN, parties=(clauses.Party("p1", "community", "", "citizen", "citizen"), GARDEN.parties[1])
    )
    assert "una persona singola" in clause(text_of(alone), "premises")["text"]["it"]


@given(ANYTHING, ANYTHING)
@settings(max_examples=40, deadline=None)
def test_what_is_typed_stays_plain_text(title: str, hours: str) -> None:
    sources = replace(GARDEN, title=title, params={**INSURED, "collective_use": {"opening_hours": hours}})
    usual = text_of()
    for key in ("premises", "collective_use"):
        for language in ("it", "en"):
            written = clause(text_of(sources), key)["text"][language]
            expected = clause(usual, key)["text"][language]
            assert written.count("\n\n") == expected.count("\n\n")
            assert written.count("\n- ") == expected.count("\n- ")


@pytest.mark.parametrize("typed", ["{code}", "{title}", "a\n\n- b", "<script>", "%(x)s"])
def test_a_blank_inside_a_value_is_never_filled(typed: str) -> None:
    new = clauses.with_clause_changed(text_of(), PROFILE, "collective_use", params={"opening_hours": typed})
    assert " ".join(typed.split()) in clause(new, "collective_use")["text"]["it"]


def test_the_difference_is_readable_clause_by_clause() -> None:
    text = text_of()
    new = clauses.with_clause_changed(text, PROFILE, "governance", params={"meetings_a_year": 6})
    found = [one for one in clauses.diff(text, new, "en") if one.change != "same"]
    assert [one.clause_id for one in found] == ["governance"]
    assert [one for one in found[0].words if one[0] != "same"] == [("removed", "4"), ("added", "6")]


def test_clauses_that_come_and_go_are_shown() -> None:
    text = text_of()
    new = clauses.with_changes(text, PROFILE, support=(clauses.Ask("s1", "legal", "statuto", 3, "hour"),))
    changes = {one.clause_id: one.change for one in clauses.diff(text, new, "it")}
    assert changes["legal_help"] == "added"
    assert {one.clause_id: one.change for one in clauses.diff(new, text, "it")}["legal_help"] == "removed"
    assert changes["disputes"] == "same", "a new number alone is no change"


@given(ANYTHING, ANYTHING)
@settings(deadline=None)
def test_a_difference_holds_both_texts(before: str, after: str) -> None:
    found = clauses.word_diff(before, after)
    assert "".join(one for op, one in found if op != "added") == before
    assert "".join(one for op, one in found if op != "removed") == after
