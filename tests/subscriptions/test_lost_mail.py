"""A decision that no mail could deliver goes out on paper, once, where the case names an address."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from portal import clock, db
from portal.notices import jobs
from portal.notices.actions import Recipient, Text, post
from portal.notices.letters.models import Letter
from portal.notices.models import Message
from portal.proposals.models import Proposal
from portal.schedule import actions as schedule
from portal.subscriptions import remind
from portal.words import W
from tests.proposals.steps import send
from tests.support.conftest import RULES

LINES = "Via del Pratello 90\n40122 Bologna"


def _remind() -> None:
    with db.writing():
        run = schedule.claim("reminders", clock.real().isoformat(), due_at=clock.now())
    assert run is not None
    remind(run, base_url="https://x.example", rules=RULES)


def _lost(code: str, event: str = "E04") -> None:
    said = Text(W("Your proposal was not accepted"), (W("The page says why."),), "https://x.example/en")
    to = Recipient(None, "rosa@example.org", "en")
    with db.writing() as session:
        post(event, f"{event}:test", to, said, about=f"proposal:{code}")
        number = session.scalars(select(Message.id).where(Message.key == f"{event}:test")).one()
    assert jobs.came_back(number, "5.1.1", lambda _id: None)


def _letters() -> list[Letter]:
    with db.reading() as session:
        return list(session.scalars(select(Letter)))


@pytest.fixture
def code(cast: Any) -> str:
    cast.person("giulia")
    return send(cast.rosa)


def _lives_at(code: str, postal: str) -> None:
    with db.writing() as session:
        session.execute(update(Proposal).where(Proposal.code == code).values(contact_postal=postal))


def test_it_is_written_once_however_often_somebody_looks(code: str) -> None:
    _lives_at(code, LINES)
    _lost(code)
    _remind()
    _remind()
    (letter,) = _letters()
    assert (letter.addressee, letter.postal) == ("Rosa Privata", LINES)
    assert letter.title == f"[{code}] Your proposal was not accepted"
    assert letter.body == "The page says why."


def test_without_an_address_it_stays_with_the_lost_mail_until_there_is_one(code: str) -> None:
    _lost(code)
    _remind()
    assert _letters() == []
    _lives_at(code, LINES)
    _remind()
    assert len(_letters()) == 1


def test_what_is_not_legal_goes_on_no_paper(code: str) -> None:
    _lives_at(code, LINES)
    _lost(code, event="E05")
    _remind()
    assert _letters() == []
