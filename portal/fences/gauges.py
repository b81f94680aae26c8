"""A fence as it is drawn: its measure and its limit on one scale, and the words beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from portal.fences import monitors
from portal.fences.measures import Measure
from portal.fences.monitors import Fence, Taken
from portal.words import in_language

# How many measures are drawn below the newest.
HISTORY = 12
WHOLE = 100


def gauge(fence: Any, measurements: Sequence[Taken], language: str, on: date) -> dict[str, Any]:
    """Return the fence as the gauge draws it and the words beside it, in one language."""
    found = monitors.status(fence, measurements, on)
    scale = _scale(fence, [one.value for one in measurements if one.measured_on <= on])
    earlier = [one.value / scale for one in measurements if one.measured_on <= on][-HISTORY:]
    with in_language(language):
        return {
            "row_key": fence.row_key,
            "title": _in(fence.title, language),
            "sentence": _in(fence.sentence, language),
            "state": found.state.value,
            "status": str(found.words),
            "status_tone": found.tone,
            "because": str(found.because),
            "measured_on": found.measured_on,
            "due_on": found.due_on,
            "value": found.value,
            "value_text": "" if found.value is None else str(Measure(found.value, fence.unit)),
            "limit_text": str(Measure(fence.threshold, fence.unit)),
            "value_ratio": None if found.value is None else found.value / scale,
            "limit_ratio": fence.threshold / scale,
            "comparator": fence.comparator,
            "history": earlier if len(earlier) > 1 else [],
        }


def _scale(fence: Fence, values: Sequence[int]) -> int:
    """Return the end of the drawn scale: the limit stands in the middle, or at four fifths of a minimum."""
    if fence.unit == "yes_no":
        return max(1, fence.threshold, *values)
    room = fence.threshold * 5 // 4 if fence.comparator == "at_least" else fence.threshold * 2
    end = max(1, room, *values)
    return min(end, WHOLE) if fence.unit == "percent" and max([0, *values]) <= WHOLE else end


def _in(words: Mapping[str, str], language: str) -> str:
    return words.get(language) or next(iter(words.values()), "")
