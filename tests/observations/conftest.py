"""The cast and a sent proposal, at hand before any unit of work opens."""

from __future__ import annotations

from typing import Any

import pytest

from portal.observations import suspicion
from tests.browser import Browser
from tests.conftest import CAST
from tests.pacts import journey


@pytest.fixture
def cast(cast: Any) -> Any:
    cast.gather("rosa", "eve", "nina", "giulia", "marco", "lea")
    return cast


@pytest.fixture
def code(cast: Any) -> str:
    """The code of a proposal that Rosa has sent."""
    return journey.submitted(cast).code


@pytest.fixture
def enter(app: Any, cast: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let somebody open a browser; tests type faster than any hand."""
    monkeypatch.setattr(suspicion, "LEAST_SECONDS", 0)

    def open_for(name: str = "") -> Browser:
        browser = Browser(app)
        if name:
            cast.person(name)
            browser.sign_in(CAST[name][1])
        return browser

    return open_for
