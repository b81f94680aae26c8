"""The forms of a case, with the choices that its rules and its state leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from portal.pacts.forms import VERBS, AcceptanceForm, DayField, LifeForm, choices
from portal.pacts.lifecycle import LIFE, Verb
from portal.web import Form
from portal.words import W

if TYPE_CHECKING:
    from portal.city import Profile
    from portal.pacts.models import Pact


def acceptance_form(profile: Profile, *, typed: bool = False) -> AcceptanceForm:
    """Return the form with the classes of the rules in force."""
    form = AcceptanceForm() if typed else AcceptanceForm(formdata=None)
    classes = [one for one in profile.classes if one.needs_pact]
    form.pact_class.choices = choices((one.id, one.name[g.language]) for one in classes)
    form.hints = {one.id: one.about[g.language] for one in classes}
    return form


def life_form(pact: Pact, *, typed: bool = False) -> LifeForm:
    """Return the form with the verbs that the pact's state allows."""
    form = LifeForm() if typed else LifeForm(formdata=None)
    form.verb.choices = choices(one for one in VERBS if LIFE.allows(pact.state, Verb(one[0])))
    return form


class ViewForm(Form):
    name = StringField(
        W("Name of this view"),
        [InputRequired(W("Give the view a name")), Length(max=60, message=W("Use at most 60 characters"))],
    )


class AbsenceForm(Form):
    person = SelectField(W("Who is away"), [InputRequired(W("Say who is away"))])
    from_on = DayField(W("First day"), [InputRequired(W("Enter the first day"))])
    until_on = DayField(W("Last day"), [InputRequired(W("Enter the last day"))])
    deputy = SelectField(W("Who stands in"), [InputRequired(W("Choose who stands in"))])
