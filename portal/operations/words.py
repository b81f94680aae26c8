"""The names of the jobs as people read them."""

from __future__ import annotations

from portal.words import W

TITLES = {
    "record": W("Put the record in order"),
    "reactions": W("Tell the people concerned"),
    "receipts": W("Issue receipts"),
    "agreements": W("Issue sealed agreements"),
    "progress_reports": W("Issue progress reports"),
    "mail": W("Send mail"),
    "reminders": W("Remind of what is due"),
    "housekeeping": W("Tidy up"),
    "backups": W("Back everything up"),
}


def title_of(name: str) -> str:
    """Return a job's name in the language of the page."""
    return str(TITLES.get(name, name))
