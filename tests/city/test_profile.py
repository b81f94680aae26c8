"""The shipped cities are sound, and whatever is wrong with a city's files is named, all at once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from portal import city
from portal.city.files import CITIES

VERSION = "2023-01-01"
KINDS = (("ordinary", "place"), ("complex", "place"), ("digital", "software"), ("data", "data_set"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of Bologna in which faults can be planted."""
    return Path(shutil.copytree(CITIES / "bologna", tmp_path / "bologna"))


@pytest.fixture
def faults(folder: Path) -> Callable[..., str]:
    """Replace something in a file and return the faults that are found."""

    def plant(name: str, old: str, new: str) -> str:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return "\n".join(city.check("bologna", folder))

    return plant


@pytest.mark.parametrize("name", city.cities())
def test_a_shipped_city_is_without_faults(name: str) -> None:
    assert city.check(name) == []


def test_the_profile_is_read_once_and_knows_its_version() -> None:
    profile = city.profile("bologna")
    assert profile is city.profile("bologna")
    assert profile.version_key == "bologna/2023/2023-01-01"
    assert city.profile("bologna", VERSION) == profile
    assert {one.id for one in profile.classes} == {"occasional", "ordinary", "complex", "digital", "data"}


def test_an_unknown_city_or_version_is_refused() -> None:
    with pytest.raises(city.ProfileFaulty, match="no such city"):
        city.profile("atlantis")
    with pytest.raises(KeyError):
        city.profile("bologna", "1999-01-01")


def test_every_rule_is_marked_for_counsel_and_every_citation_has_a_source() -> None:
    profile = city.profile("bologna")
    assert "counsel" in profile.counsel["en"]
    assert all(one.source.startswith("https://") for one in profile.citations)
    assert all(profile.citation(clock.citation) for clock in profile.clocks.values())


@pytest.mark.parametrize(("pact_class", "kind"), KINDS)
def test_recommended_fences_come_first(pact_class: str, kind: str) -> None:
    marks = [kind in one.recommended for one in city.profile("bologna").fences_for(kind)]
    assert marks == sorted(marks, reverse=True), pact_class
    assert any(marks)


CLAUSES = f"{VERSION}/clauses.toml"
RULES = f"{VERSION}/regulation.toml"
FENCES = f"{VERSION}/fences.toml"
ENGLISH = f"{VERSION}/clauses.en.toml"


@pytest.mark.parametrize(
    ("name", "old", "new", "named"),
    [
        ("city.toml", 'currency = "EUR"', 'currency = "EUR"\nanthem = "la la"', "unknown key “anthem”"),
        ("city.toml", 'currency = "EUR"', "", "“currency” is missing"),
        ("city.toml", 'en = "Districts department"', 'fr = "Quartiers"', "no words in “en”"),
        (
            "city.toml",
            'en = "Districts department"',
            'fr = "Quartiers"',
            "“fr” is not a language of this city",
        ),
        (
            "city.toml",
            'time_zone = "Europe/Rome"',
            'time_zone = "Europe/Roma"',
            "“Europe/Roma” is no time zone",
        ),
        ("city.toml", "rest_days = [7]", 'rest_days = "Sunday"', "calendar.rest_days: a list is needed"),
        ("city.toml", "rest_days = [7]", "rest_days = [1, 2, 3, 4, 5, 6, 7]", "leave one to work on"),
        ("city.toml", 'feasts = ["10-04"]', 'feasts = ["4 October"]', "write month and day, like 10-04"),
        ("city.toml", 'country = "IT"', 'country = "Italy"', "has no list of holidays"),
        ("city.toml", 'subdivision = "BO"', 'subdivision = "XX"', "“XX” is no part of IT"),
        ("city.toml", 'currency = "EUR"', 'currency = "EURO"', "“EURO” is no currency"),
        ("city.toml", "[contact]", "[contact", "not readable as TOML"),
        ("districts.geojson", '"type": "Polygon", "coordinates"', '"coords"', "not readable as a GeoJSON"),
        (
            "districts.geojson",
            "[11.247, 44.491], [11.262, 44.478]]]",
            "[11.247, 44.491]]]",
            "not a closed ring",
        ),
        ("words.toml", '"clause.and"', '"clause.or"', "“clause.and” is missing"),
        ("words.toml", '"state.pact.in_force"', '"state.pact.live"', "“state.pact.in_force” is missing"),
        ("words.toml", "by {day}", "by {date}", "{date} is not declared"),
        (RULES, "approval_persons = 2", "approval_persons = 1", "two persons at least"),
        (RULES, "valid_from = 2023-01-01", "valid_from = 2024-01-01", "not the date in the folder's name"),
        (
            RULES,
            "days = 30\ncounting",
            'days = "thirty"\ncounting',
            "clocks.examination.days: a whole number is needed",
        ),
        (RULES, 'citation = "l241_2"', 'citation = "hearsay"', "“hearsay” does not exist"),
        (RULES, 'stopped_by = ["supplement", ', 'stopped_by = ["lunch", ', "“lunch” is none of supplement"),
        (RULES, 'extension_citation = "reg2023"', "", "name the rule that allows more days"),
        (RULES, 'tacit = "none"', 'tacit = "perhaps"', "“perhaps” is none of none, refused, accepted"),
        (RULES, 'tacit_citation = "l241_11"', 'tacit_citation = "hearsay"', "“hearsay” does not exist"),
        (RULES, "days = 30\ncounting", "days = 0\ncounting", "a term has one day at least"),
        (RULES, 'counting = "calendar"', 'counting = "moon"', "“moon” is none of calendar, working"),
        (RULES, "[clocks.conciliation]", "[clocks.quarrel]", "clocks: “conciliation” is missing"),
        (RULES, "[clocks.conciliation]", "[clocks.quarrel]", "clocks.quarrel: the portal has no use"),
        (RULES, "needs_pact = false", "needs_pact = 0", "true or false is needed"),
        (RULES, 'signer_office = "districts"', 'signer_office = "opera"', "“opera” does not exist"),
        (RULES, "match_reminder_days = 45", "match_reminder_days = 0", "from 1 to 180 days"),
        (RULES, "match_reminder_days = 45", "match_reminder_days = 181", "from 1 to 180 days"),
        (RULES, "match_reminder_days = 45", "", "“match_reminder_days” is missing"),
        (RULES, 'id = "medium"', 'id = "small"', "server_plans: “small” is there 2 times"),
        (FENCES, "{threshold} hours", "twenty hours", "{threshold} is not in it"),
        (FENCES, "close = 24", "close = 10", "“close” lies beyond the threshold"),
        (FENCES, 'unit = "hours_week"', 'unit = "moons"', "“moons” is none of"),
        (FENCES, 'source = "opening_log"', 'source = "rumour"', "no public words “source.rumour”"),
        (CLAUSES, 'element = "art5.m"', 'element = "art5.l"', "art5.m is not covered in a ordinary pact"),
        (CLAUSES, 'element = "art5.m"', 'element = "art5.z"', "“art5.z” does not exist"),
        (CLAUSES, "number = 20", "number = 10", "2 clauses have the number 10"),
        (CLAUSES, 'name = "boundaries"', 'name = "borders"', "{boundaries} is not declared"),
        (CLAUSES, 'name = "boundaries"', 'name = "borders"', "the blank {borders} is never used"),
        (CLAUSES, 'default_fact = "licence"', 'default_fact = "mood"', "“mood” is not a fact"),
        (ENGLISH, "[premises]", "[promises]", "“promises” is not a clause"),
        (ENGLISH, "[premises]", "[promises]", "the clause “premises” has no words"),
        (ENGLISH, "nobody is harmed.", "{nobody} is harmed.", "{nobody} is not declared"),
        (ENGLISH, "[object.labels]", "[object.tags]", "unknown key “tags”"),
        (ENGLISH, 'locked_because = "These', 'locked_why = "These', "locked_because: no words in “en”"),
    ],
)
def test_each_planted_fault_is_named(
    faults: Callable[..., str], name: str, old: str, new: str, named: str
) -> None:
    assert named in faults(name, old, new)


