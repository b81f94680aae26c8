"""How many stars there are, and what can have been hard or liked on the way."""

from __future__ import annotations

from portal.words import W

MOST_STARS, LIKED_FROM = 5, 4
LONGEST_SAID = 1000
# What was hard, or what was liked, by the parts of the way.
PARTS: dict[str, W] = {
    "finding": W("Finding where to begin"),
    "questions": W("Understanding the questions"),
    "where": W("Saying where it is"),
    "promises": W("Promises and fences"),
    "support": W("Asking for support"),
    "time": W("The time it took"),
}
