"""The form that takes a publiccode.yml: a file, or what is in it."""

from __future__ import annotations

from wtforms import FileField, TextAreaField

from portal.web import Form
from portal.words import W


class PubliccodeForm(Form):
    """A file, or its text; nothing of it is believed."""

    publiccode = FileField(W("The file publiccode.yml"))
    pasted = TextAreaField(W("Or paste what is in it"))
