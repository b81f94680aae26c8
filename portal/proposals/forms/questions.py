"""The questions of a proposal as forms: one a page, each reading its answer into a frozen shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from portal.money import as_typed
from portal.proposals import measured, particulars
from portal.proposals.answers import GROUP_WORDS, KIND_WORDS, PERIOD_WORDS
from portal.proposals.forms import fields
from portal.proposals.forms.fields import DayField, MoneyField, WholeField
from portal.proposals.forms.page import QuestionForm
from portal.proposals.shapes import ALONE, LONGEST_SHORT, Group, Need, Promise, Term, What, Where
from portal.words import W

if TYPE_CHECKING:
    from portal.city import Profile
    from portal.proposals.models import Ask, Proposal
    from portal.proposals.particulars import Particular

YES_NO = [("yes", W("Yes")), ("no", W("No"))]
_YES = {"yes": True, "no": False}
_NO_YES = {True: "yes", False: "no"}


class WhatForm(QuestionForm):
    """What is to be looked after."""

    kind = fields.choice(W("What is it?"), list(KIND_WORDS.items()), W("Choose what you want to look after"))
    title = fields.line(W("Name"), 150, W("Give it a name"))
    summary = fields.text(
        W("In short"), LONGEST_SHORT, W("Say in one or two sentences what you want to do"), keeps_longer=True
    )

    def answer(self) -> What:
        return What(self.kind.data or "", self.title.data, self.summary.data)


class SoftwareForm(QuestionForm):
    """Where a piece of software lives."""

    repository = fields.web(W("Address of the code"))
    about = fields.text(W("Where it will live, and anything else we should know"), 2000)
    licence = fields.line(W("Licence"), 120)

    def still_missing(self) -> list[tuple[str, W]]:
        if self.repository.data or self.about.data:
            return []
        return [("repository", W("Enter the address of the code, or say where it will live"))]

    def answer(self) -> Where:
        return Where(repository=self.repository.data, about=self.about.data, licence=self.licence.data)


class DataForm(QuestionForm):
    """Where a data set is."""

    about = fields.text(
        W("Where is the data, and what is it about?"), 2000, W("Say where the data is and what it is about")
    )
    holds_personal_data = fields.choice(
        W("Is there personal data in it?"), YES_NO, W("Say whether there is personal data in it")
    )
    licence = fields.line(W("Licence"), 120)

    def answer(self) -> Where:
        return Where(
            about=self.about.data,
            licence=self.licence.data,
            holds_personal_data=_YES.get(self.holds_personal_data.data or ""),
        )


class GroupForm(QuestionForm):
    """Who proposes."""

    group_kind = fields.choice(W("Who takes part?"), list(GROUP_WORDS.items()), W("Say who takes part"))
    group_name = fields.line(W("Name of the group"), 160)
    contact_name = fields.line(W("Your name"), 120, W("Enter the name of the person the city can write to"))
    contact_email = fields.email(W("E-mail address"))
    contact_phone = fields.phone(W("Phone number"))
    contact_postal = fields.postal(W("Postal address"))
    is_adult = fields.choice(W("Are you 18 or older?"), YES_NO, W("Say whether this person is 18 or older"))
    adult_name = fields.line(W("Name of an adult who will sign"), 120)

    def still_missing(self) -> list[tuple[str, W]]:
        found = []
        if self.group_kind.data != ALONE and not self.group_name.data:
            found.append(("group_name", W("Enter the name of your group")))
        if not (self.contact_email.data or self.contact_phone.data or self.contact_postal.data):
            sentence = W("Enter an e-mail address, a phone number or a postal address")
            found.append(("contact_email", sentence))
        if self.is_adult.data == "no" and not self.adult_name.data:
            words = W("A person over 18 must sign. You can still propose; add their name.")
            found.append(("adult_name", words))
        return found

    def answer(self) -> Group:
        return Group(
            group_kind=self.group_kind.data or "",
            group_name=self.group_name.data,
            contact_name=self.contact_name.data,
            contact_email=self.contact_email.data,
            contact_phone=self.contact_phone.data,
            contact_postal=self.contact_postal.data,
            is_adult=_YES.get(self.is_adult.data or ""),
            adult_name=self.adult_name.data,
        )


class CommitmentForm(QuestionForm):
    """One thing the group will do."""

    what = fields.line(W("What will you do?"), 200, W("Say what your group will do"))
    quantity = WholeField(
        W("How much?"),
        filters=[fields.one_line],
        validators=fields.needed(W("Enter a whole number, like 12")),
    )
    unit = fields.line(W("Of what?"), 40)
    per = fields.pick(W("How often?"), list(PERIOD_WORDS.items()))
    evidence = fields.line(W("How can people see that it was done?"), 200)

    @property
    def is_blank(self) -> bool:
        """Say whether nothing was typed, so that there is nothing to add."""
        return not (self.what.data or self.evidence.data)

    def answer(self) -> Promise:
        return Promise(
            what=self.what.data,
            quantity=self.quantity.value or 0,
            unit=self.unit.data or "times",
            per=self.per.data or "once",
            evidence=self.evidence.data,
        )


class DatesForm(QuestionForm):
    """From when to when."""

    starts_on = DayField(
        W("First day"),
        filters=[fields.one_line],
        validators=fields.needed(W("Enter the day on which the pact should start")),
    )
    ends_on = DayField(
        W("Last day"),
        filters=[fields.one_line],
        validators=fields.needed(W("Enter the day on which the pact should end")),
    )

    def answer(self) -> Term:
        return Term(self.starts_on.value, self.ends_on.value)


class AsksForm(QuestionForm):
    """Which kinds of support are asked for."""

    kinds = fields.several(W("Which help do you ask for?"), [])

    def offer(self, profile: Profile, kind: str, language: str) -> None:
        """Offer the city's support for this kind of commons, what it usually asks for first."""
        offered = profile.supports_for(kind)
        self.kinds.choices = fields.options((one.id, one.name[language]) for one in offered)
        self.kinds.validators = [fields.OneOf({one.id for one in offered})]


