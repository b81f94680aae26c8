"""The text of a pact: put together from what both sides settled and the clause library, changed by clause."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import asdict
from datetime import date
from typing import Any

from portal.city import Clause, Parameter, Profile, Words
from portal.errors import Invalid
from portal.pacts import own, rows, wording
from portal.pacts.comparing import ClauseDiff, diff, word_diff
from portal.pacts.fingerprint import content_hash
from portal.pacts.sources import Ask, Commitment, Commons, FenceChoice, Party, Sources
from portal.words import W

__all__ = [
    "Ask",
    "ClauseDiff",
    "Commitment",
    "Commons",
    "FenceChoice",
    "Party",
    "Sources",
    "assemble",
    "content_hash",
    "diff",
    "with_changes",
    "with_clause_changed",
    "with_own",
    "word_diff",
]

SCHEMA = "pact/1"
# Marks a clause whose words the parties wrote themselves, on top of the library's version.
OWN = "+own"
_MOST_TEXT = 5_000
_ROWS = ("commitments", "support", "fences", "parties")
_CHANGEABLE = frozenset({"title", "summary", "starts_on", "ends_on", "reports", "commons", *_ROWS})


def assemble(sources: Sources, profile: Profile) -> dict[str, Any]:
    """Return the first text of a pact; the same sources and profile always give the same text."""
    text: dict[str, Any] = {
        "schema": SCHEMA,
        "code": sources.code,
        "title": sources.title,
        "summary": sources.summary,
        "class": sources.pact_class,
        "profile": {"city": profile.city, "regulation": profile.regulation, "version": profile.version},
        "language": profile.prevailing_language,
        "languages": list(profile.languages),
        "commons": asdict(sources.commons),
        "parties": [rows.party(one, profile) for one in sources.parties],
        "starts_on": sources.starts_on.isoformat(),
        "ends_on": sources.ends_on.isoformat(),
        "commitments": [rows.plain(one) for one in sources.commitments],
        "support": [rows.ask(one, profile) for one in sources.asks],
        "fences": rows.fences(sources.fences, profile, {}),
    }
    text["reports"] = rows.reports(text, profile)
    text["clauses"] = [
        {
            "id": one.id,
            "library_version": one.version,
            "params": dict(sources.params.get(one.id, {})),
            "none_because": dict(sources.none_because[one.id]) if one.id in sources.none_because else None,
        }
        for one in profile.clauses_for(sources.pact_class, sources.commons.kind)
    ]
    return _rendered(text, profile)


def with_clause_changed(
    text: Mapping[str, Any],
    profile: Profile,
    clause_id: str,
    *,
    params: Mapping[str, Any] | None = None,
    own_words: Words | None = None,
    none_because: Words | None = None,
) -> dict[str, Any]:
    """Return a new text in which one clause has other values, own words, or "none" with a reason.

    Empty own words bring the library's back. Refuses with Invalid an unknown clause or blank, a value of the
    wrong kind, own words for a locked clause, and "none" where the rules do not allow it.
    """
    new = deepcopy(dict(text))
    row = next((one for one in new["clauses"] if one["id"] == clause_id), None)
    if row is None or own.is_own(clause_id):
        raise Invalid(W("This pact has no such clause."))
    clause = profile.clause(clause_id)
    if params is not None:
        row["params"] |= {
            name: checked_value(_parameter(clause, name), value) for name, value in params.items()
        }
        row["none_because"] = None
    if own_words is not None:
        _take_own_words(row, clause, own_words, profile)
    if none_because is not None:
        row["none_because"] = _none_because(clause, none_because, profile)
    return _rendered(new, profile)


def with_own(
    text: Mapping[str, Any], profile: Profile, clause_id: str, change: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a new text in which a clause of the parties' own was written, moved or taken out."""
    new = deepcopy(dict(text))
    if change.get("removed"):
        return _rendered(own.removed(new, clause_id), profile)
    if not own.is_own(clause_id):
        raise Invalid(W("This clause is the library's: suggest other words for it instead."))
    return _rendered(own.written(new, clause_id, change["own"]), profile)


