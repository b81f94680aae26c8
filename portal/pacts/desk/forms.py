"""The forms of a case, with the choices that its rules and its state leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g

from portal.pacts.forms import VERBS, AcceptanceForm, LifeForm, choices
from portal.pacts.lifecycle import LIFE, Verb

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
