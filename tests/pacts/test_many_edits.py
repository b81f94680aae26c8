"""Many edits of one clause over many connections at once: no word is lost, and the versions have one order."""

from __future__ import annotations

from typing import Any

from portal import db
from tests.pacts import edits

# `make soak` has two hundred over twenty.
EDITS, CONNECTIONS = 24, 6


def test_no_word_is_lost_and_there_is_one_order(both: db.Database, cast: Any) -> None:
    edits.check(edits.settled(cast, EDITS, CONNECTIONS))
