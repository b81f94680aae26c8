"""Name a browser in two words, so that people know their own sessions; nothing that would single them out."""

from __future__ import annotations

# The first mark that is found decides: Edge calls itself Chrome too, and Chrome calls itself Safari.
_FAMILIES = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Opera", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)
# Real ones are shorter; a made-up one is not searched to its end.
LONGEST_READ = 500


def describe(user_agent: str) -> str:
    """Return family and system, like "Firefox, Linux"; empty where neither is known."""
    text = user_agent[:LONGEST_READ]
    return ", ".join(filter(None, [_first(_FAMILIES, text), _first(_SYSTEMS, text)]))


def _first(marks: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in marks if mark in text), "")
