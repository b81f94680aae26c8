"""A publiccode.yml is read without trust: it fills what is empty, and says in words what it could not take."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import db
from portal.errors import Invalid
from portal.proposals import actions, jobs, publiccode
from portal.proposals.shapes import What, Where
from portal.web.fetching import Guarded, NotFetched
from tests.browser import Browser
from tests.proposals.steps import begin, do, see, send
from tests.proposals.test_photos import upload

GOOD = """publiccodeYmlVersion: "0.4"
name: Prenota
url: https://code.example.org/pixel/prenota.git
releaseDate: 2026-01-01
description:
  it: {shortDescription: Le sale del quartiere, prenotate insieme}
  en:
    shortDescription: The rooms of the quarter, booked together
legal: {license: AGPL-3.0-or-later}
maintenance:
  type: community
  contacts: [{name: Dora}]
localisation:
  availableLanguages: [it, en]
"""


@pytest.fixture
def draft(client, database, cast):
    code = begin(cast.rosa, whole=False)
    do(code, lambda p: actions.save_what(p, What("software", "", ""), by=cast.rosa))
    client.sign_in("rosa@example.org")
    return code


def paste(client, code, text):
    client.get(f"/en/propose/{code}/publiccode")
    return client.post(f"/en/propose/{code}/publiccode", {"pasted": text})


def test_what_is_pasted_fills_what_is_empty(client, draft):
    assert paste(client, draft, GOOD).status_code == 200
    assert "We have filled in these answers" in client.page
    told = see(draft, lambda p: (p.title, p.summary, p.licence, p.repository, p.particulars))
    assert told == (
        "Prenota",
        "The rooms of the quarter, booked together",
        "AGPL-3.0-or-later",
        "https://code.example.org/pixel/prenota.git",
        {"maintenance": "community", "languages": "it, en"},
    )


def test_what_was_typed_stays(client, draft, cast):
    do(draft, lambda p: actions.save_what(p, What("software", "My name for it", ""), by=cast.rosa))
    paste(client, draft, GOOD)
    assert see(draft, lambda p: p.title) == "My name for it"
    paste(client, draft, GOOD)
    assert "Nothing was empty" in client.page


def test_a_file_is_read_like_what_is_pasted(client, draft):
    client.get(f"/en/propose/{draft}/publiccode")
    upload(client, f"/en/propose/{draft}/publiccode", {}, GOOD.encode(), field="publiccode")
    assert see(draft, lambda p: p.title) == "Prenota"


BOMB = "a: &a [x, x, x, x]\n" + "\n".join(f"b{n}: &b{n} [*a, *a, *a, *a]" for n in range(9)) + "\nname: x"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Choose the file publiccode.yml, or paste"),
        ("hello", "nothing of a publiccode.yml"),
        ("[1, 2]", "nothing of a publiccode.yml"),
        ("other: 1", "nothing of a publiccode.yml"),
        ("name: [", "no YAML file we can read"),
        ("name: 'x\n\tbad", "no YAML file we can read"),
        ("name: x\n---\nname: y", "no YAML file we can read"),
        (BOMB, "anchors and aliases"),
        ("name: &x y", "anchors and aliases"),
        ("name: " + "[" * 400 + "]" * 400, "no YAML file we can read"),
        ("name: x\nl: [" + "1," * 5_000 + "]", "no YAML file we can read"),
        ("{[1, 2]: 3, name: x}", "no YAML file we can read"),
        ("name: x\n" + "#" * 70_000, "too large"),
    ],
)
def test_what_is_none_is_refused_in_words_and_at_once(client, draft, typed, said):
    began = time.process_time()
    assert paste(client, draft, typed).status_code == 422
    assert time.process_time() - began < 2
    assert said in client.page
    assert see(draft, lambda p: p.title) == ""


@pytest.mark.parametrize("content", [b"\xff\xfe\x00n", b"name: x\x00", b"\x89PNG\r\n"])
def test_a_file_that_is_no_text_is_refused_in_words(client, draft, content):
    client.get(f"/en/propose/{draft}/publiccode")
    answer = upload(client, f"/en/propose/{draft}/publiccode", {}, content, field="publiccode")
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("legal: 7", "“legal.license” is not written as it should be"),
        ("legal: {license: [MIT]}", "“legal.license” is not written as it should be"),
        ("legal: {license: Our own}", "We do not know the licence"),
        ("maintenance: {type: never}", "“maintenance.type” is not written as it should be"),
        ("description: text", "“description” is not written as it should be"),
        ("description: {en: 5}", "“description.en.shortDescription” is not written"),
        ("url: 'javascript:alert(1)'", "“url” is not written as it should be"),
        ("localisation: {availableLanguages: it}", "“localisation.availableLanguages” is not written"),
        ("description: {en: {shortDescription: '" + "x" * 200 + "'}}", "longer than the 150 characters"),
    ],
)
def test_a_part_that_is_wrong_is_left_out_and_named(part, said):
    found = publiccode.read(f"name: Tool\n{part}\n", language="en")
    assert found.name == "Tool"
    assert any(said in str(note) for note in found.notes), [str(note) for note in found.notes]


@pytest.mark.parametrize(
    "text", ["!!python/object/apply:os.system ['true']", "!!python/name:os.system", "!!binary aGk="]
)
def test_tags_make_nothing_but_text(text):
    try:
        found = publiccode.read(f"name: {text}\nurl: https://x.example/y", language="en")
    except Invalid:
        return
    assert isinstance(found.name, str)


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_no_file_breaks_the_reading(content):
    try:
        found = publiccode.read(content, language="en")
    except Invalid as refusal:
        assert str(refusal.words)  # noqa: PT017 - any input may be refused
    else:
        assert len(found.name) <= publiccode.LONGEST_NAME


@pytest.mark.parametrize(
    ("page", "likeliest"),
    [
        ("https://github.com/a/b", "https://raw.githubusercontent.com/a/b/HEAD/publiccode.yml"),
        ("https://code.example.org/a/b.git", "https://code.example.org/a/b/-/raw/HEAD/publiccode.yml"),
        ("https://x.example/raw/publiccode.yml", "https://x.example/raw/publiccode.yml"),
        ("http://x.example/a", None),
        ("", None),
    ],
)
def test_where_the_file_lies(page, likeliest):
    assert next(iter(publiccode.addresses(page)), None) == likeliest


def test_without_an_administrator_s_word_nothing_is_fetched(client, draft, cast):
    paste(client, draft, GOOD)
    client.get(f"/en/propose/{draft}/publiccode")
    assert "Fetch it from the address" not in client.page
    assert client.post(f"/en/propose/{draft}/publiccode", {"fetch": "1"}).status_code == 422
    assert "We could not open that address. You can go on; we check again later." in client.page


def test_it_is_for_software_and_for_its_holder(client, draft, cast):
    place = begin(cast.rosa)
    assert client.get(f"/en/propose/{place}/publiccode").status_code == 404
    stranger = Browser(client.app)
    assert stranger.get(f"/en/propose/{draft}/publiccode").status_code == 404
    assert paste(stranger, draft, GOOD).status_code == 404
    assert see(draft, lambda p: p.title) == ""


def test_where_it_is_allowed_the_file_is_fetched_and_nothing_else_is_asked(client, draft, cast, monkeypatch):
    asked = []

    class Answering(Guarded):
        def text(self, address):
            asked.append(address)
            if address.endswith("/-/raw/HEAD/publiccode.yml"):
                raise NotFetched("away")
            return GOOD.encode()

    monkeypatch.setitem(client.app.extensions, "fetch", Answering(frozenset({"code.example.org"})))
    where = Where(repository="https://code.example.org/pixel/prenota")
    do(draft, lambda p: actions.save_where(p, where, by=cast.rosa))
    client.get(f"/en/propose/{draft}/publiccode")
    assert "Fetch it from the address of the code" in client.page
    client.post(f"/en/propose/{draft}/publiccode", {"fetch": "1"})
    assert see(draft, lambda p: p.title) == "Prenota"
    assert asked == [
        "https://code.example.org/pixel/prenota/-/raw/HEAD/publiccode.yml",
        "https://code.example.org/pixel/prenota/raw/branch/HEAD/publiccode.yml",
    ]


class Reaching(Guarded):
    """A client whose one host answers or not."""

    answers = True

    def opens(self, _address):
        return self.answers


def look(client):
    with db.reading():
        due = jobs.repositories_due(client)
    for _, step in due:
        step()
    return len(due)


def test_code_that_was_not_reached_is_looked_for_again_and_staff_see_it(client, database, cast):
    code = send(cast.rosa, kind="software")
    away, there = (Reaching(frozenset({"code.example.org"})) for _ in range(2))
    object.__setattr__(away, "answers", False)
    assert look(Reaching(frozenset())) == 0
    assert look(away) == 1
    client.sign_in("giulia@city.example")
    client.get(f"/en/desk/cases/{code}")
    assert "The address of the code could not be opened" in client.page
    assert look(there) == 1
    assert look(there) == 0
    client.get(f"/en/desk/cases/{code}")
    assert "The address of the code opened on" in client.page


def test_after_a_week_of_tries_the_address_is_left_alone(both, cast):
    send(cast.rosa, kind="software")
    away = Reaching(frozenset({"code.example.org"}))
    object.__setattr__(away, "answers", False)
    assert [look(away) for _ in range(9)] == [1] * 7 + [0, 0]
