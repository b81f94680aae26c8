"""How long cases really take is counted of all of them, and nobody who waits is left out."""

from __future__ import annotations

import csv
import io
from datetime import UTC, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from portal import clock, db
from portal.front.durations import ENOUGH, Phase, Span, lasted, within
from portal.proposals.models import Proposal
from tests.front.conftest import World

SPANS = st.builds(
    Span,
    st.sampled_from(["commons", "digital"]),
    st.sampled_from(list(Phase)),
    st.integers(0, 900),
    st.sampled_from(["finished", "open", "ended"]),
)


@given(st.lists(st.integers(0, 900), min_size=1), st.integers(1, 10))
def test_so_many_tenths_are_through_within_the_days_and_not_a_day_sooner(
    days: list[int], tenths: int
) -> None:
    found = within(days, tenths)
    assert found in days
    assert sum(one <= found for one in days) * 10 >= len(days) * tenths
    assert sum(one < found for one in days) * 10 < len(days) * tenths


@given(st.lists(SPANS, max_size=60))
def test_every_case_is_counted_once_whether_through_or_not(spans: list[Span]) -> None:
    rows = lasted(spans)
    assert sum(one.cases for one in rows) == len(spans)
    assert len({(one.office, one.phase) for one in rows}) == len(rows)
    for row in rows:
        own = [one for one in spans if (one.office, one.phase) == (row.office, row.phase)]
        assert row.longest_open == max((one.days for one in own if one.how == "open"), default=0)
        assert (row.median is None) == (row.nine_of_ten is None) == (row.finished < ENOUGH)
        if row.median is not None and row.nine_of_ten is not None:
            assert row.median <= row.nine_of_ten


def test_the_page_and_its_file_say_the_same_to_everybody(app: Any, world: World) -> None:
    # The same hour of the city's clock, whether or not it was changed in between.
    sent_at = (clock.local(clock.now()) - timedelta(days=45)).astimezone(UTC)
    with db.writing() as session:
        waiting = Proposal.code == world.codes["submitted"]
        session.execute(update(Proposal).where(waiting).values(submitted_at=sent_at))
    year = clock.local(sent_at).year
    anybody = app.test_client()
    page = anybody.get(f"/en/service?year={year}").get_data(as_text=True)
    assert "1 still open, for 45 days" in page
    assert "too few" in page
    assert "30 days, not counting days on which the clock stands still" in page
    assert not [code for code in world.codes.values() if code in page]
    text = anybody.get(f"/en/service.csv?year={year}").get_data(as_text=True).lstrip("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == page.count('<tr><th scope="row">')
    decided = next(one for one in rows if one["Phase"] == "From sent to the decision")
    assert (decided["Still open"], decided["Open for at most (days)"]) == ("1", "45")
    for odd in ("1000", "x", "%F0%9D%95%8F", "-1"):
        assert anybody.get(f"/en/service?year={odd}").status_code == 200
