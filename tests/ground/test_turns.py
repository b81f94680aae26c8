"""Writers of one SQLite file get their turn in the order in which they asked for it."""

from __future__ import annotations

import threading
import time

from portal.db.turns import Turns


def test_whoever_waits_longest_comes_next() -> None:
    turns, came = Turns(), []
    assert turns.acquire(1)

    def write(place: int) -> None:
        assert turns.acquire(20)
        came.append(place)
        turns.release()

    threads = [threading.Thread(target=write, args=(place,)) for place in range(6)]
    for queued, one in enumerate(threads, 1):
        one.start()
        while len(turns._waiting) < queued:
            time.sleep(0.001)
    turns.release()
    for one in threads:
        one.join(timeout=20)
    assert came == [0, 1, 2, 3, 4, 5]
    assert not turns.locked()


def test_who_gave_up_is_passed_over() -> None:
    turns = Turns()
    assert turns.acquire(1)
    assert not turns.acquire(0.01)
    turns.release()
    assert turns.acquire(0.01)
