"""The books against a model of a few lines: short here, long in tests/soak."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.books_machine import Books


def test_whatever_is_done_every_figure_agrees_with_the_model(desk):
    quick = settings(
        max_examples=6,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    run_state_machine_as_test(Books, settings=quick)
