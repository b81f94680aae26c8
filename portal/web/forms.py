"""The mother of all forms: what is typed is cleaned, kept, and refused with a sentence beside the field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.i18n import get_translations

from portal import db
from portal.errors import Invalid
from portal.typed import clean_text
from portal.words import W, spoken

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

Made = TypeVar("Made")


class Form(FlaskForm):
    """The mother of all forms: no HTML5 blocking, messages in the language of the page, trimmed text."""

    class Meta(FlaskForm.Meta):
        """How fields behave."""

        def get_translations(self, _form: object) -> Any:
            """Return WTForms' own messages in the language of the page."""
            return get_translations([spoken()])

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            """Give every text field the same cleaning."""
            filters = [*unbound_field.kwargs.get("filters", [])]
            if cleaned not in filters and _holds_text(unbound_field):
                unbound_field.kwargs["filters"] = [cleaned, *filters]
            return unbound_field.bind(form=form, **options)

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Let validators see the cleaned text only, so that invisible characters never count as an answer."""
        super().process(*args, **kwargs)
        for field in self._fields.values():
            if field.raw_data and cleaned in field.filters:
                field.raw_data = [cleaned(text) for text in field.raw_data]

    def refuse(self, field: str, sentence: W | str) -> None:
        """Put a refusal of the rules beside the field it concerns, or above the form."""
        target = self._fields.get(field)
        if target is None:
            self.form_errors.append(str(sentence))
        else:
            target.errors = [*target.errors, str(sentence)]

    def attempt(
        self, act: Callable[[], Made], then: Callable[[Made], ResponseReturnValue]
    ) -> ResponseReturnValue | None:
        """Do what is asked for and lead on; None where it was not filled in well, and says why.

        What was half done is undone, so the page that is shown again has to be read again.
        """
        if not self.validate():
            return None
        try:
            made = act()
        except Invalid as refusal:
            db.session().rollback()
            self.refuse(refusal.field, refusal.words)
            return None
        return then(made)


def cleaned(value: Any) -> Any:
    """Return text made clean; what a field coerced to something else is left alone."""
    return clean_text(value) if value is None or isinstance(value, str) else value


def _holds_text(unbound_field: Any) -> bool:
    kind = unbound_field.field_class
    return issubclass(kind, StringField) and not issubclass(kind, PasswordField)
