"""The handful of ways in which the portal says no, each with a sentence a person can read."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from portal.words import W, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager


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
    """What was typed cannot be taken as it is; `faults` are each place with its sentence."""

    status = 422

    def __init__(self, words: W | str, *, field: str = "", also: Iterable[Invalid] = ()) -> None:
        super().__init__(words, field=field)
        self.faults: tuple[tuple[str, W], ...] = (
            (field, self.words),
            *(fault for one in also for fault in one.faults),
        )


@contextmanager
def each_fault() -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """Gather every fault of several readings, and refuse with all of them at once when the block ends."""
    found: list[Invalid] = []

    @contextmanager
    def reading() -> Iterator[None]:
        try:
            yield
        except Invalid as error:
            found.append(error)

    yield reading
    if found:
        raise Invalid(found[0].words, field=found[0].field, also=found[1:])


class TooMany(Refused):
    """Too many tries in a short time; `wait_seconds` says when the next one is counted anew."""

    status = 429

    def __init__(self, words: W | str, *, wait_seconds: int = 900) -> None:
        super().__init__(words)
        self.wait_seconds = wait_seconds


class Unready(Refused):
    """Something the portal needs is missing (certificate, font, disk); staff are told."""

    status = 503
