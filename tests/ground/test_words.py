"""Messages are ids and parameters until somebody reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal import words
from portal.words import W, in_language, say, say_number, translator

ITALIAN = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Save"
msgstr "Salva"

msgid "Only %(left)s is left of %(what)s"
msgstr "Di %(what)s restano %(left)s"

msgid "the pool"
msgstr "il fondo"

msgid "%(num)d pact of %(what)s"
msgid_plural "%(num)d pacts of %(what)s"
msgstr[0] "%(num)d patto di %(what)s"
msgstr[1] "%(num)d patti di %(what)s"

#, fuzzy
msgid "Guessed"
msgstr "Indovinato"

msgid "Untranslated"
msgstr ""
"""


@pytest.fixture(autouse=True)
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path / "it" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "portal.po").write_text(ITALIAN.lstrip(), encoding="utf-8")
    monkeypatch.setattr(words, "CATALOGUES", tmp_path)
    words._catalogue.cache_clear()
    yield
    words._catalogue.cache_clear()


def test_a_message_is_said_in_the_language_asked_for() -> None:
    assert say(W("Save"), "it") == "Salva"
    assert say(W("Save"), "en") == "Save"


@pytest.mark.parametrize("message", ["Never translated", "Guessed", "Untranslated"])
def test_what_is_not_translated_is_said_in_english(message: str) -> None:
    assert say(W(message), "it") == message
    assert say(message, "ko") == message


def test_parameters_are_filled_in_after_translation_and_translated_themselves() -> None:
    message = W("Only %(left)s is left of %(what)s", left="€ 5", what=W("the pool"))
    assert say(message, "it") == "Di il fondo restano € 5"
    assert say(message, "en") == "Only € 5 is left of the pool"


def test_a_percent_sign_without_parameters_is_only_a_sign() -> None:
    assert say(W("100% of the cost"), "it") == "100% of the cost"


def test_a_value_with_a_percent_sign_is_not_read_as_a_place() -> None:
    assert say(W("Only %(left)s is left of %(what)s", left="5%(what)s", what="100%"), "en") == (
        "Only 5%(what)s is left of 100%"
    )


def test_singular_and_plural_follow_the_count() -> None:
    assert say_number(
        "%(num)d pact of %(what)s", "%(num)d pacts of %(what)s", 1, "it", what=W("the pool")
    ) == ("1 patto di il fondo")
    assert (
        say_number("%(num)d pact of %(what)s", "%(num)d pacts of %(what)s", 0, "it", what="x")
        == "0 patti di x"
    )
    assert (
        say_number("%(num)d pact of %(what)s", "%(num)d pacts of %(what)s", 2, "en", what="x")
        == "2 pacts of x"
    )


def test_a_block_speaks_one_language_and_then_the_former_again() -> None:
    with in_language("it"):
        assert str(W("Save")) == "Salva"
        with in_language("en"):
            assert str(W("Save")) == "Save"
        assert str(W("Save")) == "Salva"
    assert str(W("Save")) == "Save"


def test_a_translator_serves_papers_and_mail() -> None:
    _ = translator("it")
    assert _("Save") == _(W("Save")) == "Salva"
    assert _("Only %(left)s is left of %(what)s", left=1, what=2) == "Di 2 restano 1"


def test_in_markup_a_message_is_escaped() -> None:
    assert W("<b>%(name)s</b>", name="<i>").__html__() == "&lt;b&gt;&lt;i&gt;&lt;/b&gt;"


def test_messages_are_equal_by_what_they_say() -> None:
    assert W("Save") == W("Save")
    assert W("Save", a=1) != W("Save", a=2)
    assert len({W("Save"), W("Save")}) == 1


def test_shipped_languages_are_those_with_a_catalogue_and_english() -> None:
    assert words.shipped_languages() == {"it", "en"}
