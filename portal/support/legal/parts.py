"""A matter's messages, documents, appointments and work as its page shows them, asked for together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal import db
from portal.support.legal import queries

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Row


@dataclass(frozen=True, slots=True)
class Message:
    """What one side wrote, and the name of who wrote it."""

    kind: str
    words: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class File:
    """A document that one side gave; `is_there` is false once its bytes were erased."""

    id: int
    title: str
    side: str
    size: int
    is_there: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Time:
    """An appointment, or a time that the legal office keeps free."""

    id: int
    begins_at: datetime
    ends_at: datetime
    mode: str
    place: str
    state: str
    proposed_by: str

    def is_over(self, now: datetime) -> bool:
        """Say whether it has begun, so that it can be held or missed and no longer moved."""
        return now >= self.begins_at


@dataclass(frozen=True, slots=True)
class Work:
    """Minutes of work, the name of who did it, and the entry it corrects or 0."""

    id: int
    kind: str
    minutes: int
    done_on: date
    answer: str
    name: str
    corrects: int


class Parts:
    """What the page of one matter shows."""

    def __init__(self, rows: Sequence[Row[Any]]) -> None:
        self.messages: list[Message] = []
        self.files: list[File] = []
        self.appointments: list[Time] = []
        self.slots: list[Time] = []
        self.work: list[Work] = []
        self.begun: set[str] = set()
        # Times stand in their own order, everything else in the order in which it was written down.
        for one in sorted(rows, key=_in_order):
            self._take(one)

    def _take(self, one: Row[Any]) -> None:
        if one.sort == "message":
            self.messages.append(Message(one.kind, one.words, one.by or "", one.at))
        elif one.sort == "file":
            self.files.append(File(one.id, one.words, one.side, one.number, bool(one.kind), one.at))
        elif one.sort == "work":
            self.work.append(
                Work(one.id, one.kind, one.number, one.done_on, one.side, one.by or "", one.other)
            )
        elif one.sort == "guide":
            self.begun.add(one.kind)
        else:
            times = self.slots if one.sort == "slot" else self.appointments
            times.append(Time(one.id, one.at, one.until, one.mode, one.words, one.kind, one.side))


def _in_order(one: Row[Any]) -> tuple[Any, ...]:
    return (one.sort, one.at, one.id) if one.sort in {"slot", "appointment"} else (one.sort, one.id)


def parts_of(matter_id: int, now: datetime) -> Parts:
    """Return what the page of a matter shows, with the times that are free from now on."""
    return Parts(db.rows(queries.PARTS, {"matter_id": matter_id, "now": now}))


__all__ = ["File", "Message", "Parts", "Time", "Work", "parts_of"]
