"""The part of the case page that shows the decision held back, and the form that prepares or changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g

from portal import clock, db, policy
from portal.errors import Invalid
from portal.pacts.actions.deciding import ACCEPT, LONGEST_SOURCE, NEEDED, REFUSE, Prepared
from portal.pacts.queries import deciding as queries
from portal.policy import Can
from portal.proposals import answering_clock
from portal.proposals.forms import fields
from portal.proposals.lifecycle import LIFE
from portal.proposals.shapes import LONGEST_TEXT
from portal.schedule.said import unpacked
from portal.web import Form, me
from portal.web.moments import HourField, instant_at
from portal.words import W

if TYPE_CHECKING:
    from datetime import datetime

    from portal.city import Profile
    from portal.pacts.desk.opened import Opened
    from portal.pacts.models import HeldDecision
    from portal.proposals.models import Proposal

OUTCOMES = {ACCEPT: W("Accept it for co-design"), REFUSE: W("Refuse it, with the reason")}


class HeldForm(Form):
    """What is to be decided, why, and from when on everybody may know."""

    held_outcome = fields.choice(W("What is decided"), list(OUTCOMES.items()), W("Choose what is decided"))
    held_class = fields.choice(W("What kind of pact this becomes"), [])
    held_reason = fields.text(
        W("Reason, as it will be published"), LONGEST_TEXT, W("Give the reason that will be published")
    )
    held_source = fields.line(W("For a refusal: the rule it rests on"), LONGEST_SOURCE)
    held_on = fields.DayField(W("Day"))
    held_hour = HourField(W("Hour"), filters=[fields.one_line])

    def prepared(self) -> Prepared:
        """Return what a valid form says; refuse with Invalid half a moment, or an hour that is not there."""
        return Prepared(
            outcome=self.held_outcome.data or "",
            reason=self.held_reason.data or "",
            source=self.held_source.data or "",
            pact_class=self.held_class.data or "",
            publish_at=self._moment(),
        )

    def _moment(self) -> datetime | None:
        day, hour = self.held_on.value, self.held_hour.value
        if day is None and hour is None:
            return None
        if day is None:
            raise Invalid(W("Enter the day as well, or leave both empty"), field="held_on")
        if hour is None:
            raise Invalid(W("Enter the hour as well, or leave both empty"), field="held_hour")
        try:
            return instant_at(day, hour, clock.zone())
        except Invalid as refusal:
            raise Invalid(refusal.words, field="held_hour") from refusal


def held_form(proposal: Proposal, profile: Profile, row: HeldDecision | None = None) -> HeldForm:
    """Return the form with what this case allows, filled with what is kept."""
    form = HeldForm(data=_typed(row)) if row is not None else HeldForm()
    allowed = [(key, words) for key, words in OUTCOMES.items() if LIFE.allows(proposal.state, NEEDED[key][1])]
    classes = [(one.id, one.name[g.language]) for one in profile.classes if one.needs_pact]
    form.held_outcome.choices, form.held_class.choices = fields.options(allowed), fields.options(classes)
    form.held_class.validators = [fields.OneOf({key for key, _ in classes})]
    return form


def _class_name(profile: Profile, row: HeldDecision | None) -> str:
    return profile.pact_class(row.pact_class).name[g.language] if row and row.pact_class else ""


def _typed(row: HeldDecision) -> dict[str, str]:
    at = clock.local(row.publish_at) if row.publish_at else None
    return {
        "held_outcome": row.outcome,
        "held_class": row.pact_class,
        "held_reason": row.reason,
        "held_source": row.source,
        "held_on": f"{at:%d/%m/%Y}" if at else "",
        "held_hour": f"{at:%H:%M}" if at else "",
    }


def held_back(opened: Opened) -> dict[str, Any] | None:
    """Show what is held back to those who work on the case, and to nobody who stands on the group's side."""
    proposal, actor = opened.proposal, me()
    if opened.pact or not policy.allows(actor, Can.CASE_NOTES, proposal):
        return None
    found = db.session().execute(queries.with_preparer(proposal.id)).one_or_none()
    may = policy.allows(actor, Can.CASE_HOLD, proposal) and any(
        LIFE.allows(proposal.state, verb) for _, verb in NEEDED.values()
    )
    if found is None and not may:
        return None
    row, preparer = found or (None, "")
    given = opened.form
    return {
        "held": row,
        "held_by": preparer,
        "held_words": OUTCOMES[row.outcome] if row else "",
        "held_class": _class_name(opened.profile, row),
        "held_stopped": unpacked(row.stopped_why) if row and row.stopped_why else None,
        "held_form": given if isinstance(given, HeldForm) else held_form(proposal, opened.profile, row),
        "held_last": answering_clock.last_day(proposal),
        "may_hold": may,
        "may_end": policy.allows(actor, Can.CASE_HOLD, proposal),
    }
