"""The city's rules for giving, as plain functions: each returns whether a request fits, and why in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from portal.city import CostKind, Profile, SupportCheck, Words
from portal.support.amounts import Amount
from portal.words import W, current_language

BP = 100
"""Basis points in one per cent."""


class Fit(StrEnum):
    """How a request stands to one rule."""

    FITS = "fits"
    LOOK = "look"
    UNFIT = "unfit"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked in one row: its worth in cents, its costs by their ids, the advance in basis points."""

    subject: str
    kind: str
    what: str
    cents: int
    year: int
    pact_class: str = ""
    costs: tuple[str, ...] = ()
    advance_bp: int = 0
    commons: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """Support promised before or beside this request: to whom, for what, and on which day."""

    subject: str
    kind: str
    what: str
    cents: int
    on: date
    year: int
    costs: tuple[str, ...] = ()
    commons: str = ""
    is_same_payee: bool = True


@dataclass(frozen=True, slots=True)
class Payee:
    """Who receives; `is_undertaking` and what else they get are None while nobody declared it."""

    form: str = ""
    has_tax_number: bool = False
    is_hidden: bool = False
    is_undertaking: bool | None = None
    other_aid_cents: int | None = None
    other_funding: str | None = None

    @property
    def acts_on_a_market(self) -> bool | None:
        """Say whether the payee counts as an undertaking; what it is says so where it did not declare."""
        if self.is_undertaking is not None:
            return self.is_undertaking
        if self.form in {"cooperative", "company"}:
            return True
        return False if self.form in {"", "informal_group", "school", "public_body"} else None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the rules look at; `grants` leaves the request itself out."""

    request: Request
    payee: Payee
    grants: Sequence[Grant] = ()
    today: date = field(default_factory=lambda: date.min)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of one request."""

    check: SupportCheck
    fit: Fit
    words: W

    @property
    def stops(self) -> bool:
        """Say whether nothing may be promised because of this."""
        return self.fit is Fit.UNFIT and self.check.blocks

    @property
    def stops_payment(self) -> bool:
        """Say whether no money may be paid as long as this is so."""
        return self.fit is Fit.UNFIT and self.check.blocks_payment


Said = tuple[Fit, W]


def weigh(facts: Facts, profile: Profile) -> list[Finding]:
    """Return what each rule of the profile says of a request; rules that do not concern it are left out."""
    found = []
    for check in profile.support_checks:
        said = RULES[check.id](facts, check, profile)
        if said is not None:
            found.append(Finding(check, *said))
    return found


def stopping(findings: Sequence[Finding]) -> Finding | None:
    """Return the first finding that stops the request."""
    return next((one for one in findings if one.stops), None)


def _contribution_cap(facts: Facts, _: SupportCheck, profile: Profile) -> Said | None:
    """Hold money for one pact within one year against the cap of its class."""
    request = facts.request
    if request.kind != "funding":
        return None
    rules = next((one for one in profile.classes if one.id == request.pact_class), None)
    if rules is None:
        return Fit.LOOK, W("The class of the pact is not known here, so its cap was not looked at.")
    before = sum(
        one.cents
        for one in facts.grants
        if one.kind == "funding" and one.subject == request.subject and one.year == request.year
    )
    said = {
        "total": _money(before + request.cents),
        "cap": _money(rules.contribution_cap_cents),
        "year": request.year,
    }
    if before + request.cents > rules.contribution_cap_cents:
        return Fit.UNFIT, W("%(total)s in %(year)s is more than the %(cap)s that this pact may get.", **said)
    return Fit.FITS, W("%(total)s of at most %(cap)s for this pact in %(year)s.", **said)


