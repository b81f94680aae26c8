"""Legal help of the demonstration: ten hours given, a question waiting for the office, a clinic half filled."""

from __future__ import annotations

from sqlalchemy import func, select

from portal import db
from portal.support import queries as support
from portal.support.legal import queries
from portal.support.legal.models import LegalHelp, LegalMatter, LegalSheet, LegalWork
from portal.support.models import Allocation
from seeds.demo.advising import GARDEN, RIDES


def test_ten_hours_are_given_one_question_waits_and_a_clinic_is_half_filled(database: db.Database) -> None:
    with db.reading() as session:
        titles = select(Allocation.title, LegalHelp.subject).join(
            LegalHelp, LegalHelp.allocation_id == Allocation.id
        )
        subject = dict(tuple(row) for row in session.execute(titles))
        assert set(subject) == {GARDEN, RIDES}
        garden = [session.scalars(queries.matter(subject[GARDEN], one)).one() for one in (1, 2)]
        rides = session.scalars(queries.matter(subject[RIDES], 1)).one()
        assert [one.state for one in garden[0].appointments] == ["held", "held"]
        assert [(one.topic, one.state, one.outcome, one.waits_on) for one in (*garden, rides)] == [
            ("contract", "closed", "solved", ""),
            ("clinic", "open", "", "community"),
            ("dpia", "open", "", "city"),
        ]
        assert [one.state for one in rides.appointments] == ["booked"]
        (sheet,) = session.scalars(select(LegalSheet))
        assert {"done", "open", "na"} <= set(sheet.answers.values())
        assert session.scalar(select(func.count(LegalMatter.id))) == 3


def test_the_hours_of_a_matter_are_those_of_its_promise_and_of_the_books(database: db.Database) -> None:
    with db.reading() as session:
        for help_ in session.scalars(select(LegalHelp)):
            standing = select(func.coalesce(func.sum(LegalWork.minutes), 0)).where(queries.stands())
            minutes = session.scalar(standing.where(LegalWork.help_id == help_.id))
            allocation = session.get_one(Allocation, help_.allocation_id)
            held = [one.delivered for one, _ in session.execute(support.given(allocation.id))]
            assert minutes == help_.booked == help_.confirmed
            assert minutes // 60 == allocation.delivered == sum(held)
        assert max(session.scalars(select(LegalHelp.confirmed))) == 600
