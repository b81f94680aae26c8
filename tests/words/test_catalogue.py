"""The catalogue holds what the sources say, no more and no less, and every translation can be filled in."""

from __future__ import annotations

import re

import pytest

from portal.words import shipped_languages
from tests.architecture.tree import ROOT
from tests.words.catalogue import PLACE, catalogue, path_of, said, texts

LANGUAGES = sorted(shipped_languages() - {"en"})
CHANGING = re.compile(
    r'^(?:#: |"(?:POT-Creation-Date|PO-Revision-Date|Last-Translator|Generated-By))', re.MULTILINE
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_exactly_what_the_sources_say(language: str) -> None:
    listed = set(texts(language))
    assert not sorted(said() - listed), "make words, then translate"
    assert not sorted(listed - said()), "make words"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_portal_is_there(language: str) -> None:
    missing = sorted(one for one in said() if not all(texts(language).get(one, ("",))))
    assert not missing, f"{language} lacks {len(missing)} of {len(said())}: {missing[:20]}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_every_value(language: str) -> None:
    changed = [
        one
        for one, forms in texts(language).items()
        if any(form and _values(form) - {"num"} != _values(one) - {"num"} for form in forms)
    ]
    assert not changed, f"{language}: {changed[:10]}"


def _values(text: str) -> set[str]:
    return {name for name, _kind in PLACE.findall(text)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_doubtful_or_obsolete(language: str) -> None:
    assert not [message.id for message in catalogue(language) if message.id and message.fuzzy]
    assert not catalogue(language).obsolete


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_can_be_filled_in(language: str) -> None:
    failing = []
    for message_id, forms in texts(language).items():
        values = {name: 2 if kind == "d" else "x" for name, kind in PLACE.findall(message_id)}
        for form in forms if values else ():
            try:
                form % {**values, "num": 2}
            except (KeyError, TypeError, ValueError) as error:
                failing.append((form, repr(error)))
    assert not failing


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_place_is_filled_the_same_way(language: str) -> None:
    # The number itself may be left out of "one day"; a value used twice in English may stand once.
    changed = [
        (message_id, form)
        for message_id, forms in texts(language).items()
        for form in filter(None, forms)
        if _places(form) != _places(message_id)
    ]
    assert not changed


def _places(text: str) -> set[tuple[str, str]]:
    return {place for place in PLACE.findall(text) if place[0] != "num"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_have_both_forms(language: str) -> None:
    plurals = [message for message in catalogue(language) if isinstance(message.id, tuple)]
    assert plurals
    assert not [message.id for message in plurals if len(message.string) != 2 or not all(message.string)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_changes_only_when_words_do(language: str) -> None:
    text = path_of(language).read_text(encoding="utf-8")
    assert not CHANGING.search(text)
    ids = [message.id if isinstance(message.id, str) else message.id[0] for message in catalogue(language)]
    assert ids == sorted(ids), "make words sorts"


def test_make_words_gathers_with_the_map_beside_the_catalogues() -> None:
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "-F portal/translations/babel.cfg" in recipe
