"""What stops a text from being agreed to: every gap and contradiction, each in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.city import Profile, Words
from portal.commons import licences
from portal.errors import Invalid
from portal.money import euro
from portal.pacts.calendar import months_later
from portal.pacts.own import is_own
from portal.pacts.terms import TERMS
from portal.words import W, current_language

_ALL = 100  # per cent
_BP = 100  # basis points in a per cent
# What is mended beside the clauses, among dates, promises, support and fences.
_IN_TERMS = frozenset(
    {
        "contradictory_dates", "too_long", "one_sided", "commitment_incomplete", "missing_amount", "over_cap",
        "fence_without_threshold", "fence_without_measure", "fence_impossible",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Spoken:
    """Words of the pact or the city, said in the language of whoever reads the finding."""

    words: Words
    otherwise: str

    def __str__(self) -> str:
        return self.words.get(current_language()) or self.words.get(self.otherwise, "")


@dataclass(frozen=True, slots=True)
class _Euro:
    """An amount, written in the language of whoever reads the finding."""

    cents: int

    def __str__(self) -> str:
        return euro(self.cents)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a text, with the clause in which it is mended."""

    code: str
    words: W
    clause_id: str

    @property
    def place(self) -> str:
        """Return where it is mended: "terms" for dates and rows, else the clause."""
        return TERMS if self.code in _IN_TERMS else self.clause_id


def lint(text: Mapping[str, Any], profile: Profile) -> tuple[Finding, ...]:
    """Return everything that must be mended before both sides can agree; an empty result is a clean text."""
    return tuple(one for rule in RULES for one in rule(text, profile))


def _parties(text: Mapping[str, Any], _: Profile) -> Iterator[Finding]:
    sides = {one["side"] for one in text["parties"]}
    if not {"community", "city"} <= sides:
        yield Finding("party_missing", W("A pact needs a party on each side."), "premises")


def _dates(text: Mapping[str, Any], profile: Profile) -> Iterator[Finding]:
    starts_on, ends_on = _days(text)
    if ends_on < starts_on:
        yield Finding("contradictory_dates", W("The pact ends before it begins."), "duration")
        return
    years = profile.pact_class(text["class"]).longest_years
    if ends_on >= months_later(starts_on, 12 * years):
        yield Finding(
            "too_long", W("A pact of this kind lasts %(years)s years at most.", years=years), "duration"
        )
    for row in text["commitments"]:
        due_on = row.get("due_on")
        if due_on and not starts_on <= date.fromisoformat(due_on) <= ends_on:
            words = W("“%(what)s” is due on a day outside the pact.", what=row["what"])
            yield Finding("contradictory_dates", words, _side_clause(row["side"]))


def _days(text: Mapping[str, Any]) -> tuple[date, date]:
    return date.fromisoformat(text["starts_on"]), date.fromisoformat(text["ends_on"])


def _side_clause(side: str) -> str:
    return "city_commitments" if side == "city" else "community_commitments"


def _commitments(text: Mapping[str, Any], _: Profile) -> Iterator[Finding]:
    for side, words in (
        ("community", W("The community promises nothing yet: write at least one commitment.")),
        ("city", W("The city promises nothing yet: write at least one commitment.")),
    ):
        if not any(one["side"] == side for one in text["commitments"]):
            yield Finding("one_sided", words, _side_clause(side))
    for row in text["commitments"]:
        if row["quantity"] < 1 or not row["what"].strip() or not row["evidence"].strip():
            words = W("“%(what)s” lacks a quantity or its evidence.", what=row["what"])
            yield Finding("commitment_incomplete", words, _side_clause(row["side"]))


def _support(text: Mapping[str, Any], profile: Profile) -> Iterator[Finding]:
    for row in text["support"]:
        # A server without months or a plan has no price, so nobody can reserve it.
        unpriced = row["kind"] == "server" and (row["months"] < 1 or not row["value_cents"])
        if row["amount"] < 1 or row["value_cents"] < 0 or unpriced:
            words = W("“%(what)s” has no amount or no term, so it cannot be approved.", what=row["what"])
            yield Finding("missing_amount", words, "support")
    total = sum(one["amount"] for one in text["support"] if one["kind"] == "funding")
    cap = profile.pact_class(text["class"]).contribution_cap_cents
    if total > cap:
        words = W("The money is more than the %(cap)s that a pact of this kind may get.", cap=_Euro(cap))
        yield Finding("over_cap", words, "money")


