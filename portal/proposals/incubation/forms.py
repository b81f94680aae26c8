"""What is typed about a track: its stages, an application, a step, a decision, a founded cooperative."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from wtforms import BooleanField

from portal import clock
from portal.proposals.forms import fields
from portal.proposals.incubation import said
from portal.proposals.incubation.actions import (
    LONGEST_EVIDENCE,
    LONGEST_NAME,
    LONGEST_REASON,
    LONGEST_SUMMARY,
    MILESTONES,
    PRESENCES,
    Idea,
    Plan,
    Step,
)
from portal.proposals.incubation.hours import POOLS, key_of
from portal.proposals.incubation.interests import LONGEST_INTEREST
from portal.web import Form
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from portal.organisations.models import Organisation
    from portal.proposals.models import Stage
    from portal.support.models import Allocation

ROWS = range(1, 5)
HELP = {
    "training": W("Hours of training, from the pools"),
    "mentoring": W("Hours of mentoring, from the pools"),
    "legal": W("Hours of legal help, from the pools"),
}
DAY_NEEDED = W("Say on which day")


class ApplyForm(Form):
    """An application."""

    name = fields.line(W("Name of the idea"), LONGEST_NAME, W("Say it in a few words."))
    summary = fields.text(W("What it will be, in short"), LONGEST_SUMMARY, W("Say it in a few words."))
    group = fields.pick(W("For which group of the register?"), [])
    is_named = BooleanField(W("Name it on the public page"))

    @property
    def idea(self) -> Idea:
        """Return what a valid form says."""
        words = self.name.data or "", self.summary.data or ""
        group = int(self.group.data) if self.group.data else None
        return Idea(*words, is_named=bool(self.is_named.data), group_id=group)


def apply_form(groups: Sequence[Organisation], **more: Any) -> ApplyForm:
    """Return the form of an application, with the groups to which whoever applies belongs."""
    form = ApplyForm(**more)
    choices = [("", W("For none")), *((str(one.id), one.name) for one in groups)]
    form.group.choices = fields.options(choices)
    form.group.validators = [fields.OneOf({value for value, _ in choices})]
    return form


class InterestForm(Form):
    """Which interest an official has in a group."""

    which = fields.text(
        W("Which interest do you have?"), LONGEST_INTEREST, W("Say which interest you have, in a few words")
    )


class StepForm(Form):
    """A milestone that the group shows."""

    kind = fields.pick(W("What was done"), [(one, said.STEPS[one]) for one in MILESTONES])
    on = fields.DayField(W("Day"), validators=fields.needed(DAY_NEEDED))
    evidence = fields.line(W("What shows it?"), LONGEST_EVIDENCE, W("Say it in a few words."))
    hours = fields.WholeField(W("Hours"))

    @property
    def step(self) -> Step:
        """Return what a valid form says."""
        return Step(self.kind.data or "", self.on.value, self.evidence.data or "", self.hours.value or 0)


class PresenceForm(StepForm):
    """Hours of help that the city gave."""

    kind = fields.pick(W("Which help"), [(one, said.STEPS[one]) for one in PRESENCES])


class DecisionForm(Form):
    """Whether a group goes on."""

    outcome = fields.choice(
        W("What do you propose?"), list(said.OUTCOMES.items()), W("Say whether the group goes on")
    )
    reason = fields.text(W("Reason (the group reads it)"), LONGEST_REASON, W("Say it in a few words."))


class FoundedForm(Form):
    """The cooperative that came of it."""

    slug = fields.line(W("Its name in the address of the register"), 80, W("Name an entry of the register"))


class StagesForm(Form):
    """The stages of a track; made by `stages_form`."""

    language = "en"

    def plans(self) -> list[Plan]:
        """Return the rows of a valid form that have a name."""
        return [self._plan(n) for n in ROWS if self[f"name_{n}"].data]

    def _plan(self, n: int) -> Plan:
        starts_on = self[f"starts_{n}"].value or clock.today()
        return Plan(
            {self.language: self[f"name_{n}"].data},
            starts_on,
            self[f"ends_{n}"].value or starts_on,
            self[f"places_{n}"].value or 0,
            {self.language: self[f"conditions_{n}"].data or ""},
            {kind: self[f"{kind}_{n}"].value or 0 for kind in POOLS},
        )


def stages_form(
    language: str, stages: Sequence[Stage] | None = None, rows: Mapping[str, Allocation] | None = None
) -> StagesForm:
    """Return the form of the stages, filled with those that are set."""
    made: dict[str, Any] = {"language": language}
    for n in ROWS:
        made[f"name_{n}"] = fields.line(W("Name of the stage"), 80)
        made[f"starts_{n}"] = fields.DayField(W("First day"))
        made[f"ends_{n}"] = fields.DayField(W("Last day"))
        made[f"places_{n}"] = fields.WholeField(W("Places"))
        made[f"conditions_{n}"] = fields.line(W("What a group needs to enter"), 400)
        made |= {f"{kind}_{n}": fields.WholeField(asked) for kind, asked in HELP.items()}
    kind = cast("type[StagesForm]", type("TrackStages", (StagesForm,), made))
    return kind() if stages is None else kind(formdata=None, data=_typed(stages, rows or {}))


def _typed(stages: Sequence[Stage], rows: Mapping[str, Allocation]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in stages:
        words = {"name": one.name, "conditions": one.conditions}
        found |= {f"{name}_{one.number}": next(iter(text.values()), "") for name, text in words.items()}
        found[f"starts_{one.number}"] = f"{one.starts_on:%d/%m/%Y}"
        found[f"ends_{one.number}"] = f"{one.ends_on:%d/%m/%Y}"
        found[f"places_{one.number}"] = str(one.places)
        asked = {kind: rows.get(key_of(one.number, kind)) for kind in POOLS}
        found |= {f"{kind}_{one.number}": str(row.amount) for kind, row in asked.items() if row}
    return found
