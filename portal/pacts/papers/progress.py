"""The progress report on paper: objectives, actions, results, resources, each figure with its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from markupsafe import Markup

from portal import charts
from portal.documents.layout import Foot
from portal.money import euro
from portal.pacts.papers import said
from portal.pacts.papers.agreement import Imprint
from portal.pacts.papers.reported import Deviation, Kept, Measured, Period, Reported, Result, Used
from portal.pacts.papers.tables import Commitment, Fence, Support, commitments, fences, support
from portal.words import W, say

# As on the pact's page.
TONES = {"funding": "green", "server": "blue", "legal": "terra", "materials": "plum", "in_kind": "plum"}


@dataclass(frozen=True, slots=True)
class ActionRow:
    """A commitment beside what became of it."""

    promise: Commitment
    done: str
    state: str
    state_word: str
    source: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure in words, with its source."""

    what: str
    planned: str
    reached: str
    source: str


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """A row of support beside what was used of it, in integer cents."""

    promise: Support
    used_cents: int
    source: str

    @property
    def tone(self) -> str:
        return TONES.get(self.promise.kind, "ochre")


@dataclass(frozen=True, slots=True)
class FenceRow:
    """A fence beside its last measure."""

    fence: Fence
    measured: str
    state: str
    state_word: str
    measured_on: date | None


@dataclass(frozen=True, slots=True)
class ProgressReportContext:
    """Everything the printed progress report says, in one language."""

    template: ClassVar[str] = "papers/progress_report.html"

    text: Mapping[str, Any]
    imprint: Imprint
    period: Period
    reported: Reported
    language: str
    promises: tuple[Commitment, ...]
    actions: tuple[ActionRow, ...]
    results: tuple[FigureRow, ...]
    resources: tuple[ResourceRow, ...]
    own: tuple[FigureRow, ...]
    fences: tuple[FenceRow, ...]
    chart: Markup

    @property
    def code(self) -> str:
        return str(self.text["code"])

    @property
    def title(self) -> str:
        return str(self.text["title"])

    @property
    def prevailing_language(self) -> str:
        return str(self.text["language"])

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        """What was told; where nothing was told, the promises that were not kept speak for themselves."""
        broken = (row for row in self.actions if row.state in {"late", "not_done"})
        return self.reported.deviations or tuple(
            Deviation(f"{row.promise.what}: {row.state_word}", row.source, "") for row in broken
        )

    @property
    def promised_cents(self) -> int:
        return sum(row.promise.value_cents for row in self.resources)

    @property
    def used_cents(self) -> int:
        return sum(row.used_cents for row in self.resources)

    @property
    def kept_count(self) -> int:
        return sum(row.state == "kept" for row in self.actions)

    @property
    def holding_count(self) -> int:
        return sum(row.state == "holding" for row in self.fences)

    @property
    def issued_at(self) -> datetime:
        return self.imprint.issued_at

    @property
    def title_line(self) -> str:
        parameters = {"number": self.period.number, "code": self.code, "title": self.title}
        return say(W("Progress report %(number)s on pact %(code)s: %(title)s", **parameters), self.language)

    @property
    def identifier(self) -> str:
        return f"progress report {self.code} {self.period.ends_on.isoformat()} {self.language}"

    @property
    def foot(self) -> Foot:
        return Foot(
            code=self.code,
            edition=say(W("Progress report %(number)s", number=self.period.number), self.language),
            content_hash=self.imprint.content_hash,
            check_url=self.imprint.check_url,
            mark=say(W("DRAFT"), self.language) if self.imprint.is_draft else "",
        )

    def attached(self) -> dict[str, Any]:
        """Return the machine-readable report, in integer units."""
        return {
            "schema": "paper/progress_report/1",
            "language": self.language,
            "code": self.code,
            "content_hash": self.imprint.content_hash,
            "verification": {"code": self.imprint.verification_code, "url": self.imprint.check_url},
            "period": {
                "number": self.period.number,
                "starts_on": self.period.starts_on.isoformat(),
                "ends_on": self.period.ends_on.isoformat(),
            },
            "objectives": self.reported.objectives,
            "actions": [_plain(row) for row in self.reported.kept],
            "results": [_plain(row) for row in self.reported.figures],
            "resources": {
                "given": [_plain(row) for row in self.reported.used],
                "own": [_plain(row) for row in self.reported.own],
            },
            "deviations": [_plain(row) for row in self.deviations],
            "next_steps": self.reported.next_steps,
            "next_period": [_plain(row) for row in self.reported.coming],
            "fences": [_plain(row) for row in self.reported.measured],
        }


