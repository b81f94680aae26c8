"""The words a paper uses for the kinds, units and rhythms that a pact's text keeps as short names."""

from __future__ import annotations

from babel.numbers import format_decimal, format_percent

from portal.money import euro
from portal.words import W, say, say_number

CLASSES = {
    "occasional": W("Occasional care"),
    "ordinary": W("Ordinary pact"),
    "complex": W("Complex pact"),
    "digital": W("Digital commons pact"),
    "data": W("Data commons pact"),
}
COMMONS = {
    "place": W("Place"),
    "software": W("Software"),
    "data_set": W("Data set"),
    "network": W("Network"),
    "intangible": W("Intangible commons"),
}
PARTIES = {
    "citizen": W("Citizen"),
    "informal_group": W("Informal group"),
    "association": W("Association"),
    "third_sector_body": W("Third-sector body"),
    "cooperative": W("Cooperative"),
    "company": W("Company"),
    "school": W("School"),
    "public_body": W("Public body"),
}
CAPACITIES = {
    "spokesperson": W("Spokesperson"),
    "legal_representative": W("Legal representative"),
    "citizen": W("In their own name"),
    "signatory": W("Signatory for the city"),
}
SUPPORT = {
    "funding": W("Funding"),
    "server": W("Server space"),
    "legal": W("Legal help"),
    "materials": W("Materials and tools"),
    "in_kind": W("In kind"),
    "space": W("Use of spaces"),
    "spaces": W("Use of spaces"),
    "training": W("Training"),
    "insurance": W("Insurance"),
    "waivers": W("Fees waived"),
    "communication": W("Communication"),
    "visibility": W("Visibility"),
}
RHYTHMS = {
    "once": W("once"),
    "week": W("every week"),
    "month": W("every month"),
    "quarter": W("every quarter"),
    "year": W("every year"),
}
COMPARATORS = {
    "at_least": W("At least %(limit)s"),
    "at_most": W("At most %(limit)s"),
}
COMMITMENT_STATES = {
    "open": W("To do"),
    "kept": W("Kept"),
    "late": W("Late"),
    "not_done": W("Not done"),
}
FENCE_STATES = {
    "holding": W("Holding"),
    "close": W("Close to the limit"),
    "breached": W("Breached"),
    "not_measured": W("Not measured yet"),
    "overdue": W("Overdue measure"),
}


def word(table: dict[str, W], name: str, language: str) -> str:
    """Return the word for a short name; a name the table does not know is shown readable, never dropped."""
    return say(table[name], language) if name in table else name.replace("_", " ")


def amount(count: int, unit: str, language: str) -> str:
    """Return an amount of support with its unit: integer cents, virtual processors or hours."""
    if unit == "cent":
        return euro(count, language)
    number = format_decimal(count, locale=language)
    if unit == "vcpu":
        return say_number(
            "%(number)s virtual processor", "%(number)s virtual processors", count, language, number=number
        )
    if unit == "hour":
        return say_number("%(number)s hour", "%(number)s hours", count, language, number=number)
    return f"{number} {unit}".strip()


def measure(value: int, unit: str, language: str) -> str:
    """Return a fence's measure in words: whole hours a week, whole percent, cents, whole days, yes or no."""
    if unit == "cents":
        return euro(value, language)
    if unit == "percent":
        return format_percent(value / 100, locale=language)
    if unit == "yes_no":
        return say(W("Yes") if value else W("No"), language)
    number = format_decimal(value, locale=language)
    if unit == "days":
        return say_number("%(number)s day", "%(number)s days", value, language, number=number)
    if unit == "hours_week":
        return say_number("%(number)s hour a week", "%(number)s hours a week", value, language, number=number)
    return f"{number} {unit}".strip()


def limit(comparator: str, threshold: int, unit: str, language: str) -> str:
    """Return a fence's limit as people say it: at least 40 hours a week."""
    if unit == "yes_no":
        return measure(threshold, unit, language)
    said = COMPARATORS[comparator]
    return say(W(said.id, limit=measure(threshold, unit, language)), language)
