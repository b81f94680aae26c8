"""The public words of receptions: what is wrong with a delivery."""

from __future__ import annotations

from portal.words import W

GROUNDS = {
    "partly": W("Only a part arrived"),
    "missing": W("Nothing arrived"),
    "damaged": W("It arrived damaged"),
    "other": W("Something else"),
}
