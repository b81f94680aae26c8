"""How the facts of a pact are said inside its clauses, in each language, as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, get_args

from babel.dates import format_date

from portal.city import Fence, Parameter, PoolKind, Profile
from portal.money import euro

BLANK = re.compile(r"\{([a-z_]+)\}")


def one_line(text: object) -> str:
    """Return what people typed as one line, so that it cannot pose as a paragraph or a list of the clause."""
    return " ".join(str(text).split())


def sentence(text: str) -> str:
    """Return the text closed as a sentence."""
    text = one_line(text)
    return text if not text or text[-1] in ".!?…" else f"{text}."


def fill(template: str, values: Mapping[str, str]) -> str:
    """Fill the blanks in one pass: what is filled in is never read as a template again."""
    return BLANK.sub(lambda found: values.get(found[1], found[0]), template)


def day(value: str | date, language: str) -> str:
    """Return a date in words."""
    return format_date(date.fromisoformat(str(value)), "d MMMM y", locale=language)


def in_language(value: Any, language: str, prevailing: str) -> str:
    """Return a text value that holds for all languages, or the one of this language."""
    if isinstance(value, Mapping):
        return str(value.get(language) or value.get(prevailing) or "")
    return "" if value is None else str(value)


def say_value(parameter: Parameter, value: Any, language: str, profile: Profile) -> str:
    """Return the value of a blank as it reads in a clause; an empty one says what is to be agreed."""
    said = one_line(_said(parameter, value, language, profile))
    if said:
        return said
    return phrase(profile, language, "open", label=parameter.label[language])


def _said(parameter: Parameter, value: Any, language: str, profile: Profile) -> str:
    if value is None or value == "":
        return ""
    if parameter.kind == "money":
        return euro(int(value), language)
    if parameter.kind == "date":
        return day(value, language)
    return in_language(value, language, profile.prevailing_language)


def phrase(profile: Profile, language: str, key: str, **values: object) -> str:
    """Return one of the city's phrases with its blanks filled."""
    return fill(
        profile.words_for(language, f"clause.{key}"), {name: one_line(one) for name, one in values.items()}
    )


def word(profile: Profile, language: str, group: str, key: str) -> str:
    """Return the city's word for a key, or what was typed where it is no key."""
    found = profile.words.get(f"{group}.{key}")
    return found[language] if found else key


def listed(rows: Iterable[str], otherwise: str = "") -> str:
    """Return rows as list items; no rows leave one item that says so."""
    items = [one_line(row) for row in rows] or [otherwise]
    return "\n".join(f"- {row}" for row in items if row)


def fence_sentence(fence: Fence, threshold: int | None, language: str) -> str:
    """Return the sentence of a fence with its threshold in words."""
    if threshold is None:
        return fence.sentence[language]
    said = euro(threshold, language) if fence.unit == "cents" else str(threshold)
    return fill(fence.sentence[language], {"threshold": said})


def facts(text: Mapping[str, Any], profile: Profile, language: str) -> dict[str, str]:
    """Return everything a clause may print about this pact without declaring it as a blank."""
    rules = profile.pact_class(text["class"])
    return {
        **_plain_facts(text, profile, language),
        **_people(text, profile, language),
        **_promises(text, profile, language),
        **_support(text, profile, language),
        "class_name": rules.name[language],
        "decision_body": rules.decision_body[language],
        "signer": rules.signer[language],
        "longest_years": str(rules.longest_years),
        "advance_percent": _percent(rules.advance_cap_bp),
    }


def _percent(basis_points: int) -> str:
    whole, rest = divmod(basis_points, 100)
    return f"{whole},{rest:02}" if rest else str(whole)


def _plain_facts(text: Mapping[str, Any], profile: Profile, language: str) -> dict[str, str]:
    citations = [one.words[language] for one in profile.citations if one.preamble]
    return {
        "title": one_line(text["title"]),
        "summary": sentence(text["summary"]),
        "code": text["code"],
        "body": profile.body,
        "city": profile.name[language],
        "regulation_version": f"{profile.regulation} ({day(profile.version, language)})",
        "citations_list": listed(f"{one};" for one in citations),
        "starts_on": day(text["starts_on"], language),
        "ends_on": day(text["ends_on"], language),
        "every_months": str(text["reports"]["every_months"]),
        "first_due_on": day(text["reports"]["first_due_on"], language),
        "sent_within_days": str(profile.reports.sent_within_days),
        "closing_days": str(profile.reports.closing_report_days),
        "conciliation_days": str(profile.clock("conciliation").days),
        "hosting_days": str(profile.clock("hosting_notice").days),
        "contact_mail": profile.contact.mail,
        "contact_phone": profile.contact.phone,
        "publish_above": euro(profile.publish_benefit_above_cents, language),
    }


def _people(text: Mapping[str, Any], profile: Profile, language: str) -> dict[str, str]:
    ours = [_name(one, profile, language) for one in text["parties"] if one["side"] == "community"]
    office = next((one.get("office", "") for one in text["parties"] if one["side"] == "city"), "")
    names = {one.id: one.name[language] for one in profile.offices}
    return {
        "parties_list": listed(_party(one, profile, language) for one in text["parties"]),
        "community": _joined(ours, phrase(profile, language, "and")),
        "office": names.get(office, one_line(office))
        or names[profile.pact_class(text["class"]).signer_office],
        "commons": _commons(text["commons"], profile, language),
        "licence": one_line(text["commons"]["licence"]),
        "commons_about": sentence(text["commons"]["about"]),
    }


