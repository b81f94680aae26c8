"""What a run did, as a code and figures: the page that shows it chooses the words, in its own language."""

from __future__ import annotations

from typing import Any, NamedTuple

from portal.words import W


class Said(NamedTuple):
    """A code that the jobs pages have words for, and the figures in those words; nothing personal."""

    code: str
    figures: dict[str, Any]

    @property
    def row(self) -> dict[str, Any]:
        """Return what the run's row keeps."""
        return {"code": self.code, **self.figures}


NOTHING = Said("nothing", {})


def said(code: str, **figures: int | str) -> Said:
    """Return what a run did."""
    return Said(code, figures)


def refused(words: W) -> Said:
    """Return that a run ended with a sentence of its own, like "there is no certificate"."""
    return Said("refused", {"words": packed(words)})


def packed(words: W) -> dict[str, Any]:
    """Return a sentence as it is kept: its id and parameters, sentences within it likewise."""
    kept = {
        name: packed(value) if isinstance(value, W) else str(value)
        for name, value in words.parameters.items()
    }
    return {"id": words.id, "parameters": kept}


def unpacked(row: dict[str, Any]) -> W:
    """Return a sentence that was kept."""
    message, kept = row["id"], row["parameters"].items()
    return W(message, **{name: unpacked(value) if isinstance(value, dict) else value for name, value in kept})


def in_machine_words(reason: Exception | str) -> str:
    """Return a failure as the machine says it."""
    return reason if isinstance(reason, str) else f"{type(reason).__name__}: {reason}"


def of_row(row: dict[str, Any]) -> Said:
    """Return what a run's row has kept."""
    return Said(str(row["code"]), {name: value for name, value in row.items() if name != "code"})
