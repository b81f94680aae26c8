"""A garden, a program and data are each asked their own questions, and staff see the risks in the answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.commons import licences
from portal.errors import Invalid
from portal.proposals import actions, answers, particulars
from portal.proposals.risks import risks
from portal.proposals.shapes import What
from portal.words import W
from tests.browser import Browser
from tests.proposals.steps import PARTICULARS, PROFILE, begin, do, see, send

KINDS = ("place", "software", "data_set")
OWN_WORDS = {
    "place": ("Whom does the place belong to?", "Is there water?", "who has the keys?", "open to everybody?"),
    "software": ("How many people maintain it?", "How often is a version published?", "In which languages"),
    "data_set": ("Who decides who may use the data?", "How long is the data kept?", "take their data along?"),
}


@dataclass
class ACase:
    kind: str
    licence: str = ""
    holds_personal_data: bool | None = None
    particulars: dict[str, str] | None = None
    fences: list[SimpleNamespace] = field(default_factory=list)


def names(case: ACase) -> set[str]:
    return {one.name.id for one in risks(case)}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_asked_its_own_questions_and_no_others(client, database, cast, kind):
    code = begin(cast.rosa, kind=kind)
    client.sign_in("rosa@example.org")
    client.get(f"/en/propose/{code}/particulars")
    for asked_kind, words in OWN_WORDS.items():
        for text in words:
            assert (text in client.page) == (asked_kind == kind), text


def test_keys_are_for_the_city_alone(client, database, cast):
    code = send(cast.rosa)
    stranger = Browser(client.app)
    stranger.get(f"/en/track/{code}")
    assert "Every day from 8 to 20" in stranger.page
    assert "Rosa keeps the only key" not in stranger.page
    client.sign_in("giulia@city.example")
    client.get(f"/en/desk/cases/{code}")
    assert "Rosa keeps the only key" in client.page


def test_another_kind_takes_back_what_belonged_to_the_old_one(database, cast):
    code = begin(cast.rosa)
    do(code, lambda p: actions.choose_asks(p, ["funding", "waste", "materials"], by=cast.rosa))
    do(code, lambda p: actions.save_what(p, What("software", "Tool", "A tool."), by=cast.rosa))
    told, asks = see(code, lambda p: (p.particulars, {one.kind for one in p.asks}))
    assert told is None
    assert asks == {"funding", "materials"}


@pytest.mark.parametrize("kind", KINDS)
def test_help_that_does_not_fit_is_not_offered(database, cast, kind):
    code = begin(cast.rosa, kind=kind)
    other = next(one.id for one in PROFILE.support_kinds if kind not in one.kinds)
    with pytest.raises(Invalid):
        do(code, lambda p: actions.choose_asks(p, [other], by=cast.rosa))
    offered = PROFILE.supports_for(kind)
    marks = [kind in one.usual for one in offered]
    assert marks == sorted(marks, reverse=True)
    assert any(marks)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_never_offered_is_refused(database, cast, kind):
    code = begin(cast.rosa, kind=kind)
    asked = next(one for one in particulars.asked_of(kind) if one.shape == "choice")
    with pytest.raises(Invalid):
        do(code, lambda p: actions.save_particulars(p, {asked.id: "castle"}, by=cast.rosa))
    line = next(one for one in particulars.asked_of(kind) if one.shape == "line")
    with pytest.raises(Invalid):
        do(code, lambda p: actions.save_particulars(p, {line.id: "x" * 201}, by=cast.rosa))
    assert see(code, lambda p: p.particulars) == PARTICULARS[kind]


def test_answers_of_another_kind_are_not_kept(database, cast):
    code = begin(cast.rosa)
    do(code, lambda p: actions.save_particulars(p, {"owner": "city", "access": "one"}, by=cast.rosa))
    assert see(code, lambda p: p.particulars) == {"owner": "city"}


@given(
    st.sampled_from(KINDS),
    st.dictionaries(
        st.sampled_from(["owner", "hours", "insurance", "maintainers", "access", "basis"]),
        st.text(max_size=9),
    ),
    st.sampled_from([None, True, False]),
)
def test_whatever_is_answered_risks_are_told_in_words(kind, told, personal):
    for one in risks(ACase(kind, "MIT", personal, told)):
        assert str(one.name)
        assert str(one.why).endswith(".")


def test_a_well_kept_garden_shows_no_risk():
    told = {"owner": "city", "hours": "Always", "insurance": "city"}
    assert not names(ACase("place", particulars=told, fences=[SimpleNamespace(catalogue="open_hours")]))
    assert names(ACase("place")) == {"Liability", "Ownership", "Access"}


def test_one_maintainer_and_a_licence_that_lets_others_close_it_are_risks():
    alone = ACase("software", "MIT", particulars={"maintainers": "one", "maintenance": "none"})
    assert names(alone) == {"One maintainer only", "Not maintained", "Licence change"}
    many = ACase("software", "AGPL-3.0-or-later", particulars={"maintainers": "more"})
    many.fences = [SimpleNamespace(catalogue="copyleft")]
    assert not names(many)


def test_personal_data_and_a_single_user_are_risks():
    told = {"access": "one", "basis": "unknown"}
    assert names(ACase("data_set", "ODbL-1.0", True, told)) == {
        "Re-identification",
        "Legal basis",
        "Single big user",
        "Sale of raw data",
    }


def test_staff_see_the_risks_and_nobody_else(client, database, cast):
    code = send(cast.rosa, kind="software")
    client.get(f"/en/track/{code}")
    assert "Licence change" not in client.page
    client.sign_in("giulia@city.example")
    client.get(f"/en/desk/cases/{code}")
    assert "Risks to look at" in client.page
    assert "Licence change" in client.page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("AGPL-3.0-or-later", "keeps it open"),
        ("CC-BY-SA-4.0", "Changes to it stay open"),
        ("MIT", "also inside something closed"),
        ("CC0-1.0", "whatever they like"),
        ("CC-BY-NC-4.0", "Nobody may earn money with it"),
        ("CC-BY-ND-4.0", "Nobody may pass on a changed version"),
        ("MIT OR GPL-2.0-only", "also inside something closed"),
    ],
)
def test_a_licence_says_in_words_what_it_lets_others_do(typed, said):
    assert said in answers.licence_words(typed)


def test_a_licence_that_nobody_knows_stays_as_it_was_typed():
    assert answers.licence_words("Our own rules") == "Our own rules"
    assert answers.licence_words("") == ""


def test_every_category_of_the_list_has_its_words():
    assert all(isinstance(licences.MEANINGS.get(one, licences.MEANINGS[""]), W) for one in licences.OPEN)
    assert set(licences.OPEN) <= set(licences.MEANINGS)
