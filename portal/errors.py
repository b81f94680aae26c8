"""The handful of ways in which the portal says no, each with a sentence a person can read."""

from __future__ import annotations

from portal.words import W, say


class Refused(Exception):
    """Say no with a sentence; nothing was changed."""

    status = 400

    def __init__(self, words: W | str, *, field: str = "") -> None:
        super().__init__(say(words, "en"))
        self.words = words if isinstance(words, W) else W(words)
        self.field = field


class NotAllowed(Refused):
    """This person may not do this."""

    status = 403


class NotFresh(NotAllowed):
    """This person may, after confirming who they are once more."""


class NotFound(Refused):
    """There is no such thing, or it is not for this person to see."""

    status = 404


class WrongState(Refused):
    """The thing is not in a state in which this can be done."""

    status = 409


class Stale(Refused):
    """Somebody else was faster; what was typed is shown again."""

    status = 409


class Invalid(Refused):
    """What was typed cannot be taken as it is; `field` names where."""

    status = 422


class TooMany(Refused):
    """Too many tries in a short time; `wait_seconds` says when the next one is counted anew."""

    status = 429

    def __init__(self, words: W | str, *, wait_seconds: int = 900) -> None:
        super().__init__(words)
        self.wait_seconds = wait_seconds


class Unready(Refused):
    """Something the portal needs is missing (certificate, font, disk); staff are told."""

    status = 503
