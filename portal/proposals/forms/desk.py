"""The forms of an officer's verbs on a proposal; their field names differ, because they share one page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.proposals.checklist import Item, Mark, items_for, mark_of
from portal.proposals.forms import fields
from portal.proposals.shapes import LONGEST_TEXT
from portal.web import Form
from portal.words import W

LONGEST_NOTE = 500


class SupplementForm(Form):
    """What is missing."""

    supplement_request = fields.text(
        W("What is missing, and how to send it"), LONGEST_TEXT, W("Say what is missing and how to send it")
    )


class ExtensionForm(Form):
    """More days for the city's answer."""

    extension_days = fields.WholeField(
        W("Days to add"), filters=[fields.one_line], validators=fields.needed(W("Say how many days"))
    )
    extension_reason = fields.text(
        W("Why the case needs more time"), LONGEST_TEXT, W("Give the reason that both sides will read")
    )


class RefusalNoticeForm(Form):
    """The reasons of an announced refusal."""

    notice_reason = fields.text(
        W("Reasons for not accepting the proposal"),
        LONGEST_TEXT,
        W("Give the reason that the group will read"),
    )
    notice_source = fields.line(
        W("The rule they rest on"), 200, W("Name the rule the reason rests on, like “Regulation, article 4”")
    )


class RefusalForm(Form):
    """The reasons of a refusal, with an answer to the reply."""

    refusal_reason = fields.text(
        W("Reasons, with an answer to the reply"), LONGEST_TEXT, W("Give the reason that the group will read")
    )
    refusal_source = fields.line(
        W("The rule they rest on"), 200, W("Name the rule the reason rests on, like “Regulation, article 4”")
    )


class CompletenessForm(Form):
    """What was found for each item; made for one kind of commons by `completeness_form`."""

    items: tuple[Item, ...] = ()

    def found(self) -> dict[str, tuple[str, str]]:
        """Return (mark, note) by item."""
        return {
            item.id: (self[f"mark_{item.id}"].data or "", self[f"note_{item.id}"].data) for item in self.items
        }


def completeness_form(kind: str, found: Mapping[str, Any]) -> CompletenessForm:
    """Return the checklist of this kind, with what was found so far."""
    items = items_for(kind)
    made: dict[str, Any] = {"items": items}
    for item in items:
        made[f"mark_{item.id}"] = fields.choice(
            item.label, [(Mark.OK.value, W("In order")), (Mark.MISSING.value, W("Missing"))]
        )
        made[f"note_{item.id}"] = fields.text(W("Sentence for the group"), LONGEST_NOTE)
    typed = {f"mark_{item.id}": mark_of(found, item) or "" for item in items}
    typed |= {f"note_{item.id}": found.get(item.id, {}).get("note", "") for item in items}
    form: CompletenessForm = type("CompletenessForm", (CompletenessForm,), made)(data=typed)
    return form