def progress_report(
    text: Mapping[str, Any], imprint: Imprint, period: Period, reported: Reported, *, language: str
) -> ProgressReportContext:
    """Return the report of one period beside what the pact promised.

    Every row of the pact appears; what was not reported says so. Source: art. 30, Bologna 2014, as checklist.
    """
    resources = tuple(_resources(text, reported.used, language))
    return ProgressReportContext(
        text=text,
        imprint=imprint,
        period=period,
        reported=reported,
        language=language,
        promises=commitments(text, language),
        actions=tuple(_actions(text, reported.kept, language)),
        results=_figures(reported.figures, language),
        resources=resources,
        own=_figures(reported.own, language),
        fences=tuple(_fences(text, reported.measured, language)),
        chart=_chart(resources, language),
    )


def _actions(text: Mapping[str, Any], kept: Iterable[Kept], language: str) -> Iterable[ActionRow]:
    told = {row.id: row for row in kept}
    units = {row["id"]: row["unit"] for row in text["commitments"]}
    for promise in commitments(text, language):
        row = told.get(promise.id)
        yield ActionRow(
            promise=promise,
            done=said.amount(row.done, units[promise.id], language) if row else "",
            state=row.state if row else "open",
            state_word=said.word(said.COMMITMENT_STATES, row.state if row else "open", language),
            source=row.source if row else "",
        )


def _figures(rows: Iterable[Result], language: str) -> tuple[FigureRow, ...]:
    return tuple(
        FigureRow(
            what=row.what,
            planned="" if row.planned is None else said.amount(row.planned, row.unit, language),
            reached=said.amount(row.reached, row.unit, language),
            source=row.source,
        )
        for row in rows
    )


def _resources(text: Mapping[str, Any], used: Iterable[Used], language: str) -> Iterable[ResourceRow]:
    told = {row.id: row for row in used}
    for promise in support(text, language):
        row = told.get(promise.id)
        yield ResourceRow(promise, row.used_cents if row else 0, row.source if row else "")


def _fences(text: Mapping[str, Any], measured: Iterable[Measured], language: str) -> Iterable[FenceRow]:
    told = {row.id: row for row in measured}
    units = {row["id"]: row["unit"] for row in text["fences"]}
    for fence in fences(text, language):
        row = told.get(fence.id, Measured(fence.id, "not_measured"))
        yield FenceRow(
            fence=fence,
            measured="" if row.value is None else said.measure(row.value, units[fence.id], language),
            state=row.state,
            state_word=said.word(said.FENCE_STATES, row.state, language),
            measured_on=row.measured_on,
        )


def _chart(rows: Sequence[ResourceRow], language: str) -> Markup:
    parts = [
        charts.Part(row.promise.kind_word, row.promise.value_cents, row.tone, done=row.used_cents)
        for row in rows
    ]
    total = _used_of(sum(part.done for part in parts), sum(part.value for part in parts), language)
    title = say(W("Support used in all: %(part)s", part=total), language)
    return charts.stacked_bar(parts, title=title, palette="paper")


def _used_of(part_cents: int, whole_cents: int, language: str) -> str:
    parameters = {"part": euro(part_cents, language), "whole": euro(whole_cents, language)}
    return say(W("%(part)s of %(whole)s", **parameters), language)


def _plain(row: Any) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in row.__slots__}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
