"""The names of the jobs as people read them, and what their runs did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal import clock
from portal.schedule.said import Said, of_row, unpacked
from portal.words import W, in_language, say_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.schedule.models import FailedItem, JobRun

MINUTE = 60
Figures = dict[str, Any]

TITLES = {
    "record": W("Put the record in order"),
    "checkpoints": W("Sign how far the record has come"),
    "reactions": W("Tell the people concerned"),
    "receipts": W("Issue receipts"),
    "held_decisions": W("Publish decisions at their moment"),
    "decisions": W("Issue decisions of refusal"),
    "agreements": W("Issue sealed agreements"),
    "progress_reports": W("Issue progress reports"),
    "letters": W("Draw letters for the post"),
    "endorsements": W("Count endorsements"),
    "slips": W("Issue cards and receipts of the counter"),
    "helps": W("End help at the counter that lasts too long"),
    "servers": W("Begin servers, and tell the automation"),
    "mail": W("Send mail"),
    "digests": W("Put news together, weekly or daily"),
    "bookings": W("Cancel bookings of pacts that are suspended or over"),
    "legal_hours": W("Count work of the legal office that nobody objected to"),
    "reminders": W("Remind of what is due"),
    "desk": W("Bring the desk up to date"),
    "forgetting": W("Destroy what is kept no longer"),
    "residents": W("Remind residents whose status ends"),
    "repositories": W("Look for the code of proposals"),
    "housekeeping": W("Tidy up"),
    "backups": W("Back everything up"),
}


def title_of(name: str) -> str:
    """Return a job's name in the language of the page."""
    return str(TITLES.get(name, name))


def result_of(run: JobRun) -> str:
    """Return what a run did in the language of the page; `run.result` is what the machine said."""
    return in_words(of_row(run.outcome)) if run.outcome else ""


def reason_of(item: FailedItem) -> str:
    """Return why an item failed in the language of the page, or "" where only the machine has said it."""
    return str(unpacked(item.words)) if item.words else ""


def duration_of(run: JobRun) -> str:
    """Return how long a run took, or takes so far."""
    if run.started_at is None:
        return ""
    seconds = int(((run.ended_at or clock.real()) - run.started_at).total_seconds())
    if seconds < MINUTE:
        return str(W("%(num)s s", num=max(seconds, 0)))
    return str(W("%(minutes)s min %(num)s s", minutes=seconds // MINUTE, num=seconds % MINUTE))


def in_english(outcome: Said | str) -> str:
    """Return what a run did for the command line and the log."""
    with in_language("en"):
        return in_words(outcome) if isinstance(outcome, Said) else outcome


def in_words(outcome: Said) -> str:
    """Return what a run did in the language of the page."""
    words = RESULTS.get(outcome.code)
    return outcome.code if words is None else words(outcome.figures)


def _items(figures: Figures) -> str:
    sentences = [W("%(done)s of %(total)s done", done=figures["done"], total=figures["total"])]
    sentences += [W(text.id, num=figures[name]) for name, text in _REST.items() if figures.get(name)]
    return ", ".join(map(str, sentences))


# What became of the items that are neither done nor failed.
_REST = {
    "held": W("%(num)s in the hands of another worker"),
    "waiting": W("%(num)s waiting for the next try"),
    "resting": W("%(num)s resting until somebody decides"),
}


def _backed_up(figures: Figures) -> str:
    return str(W("%(name)s: %(files)s files, %(new)s of them new; keys: %(keys)s", **figures))


def _tidied(figures: Figures) -> str:
    done = str(W("Dropped: %(drafts)s old drafts, %(runs)s old runs, %(sessions)s ended sessions", **figures))
    cases = int(figures.get("cases", 0))
    mended = say_number("%(num)s case of the desk put right", "%(num)s cases of the desk put right", cases)
    return f"{done}, {mended}" if cases else done


RESULTS: dict[str, Callable[[Figures], str]] = {
    "nothing": lambda _: "",
    "refused": lambda of: str(unpacked(of["words"])),
    "items": _items,
    "ordered": lambda of: say_number(
        "%(num)s act put in order", "%(num)s acts put in order", int(of["count"])
    ),
    "signed": lambda of: say_number(
        "Signed the record of %(num)s act", "Signed the record of %(num)s acts", int(of["size"])
    ),
    "counted": lambda of: say_number(
        "%(num)s endorsement counted", "%(num)s endorsements counted", int(of["count"])
    ),
    "looked_at": lambda of: say_number("%(num)s act looked at", "%(num)s acts looked at", int(of["count"])),
    "desk_kept": lambda of: say_number(
        "%(num)s case brought up to date", "%(num)s cases brought up to date", int(of["count"])
    ),
    "helps_ended": lambda of: say_number(
        "%(num)s help at the counter ended by the clock",
        "%(num)s helps at the counter ended by the clock",
        int(of["count"]),
    ),
    "tidied": _tidied,
    "backed_up": _backed_up,
    "no_backup_place": lambda _: str(W("Nothing is backed up: PORTAL_BACKUP_DIR is not set")),
    "cancelled": lambda of: str(W("Cancelled after %(done)s of %(total)s", **of)),
    "gave_up": lambda of: say_number(
        "Given up after %(num)s try: the worker died each time. The log says why.",
        "Given up after %(num)s tries: the worker died each time. The log says why.",
        int(of["tries"]),
    ),
}