def with_changes(text: Mapping[str, Any], profile: Profile, **changes: Any) -> dict[str, Any]:
    """Return a new text with other terms (dates, rows, title, …), and every clause said anew from them.

    Own words stay as they were written. Rows are the dataclasses of sources.py or rows of a text.
    Raises TypeError for what is not a term of a pact.
    """
    if unknown := set(changes) - _CHANGEABLE:
        msg = f"not a term of a pact: {', '.join(sorted(unknown))}"
        raise TypeError(msg)
    new = deepcopy(dict(text))
    if "commons" in changes:
        _forget_facts(new, profile)
    for name, value in changes.items():
        new[name] = rows.term(name, value, new, profile)
    if "reports" not in changes and {"starts_on", "ends_on"} & set(changes):
        new["reports"] = rows.reports(new, profile)
    return _rendered(new, profile)


def _forget_facts(text: Mapping[str, Any], profile: Profile) -> None:
    """Let blanks that merely repeat the licence of the commons follow it when it changes."""
    for row in text["clauses"]:
        for one in () if own.is_own(row["id"]) else profile.clause(row["id"]).parameters:
            if one.default_fact == "licence" and row["params"].get(one.name) == text["commons"]["licence"]:
                row["params"].pop(one.name)


def checked_value(parameter: Parameter, value: Any) -> Any:
    """Return a value fit for the blank, None for an empty one; refuses with Invalid naming the blank."""
    if value is None or value == "":
        return None
    if parameter.kind == "date":
        return _date(parameter, value)
    if parameter.kind in ("money", "integer", "hours"):
        # A bool would pass as a number, and no blank of a pact counts below nothing.
        if type(value) is not int or value < 0:
            raise Invalid(W("Enter a whole number"), field=parameter.name)
        return value
    if isinstance(value, Mapping):
        return {str(key): _short(parameter, one) for key, one in value.items()}
    return _short(parameter, value)


