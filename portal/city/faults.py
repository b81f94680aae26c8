"""What can be wrong with a city's files, named all at once for `portal city check NAME`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from zoneinfo import available_timezones

from babel.numbers import list_currencies

from portal.city import fault_days, fault_paying, fault_pools, files, given, guides, judged, lines
from portal.city.library import Clause
from portal.city.printed import FACTS, PHRASES, PUBLIC_WORDS
from portal.city.shapes import Residents, Words
from portal.city.whole import Profile

BLANK = re.compile(r"\{([a-z_]+)\}")
# Where something is named, by which id, and among which things it must be.
Reference = tuple[str, str, Iterable[object]]
NAMED = [
    "offices",
    "districts",
    "stages",
    "suitability",
    "citations",
    "elements",
    "classes",
    "support_kinds",
    "server_plans",
    "retention",
    "criteria",
    "remedies",
    "next_steps",
    "clauses",
    "ladder",
    "fences",
    "dimensions",
    "indicators",
    "support_checks",
    "cost_kinds",
]


def check(city: str, folder: Path | None = None) -> list[str]:
    """Return every fault in the files of a city, all versions; an empty list means sound.

    `folder` is the city's folder where it is not among the shipped ones.
    """
    folder = folder or files.CITIES / city
    known = files.versions_in(folder)
    if not known:
        return [f"{city}: no such city, or no version of its rules"]
    found = []
    for version in known:
        profile, faults = files.read(folder, version)
        if profile is not None:
            faults = [*faults, *_meaning(profile, whole=not faults)]
        known_lines = lines.places(folder, version) if faults else {}
        found += [f"{version}: {lines.located(one, folder.name, known_lines)}" for one in faults]
    return found


def _meaning(profile: Profile, *, whole: bool) -> Iterator[str]:
    """Check what the shapes cannot; in files already known to be broken, as far as each rule gets."""
    for rule in RULES:
        try:
            yield from rule(profile)
        except (AttributeError, LookupError, TypeError, ValueError):
            if whole:
                raise


def _basics(profile: Profile) -> Iterator[str]:
    if profile.valid_from.isoformat() != profile.version:
        yield f"valid_from {profile.valid_from} is not the date in the folder's name"
    if profile.time_zone not in available_timezones():
        yield f"time_zone: “{profile.time_zone}” is no time zone"
    if profile.currency not in list_currencies():
        yield f"currency: “{profile.currency}” is no currency; use three letters of ISO 4217, like EUR"
    if profile.prevailing_language not in profile.languages:
        yield f"prevailing_language: “{profile.prevailing_language}” is not among the languages"
    if profile.approval_persons < 2:  # noqa: PLR2004 - who proposes never approves
        yield "approval_persons: two persons at least approve support"


def _residents(profile: Profile) -> Iterator[str]:
    rules = profile.residents
    if not rules.ways:
        yield "residents.ways: name one way at least to show that one lives here"
    for name in ("valid_months", "letter_days", "letters_most"):
        if getattr(rules, name) < 1:
            yield f"residents.{name}: at least 1 is needed"
    if "in_person" in rules.ways and not rules.shown:
        yield "residents.shown: name a kind of document that is accepted at the counter"
    if "letter" in rules.ways and not rules.postcodes:
        yield "residents.postcodes: name the postcodes of the city, where letters go"
    yield from _claims(rules)


def _servers(profile: Profile) -> Iterator[str]:
    rules = profile.servers
    for name in ("provide_days", "delete_days_after"):
        if getattr(rules, name) < 1:
            yield f"servers.{name}: at least 1 is needed"
    if not rules.warn_percent or not all(0 < one <= 100 for one in rules.warn_percent):  # noqa: PLR2004 - %
        yield "servers.warn_percent: name percents of what was promised, from 1 to 100"


def _claims(rules: Residents) -> Iterator[str]:
    if "elsewhere" in rules.ways and rules.claims is None:
        yield "residents.claims: say which claims of the service show that somebody lives here"
    if rules.claims is not None and rules.claims.least not in rules.claims.levels:
        yield f"residents.claims.least: “{rules.claims.least}” is not among the levels"


def _periods(profile: Profile) -> Iterator[str]:
    for rules in profile.classes:
        if rules.observation_days < 0 or (rules.observation_days and not rules.observation_citation):
            yield f"classes[{rules.id}].observation_days: a period has days, and a rule that asks for them"


def _twice(profile: Profile) -> Iterator[str]:
    for name in NAMED:
        for key, count in Counter(one.id for one in getattr(profile, name)).items():
            if count > 1:
                yield f"{name}: “{key}” is there {count} times"
    for number, count in Counter(one.number for one in profile.clauses).items():
        if count > 1:
            yield f"clauses: {count} clauses have the number {number}"


def _references(profile: Profile) -> Iterator[str]:
    """Whatever names something else must name something that exists."""
    for where, key, things in (*_named_by_rules(profile), *_named_by_clauses(profile)):
        if key and key not in {str(getattr(one, "id", "")) for one in things}:
            yield f"{where}: “{key}” does not exist"


def _named_by_rules(profile: Profile) -> Iterator[Reference]:
    for key, clock in profile.clocks.items():
        yield f"clocks.{key}.citation", clock.citation, profile.citations
        yield f"clocks.{key}.extension_citation", clock.extension_citation, profile.citations
        yield f"clocks.{key}.tacit_citation", clock.tacit_citation, profile.citations
    yield "servers.citation", profile.servers.citation, profile.citations
    for rules in profile.classes:
        yield f"classes[{rules.id}].signer_office", rules.signer_office, profile.offices
        yield f"classes[{rules.id}].observation_citation", rules.observation_citation, profile.citations
    yield "pools.citation", profile.pools.citation, profile.citations
    for name in ("criteria", "remedies", "next_steps"):
        for one in getattr(profile, name):
            yield f"{name}[{one.id}].citation", one.citation, profile.citations
    for indicator in profile.indicators:
        yield f"indicators[{indicator.id}].dimension", indicator.dimension, profile.dimensions
    for fence in profile.fences:
        for step in fence.ladder:
            yield f"fences[{fence.id}].ladder", step, profile.ladder


def _named_by_clauses(profile: Profile) -> Iterator[Reference]:
    for clause in profile.clauses:
        where = f"clauses[{clause.id}]"
        for one in clause.classes:
            yield f"{where}.classes", one, profile.classes
        yield f"{where}.element", clause.element, profile.elements
        yield f"{where}.needs_support", clause.needs_support, profile.support_kinds


def _districts(profile: Profile) -> Iterator[str]:
    if not profile.districts:
        yield "districts: there are none"
    for one in profile.districts:
        if len(one.ring) < 4 or one.ring[0] != one.ring[-1]:  # noqa: PLR2004 - a triangle, closed
            yield f"districts[{one.id}]: the outline is not a closed ring"


def _phrases(profile: Profile) -> Iterator[str]:
    for key, blanks in PHRASES.items():
        words = profile.words.get(f"clause.{key}")
        if words is None:
            yield f"words: “clause.{key}” is missing"
            continue
        yield from _strangers(f"words.clause.{key}", words, frozenset(blanks.split()))


def _public_words(profile: Profile) -> Iterator[str]:
    """Words that pages and papers print; without one of them a page would break."""
    for key in PUBLIC_WORDS:
        if key not in profile.words:
            yield f"words: “{key}” is missing"


def _strangers(where: str, words: Words, known: frozenset[str]) -> Iterator[str]:
    for language, text in words.items():
        for name in sorted(set(BLANK.findall(text)) - known):
            yield f"{where}.{language}: {{{name}}} is not declared"


def _fences(profile: Profile) -> Iterator[str]:
    for one in profile.fences:
        where = f"fences[{one.id}]"
        for language, text in one.sentence.items():
            if one.unit != "yes_no" and "{threshold}" not in text:
                yield f"{where}.sentence.{language}: {{threshold}} is not in it"
        yield from _strangers(f"{where}.sentence", one.sentence, frozenset({"threshold"}))
        if set(one.recommended) - set(one.kinds):
            yield f"{where}: recommended for a kind that it is not offered for"
        wrong = one.close < one.threshold if one.comparator == "at_least" else one.close > one.threshold
        if wrong:
            yield f"{where}: “close” lies beyond the threshold"
        if f"source.{one.source}" not in profile.words:
            yield f"{where}.source: no public words “source.{one.source}”"


def _clauses(profile: Profile) -> Iterator[str]:
    for clause in profile.clauses:
        yield from _clause(profile, clause)


def _clause(profile: Profile, clause: Clause) -> Iterator[str]:
    where = f"clauses[{clause.id}]"
    declared = frozenset(one.name for one in clause.parameters)
    known = declared | FACTS
    for name in ("heading", "plain", "text"):
        yield from _strangers(f"{where}.{name}", getattr(clause, name), known)
    if clause.none_text is not None:
        yield from _strangers(f"{where}.none_text", clause.none_text, frozenset({"reason"}))
    for language in profile.languages:
        for name in sorted(declared - set(BLANK.findall(clause.text[language]))):
            yield f"{where}.text.{language}: the blank {{{name}}} is never used"
    if clause.locked and clause.locked_because is None:
        yield f"{where}: locked without a reason"
    if clause.none_default is not None and clause.none_text is None:
        yield f"{where}: a reason for “none” without words for it"
    yield from _defaults(where, clause)


def _defaults(where: str, clause: Clause) -> Iterator[str]:
    for one in clause.parameters:
        worded = one.kind in ("text", "licence")
        if one.default is not None and not worded:
            yield f"{where}.{one.name}: a {one.kind} has a number as default, not words"
        if one.default_number is not None and one.kind not in ("money", "integer", "hours"):
            yield f"{where}.{one.name}: a {one.kind} has no number as default"
        if one.default_fact and one.default_fact not in FACTS:
            yield f"{where}.{one.name}: “{one.default_fact}” is not a fact of a pact"


def _uncovered(profile: Profile) -> Iterator[str]:
    """Every required element is settled by a mandatory clause, for each class and kind of commons."""
    required = [one.id for one in profile.elements if one.required]
    for pact_class in profile.classes:
        for kind in ("place", "software", "data_set") if pact_class.needs_pact else ():
            clauses = profile.clauses_for(pact_class.id, kind)
            covered = {one.element for one in clauses if one.mandatory}
            for element in required:
                if element not in covered:
                    yield f"elements: {element} is not covered in a {pact_class.id} pact about a {kind}"


RULES = (
    _basics,
    fault_days.calendar,
    fault_days.clocks,
    _periods,
    _residents,
    _servers,
    _twice,
    _references,
    judged.faults,
    fault_paying.faults,
    fault_pools.faults,
    guides.faults_of,
    given.faults,
    _districts,
    _phrases,
    _public_words,
    _fences,
    _clauses,
    _uncovered,
)