class ServerForm(QuestionForm):
    """Which server, and for how long."""

    plan = fields.choice(W("How large?"), [], W("Choose a size of server"))
    months = WholeField(
        W("For how many months?"),
        filters=[fields.one_line],
        validators=fields.needed(W("Enter for how many months you need the server")),
    )
    what = fields.text(W("What will run on it?"), 300)

    def offer(self, profile: Profile, language: str) -> None:
        """Offer the city's sizes."""
        self.plan.choices = fields.options([(one.id, one.name[language]) for one in profile.server_plans])
        needed = fields.Needed(W("Choose a size of server"))
        self.plan.validators = [needed, fields.OneOf({one.id for one in profile.server_plans})]

    def answer(self) -> Need:
        return Need(what=self.what.data, months=self.months.value or 0, plan=self.plan.data or "")


class NeedForm(QuestionForm):
    """How much of one kind, in its unit, and what for."""

    amount: Any
    what: Any
    unit = ""
    hint: W | str = ""
    may_be_empty = False

    def still_missing(self) -> list[tuple[str, W]]:
        typed_nothing = self.amount.data and not self.amount.value
        return [("amount", measured.not_zero(self.unit))] if typed_nothing else []

    def answer(self) -> Need:
        return Need(what=self.what.data, amount=self.amount.value or 0)


def need_form(ask: Ask) -> NeedForm:
    """Return the form that asks how much of one kind of support, as it was answered so far."""
    asked = measured.asked_of(ask.kind, ask.unit)
    field = MoneyField if ask.unit == "cent" else WholeField
    needed = fields.needed(asked.needed) if asked.needed else []
    made: dict[str, Any] = {
        "amount": field(asked.how_much, filters=[fields.one_line], validators=needed),
        "what": fields.text(asked.what, 300, asked.needed_what),
        "unit": ask.unit,
        "hint": asked.hint,
        "may_be_empty": asked.needed is None,
    }
    typed = as_typed(ask.amount) if ask.unit == "cent" else str(ask.amount or "")
    form = type("NeedForm", (NeedForm,), made)(data={"amount": typed, "what": ask.what})
    return cast("NeedForm", form)


class FencesForm(QuestionForm):
    """Which fences are offered."""

    fences = fields.several(W("Which promises will you make?"), [])

    def offer(self, profile: Profile, kind: str, language: str) -> None:
        """Offer the catalogue's fences for this kind."""
        offered = profile.fences_for(kind)
        self.fences.choices = fields.options([(one.id, one.title[language]) for one in offered])
        self.fences.validators = [fields.OneOf({one.id for one in offered})]


class TouchedForm(QuestionForm):
    """Who else is touched."""

    touched = fields.text(W("Who else lives with it, uses it or could mind?"), 2000)


def particulars_form(proposal: Proposal) -> QuestionForm:
    """Return a form with the questions that only this kind of commons is asked."""
    told = proposal.particulars or {}
    made = {one.id: _asked(one) for one in particulars.asked_of(proposal.kind)}
    return type("ParticularsForm", (QuestionForm,), made)(data=told)  # type: ignore[no-any-return]


def _asked(one: Particular) -> Any:
    if one.shape == "choice":
        return fields.choice(one.label, list(one.choices.items()), one.needed)
    return (fields.text if one.shape == "text" else fields.line)(one.label, one.longest, one.needed)


def limits_form(proposal: Proposal, profile: Profile, language: str) -> QuestionForm:
    """Return a form with one number for each offered fence that has a limit."""
    made: dict[str, Any] = {}
    for one in proposal.fences:
        fence = profile.fence(one.catalogue)
        if fence.unit == "yes_no":
            continue
        made[f"limit_{fence.id}"] = (MoneyField if fence.unit == "cents" else WholeField)(
            fence.title[language],
            filters=[fields.one_line],
            validators=fields.needed(W("Enter a whole number, like 12")),
            default=_limit_text(one.threshold, fence.unit),
        )
    return type("LimitsForm", (QuestionForm,), made)()  # type: ignore[no-any-return]


def _limit_text(threshold: int, unit: str) -> str:
    return as_typed(threshold) if unit == "cents" else str(threshold)


def typed_choice(*, answer: bool | None) -> str:
    """Return yes, no or nothing as a choice holds it."""
    return "" if answer is None else _NO_YES[answer]
