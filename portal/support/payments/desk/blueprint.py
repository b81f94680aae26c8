"""The blueprint of the payments' desk, and what each of its pages is given."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from portal.support.payments import conditions, said
from portal.support.payments.reasons import in_words
from portal.support.payments.rules_of import InWords

payments_desk = Blueprint("payments_desk", __name__)


def words() -> dict[str, Any]:
    """Return the words that every page of payments speaks."""
    return {"said": said, "why": in_words, "unsettled": conditions.unsettled, "names": InWords}