def _advance(text: Mapping[str, Any], profile: Profile) -> Iterator[Finding]:
    cap = profile.pact_class(text["class"]).advance_cap_bp
    for row in text["clauses"]:
        share = row["params"].get("advance_percent")
        if type(share) is int and share * _BP > cap:
            words = W("The advance is more than the %(cap)s per cent that the rules allow.", cap=cap // _BP)
            yield Finding("advance_over_cap", words, row["id"])


def _blanks(text: Mapping[str, Any], profile: Profile) -> Iterator[Finding]:
    for row in text["clauses"]:
        if row["none_because"] or is_own(row["id"]):
            continue
        for blank in profile.clause(row["id"]).parameters:
            value = row["params"].get(blank.name)
            if blank.needed and (value is None or _is_empty(value, text)):
                words = W("Fill in: %(label)s", label=_Spoken(blank.label, text["language"]))
                code = "licence_missing" if row["id"] == "licence" else "empty_parameter"
                yield Finding(code, words, row["id"])
            elif blank.kind == "licence" and value and (fault := _licence_fault(value, row["id"])):
                yield Finding("licence_not_open", fault, row["id"])


def _licence_fault(value: Any, clause_id: str) -> W | None:
    try:
        licence = licences.read(str(value))
    except Invalid as error:
        return error.words
    # What is shared must be open; what is merely written about it, the two sides may keep closer.
    return licence.advice if licence and clause_id == "licence" else None


def _is_empty(value: Any, text: Mapping[str, Any]) -> bool:
    if isinstance(value, Mapping):
        return not str(value.get(text["language"]) or "").strip()
    return isinstance(value, str) and not value.strip()


def _insurance(text: Mapping[str, Any], profile: Profile) -> Iterator[Finding]:
    row = _clause(text, "insurance")
    if row is None or not profile.pact_class(text["class"]).insurance_required:
        return
    if row["none_because"]:
        yield Finding("insurance_missing", W("A pact of this kind needs insurance."), "insurance")
        return
    first, last = row["params"].get("covers_from"), row["params"].get("covers_until")
    if first and last and last < first:
        yield Finding("insurance_dates", W("The insurance ends before it begins."), "insurance")
    # ISO dates compare as text.
    if first and last and (first > text["starts_on"] or last < text["ends_on"]):
        words = W(
            "The insurance covers %(first)s to %(last)s and the pact lasts from %(start)s to %(end)s: "
            "cover its whole term.",
            first=_written(first),
            last=_written(last),
            start=_written(text["starts_on"]),
            end=_written(text["ends_on"]),
        )
        yield Finding("insurance_short", words, "insurance")


def _written(day: str) -> str:
    return f"{date.fromisoformat(day):%d/%m/%Y}"


def _clause(text: Mapping[str, Any], key: str) -> Mapping[str, Any] | None:
    return next((one for one in text["clauses"] if one["id"] == key), None)


def _complete(text: Mapping[str, Any], profile: Profile) -> Iterator[Finding]:
    present = {one["id"] for one in text["clauses"]}
    for clause in profile.clauses_for(text["class"], text["commons"]["kind"]):
        if clause.mandatory and clause.id not in present:
            words = W(
                "The clause “%(heading)s” is missing.", heading=_Spoken(clause.heading, text["language"])
            )
            yield Finding("clause_missing", words, clause.id)
    settled = {one["element"] for one in text["clauses"]}
    for element in profile.elements:
        if element.required and element.id not in settled:
            words = W("The pact does not settle: %(what)s", what=_Spoken(element.words, text["language"]))
            yield Finding("element_missing", words, "")


def _said(text: Mapping[str, Any], profile: Profile) -> Iterator[Finding]:
    for row in text["clauses"]:
        for language in text["languages"]:
            if not row["text"].get(language, "").strip():
                yield _unsaid(row, language, text["language"])
        if row["none_because"] is None:
            continue
        if (
            not profile.clause(row["id"]).may_be_none
            or not row["none_because"].get(text["language"], "").strip()
        ):
            yield Finding("none_without_reason", W("Say why there is none."), row["id"])


def _unsaid(row: Mapping[str, Any], language: str, prevailing: str) -> Finding:
    if language == prevailing:
        words = W("The clause has no words in the language that prevails, the only one that is signed.")
        return Finding("prevailing_missing", words, row["id"])
    return Finding(
        "text_missing", W("The clause has no words in “%(language)s”.", language=language), row["id"]
    )


def _fences(text: Mapping[str, Any], _: Profile) -> Iterator[Finding]:
    for row in text["fences"]:
        title = _Spoken(row["title"], text["language"])
        threshold = row.get("threshold")
        if type(threshold) is not int:
            words = W("The promise “%(title)s” has no threshold, so nobody can measure it.", title=title)
            yield Finding("fence_without_threshold", words, "fences")
        elif threshold < 0 or (row["unit"] == "percent" and threshold > _ALL):
            words = W("The threshold of “%(title)s” cannot be reached.", title=title)
            yield Finding("fence_impossible", words, "fences")
        if not (row.get("source") and row.get("frequency") and row.get("comparator")):
            words = W("Say how “%(title)s” is measured, from which source and how often.", title=title)
            yield Finding("fence_without_measure", words, "fences")


RULES: tuple[Callable[[Mapping[str, Any], Profile], Iterator[Finding]], ...] = (
    _parties,
    _dates,
    _commitments,
    _support,
    _advance,
    _blanks,
    _insurance,
    _complete,
    _said,
    _fences,
)
