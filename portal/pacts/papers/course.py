"""How a pact came about, told as the preamble of the act."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.documents.layout import day
from portal.words import W, say, say_number


@dataclass(frozen=True, slots=True)
class Course:
    """What happened before the signature; `citations` are the profile's, each with a source there."""

    citations: tuple[str, ...] = ()
    proposal_code: str = ""
    received_on: date | None = None
    observed_from: date | None = None
    observed_until: date | None = None
    observations: int = 0
    opinions: int = 0
    meetings: int = 0
    decision: str = ""


def recitals(course: Course, language: str) -> tuple[str, ...]:
    """Return the preamble: the law the profile cites, then only what did happen."""
    return course.citations + tuple(_happened(course, language))


def _happened(course: Course, language: str) -> Iterator[str]:
    if course.proposal_code:
        yield say(
            W(
                "Proposal %(code)s was received on %(day)s.",
                code=course.proposal_code,
                day=day(course.received_on, language),
            ),
            language,
        )
    if course.observed_from:
        yield say(
            W(
                "It was open to everybody's observations from %(first)s to %(last)s.",
                first=day(course.observed_from, language),
                last=day(course.observed_until, language),
            ),
            language,
        )
    yield from _counted(course, language)
    if course.decision:
        yield say(W("The signature was decided by %(decision)s.", decision=course.decision), language)


def _counted(course: Course, language: str) -> Iterator[str]:
    if course.observations:
        yield say_number(
            "%(num)s observation was received and answered in public.",
            "%(num)s observations were received and answered in public.",
            course.observations,
            language,
        )
    if course.opinions:
        yield say_number(
            "%(num)s office gave its opinion, which is annexed.",
            "%(num)s offices gave their opinions, which are annexed.",
            course.opinions,
            language,
        )
    if course.meetings:
        yield say_number(
            "The text was written together in %(num)s meeting, whose minutes are public.",
            "The text was written together in %(num)s meetings, whose minutes are public.",
            course.meetings,
            language,
        )
