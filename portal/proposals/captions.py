"""What is told of a photo: what is to be seen, under which licence it is given, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass

from portal.words import W

LONGEST_DESCRIPTION, LONGEST_CREDIT, LONGEST_LICENCE = 300, 120, 40
USUAL_LICENCE = "CC-BY-SA-4.0"
DESCRIBE = W("Describe the photo in a few words so that people who cannot see it know what is there")


@dataclass(frozen=True, slots=True)
class Caption:
    """The words that go with a photo."""

    alternative: str
    licence: str = USUAL_LICENCE
    credit: str = ""
