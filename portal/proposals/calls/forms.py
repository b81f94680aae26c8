"""What officials type about a call: its words in each language, whom it invites, its dates and its money."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, cast

from wtforms.validators import StopValidation

from portal import clock
from portal.errors import Invalid
from portal.money import Hundred, as_typed
from portal.proposals.answers import GROUP_WORDS, KIND_WORDS
from portal.proposals.calls import said
from portal.proposals.calls.actions import (
    LONGEST_REASON,
    LONGEST_SUMMARY,
    LONGEST_TERMS,
    LONGEST_TITLE,
    Notice,
)
from portal.proposals.forms import fields
from portal.web import Form
from portal.web.moments import HourField, instant_at
from portal.words import W

if TYPE_CHECKING:
    from portal.city import Profile
    from portal.proposals.models import Call
    from portal.support.models import Pool

_PER_CENT = re.compile(r"([0-9]{1,4})\s*%?")
BP_A_PER_CENT = 100
TEXTS = {"title": LONGEST_TITLE, "summary": LONGEST_SUMMARY, "terms": LONGEST_TERMS}
MIDDAY = time(12)


class ExtendForm(Form):
    """When a call ends, and why it ends later than it said."""

    extended_on = fields.DayField(W("New last day"))
    extended_hour = HourField(W("Hour"), filters=[fields.one_line])
    extended_reason = fields.text(W("Reason for more time (public)"), LONGEST_REASON)

    @property
    def closes_at(self) -> datetime | None:
        """Return the instant that was typed; refuse with Invalid an hour that the day does not have."""
        return _instant(self, "extended", self.extended_hour.value or MIDDAY)


class DecideForm(Form):
    """What came of a call."""

    decision_reason = fields.text(W("What was decided, and why (public)"), LONGEST_REASON)


class CancelForm(Form):
    """Why a call is called off."""

    cancel_reason = fields.text(W("Reason for calling it off (public)"), LONGEST_REASON)


class CallForm(Form):
    """A whole call; made for one city by `call_form`."""

    track = fields.choice(
        W("What kind of call it is"), list(said.TRACKS.items()), W("Say what kind of call it is")
    )
    themes = fields.several(W("Themes"), list(said.THEMES.items()))
    kinds = fields.several(W("What can be proposed"), list(KIND_WORDS.items()))
    leads = fields.several(W("Who may lead"), list(GROUP_WORDS.items()))
    opens_on = fields.DayField(W("First day"))
    opens_hour = HourField(W("Hour"), filters=[fields.one_line])
    closes_on = fields.DayField(W("Last day"))
    closes_hour = HourField(W("Hour"), filters=[fields.one_line])
    budget = fields.MoneyField(W("Money for the whole call"))
    match_ratio = fields.line(W("Of each %(sum)s raised, the city adds", sum=Hundred()), 6)
    match_cap = fields.MoneyField(W("At most, for one proposal"))
    match_threshold = fields.MoneyField(W("Only if at least this much was raised"))
    match_person = fields.MoneyField(W("Of one person's money, at most this much counts"))
    match_order = fields.choice(W("If the pot is too small for all"), list(said.ORDERS.items()))
    source = fields.line(W("The city's decision behind this call"), 200)

    languages: Sequence[str] = ()

    def validate_match_ratio(self, field: Any) -> None:
        """Refuse what is no whole number of per cent."""
        if field.data and not _PER_CENT.fullmatch(field.data):
            raise StopValidation(str(W("Enter a whole number, like 100")))

    def notice(self) -> Notice:
        """Return what a valid form says; refuse with Invalid an hour that a day does not have."""
        ratio = _PER_CENT.fullmatch(self.match_ratio.data or "")
        return Notice(
            **{name: {one: self[f"{name}_{one}"].data or "" for one in self.languages} for name in TEXTS},
            track=self.track.data,
            themes=self.themes.data or [],
            kinds=self.kinds.data or [],
            zones=self["zones"].data or [],
            leads=self.leads.data or [],
            opens_at=_instant(self, "opens", self.opens_hour.value or time(0)),
            closes_at=_instant(self, "closes", self.closes_hour.value or MIDDAY),
            pool_id=int(self["pool"].data) if self["pool"].data else None,
            budget_cents=self.budget.value or 0,
            match_ratio_bp=int(ratio[1]) * BP_A_PER_CENT if ratio else 0,
            match_cap_cents=self.match_cap.value or 0,
            match_threshold_cents=self.match_threshold.value or 0,
            match_person_cents=self.match_person.value or 0,
            match_order=self.match_order.data or "first_come",
            source=self.source.data or "",
        )


def _instant(form: Form, name: str, hour: time) -> datetime | None:
    day: date | None = form[f"{name}_on"].value
    if day is None:
        return None
    try:
        return instant_at(day, hour, clock.zone())
    except Invalid as refusal:
        raise Invalid(refusal.words, field=f"{name}_hour") from refusal


def call_form(profile: Profile, pools: Sequence[Pool], call: Call | None = None) -> CallForm:
    """Return the form of a call, filled with what its draft says; words are asked in the city's languages."""
    made: dict[str, Any] = {"languages": profile.languages}
    for language in profile.languages:
        is_needed = language == profile.prevailing_language
        made[f"title_{language}"] = fields.line(
            W("Title"), LONGEST_TITLE, W("Give the call a title") if is_needed else None
        )
        made[f"summary_{language}"] = fields.text(
            W("In short"),
            LONGEST_SUMMARY,
            W("Say in one or two sentences what it invites to") if is_needed else None,
        )
        made[f"terms_{language}"] = fields.text(W("Terms"), LONGEST_TERMS)
    made["zones"] = fields.several(W("Districts"), [(one.id, one.name) for one in profile.districts])
    funds = [(str(pool.id), f"{pool.name} {pool.year}") for pool in pools]
    made["pool"] = fields.pick(W("Fund it is paid from"), [("", W("No fund")), *funds])
    kind = cast("type[CallForm]", type("CityCallForm", (CallForm,), made))
    return kind(data=_typed(call)) if call is not None else kind()


def _typed(call: Call) -> dict[str, Any]:
    """Return what a call's draft says as it would be typed."""
    texts = {f"{name}_{code}": words for name in TEXTS for code, words in _words(call, name).items()}
    return {
        **texts,
        **{name: getattr(call, name) for name in ("track", "themes", "kinds", "zones", "leads", "source")},
        **_dates(call),
        "pool": str(call.pool_id or ""),
        "budget": as_typed(call.budget_cents),
        "match_ratio": str(call.match_ratio_bp // BP_A_PER_CENT) if call.match_ratio_bp else "",
        "match_cap": as_typed(call.match_cap_cents),
        "match_threshold": as_typed(call.match_threshold_cents),
        "match_person": as_typed(call.match_person_cents) if call.match_person_cents else "",
        "match_order": call.match_order,
    }


def _words(call: Call, name: str) -> Mapping[str, str]:
    return cast("Mapping[str, str]", getattr(call, name))


def _dates(call: Call) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("opens", "closes"):
        instant = getattr(call, f"{name}_at")
        if instant is not None:
            local = clock.local(instant)
            found |= {f"{name}_on": f"{local:%d/%m/%Y}", f"{name}_hour": f"{local:%H:%M}"}
    return found
