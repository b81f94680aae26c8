"""The ways in which a paper cannot be issued, each loud and with a sentence for the staff."""

from __future__ import annotations

from enum import StrEnum

from portal.errors import Refused, Unready
from portal.words import W


class Why(StrEnum):
    """What went wrong while a paper was drawn."""

    TOO_LONG = "too_long"
    TOO_MUCH_MEMORY = "too_much_memory"
    BAD = "bad"


SENTENCES = {
    Why.TOO_LONG: W("The paper took too long to draw and was stopped. Shorten its tables and texts."),
    Why.TOO_MUCH_MEMORY: W("The paper needed too much memory and was stopped. Use smaller pictures."),
    Why.BAD: W("The paper could not be drawn. Its template or one of its pictures is faulty."),
}


class RenderFailed(Unready):
    """The paper was not drawn; `why` says which limit or fault, `detail` is for the log only."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(SENTENCES[why])
        self.why = why
        self.detail = detail


class FontsMissing(Unready):
    """The typefaces of the papers are not installed, so no paper is drawn at all."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(_missing(names))
        self.names = names


def _missing(names: tuple[str, ...]) -> W:
    return W("Typefaces for papers are missing: %(names)s. Run the set-up again.", names=", ".join(names))


class NoCertificate(Unready):
    """There is no usable seal certificate, so nothing is sealed."""

    def __init__(self, reason: W) -> None:
        super().__init__(W("Papers cannot be sealed: %(reason)s", reason=reason))


class SealFailed(Unready):
    """Sealing failed although there is a certificate: time stamp unreachable or file unreadable."""


class StoreFailed(Unready):
    """The document store did not keep the bytes, or what it gave back is not what was put in."""


class NotStored(Refused):
    """There is nothing under this hash."""

    status = 404
