"""The main job, without scripts: an idea becomes a pact, the pact is signed, sealed, kept and reported on."""

from __future__ import annotations

import pytest

from tests.journeys.main_job import STEPS, MainJob, Step


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_the_main_job(main_job: MainJob, step: Step) -> None:
    main_job.through(step)


def test_nothing_is_asked_of_another_host(main_job: MainJob) -> None:
    main_job.through(STEPS[-1])
    assert not main_job.seen.foreign


def test_the_browser_blocks_nothing(main_job: MainJob) -> None:
    main_job.through(STEPS[-1])
    assert not main_job.seen.complaints


def test_the_web_process_reports_no_error(main_job: MainJob) -> None:
    main_job.through(STEPS[-1])
    assert "Traceback" not in main_job.live.log()
