"""Let several people act at the same moment, and hear what each of them was told."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

from portal.errors import Refused

SECONDS = 60


def at_once(*acts: Callable[[], object]) -> list[Exception]:
    """Begin all together, each in a thread of its own; return what was raised.

    Nobody waits for anybody for ever: whoever is not done within a minute fails the test.
    """
    start, told = Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except Exception as refused:
            told.append(refused)

    crowd = [Thread(target=run, args=(act,), daemon=True) for act in acts]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(timeout=SECONDS)
        assert not one.is_alive(), "one waits for the other"
    return told


def kinds(told: list[Exception]) -> list[str]:
    """Return of what kind each refusal was; what is none stands there in full."""
    return [type(one).__name__ if isinstance(one, Refused) else repr(one) for one in told]
