"""The form with which a photo is added."""

from __future__ import annotations

from wtforms import FileField

from portal.proposals.captions import DESCRIBE, USUAL_LICENCE, Caption
from portal.proposals.forms import fields
from portal.web import Form
from portal.words import W

LICENCES = {
    USUAL_LICENCE: W("CC-BY-SA-4.0: everybody may use it, names me, and shares changes in the same way"),
    "CC-BY-4.0": W("CC-BY-4.0: everybody may use it and names me"),
    "CC0-1.0": W("CC0-1.0: everybody may use it, without naming me"),
}


class PhotoForm(Form):
    """A photo, what is to be seen on it, and how others may use it."""

    photo = FileField(W("Photo"))
    alternative = fields.line(W("What is to be seen?"), 300, DESCRIBE)
    licence = fields.choice(W("How may others use it?"), list(LICENCES.items()))
    credit = fields.line(W("Who took it?"), 120)

    def caption(self) -> Caption:
        """Return what was told of the photo."""
        return Caption(
            self.alternative.data or "", self.licence.data or USUAL_LICENCE, self.credit.data or ""
        )