def test_faults_are_all_named_at_once(faults: Callable[..., str]) -> None:
    faults("city.toml", 'currency = "EUR"', "")
    found = faults(RULES, "approval_persons = 2", 'approval_persons = "two"')
    assert "“currency” is missing" in found
    assert "approval_persons" in found


def test_a_missing_file_is_a_fault(folder: Path) -> None:
    (folder / VERSION / "fences.toml").unlink()
    assert any("fences.toml: the file is missing" in one for one in city.check("bologna", folder))


@pytest.mark.parametrize(
    ("latitude", "longitude", "district"),
    [
        (44.520, 11.270, "borgo-panigale-reno"),
        (44.530, 11.345, "navile"),
        (44.510, 11.400, "san-donato-san-vitale"),
        (44.460, 11.395, "savena"),
        (44.455, 11.350, "santo-stefano"),
        (44.475, 11.300, "porto-saragozza"),
        (45.464, 9.190, None),
    ],
)
def test_a_point_finds_its_district(latitude: float, longitude: float, district: str | None) -> None:
    found = city.district_at(city.profile("bologna"), latitude=latitude, longitude=longitude)
    assert (found.id if found else None) == district


def test_districts_leave_no_gap_and_do_not_overlap() -> None:
    profile = city.profile("bologna")
    west, south, east, north = city.bounds(profile)
    centre = (11.343, 44.490)
    for step_x in range(40):
        for step_y in range(40):
            point = (west + (east - west) * step_x / 40, south + (north - south) * step_y / 40)
            homes = [one.id for one in profile.districts if city.contains(one.ring, point)]
            assert len(homes) <= 1
            near = abs(point[0] - centre[0]) < 0.04 and abs(point[1] - centre[1]) < 0.03
            assert homes or not near, point
    assert len(city.as_geojson(profile)["features"]) == 6  # type: ignore[arg-type]


REGULATION = f"{VERSION}/regulation.toml"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("weight = 2", "weight = 0", "criteria[general_interest].weight: it counts at least once"),
        ('opinions = ["legal", "safety"]', 'opinions = ["poetry"]', "“poetry” is none of legal"),
        ('citation = "cpa29"', 'citation = "cpa99"', "remedies[court].citation: “cpa99” does not exist"),
        ("days = 60\ncitation", "days = -1\ncitation", "remedies[court].days"),
        (
            '    { it = "È chiuso: decide chi propone"',
            '    { en = "x" },\n    { it = "È"',
            "5 values are needed",
        ),
    ],
)
def test_a_fault_in_how_a_city_judges_is_named(
    faults: Callable[..., str], old: str, new: str, fault: str
) -> None:
    assert fault in faults(REGULATION, old, new)


def test_every_next_step_says_how(faults: Callable[..., str]) -> None:
    wrong = faults("city.toml", 'phone = "051 000 005"\nmail = "difensore@city.example"\n', "")
    assert "next_steps[ombudsperson]: say how: phone, mail, link" in wrong


def test_a_required_opinion_is_one_that_an_office_gives(faults: Callable[..., str]) -> None:
    assert "no office gives the opinion “safety”" in faults("city.toml", 'opinion = "safety"', 'opinion = ""')
