"""The books and the hours of spaces against one model of a few lines: short here, long in tests/soak."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support import hours_machine
from tests.support.spaces.conftest import cast

__all__ = ["cast"]


def test_whatever_is_done_every_figure_agrees_with_the_model(cast):
    quick = settings(
        max_examples=4,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    run_state_machine_as_test(hours_machine.of(cast), settings=quick)
