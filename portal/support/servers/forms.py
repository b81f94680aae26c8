"""What is typed about a server: its particulars, who runs it, what became of it, its use, a wish, its end."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from wtforms import Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from portal.fences.forms import DayField, choice
from portal.support.servers import actions, plans, said
from portal.typed import whole
from portal.web import Form
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.city import Profile
    from portal.support.servers.models import Server

LONGEST = {"exit_what": 300, "exit_format": 120, "evidence": 300, "reason": 500, "why": 500, "name": 120}
_TOO_LONG = W("Shorten this to %(most)s characters or fewer")
_WHOLE = W("Enter a whole number from 0 on")


def _fits(_form: Form, field: Field) -> None:
    most = LONGEST[field.short_name]
    if len(field.data or "") > most:
        raise ValidationError(str(W(_TOO_LONG.id, most=most)))


def _number(_form: Form, field: Field) -> None:
    if whole((field.data or "").strip()) is None:
        raise ValidationError(str(_WHOLE))


class ParticularsForm(Form):
    domain = StringField(W("Name in the Internet"))
    backup_by = RadioField(
        W("Who makes the backup?"), choices=[choice(*one) for one in said.BACKUP_BY.items()]
    )
    backup_every = RadioField(W("How often?"), choices=[choice(*one) for one in said.BACKUP_EVERY.items()])
    exit_what = StringField(W("What is handed over at the end?"), [_fits])
    exit_format = StringField(W("In which format?"), [_fits])
    exit_days = StringField(W("After how many days is the rest deleted?"), [_number])

    def read(self) -> actions.Particulars:
        """Return what a valid form holds."""
        return actions.Particulars(
            domain=(self.domain.data or "").lower(),
            backup_by=self.backup_by.data or "",
            backup_every=self.backup_every.data or "",
            exit_what=self.exit_what.data or "",
            exit_format=self.exit_format.data or "",
            exit_days=int(self.exit_days.data or 0),
        )


class RunnerForm(Form):
    name = StringField(W("Name"), [_fits])
    email = StringField(W("Mail address"))
    public_key = TextAreaField(W("Public key for SSH"))

    def read(self) -> actions.Runner:
        """Return what a valid form holds."""
        return actions.Runner(self.name.data or "", self.email.data or "", self.public_key.data or "")


class RemovalForm(Form):
    number = HiddenField()


class AddressForm(Form):
    address = StringField(W("Where is it reached?"))


class ReasonForm(Form):
    reason = StringField(W("Reason"), [_fits])


class StepForm(Form):
    step = SelectField(W("Which step is done?"), validate_choice=False)
    evidence = StringField(W("What shows it?"), [_fits])


class UseForm(Form):
    day = DayField(W("Day"))
    cpu_hours = StringField(W("Processor hours"), [_number])
    memory_mb = StringField(W("Memory at most, in MB"), [_number])
    storage_mb = StringField(W("Storage, in MB"), [_number])
    traffic_mb = StringField(W("Traffic of the day, in MB"), [_number])

    def read(self) -> actions.Sample:
        """Return what a valid form holds."""
        names = ("cpu_hours", "memory_mb", "storage_mb", "traffic_mb")
        figures = {name: int((self._fields[name].data or "0").strip()) for name in names}
        return actions.Sample(cast("date", self.day.data), **figures)


class ChangeForm(Form):
    plan = SelectField(W("Size"), validate_choice=False)
    ends_on = DayField(W("Until when is it needed?"))
    why = TextAreaField(W("Why?"), [_fits])


class EndForm(Form):
    how = RadioField(
        W("How did it end?"),
        choices=[
            choice("hand_over", W("Handed over: the group goes on with it")),
            choice("delete", W("Deleted: nothing is left of it")),
        ],
    )
    certificate = TextAreaField(W("What was done, when and by whom"))


class NoteForm(Form):
    words = TextAreaField(W("What is it about?"))


def step(server: Server, listed: Mapping[str, W], *, is_typed: bool = False) -> StepForm:
    """Return the form that ticks one of the steps which are not done."""
    form = StepForm(prefix="s-") if is_typed else StepForm(formdata=None, prefix="s-")
    done = {one.step for one in server.steps}
    form.step.choices = [
        choice(key, words) for key, words in listed.items() if key not in done and key != plans.OF_THE_GROUP
    ]
    return form


def offer_sizes(form: ChangeForm, server: Server, profile: Profile, language: str) -> None:
    """Let the group choose among the plans of the profile; a server without one may stay as it is."""
    sizes = [choice(one.id, _size(one, language)) for one in profile.server_plans]
    form.plan.choices = sizes if server.plan else [choice("", W("As it is")), *sizes]


def _size(plan: object, language: str) -> W:
    names: Mapping[str, str] = getattr(plan, "name")  # noqa: B009
    name = names.get(language) or next(iter(names.values()))
    figures = {one: getattr(plan, one) for one in ("vcpu", "memory_gb", "storage_gb")}
    return W(
        "%(name)s: %(vcpu)s vCPU, %(memory_gb)s GB memory, %(storage_gb)s GB storage", name=name, **figures
    )
