"""The main job, from an idea to the first published report, walked by its people in real windows.

Each step is done once, in order; whoever asks for a step gets all the steps before it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.conftest import CAST
from tests.journeys import deciding, hearing, keeping, proposing, writing
from tests.journeys.window import Window

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.journeys.live import LivePortal
    from tests.journeys.window import Seen

Step = Callable[["MainJob"], None]
STEPS: tuple[Step, ...] = (
    proposing.look_around,
    proposing.start,
    proposing.save_and_leave,
    proposing.come_back_with_code_and_word,
    proposing.tell_the_rest,
    proposing.check_and_send,
    proposing.track,
    deciding.take_the_case,
    deciding.ask_for_a_supplement,
    deciding.supply,
    deciding.find_it_complete,
    deciding.assess,
    deciding.ask_an_office,
    hearing.publish_for_observations,
    hearing.speak,
    hearing.object_by_name,
    hearing.look_at_what_is_held,
    hearing.ask_for_a_second_person,
    hearing.answer,
    hearing.read_the_answer,
    deciding.accept,
    writing.suggest_a_change,
    writing.accept_the_change,
    writing.agree,
    deciding.propose_support,
    deciding.approve_support,
    writing.open_signing,
    writing.sign,
    keeping.issue_the_agreement,
    keeping.show_the_pact,
    keeping.check_the_paper,
    keeping.send_a_report,
    keeping.validate_the_report,
    keeping.issue_the_report,
    keeping.look_behind,
)


class MainJob:
    """The people, their windows, and what they know of the case."""

    def __init__(self, live: LivePortal, browser: Browser, seen: Seen) -> None:
        self.live, self.browser, self.seen = live, browser, seen
        self.windows: dict[str, Window] = {}
        self.done: list[Step] = []
        self.broken: Step | None = None
        self.code = self.word = self.link = self.pact = self.observation = self.held = ""

    def window(self, who: str) -> Window:
        """Return this person's window; the cast are signed in, everybody else is a visitor."""
        if who not in self.windows:
            self.windows[who] = window = Window(self.browser, self.live.base_url, self.seen, who)
            if who in CAST:
                window.sign_in(CAST[who][1], self.live.code)
        return self.windows[who]

    def through(self, last: Step) -> None:
        """Do every step up to this one that was not done yet."""
        if self.broken not in {None, last}:
            pytest.skip(f"the journey broke off earlier, at {self.broken.__name__}")  # type: ignore[union-attr]
        for step in STEPS[: STEPS.index(last) + 1]:
            if step not in self.done:
                self._do(step)

    def _do(self, step: Step) -> None:
        try:
            step(self)
        except BaseException:
            self.broken = step
            raise
        self.done.append(step)

    def close(self) -> None:
        """Close all windows."""
        for window in self.windows.values():
            window.close()
