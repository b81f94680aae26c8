"""The mother of the pages of questions."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField

from portal.web import Form
from portal.words import W


class QuestionForm(Form):
    """A page of questions; saving to come back later asks for nothing that is missing."""

    is_partial = False
    # What the page said when it was opened: two who write at once do not write over each other unseen.
    seen = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then what one answer asks of another."""
        if not super().validate(extra_validators):
            return False
        missing = [] if self.is_partial else self.still_missing()
        for name, sentence in missing:
            self.refuse(name, sentence)
        return not missing

    def still_missing(self) -> list[tuple[str, W]]:
        """Return (field, sentence) for what the answers together still lack."""
        return []
