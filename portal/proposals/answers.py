"""What was answered, question by question, as sentences, each marked as public or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from babel.dates import format_date

from portal.commons import licences
from portal.errors import Invalid
from portal.money import euro
from portal.proposals import particulars
from portal.proposals.papers import Answer
from portal.proposals.papers import Section as PaperSection
from portal.proposals.sections import TITLES, Section
from portal.words import W, in_language, say, say_number, spoken

if TYPE_CHECKING:
    from portal.city import Profile
    from portal.proposals.models import Ask, OfferedCommitment, OfferedFence, Proposal

KIND_WORDS: Mapping[str, W] = {
    "place": W("Place"),
    "software": W("Software"),
    "data_set": W("Data set"),
}
GROUP_WORDS: Mapping[str, W] = {
    "citizen": W("One person"),
    "informal_group": W("A group without a legal form"),
    "association": W("An association"),
    "third_sector_body": W("A third-sector body"),
    "cooperative": W("A cooperative"),
    "company": W("A company"),
    "school": W("A school"),
    "public_body": W("A public body"),
}
PERIOD_WORDS: Mapping[str, W] = {
    "once": W("once"),
    "week": W("every week"),
    "month": W("every month"),
    "quarter": W("every three months"),
    "year": W("every year"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One question with its answer; `page` is where it can be changed."""

    section: Section
    page: str
    question: W
    answer: str
    is_public: bool = True


def told(proposal: Proposal, profile: Profile, language: str) -> list[Told]:
    """Return every question of the proposal with its answer, in the order of the sections."""
    with in_language(language):
        return [
            *_what(proposal),
            *_where(proposal, profile),
            *_particulars(proposal),
            *_group(proposal),
            *_commitments(proposal),
            *_asks(proposal, profile, language),
            *_fences(proposal, profile, language),
            Told(Section.TOUCHED, "touched", W("Neighbours and other users"), proposal.touched),
        ]


def told_publicly(proposal: Proposal, profile: Profile, language: str) -> list[Told]:
    """Return only what everybody may read."""
    return [one for one in told(proposal, profile, language) if one.is_public]


def for_paper(proposal: Proposal, profile: Profile, language: str) -> tuple[PaperSection, ...]:
    """Return the answers as the receipt prints them."""
    rows = told(proposal, profile, language)
    return tuple(
        PaperSection(
            heading=say(TITLES[section], language),
            answers=tuple(
                Answer(say(one.question, language), one.answer, one.is_public)
                for one in rows
                if one.section is section
            ),
        )
        for section in Section
    )


def _what(proposal: Proposal) -> Iterator[Told]:
    kind = KIND_WORDS.get(proposal.kind, "")
    yield Told(Section.WHAT, "what", W("What it is"), str(kind))
    yield Told(Section.WHAT, "what", W("Name"), proposal.title)
    yield Told(Section.WHAT, "what", W("In short"), proposal.summary)


def _where(proposal: Proposal, profile: Profile) -> Iterator[Told]:
    for question, answer in _place(proposal, profile) if proposal.kind == "place" else _digital(proposal):
        yield Told(Section.WHERE, "where", question, answer)


def _place(proposal: Proposal, profile: Profile) -> Iterator[tuple[W, str]]:
    names = {one.id: one.name for one in profile.districts}
    yield W("Address"), proposal.address
    yield W("District"), names.get(proposal.district, "")
    point = ""
    if proposal.latitude_e6 is not None and proposal.longitude_e6 is not None:
        point = f"{degrees(proposal.latitude_e6)}, {degrees(proposal.longitude_e6)}"
    yield W("Point on the map"), point
    if proposal.outline:
        yield W("Outline"), str(W("%(count)s corners", count=len(proposal.outline) - 1))
    if proposal.has_no_place:
        yield W("No fixed place"), str(W("Yes"))


def _digital(proposal: Proposal) -> Iterator[tuple[W, str]]:
    if proposal.kind == "software":
        yield W("Address of the code"), proposal.repository
        yield W("More about it"), proposal.about
    elif proposal.kind == "data_set":
        yield W("Where the data is and what it is about"), proposal.about
        yield W("Personal data in it"), yes_no(answer=proposal.holds_personal_data)
    if proposal.kind:
        yield W("Licence"), licence_words(proposal.licence)


def licence_words(expression: str) -> str:
    """Return a licence with what it lets others do, a line each."""
    try:
        found = licences.read(expression)
    except Invalid:
        return expression
    return "\n".join([found.expression, *map(str, found.meanings)]) if found else ""


def _particulars(proposal: Proposal) -> Iterator[Told]:
    told_of = proposal.particulars or {}
    for one in particulars.asked_of(proposal.kind):
        answer = str(particulars.words_for(one, told_of.get(one.id, "")))
        yield Told(Section.WHERE, "particulars", one.label, answer, is_public=one.is_public)


