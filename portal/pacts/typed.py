"""What was typed about a clause or the terms, read as a change: only what differs from the text counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from portal.city import Clause, Parameter, Profile
from portal.commons import licences
from portal.errors import Invalid, each_fault
from portal.money import as_typed, parse_cents
from portal.pacts.sources import Ask, Commitment, FenceChoice
from portal.pacts.terms import COUNTED, Terms
from portal.typed import YEARS, clean_text, whole
from portal.words import W

LONGEST_WORDS = 8000
_NOTHING = W("Nothing was changed.")
_DAYS = ("%d/%m/%Y", "%Y-%m-%d", "%d %m %Y")


def read_change(
    typed: Mapping[str, str], row: Mapping[str, Any], clause: Clause | None, languages: Sequence[str]
) -> dict[str, Any]:
    """Return the change of one clause: own words first, then "none, because", then the blanks.

    `row` is the clause in the text, `clause` the library's. Refuses with Invalid where nothing differs or a
    blank cannot be read. The first language is the pact's.
    """
    words = {
        language: clean_text(typed.get(f"text-{language}", ""))[:LONGEST_WORDS] for language in languages
    }
    if any(words[one] and words[one] != clean_text(row["text"].get(one, "")) for one in languages):
        return {"text": {one: words[one] or row["text"].get(one, "") for one in languages}}
    reasons = {
        language: clean_text(typed.get(f"none-{language}", ""))[:LONGEST_WORDS] for language in languages
    }
    given = next((reason for reason in reasons.values() if reason), "")
    if given and reasons != (row.get("none_because") or {}):
        return {"none_because": {language: reasons[language] or given for language in languages}}
    params = _params(typed, row, clause, languages[0])
    if not params:
        raise Invalid(_NOTHING)
    return {"params": params}


def read_own(
    typed: Mapping[str, str], row: Mapping[str, Any] | None, languages: Sequence[str]
) -> dict[str, Any]:
    """Return what was typed about a clause of the parties' own; refuse with Invalid no difference."""
    if typed.get("removed"):
        return {"removed": True}
    wanted: dict[str, Any] = {
        part: {one: clean_text(typed.get(f"{part}-{one}", ""))[:LONGEST_WORDS] for one in languages}
        for part in ("heading", "plain", "text")
    }
    wanted["after"] = typed.get("after", "")[:40]
    if row is not None and all(row.get(key) == value for key, value in wanted.items()):
        raise Invalid(_NOTHING)
    return {"own": wanted}


def _params(
    typed: Mapping[str, str], row: Mapping[str, Any], clause: Clause | None, language: str
) -> dict[str, Any]:
    found = {}
    with each_fault() as reading:
        for parameter in clause.parameters if clause else ():
            text = clean_text(typed.get(f"param-{parameter.name}", ""))
            if not text or text == shown(row["params"].get(parameter.name), parameter, language):
                continue
            with reading():
                found[parameter.name] = _value(text, parameter)
    return found


def shown(value: Any, parameter: Parameter, language: str = "") -> str:
    """Return a blank's value as it stands in its box."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return str(value.get(language) or next(iter(value.values()), ""))
    if parameter.kind == "money":
        return as_typed(value) or "0"
    if parameter.kind == "date":
        return date.fromisoformat(value).strftime("%d/%m/%Y")
    return str(value)


def _value(text: str, parameter: Parameter) -> Any:
    name = f"param-{parameter.name}"
    if parameter.kind == "money":
        return parse_cents(text, field=name)
    if parameter.kind in {"integer", "hours"}:
        number = whole(text)
        if number is None:
            raise Invalid(W("Enter a whole number, like 12"), field=name)
        return number
    if parameter.kind == "licence":
        found = licences.read(text)
        return found.expression if found else text
    return _day(text, name) if parameter.kind == "date" else text


def _day(text: str, name: str) -> str:
    for pattern in _DAYS:
        try:
            day = datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if day.year in YEARS:
            return day.isoformat()
    raise Invalid(W("Enter a day, like 30/11/2026"), field=name)


def read_terms(form: Any, before: Terms, profile: Profile) -> Terms:
    """Return the terms as the form holds them; a row without words is taken out."""
    return Terms(
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        commitments=tuple(_commitment(row.form, before) for row in form.commitments if row.form.what.data),
        support=tuple(_ask(row.form, before, profile) for row in form.support if _is_ask(row.form)),
        fences=tuple(_fence(row.form) for row in form.fences if row.form.catalogue.data),
    )


def _commitment(row: Any, before: Terms) -> Commitment:
    old = next((one for one in before.commitments if one.id == row.id.data), None)
    return Commitment(
        id=old.id if old else "",
        side=row.side.data,
        what=row.what.data,
        quantity=row.quantity.data or 1,
        unit=row.unit.data or "",
        per=row.per.data,
        evidence=row.evidence.data or "",
        due_on=old.due_on if old else None,
    )


def _is_ask(row: Any) -> bool:
    return bool(row.what.data or row.euro.data or row.number.data or row.plan.data)


def _ask(row: Any, before: Terms, profile: Profile) -> Ask:
    kind = row.kind.data
    is_known = any(one.id == row.id.data for one in before.support)
    support = profile.support(kind)
    amount, unit = row.number.data or 0, support.unit
    if unit == "cent":
        amount = row.euro.cents or 0
    elif unit == "vcpu":
        amount = profile.plan(row.plan.data).vcpu if row.plan.data else 0
    in_words = kind not in COUNTED
    return Ask(
        id=row.id.data if is_known else "",
        kind=kind,
        what=row.what.data or "",
        amount=max(amount, 1) if in_words else amount,
        unit=unit,
        months=row.months.data or 0,
        plan=row.plan.data if kind == "server" else "",
        conditions=row.conditions.data or "",
        value_cents=(row.euro.cents or 0) if in_words else None,
        costs=(row.costs.data,) if kind == "funding" and row.costs.data else (),
        due_on=row.due_on.data,
    )


def _fence(row: Any) -> FenceChoice:
    return FenceChoice(row.catalogue.data, row.threshold.data, source=row.source.data or "")
