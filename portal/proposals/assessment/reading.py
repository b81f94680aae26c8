"""An opinion as a form holds it; its PDF is taken by what it is, and kept by its hash."""

from __future__ import annotations

import binascii
import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from flask import current_app, g

from portal import crypto
from portal.documents import released
from portal.documents.refusals import NotStored
from portal.errors import Invalid
from portal.proposals.assessment.actions import Answer
from portal.proposals.assessment.prescriptions import Prescription
from portal.words import W

if TYPE_CHECKING:
    from portal.proposals.assessment.forms import OpinionForm

MOST_BYTES, LONGEST_NAME = 1_900_000, 120
_TOO_LARGE = W("The PDF may hold 1.9 MB. Leave out what the opinion does not need.")
_NO_PDF = W("We take a PDF here. This file is none, or it is damaged.")
_GONE = W("The PDF that you chose before is no longer here. Choose it again.")


@dataclass(frozen=True, slots=True)
class Kept:
    """A PDF that was chosen while the opinion is not sent yet."""

    file_hash: str
    name: str
    size: int


def answer_of(form: OpinionForm, number: int) -> Answer:
    """Return what was answered to this question; refuses with Invalid a file that is no PDF, or is gone."""
    kept = _chosen(form) or _kept_before(form, number)
    return Answer(
        outcome=form.outcome.data or "",
        reason=form.reason.data,
        prescriptions=tuple(
            Prescription(one.form.words.data or "", one.form.clause.data or "", g.language)
            for one in form.prescriptions
        ),
        file_hash=kept.file_hash if kept else "",
    )


def keep(form: OpinionForm, number: int) -> None:
    """Keep the chosen PDF while the form comes back, so that it has not to be chosen again.

    The page gets its hash sealed for this question: a hash that somebody learned elsewhere opens no file.
    Of whoever never sends the opinion, the file is destroyed like one that was let go.
    """
    try:
        kept = _chosen(form) or _kept_before(form, number)
    except Invalid as refusal:
        if str(refusal.words) not in form.document.errors:
            form.refuse(refusal.field, refusal.words)
        kept = None
    form.kept.data, form.kept_file = "", kept
    if kept is not None:
        released.release([kept.file_hash])
        form.kept.data = crypto.seal(json.dumps(asdict(kept)), _purpose(number))


def _purpose(number: int) -> str:
    return f"opinion-file:{number}"


def _chosen(form: OpinionForm) -> Kept | None:
    file = form.document.data
    if not file:
        return None
    file.seek(0)
    content = file.read()
    if not content:
        return None
    if len(content) > MOST_BYTES:
        raise Invalid(_TOO_LARGE, field="document")
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise Invalid(_NO_PDF, field="document")
    name = (file.filename or "").replace("\\", "/").rpartition("/")[2]
    return Kept(current_app.extensions["store"].put(content), name[:LONGEST_NAME], len(content))


def _kept_before(form: OpinionForm, number: int) -> Kept | None:
    if not form.kept.data:
        return None
    with suppress(ValueError, binascii.Error, NotStored):
        told = crypto.unseal(form.kept.data, _purpose(number))
        if told is not None:
            kept = Kept(**json.loads(told))
            # Kept anew: whoever destroys what nobody names leaves it here for now.
            current_app.extensions["store"].put(current_app.extensions["store"].read(kept.file_hash))
            return kept
    raise Invalid(_GONE, field="document")
