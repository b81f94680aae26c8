"""One finding of the doctor: good, a warning, or a fault, with what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum

from sqlalchemy.exc import DBAPIError

from portal.errors import Refused
from portal.words import say


class Grade(StrEnum):
    """How bad it is; only a fault makes the command fail."""

    GOOD = "good"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is, and what to do where it is not good."""

    name: str
    grade: Grade
    words: str = ""

    def line(self) -> str:
        """Return it as one line."""
        return f"{self.grade:7} {self.name}{': ' + self.words if self.words else ''}"

    def as_json(self) -> dict[str, str]:
        """Return it for a program."""
        return {**asdict(self), "grade": self.grade.value}


Look = Callable[[], Iterator[Finding]]


def good(name: str, words: str = "") -> Finding:
    """Return a finding that is as it should be."""
    return Finding(name, Grade.GOOD, words)


def warning(name: str, words: str) -> Finding:
    """Return a finding that somebody should look after soon."""
    return Finding(name, Grade.WARNING, words)


def fault(name: str, words: str) -> Finding:
    """Return a finding that keeps the portal from doing its work."""
    return Finding(name, Grade.FAULT, words)


def of(look: Callable[[], Iterator[Finding]], name: str) -> Iterator[Finding]:
    """Yield what a look finds; what it runs into is a fault of its own, and the next look goes on."""
    try:
        yield from look()
    except Refused as refusal:
        yield fault(name, say(refusal.words, "en"))
    except DBAPIError as error:
        yield fault(name, str(error.orig).partition("\n")[0])
    except OSError as error:
        yield fault(name, f"{error.strerror or error}: {error.filename or 'see the log'}")
