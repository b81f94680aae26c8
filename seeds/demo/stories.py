"""All the invented cases of the demonstration."""

from __future__ import annotations

from seeds.demo.digital import DIGITAL
from seeds.demo.places import PLACES

STORIES = (*PLACES, *DIGITAL)