def degrees(micro: int) -> str:
    """Return millionths of a degree as a decimal number, without trailing zeros."""
    sign, whole = "-" if micro < 0 else "", abs(micro)
    return f"{sign}{whole // 1_000_000}.{whole % 1_000_000:06d}".rstrip("0").rstrip(".")


def yes_no(*, answer: bool | None) -> str:
    """Return the answer in words, nothing where there is none."""
    return "" if answer is None else str(W("Yes") if answer else W("No"))


def _group(proposal: Proposal) -> Iterator[Told]:
    kind = GROUP_WORDS.get(proposal.group_kind, "")
    yield Told(Section.GROUP, "group", W("Who takes part"), str(kind))
    if proposal.group_kind != "citizen":
        yield Told(Section.GROUP, "group", W("Name of the group"), proposal.group_name)
    for question, answer in (
        (W("Contact person"), proposal.contact_name),
        (W("E-mail address"), proposal.contact_email),
        (W("Phone number"), proposal.contact_phone),
        (W("Postal address"), proposal.contact_postal),
        (W("18 or older"), yes_no(answer=proposal.is_adult)),
    ):
        yield Told(Section.GROUP, "group", question, answer, is_public=False)
    if proposal.is_adult is False:
        yield Told(Section.GROUP, "group", W("Adult who signs"), proposal.adult_name, is_public=False)


def _commitments(proposal: Proposal) -> Iterator[Told]:
    said = "\n".join(commitment_sentence(one) for one in proposal.commitments)
    yield Told(Section.COMMITMENTS, "commitments", W("Commitments"), said)
    yield Told(Section.COMMITMENTS, "dates", W("Start of the pact"), day_words(proposal.starts_on))
    yield Told(Section.COMMITMENTS, "dates", W("End of the pact"), day_words(proposal.ends_on))


def commitment_sentence(one: OfferedCommitment) -> str:
    """Return a commitment as one line: what, how much, how often."""
    return f"{one.what} – {how_often(one)}"


def how_often(one: OfferedCommitment) -> str:
    """Return how much and how often: “2 hours, every week”."""
    unit = W("times") if one.unit in {"", "times"} else one.unit
    return f"{one.quantity} {unit}, {PERIOD_WORDS.get(one.per, one.per)}"


def day_words(day: date | None) -> str:
    """Return the day in words of the current language."""
    return format_date(day, "d MMMM y", locale=spoken()) if day else ""


def _asks(proposal: Proposal, profile: Profile, language: str) -> Iterator[Told]:
    if not proposal.asks:
        nothing = str(W("Nothing")) if Section.ASKS.value in proposal.saved_sections else ""
        yield Told(Section.ASKS, "asks", W("Support"), nothing)
    names = {one.id: one.name[language] for one in profile.support_kinds}
    for ask in proposal.asks:
        name = names.get(ask.kind, ask.kind)
        yield Told(Section.ASKS, f"asks/{ask.kind}", W(name), ask_sentence(ask, profile, language))


def ask_sentence(ask: Ask, profile: Profile, language: str) -> str:
    """Return what is asked of one kind: the amount in its unit, then what it is for."""
    amount = _amount(ask, profile, language)
    return " – ".join(part for part in (amount, ask.what) if part)


def _amount(ask: Ask, profile: Profile, language: str) -> str:
    if ask.kind == "server" and ask.plan:
        plan = profile.plan(ask.plan)
        size = {"plan": plan.name[language], "vcpu": plan.vcpu, "memory": plan.memory_gb}
        words = W("%(plan)s (%(vcpu)s vCPU, %(memory)s GB), %(months)s months", months=ask.months, **size)
        return say(words, language)
    if not ask.amount:
        return ""
    if ask.unit == "cent":
        return euro(ask.amount, language)
    if ask.unit == "hour":
        return say_number("%(num)d hour", "%(num)d hours", ask.amount, language)
    return say_number("%(num)d piece", "%(num)d pieces", ask.amount, language)


def _fences(proposal: Proposal, profile: Profile, language: str) -> Iterator[Told]:
    said = "\n".join(fence_sentence(one, profile, language) for one in proposal.fences)
    if not said and Section.FENCES.value in proposal.saved_sections:
        said = str(W("No fences are offered"))
    yield Told(Section.FENCES, "fences", W("Fences"), said)


def fence_sentence(one: OfferedFence, profile: Profile, language: str) -> str:
    """Return an offered fence as the catalogue's sentence with the group's own limit."""
    fence = profile.fence(one.catalogue)
    limit = euro(one.threshold, language) if fence.unit == "cents" else str(one.threshold)
    return fence.sentence[language].replace("{threshold}", limit)