def _name(party: Mapping[str, Any], profile: Profile, language: str) -> str:
    return one_line(party["name"]) or phrase(profile, language, "unnamed_party")


def _party(party: Mapping[str, Any], profile: Profile, language: str) -> str:
    row = phrase(
        profile,
        language,
        "party_row",
        name=_name(party, profile, language),
        kind=word(profile, language, "party", party["kind"]),
        capacity=word(profile, language, "capacity", party["capacity"]),
    )
    return f"{row};"


def _joined(names: Sequence[str], last: str) -> str:
    if len(names) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(names)
    return ", ".join(names[:-1]) + f" {last} {names[-1]}"


def _commons(commons: Mapping[str, Any], profile: Profile, language: str) -> str:
    if commons["kind"] == "place":
        district = next(
            (one.name for one in profile.districts if one.id == commons["district"]), commons["district"]
        )
        key = "place" if commons["address"] and district else "place_short"
        values = {"title": commons["title"], "address": commons["address"], "district": district}
        return phrase(profile, language, key, **values)
    repository = commons["repository"] or phrase(profile, language, "no_repository")
    return phrase(profile, language, commons["kind"], title=commons["title"], repository=repository)


def terms(text: Mapping[str, Any], profile: Profile, language: str) -> dict[tuple[str, str], str]:
    """Return every term of the text as a sentence: dates, promises of each side, support, fences."""
    days = {(key, ""): day(text[key], language) for key in ("starts_on", "ends_on")}
    promises = {(one["side"], one["id"]): _commitment(one, profile, language) for one in text["commitments"]}
    support = {("support", one["id"]): _support_row(one, profile, language) for one in text["support"]}
    fences = {("fences", one["id"]): _fence(one, profile, language) for one in text["fences"]}
    return {**days, **promises, **support, **fences}


def _promises(text: Mapping[str, Any], profile: Profile, language: str) -> dict[str, str]:
    none = phrase(profile, language, "no_commitments")
    rows = {
        side: listed(
            (_commitment(one, profile, language) for one in text["commitments"] if one["side"] == side), none
        )
        for side in ("community", "city")
    }
    steps = (
        phrase(profile, language, "ladder_row", name=one.name[language], days=one.days)
        for one in profile.ladder
    )
    return {
        "community_list": rows["community"],
        "city_list": rows["city"],
        "fences_list": listed(
            (_fence(one, profile, language) for one in text["fences"]), phrase(profile, language, "no_fences")
        ),
        "ladder_list": listed(steps),
    }


def _commitment(row: Mapping[str, Any], profile: Profile, language: str) -> str:
    said = phrase(
        profile,
        language,
        "commitment_row",
        what=row["what"],
        quantity=row["quantity"],
        unit=word(profile, language, "unit", row["unit"]),
        per=word(profile, language, "per", row["per"]),
        evidence=row["evidence"],
    )
    due = row.get("due_on")
    return said + (", " + phrase(profile, language, "commitment_due", day=day(due, language)) if due else "")


def _fence(row: Mapping[str, Any], profile: Profile, language: str) -> str:
    return phrase(
        profile,
        language,
        "fence_row",
        title=row["title"][language],
        sentence=row["sentence"][language],
        frequency=word(profile, language, "frequency", row["frequency"]),
        source=word(profile, language, "source", row["source"]),
    )


def _support(text: Mapping[str, Any], profile: Profile, language: str) -> dict[str, str]:
    rows = text["support"]
    none = phrase(profile, language, "no_support")
    lists = {
        f"{kind}_list": listed(
            (_support_row(one, profile, language) for one in rows if one["kind"] == kind), none
        )
        for kind in get_args(PoolKind)
    }
    money = sum(int(one["amount"]) for one in rows if one["kind"] == "funding")
    return {
        **lists,
        "support_list": listed((_support_row(one, profile, language) for one in rows), none),
        "support_total": euro(sum(int(one["value_cents"]) for one in rows), language),
        "funding_total": euro(money, language),
    }


def _support_row(row: Mapping[str, Any], profile: Profile, language: str) -> str:
    kinds = {one.id: one.name[language] for one in profile.support_kinds}
    is_money = row["unit"] == "cent"
    other = "priced_row" if is_money else "other_row"
    key = f"{row['kind']}_row" if row["kind"] in {"funding", "server", "legal"} else other
    amount = euro(int(row["amount"]), language) if is_money else row["amount"]
    said = phrase(
        profile,
        language,
        key,
        what=row["what"],
        amount=amount,
        months=row["months"],
        value=euro(int(row["value_cents"]), language),
        kind=kinds.get(row["kind"], row["kind"]),
        unit=word(profile, language, "unit", row["unit"]),
    )
    if row.get("costs"):
        names = ", ".join(profile.cost_kind(one).name[language] for one in row["costs"])
        said += ", " + phrase(profile, language, "costs", names=names)
    if row.get("due_on"):
        said += ", " + phrase(profile, language, "given_by", day=day(row["due_on"], language))
    if row["conditions"]:
        said += ", " + phrase(profile, language, "conditions", conditions=row["conditions"])
    return said
