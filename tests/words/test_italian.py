"""The Italian is whole, plain, and calls one thing by one name."""

from __future__ import annotations

import re
import statistics

import pytest

from portal import words
from tests.words.catalogue import PLACE, WORD, gulpease, texts

EASY = 60
# A short label has too few words for a measure of sentences.
SENTENCE, LONG = 4, 12

# The same word in both languages, or nothing but values.
SAME = {
    "Server",
    "%(words)s, %(percent)s%%",
    "%(kb)s KB",
    "%(words)s",
    "%(words)s (%(code)s)",
    "%(kind)s: %(amount)s",
    "%(kind)s, in %(currency)s",
    "%(minutes)s min %(num)s s",
    "%(num)s s",
    "Account",
    "Browser",
    "%(number)s %%",
    "%(number)s h",
    "%(minutes)s min",
    "%(number)s vCPU",
    "E-mail",
    "Euro",
    "File",
    "No",
    "Password",
    "Privacy",
    "Software",
    "feed (Atom)",
    "no",
}
# The glossary: where English says the one, Italian says the other.
GLOSSARY = {
    r"\bcollaboration pacts?\b": r"\bpatt[oi] di collaborazione\b",
    r"\bco-design\b": r"\bco-progettazione\b",
    r"\bfences?\b": r"\btutel[ae]\b",
    r"\bproposals?\b": r"\bpropost[ae]\b|\bPR-",
    r"\bprogress reports?\b": r"\brelazion[ei] (?:sigillata )?sullo stato di avanzamento\b|\brelazione n\.",
    r"\bcounter\b": r"\bsportello\b",
    r"\bcompleteness\b": r"\bcompletezza\b",
    r"\bopinions?\b": r"\bpareri?e?\b",
    r"\ballocations?\b": r"\bassegnazion[ei]\b",
    r"\binsurance\b": r"\bcopertura assicurativa\b",
    r"\binformal group\b": r"\bgruppo informale\b",
    r"\bdigital commons\b": r"\bbeni comuni digitali\b",
    r"\bdata commons\b": r"\bbeni comuni dei dati\b",
    r"\bthird-sector body\b": r"\bente del terzo settore\b",
    r"\bplaque\b": r"\btarga\b",
    r"\bcommitments?\b": r"\bimpegn[oi]\b",
    r"\breceipts?\b": r"\bricevut[ae]\b",
}
# Formal address and office language that plain Italian does without.
STIFF = re.compile(
    r"\b(?:la invitiamo|si prega|la s\. ?v\.|vostra signoria|lei deve|inserisca|effettuare|ai sensi|"
    r"suddett\w+|predett\w+|succitat\w+|qualora|nonché|onde|previa)\b",
    re.IGNORECASE,
)
ENDS = ".:?!"


def _forms() -> list[tuple[str, str]]:
    return [(message_id, form) for message_id, forms in texts("it").items() for form in forms if form]


def _word_count(text: str) -> int:
    return len(WORD.findall(PLACE.sub("due", text)))


def test_nothing_was_left_in_english() -> None:
    assert {message_id for message_id, form in _forms() if message_id == form} <= SAME


def test_sentences_are_easy_to_read() -> None:
    sentences = [form for _, form in _forms() if _word_count(form) >= SENTENCE]
    assert statistics.fmean(gulpease(form) for form in sentences) >= EASY


def test_no_long_sentence_is_hard_to_read() -> None:
    hard = {form: gulpease(form) for _, form in _forms() if _word_count(form) >= LONG and gulpease(form) < 50}
    assert not hard


@pytest.mark.parametrize("english", GLOSSARY)
def test_one_thing_has_one_name(english: str) -> None:
    pattern, italian = re.compile(english, re.IGNORECASE), re.compile(GLOSSARY[english], re.IGNORECASE)
    others = [
        (message_id, form)
        for message_id, form in _forms()
        if pattern.search(message_id) and not italian.search(form)
    ]
    assert not others


def test_the_portal_speaks_plainly_and_to_you() -> None:
    assert not [form for _, form in _forms() if STIFF.search(form)]


def test_marks_are_italian_and_end_where_the_english_ends() -> None:
    assert not [form for _, form in _forms() if re.search(r"[“”\"]| {2}|^\s|\s$", form)]
    assert not [
        (message_id, form)
        for message_id, form in _forms()
        if (message_id[-1] if message_id[-1] in ENDS else "") != (form[-1] if form[-1] in ENDS else "")
    ]


def test_the_measure_knows_plain_from_hard() -> None:
    plain = "Scrivi il tuo nome. Ti rispondiamo entro trenta giorni."
    hard = (
        "L'amministrazione procedente, verificata la sussistenza dei presupposti normativamente previsti, "
        "provvede all'adozione del provvedimento conclusivo del procedimento amministrativo"
    )
    assert gulpease(plain) > EASY > gulpease(hard)


def test_italian_is_spoken_at_the_edge() -> None:
    assert words.say(words.W("%(number)s vCPU", number=3), "it") == "3 vCPU"
    assert words.say("Save and continue", "it") == "Salva e continua"
    assert words.say_number("%(num)d month", "%(num)d months", 1, "it") == "1 mese"
    assert words.say_number("%(num)d month", "%(num)d months", 12, "it") == "12 mesi"