def _short(parameter: Parameter, value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MOST_TEXT:
        raise Invalid(W("Write at most %(most)s characters", most=_MOST_TEXT), field=parameter.name)
    return value


def _date(parameter: Parameter, value: Any) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise Invalid(W("Enter a real date"), field=parameter.name) from None


def _parameter(clause: Clause, name: str) -> Parameter:
    try:
        return clause.parameter(name)
    except KeyError:
        raise Invalid(W("This clause has no such blank."), field=name) from None


def _take_own_words(row: dict[str, Any], clause: Clause, own_words: Words, profile: Profile) -> None:
    if not any(one.strip() for one in own_words.values()):
        row["library_version"] = clause.version
        return
    if clause.locked:
        raise Invalid(W("The words of this clause are the same in every pact of the city."))
    first = own_words.get(profile.prevailing_language, "").strip()
    if not first:
        raise Invalid(W("Write the clause in the language that prevails."))
    row["text"] = {one: own_words.get(one, "").strip() or first for one in profile.languages}
    row["library_version"] = clause.version + OWN
    row["none_because"] = None


def _none_because(clause: Clause, reason: Words, profile: Profile) -> dict[str, str]:
    if not clause.may_be_none:
        raise Invalid(W("This clause cannot be left at none."))
    first = (
        reason.get(profile.prevailing_language, "").strip() or next(filter(None, reason.values()), "").strip()
    )
    if not first:
        raise Invalid(W("Say why there is none."), field="none_because")
    return {
        one: wording.one_line(reason.get(one, "")) or wording.one_line(first) for one in profile.languages
    }


def _rendered(text: dict[str, Any], profile: Profile) -> dict[str, Any]:
    """Say every clause anew, in each language, from the terms of the text and its own values."""
    said = {one: wording.facts(text, profile, one) for one in profile.languages}
    before = {one["id"]: one for one in text["clauses"]}
    kept = [
        one
        for one in profile.clauses_for(text["class"], text["commons"]["kind"])
        if one.may_be_none or _has_support(one, text)
    ]
    first = 0 if kept and kept[0].number == 0 else 1
    library = [_clause(text, one, before.get(one.id, {}), said, profile) for one in kept]
    ordered = own.placed(library, [one for one in text["clauses"] if own.is_own(one["id"])])
    return {**text, "clauses": [one | {"number": number} for number, one in enumerate(ordered, first)]}


def _has_support(clause: Clause, text: Mapping[str, Any]) -> bool:
    return not clause.needs_support or any(one["kind"] == clause.needs_support for one in text["support"])


def _clause(
    text: Mapping[str, Any],
    clause: Clause,
    before: Mapping[str, Any],
    said: Mapping[str, Mapping[str, str]],
    profile: Profile,
) -> dict[str, Any]:
    given = before.get("params", {})
    none = _none(text, clause, before, profile)
    own = not none and str(before.get("library_version", "")).endswith(OWN)
    params = {} if none else {one.name: _value(one, given, said, profile) for one in clause.parameters}
    values = {one: _filled(clause, params, said[one], one, profile) for one in profile.languages}
    return {
        "id": clause.id,
        "library_version": before["library_version"] if own else clause.version,
        "element": clause.element,
        "locked": clause.locked,
        "params": params,
        "none_because": none,
        "heading": dict(clause.heading),
        "plain": {one: wording.fill(clause.plain[one], values[one]) for one in profile.languages},
        "text": dict(before["text"]) if own else _texts(clause, none, values),
    }


def _texts(clause: Clause, none: Words | None, values: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    if none and clause.none_text:
        return {one: wording.fill(clause.none_text[one], {"reason": none[one]}) for one in values}
    # An empty fact at the end of a line leaves no space behind.
    filled = {one: wording.fill(clause.text[one], blanks) for one, blanks in values.items()}
    return {one: "\n".join(line.rstrip() for line in said.splitlines()) for one, said in filled.items()}


def _filled(
    clause: Clause, params: Mapping[str, Any], facts: Mapping[str, str], language: str, profile: Profile
) -> dict[str, str]:
    own = {
        one.name: wording.say_value(one, params[one.name], language, profile)
        for one in clause.parameters
        if one.name in params
    }
    return {**facts, **own}


def _value(
    parameter: Parameter, given: Mapping[str, Any], said: Mapping[str, Mapping[str, str]], profile: Profile
) -> Any:
    """Return what was settled for a blank, else its default; None stays open until somebody fills it."""
    if given.get(parameter.name) is not None:
        return checked_value(parameter, given[parameter.name])
    if parameter.default_fact:
        fact = said[profile.prevailing_language].get(parameter.default_fact)
        return int(fact) if fact and parameter.kind == "integer" else fact or None
    if parameter.default_number is not None:
        return parameter.default_number
    if parameter.default is None:
        return None
    one = parameter.default[profile.prevailing_language]
    return one if parameter.kind == "licence" else dict(parameter.default)


def _none(
    text: Mapping[str, Any], clause: Clause, before: Mapping[str, Any], profile: Profile
) -> dict[str, str] | None:
    """Return why the clause says "none": the parties' reason, or the library's where nothing asks for it."""
    if not clause.may_be_none:
        return None
    default = dict(clause.none_default) if clause.none_default else None
    stated = dict(before["none_because"]) if before.get("none_because") else None
    if clause.needs_support:
        if _has_support(clause, text):
            return None if stated == default else stated
        return stated or default
    if stated or before.get("params") or "text" in before:
        return stated
    rules = profile.pact_class(text["class"])
    needed = not clause.needed_by or bool(getattr(rules, clause.needed_by))
    return None if needed else default
