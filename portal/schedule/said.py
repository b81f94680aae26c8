"""What a run did, as a code and figures: the page that shows it chooses the words, in its own language."""

from __future__ import annotations

from typing import Any, NamedTuple


class Said(NamedTuple):
    """A code that the jobs pages have words for, and the figures in those words; nothing personal."""

    code: str
    figures: dict[str, int | str]

    @property
    def row(self) -> dict[str, Any]:
        """Return what the run's row keeps."""
        return {"code": self.code, **self.figures}


NOTHING = Said("nothing", {})


def said(code: str, **figures: int | str) -> Said:
    """Return what a run did."""
    return Said(code, figures)


def of_row(row: dict[str, Any]) -> Said:
    """Return what a run's row has kept."""
    return Said(str(row["code"]), {name: value for name, value in row.items() if name != "code"})
