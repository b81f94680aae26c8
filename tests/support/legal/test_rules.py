"""Which licence fits, whether an assessment is due, how far a clinic is: each answer with its reasons."""

from __future__ import annotations

import pytest
from license_expression import get_spdx_licensing

from portal import city
from portal.support.legal import assessing, licences
from portal.support.legal.licences import Fit

BOLOGNA = city.profile("bologna")


def chosen(**answers: str) -> dict[str, licences.Judged]:
    return {one.licence.id: one for one in licences.judge(answers, BOLOGNA.licences)}


def best(**answers: str) -> list[str]:
    return [key for key, one in chosen(**answers).items() if one.fit == Fit.RECOMMENDED]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("software yes yes yes no", ["AGPL-3.0-or-later"]),
        ("software yes yes no no", ["AGPL-3.0-or-later", "GPL-3.0-or-later"]),
        ("software yes no no no", ["Apache-2.0", "MIT"]),
        ("content yes yes no no", ["CC-BY-SA-4.0"]),
        ("data no yes no no", ["CC-BY-SA-4.0", "ODbL-1.0"]),
        ("hardware no yes no no", ["CERN-OHL-S-2.0"]),
        ("software no yes no yes", ["AGPL-3.0-or-later", "GPL-3.0-or-later", "LicenseRef-PPL"]),
        ("brand yes no no yes", ["LicenseRef-PPL"]),
    ],
)
def test_the_licence_that_fits_comes_first(answers: str, expected: list[str]) -> None:
    said = dict(zip(licences.ASKED, answers.split(), strict=True))
    assert licences.missing(said) == ()
    assert best(**said) == expected


def test_copyfair_is_not_for_code_that_public_money_paid() -> None:
    code = chosen(thing="software", public_money="yes", fair="yes")["LicenseRef-PPL"]
    assert (code.fit, code.fits_public_money, code.reasons[0]) == (Fit.NOT, False, licences.FAIR_PAID)
    brand = chosen(thing="brand", public_money="yes", fair="yes")["LicenseRef-PPL"]
    assert (brand.fit, brand.fits_public_money) == (Fit.RECOMMENDED, True)


def test_nothing_is_advised_before_the_thing_is_named() -> None:
    assert chosen() == {}
    assert licences.missing({}) == licences.ASKED


@pytest.mark.parametrize("name", city.cities())
def test_each_city_offers_licences_that_are_on_the_list(name: str) -> None:
    known = get_spdx_licensing().known_symbols
    offered = [one.id for one in city.profile(name).licences if not one.id.startswith("LicenseRef-")]
    assert [one for one in offered if one not in known] == []


def answered(yes: set[str], *, all_others: bool = True) -> dict[str, str]:
    asked = [one.id for one in BOLOGNA.guide("dpia").questions if one.role in {"trigger", "criterion"}]
    return {one: "yes" if one in yes else "no" for one in asked if all_others or one in yes}


@pytest.mark.parametrize(
    ("yes", "rest", "due"),
    [
        (set(), True, "not_due"),
        ({"criterion_3"}, True, "think"),
        ({"criterion_3", "criterion_7"}, True, "due"),
        ({"criterion_3", "criterion_7"}, False, "due"),
        ({"trigger_b"}, False, "due"),
        ({"criterion_3"}, False, "open"),
        (set(), False, "open"),
    ],
)
def test_two_signs_or_a_case_of_the_law_make_an_assessment_due(yes: set[str], rest: bool, due: str) -> None:
    questions = BOLOGNA.guide("dpia").questions
    assert assessing.verdict(questions, answered(yes, all_others=rest)).due == due


def test_a_point_that_does_not_apply_says_why() -> None:
    questions = BOLOGNA.guide("clinic").questions
    points = [one.id for one in questions if one.kind == "point"]
    assert all(one.source for one in questions if one.kind == "point")
    silent = dict.fromkeys(points, "done") | {"social": "na"}
    assert not assessing.progress(questions, silent).is_whole
    told = silent | {assessing.why("social"): "No services to people"}
    assert assessing.progress(questions, told).is_whole
    assert assessing.progress(questions, told).not_applicable == 1
