"""Two people at one clause lose no words, and a layperson can read what changed."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.pacts import clauses, comparing, wording
from portal.pacts.merging import merged
from tests.pacts.test_clauses import GARDEN, PROFILE, text_of

WORDS = st.lists(
    st.sampled_from(["il", "orto", "apre", "ogni", "giorno", "alle", "nove", "e", "chiude"]),
    min_size=1,
    max_size=12,
)


def test_changes_at_two_places_stand_side_by_side() -> None:
    base = "The garden opens at nine and closes at six."
    both = merged(base, base.replace("nine", "ten"), base.replace("six", "seven"))
    assert (both.words, both.is_whole) == ("The garden opens at ten and closes at seven.", True)


def test_changes_of_the_same_words_keep_the_later_writers_text_and_say_so() -> None:
    both = merged("opens at nine", "opens at ten", "opens at eight")
    assert (both.words, both.is_whole) == ("opens at eight", False)


def test_the_same_change_by_both_counts_once() -> None:
    assert merged("at nine", "at ten", "at ten").words == "at ten"


@given(WORDS, st.data())
@settings(max_examples=60, deadline=None)
def test_no_word_of_either_is_lost(words: list[str], data: st.DataObject) -> None:
    words = [f"{word}{place}" for place, word in enumerate(words)]
    base = " ".join(words)
    place, other = (data.draw(st.integers(0, len(words) - 1)) for _ in range(2))
    theirs = " ".join([*words[:place], "LORO", *words[place + 1 :]])
    mine = " ".join([*words[:other], "MIE", *words[other + 1 :]])
    both = merged(base, theirs, mine)
    assert "MIE" in both.words
    assert ("LORO" in both.words) == both.is_whole
    assert both.is_whole or place == other


@given(WORDS, WORDS)
@settings(max_examples=60, deadline=None)
def test_what_changed_adds_up_to_both_texts(before: list[str], after: list[str]) -> None:
    old, new = " ".join(before), " ".join(after)
    runs = comparing.word_diff(old, new)
    assert "".join(said for op, said in runs if op != "removed") == new
    assert "".join(said for op, said in runs if op != "added") == old


def test_neighbouring_words_that_changed_are_one_change() -> None:
    runs = comparing.word_diff("open every single day", "open two long evenings a week")
    assert [op for op, _ in runs] == ["same", "removed", "added"]


def test_long_stretches_that_stayed_are_cut() -> None:
    long = " ".join(f"w{n}" for n in range(100))
    runs = comparing.shortened(comparing.word_diff(f"{long} old {long}", f"{long} new {long}"))
    assert [op for op, _ in runs] == ["same", "removed", "added", "same"]
    assert runs[0][1].startswith(" … ")
    assert runs[3][1].endswith(" … ")


def test_terms_are_compared_as_sentences() -> None:
    older = text_of(GARDEN)
    newer = clauses.with_changes(
        older, PROFILE, support=(clauses.Ask("s1", "funding", "Semi", 200_000, "cent"),)
    )
    changes = comparing.terms_diff(*(wording.terms(one, PROFILE, "en") for one in (older, newer)))
    assert [one.kind for one in changes] == ["support"]
    added = "".join(said for op, said in changes[0].words if op != "removed")
    assert "Semi" in added
    assert "2,000" in added


def test_the_same_word_a_thousand_times_over_is_compared_at_once() -> None:
    long = " ".join(["a"] * 3_000)
    begun = time.process_time()
    runs = comparing.word_diff(f"x {long} y", f"z {long} a {long} w")
    assert merged(long, f"{long} b", f"c {long}").words == f"c {long} b"
    assert time.process_time() - begun < 1
    assert "".join(said for op, said in runs if op != "added") == f"x {long} y"
