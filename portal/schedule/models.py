"""A job, its runs per period, and the items that failed; a row is history and work queue in one."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from portal.db import Base

# A job of the short beat would begin anew seconds after somebody stopped it: time to find out what is wrong.
REST = timedelta(hours=1)


class RunState(StrEnum):
    """Where a run of a job is."""

    ASKED = "asked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(Base):
    """A scheduled job as the worker last announced it."""

    __tablename__ = "job"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    calendar: Mapped[str] = mapped_column(String(80))
    next_at: Mapped[datetime | None]
    announced_at: Mapped[datetime]
    # When a run last found nothing to do; such runs leave no row of their own.
    looked_at: Mapped[datetime | None]
    # "each" or "newest": what becomes of several runs that were missed.
    catch_up: Mapped[str | None] = mapped_column(String(10))

    @property
    def is_beat(self) -> bool:
        """Say whether it runs every few seconds instead of by the calendar."""
        return self.catch_up is None


class JobRun(Base):
    """One run of a job for one period; the unique row decides which worker has it."""

    __tablename__ = "job_run"
    __table_args__ = (
        UniqueConstraint("job", "period"),
        CheckConstraint("state <> 'done' OR ended_at IS NOT NULL", name="done_has_an_end"),
        CheckConstraint("state <> 'running' OR lease_until IS NOT NULL", name="running_has_a_lease"),
        Index("ix_job_run_state", "state", "lease_until"),
        Index("ix_job_run_job", "job", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(60))
    period: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10))
    fence: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    # Until when nobody else takes it: its worker holds it, or it failed and waits for its next try.
    lease_until: Mapped[datetime | None]
    due_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    is_late: Mapped[bool] = mapped_column(default=False)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    # What the machine said, in its own words; what the run did stands in `outcome`, as a code and figures.
    result: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    cancel_asked_at: Mapped[datetime | None]

    @property
    def waits(self) -> bool:
        """Say whether it failed and is tried again at `lease_until`."""
        return self.state == RunState.FAILED.value and self.lease_until is not None

    @property
    def rests_until(self) -> datetime | None:
        """Return until when a beat rests whose newest run this is, where somebody stopped it."""
        if self.state != RunState.CANCELLED.value or self.started_at is None or self.ended_at is None:
            return None
        return self.ended_at + REST

    @property
    def can_be_cancelled(self) -> bool:
        """Say whether there is something left to cancel."""
        is_open = self.state in {RunState.ASKED.value, RunState.RUNNING.value} or self.waits
        return is_open and self.cancel_asked_at is None


class FailedItem(Base):
    """One thing a job could not do, with the reason, until it succeeds or somebody decides."""

    __tablename__ = "failed_item"
    __table_args__ = (UniqueConstraint("job", "item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(60))
    item: Mapped[str] = mapped_column(String(160))
    reason: Mapped[str] = mapped_column(Text)
    # The same as a sentence with its parameters, where there is one: said in the language of the page.
    words: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    attempts: Mapped[int] = mapped_column(default=1)
    failed_at: Mapped[datetime]
    # Not tried before this instant.
    next_try_at: Mapped[datetime | None]
    # Tried often enough: rests until a person decides.
    rests_since: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    left_why: Mapped[str | None] = mapped_column(
        Text, info={"personal": "staff say in their own words why nothing more is tried"}
    )

    @property
    def standing(self) -> str:
        """Return "left", "rests" or "waits"."""
        if self.left_at is not None:
            return "left"
        return "waits" if self.rests_since is None else "rests"
