"""The rows of a pact's text as JSON: parties, promises, support with its value, fences, reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, timedelta
from typing import Any

from portal.city import Profile, ServerPlan
from portal.errors import Invalid
from portal.pacts import wording
from portal.pacts.calendar import months_later
from portal.words import W


def plain(row: Any) -> dict[str, Any]:
    """Return a row as JSON: dates as text."""
    values = asdict(row) if is_dataclass(row) and not isinstance(row, type) else dict(row)
    return {key: one.isoformat() if isinstance(one, date) else one for key, one in values.items()}


def _plain_row(row: Any, _: Profile) -> dict[str, Any]:
    return plain(row)


def party(row: Any, profile: Profile) -> dict[str, Any]:
    """Return a party; the city bears the name of its body."""
    values = plain(row)
    if values["side"] == "city":
        values["name"] = values["name"] or profile.body
    return values


def ask(row: Any, profile: Profile) -> dict[str, Any]:
    """Return a row of support with its value in cents."""
    values = plain(row)
    if values["value_cents"] is None:
        values["value_cents"] = _value_cents(values, profile)
    values["costs"] = list(values.get("costs") or ())
    # What is not said does not stand in the text.
    return {name: one for name, one in values.items() if one or name not in ("costs", "due_on")}


def _value_cents(row: Mapping[str, Any], profile: Profile) -> int:
    if row["unit"] == "cent":
        return int(row["amount"])
    if row["kind"] == "legal":
        return int(row["amount"]) * profile.legal_hour_cents
    if row["kind"] == "server":
        return _month_cents(row, profile) * int(row["months"])
    price = profile.unit_price(row["kind"])
    return int(row["amount"]) * price.cents if price is not None else 0


def _month_cents(row: Mapping[str, Any], profile: Profile) -> int:
    plan = _plan_of(row, profile)
    return plan.month_cents if plan else 0


def with_measures(row: Mapping[str, Any], profile: Profile) -> dict[str, Any]:
    """Return a row of support with everything that its server plan takes of the pools."""
    plan = _plan_of(row, profile) if row["kind"] == "server" else None
    return {**row, **(plan.measures if plan else {})}


def _plan_of(row: Mapping[str, Any], profile: Profile) -> ServerPlan | None:
    """Return the plan that was named, else the smallest one that is large enough."""
    named = [one for one in profile.server_plans if one.id == row["plan"]]
    fitting = [one for one in profile.server_plans if one.vcpu >= row["amount"]]
    plans = named or sorted(fitting, key=lambda one: one.month_cents) or list(profile.server_plans[-1:])
    return plans[0] if plans else None


def fences(rows: Sequence[Any], profile: Profile, known: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the fences with their words; a fence keeps its id, because its measures hang on it."""
    taken = set(known.values())
    free = (f"f{number}" for number in range(1, len(rows) + len(taken) + 1) if f"f{number}" not in taken)
    return [_fence(plain(row), profile, known, next(free)) for row in rows]


def _fence(row: Mapping[str, Any], profile: Profile, known: Mapping[str, str], free: str) -> dict[str, Any]:
    try:
        fence = profile.fence(row["catalogue"])
    except KeyError:
        raise Invalid(W("The catalogue has no such fence."), field="fences") from None
    threshold = fence.threshold if row.get("threshold") is None else row["threshold"]
    return {
        "id": known.get(fence.id, free),
        "catalogue": fence.id,
        "title": dict(fence.title),
        "sentence": {one: wording.fence_sentence(fence, threshold, one) for one in profile.languages},
        "comparator": fence.comparator,
        "threshold": threshold,
        "unit": fence.unit,
        "frequency": row.get("frequency") or fence.frequency,
        "source": row.get("source") or fence.source,
    }


def reports(text: Mapping[str, Any], profile: Profile) -> dict[str, Any]:
    """Return the rhythm of reports; the first is due some days after its period, or after a shorter pact."""
    months = profile.pact_class(text["class"]).report_every_months
    starts_on, ends_on = date.fromisoformat(text["starts_on"]), date.fromisoformat(text["ends_on"])
    period_ends = min(months_later(starts_on, months), ends_on + timedelta(days=1))
    due = period_ends + timedelta(days=profile.reports.sent_within_days)
    return {"every_months": months, "first_due_on": due.isoformat()}


def term(name: str, value: Any, text: Mapping[str, Any], profile: Profile) -> Any:
    """Return one term of the text (a date, a row list, a title) as JSON."""
    if name == "fences":
        return fences(value, profile, {one["catalogue"]: one["id"] for one in text["fences"]})
    if name in ("support", "parties", "commitments"):
        return [{"support": ask, "parties": party}.get(name, _plain_row)(one, profile) for one in value]
    if name in ("commons", "reports"):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else value
