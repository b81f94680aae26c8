"""An opinion as a form holds it; its PDF is taken by what it is, and kept by its hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app

from portal.errors import Invalid
from portal.proposals.assessment.actions import Answer
from portal.proposals.assessment.prescriptions import Prescription
from portal.words import W

if TYPE_CHECKING:
    from portal.proposals.assessment.forms import OpinionForm

MOST_BYTES = 1_900_000
_TOO_LARGE = W("The PDF may hold 1.9 MB. Leave out what the opinion does not need.")
_NO_PDF = W("We take a PDF here. This file is none, or it is damaged.")


def answer_of(form: OpinionForm) -> Answer:
    """Return what was answered; refuses with Invalid a file that is no PDF."""
    content = form.document.data.read() if form.document.data else b""
    return Answer(
        outcome=form.outcome.data or "",
        reason=form.reason.data,
        prescriptions=tuple(
            Prescription(one.form.words.data or "", one.form.clause.data or "") for one in form.prescriptions
        ),
        file_hash=_kept(content) if content else "",
    )


def _kept(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise Invalid(_TOO_LARGE, field="document")
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise Invalid(_NO_PDF, field="document")
    kept: str = current_app.extensions["store"].put(content)
    return kept