def _advance(facts: Facts, _: SupportCheck, profile: Profile) -> Said | None:
    """Hold the share that is paid before anything is shown against the cap of the class."""
    request = facts.request
    rules = next((one for one in profile.classes if one.id == request.pact_class), None)
    if request.kind != "funding" or rules is None:
        return None
    said = {"share": request.advance_bp // BP, "cap": rules.advance_cap_bp // BP}
    if request.advance_bp > rules.advance_cap_bp:
        return Fit.UNFIT, W(
            "%(share)s per cent is to be paid in advance. At most %(cap)s per cent may.", **said
        )
    return Fit.FITS, W("%(share)s per cent is paid in advance, of at most %(cap)s.", **said)


def _care_work(facts: Facts, _: SupportCheck, profile: Profile) -> Said | None:
    """Look at which costs the money is for: care work is never one of them."""
    request = facts.request
    if request.kind != "funding":
        return None
    if not request.costs:
        return Fit.LOOK, W("The text does not say for which costs. See that none of them pays for care.")
    known = {one.id: one for one in profile.cost_kinds}
    refused = [one for one in request.costs if one not in known or not known[one].eligible]
    if refused:
        return Fit.UNFIT, W("These costs may not be paid: %(names)s.", names=_names(refused, known))
    return Fit.FITS, W("Only costs that may be paid: %(names)s.", names=_names(request.costs, known))


def _double_funding(facts: Facts, _: SupportCheck, __: Profile) -> Said | None:
    """Look for the same thing, given this year to this group or this commons, or paid by others."""
    request = facts.request
    same = [one for one in facts.grants if one.kind == request.kind and one.year == request.year]
    twice = next((one for one in same if plain(one.what) == plain(request.what)), None)
    if twice is not None and plain(request.what):
        # The same group may need the same for another garden; for the same one it was given already.
        is_here = twice.subject == request.subject or twice.commons == request.commons != ""
        return Fit.UNFIT if is_here else Fit.LOOK, W(
            "“%(what)s” is given in %(year)s already, in %(code)s.",
            what=twice.what,
            year=request.year,
            code=_code(twice.subject),
        )
    if facts.payee.other_funding:
        return Fit.LOOK, W(
            "The group declared other public money: %(words)s", words=facts.payee.other_funding
        )
    return _alike(request, same)


def _alike(request: Request, same: Sequence[Grant]) -> Said:
    near = next((one for one in same if set(one.costs) & set(request.costs)), None)
    if near is not None:
        return Fit.LOOK, W(
            "Costs of the same kind are paid in %(year)s, in %(code)s: “%(what)s”. See that they are others.",
            what=near.what,
            year=request.year,
            code=_code(near.subject),
        )
    return Fit.FITS, W(
        "Nothing of the kind is given to this group or commons in %(year)s.", year=request.year
    )


def _de_minimis(facts: Facts, check: SupportCheck, _: Profile) -> Said | None:
    """Add up the aid to one undertaking over the years before, with what came in kind."""
    market = facts.payee.acts_on_a_market
    if market is None:
        return Fit.LOOK, W("Ask the group to declare whether it offers goods or services on a market.")
    if not market:
        return Fit.FITS, W("The group offers nothing on a market, so this is no state aid.")
    since = years_before(facts.today, check.years)
    before = sum(one.cents for one in facts.grants if one.is_same_payee and one.on > since)
    total = before + facts.request.cents + (facts.payee.other_aid_cents or 0)
    said = {"total": _money(total), "cap": _money(check.limit_cents), "years": check.years}
    if total > check.limit_cents:
        return Fit.UNFIT, W("%(total)s within %(years)s years is more than the %(cap)s of this rule.", **said)
    if facts.payee.other_aid_cents is None:
        return Fit.LOOK, W(
            "%(total)s of %(cap)s within %(years)s years. Ask the group to declare what others gave.", **said
        )
    return Fit.FITS, W("%(total)s of %(cap)s within %(years)s years.", **said)


def _publication(facts: Facts, check: SupportCheck, profile: Profile) -> Said | None:
    """Add up what one payee gets in a year: above a sum it is published, in some cities to have effect."""
    request, payee = facts.request, facts.payee
    before = sum(one.cents for one in facts.grants if one.is_same_payee and one.year == request.year)
    above = profile.publish_benefit_above_cents
    said = {"total": _money(before + request.cents), "above": _money(above), "year": request.year}
    if before + request.cents <= above:
        return Fit.FITS, W("%(total)s in %(year)s: up to %(above)s need not be published.", **said)
    if payee.is_hidden:
        return Fit.UNFIT, W(
            "%(total)s in %(year)s must be published with the payee's name. The group's page is hidden.",
            **said,
        )
    if payee.form in {"", "informal_group"}:
        return Fit.LOOK, W(
            "%(total)s in %(year)s is published with the name. "
            "See that nothing shows anybody's health or hardship.",
            **said,
        )
    if not payee.has_tax_number:
        return Fit.UNFIT, W(
            "%(total)s in %(year)s must be published with the payee's tax number. It has none yet.", **said
        )
    if not check.blocks_payment:
        return Fit.FITS, W("%(total)s in %(year)s is published with the payee's name.", **said)
    return Fit.FITS, W("%(total)s in %(year)s is published: without that it has no effect.", **said)


Rule = Callable[[Facts, SupportCheck, Profile], Said | None]
RULES: Mapping[str, Rule] = {
    "contribution_cap": _contribution_cap,
    "advance": _advance,
    "care_work": _care_work,
    "double_funding": _double_funding,
    "de_minimis": _de_minimis,
    "publication": _publication,
}


def years_before(day: date, years: int) -> date:
    """Return the same day some years ago; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def plain(words: str) -> str:
    """Return words as they are compared: letters and digits in small, one space between."""
    return " ".join("".join(one if one.isalnum() else " " for one in words.casefold()).split())


def _money(cents: int) -> Amount:
    return Amount(cents, "cent")


def _code(subject: str) -> str:
    return subject.partition(":")[2] or subject


def _names(ids: Sequence[str], known: Mapping[str, CostKind]) -> _Names:
    return _Names(tuple(known[one].name if one in known else {"en": one} for one in ids))


@dataclass(frozen=True, slots=True)
class _Names:
    """Kinds of cost by name, in the language being written."""

    names: tuple[Words, ...]

    def __str__(self) -> str:
        language = current_language()
        return ", ".join(words.get(language) or next(iter(words.values())) for words in self.names)
