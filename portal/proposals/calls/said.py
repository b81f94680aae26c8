"""The words of calls: themes, tracks, phases, and a city's text in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from portal.proposals.calls.lifecycle import Phase
from portal.words import W

THEMES: Mapping[str, W] = {
    "green": W("Green spaces"),
    "squares": W("Squares and streets"),
    "buildings": W("Buildings and rooms"),
    "culture": W("Culture and memory"),
    "care": W("Care and neighbourhood"),
    "school": W("School and learning"),
    "food": W("Food and growing"),
    "climate": W("Climate and energy"),
    "digital": W("Software and data"),
    "work": W("Work and cooperatives"),
}
TRACKS: Mapping[str, W] = {
    "ordinary": W("Call for proposals"),
    "matchfunding": W("Call with matchfunding"),
    "incubation": W("Incubation of new platform cooperatives"),
}
ORDERS: Mapping[str, W] = {
    "first_come": W("Who reached the threshold first is served first"),
    "proportional": W("Everybody gets the same part, once the call has closed"),
}
PHASES: Mapping[Phase, W] = {
    Phase.DRAFT: W("Draft"),
    Phase.AHEAD: W("Opens soon"),
    Phase.OPEN: W("Open now"),
    Phase.CLOSED: W("Closed, being decided"),
    Phase.DECIDED: W("Decided"),
    Phase.CANCELLED: W("Cancelled"),
}
TONES: Mapping[Phase, str] = {Phase.OPEN: "green", Phase.AHEAD: "blue", Phase.CANCELLED: "red"}


class Text(NamedTuple):
    """A text and the language it is in, which may not be the page's."""

    words: str
    language: str


def text_in(texts: Mapping[str, str], language: str) -> Text:
    """Return the text in this language, else in whichever the city wrote it."""
    if texts.get(language):
        return Text(texts[language], language)
    return next((Text(words, code) for code, words in texts.items() if words), Text("", language))
