"""The jobs desk: staff see every run and every failed item in their language, and steer them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from portal import clock, db
from portal.documents.refusals import NoCertificate
from portal.notices.actions import Recipient, Text, post
from portal.notices.models import Message
from portal.schedule import actions
from portal.schedule.models import FailedItem, JobRun
from portal.schedule.said import refused, said
from portal.words import W
from tests.browser import Browser
from tests.conftest import CAST, Cast

RESTS = "or until “Run now”"


@pytest.fixture
def desk(app: Any, cast: Cast) -> Browser:
    """Giulia at the jobs desk: one run done, one running, one item that failed."""
    for name in ("giulia", "aldo", "rosa"):
        cast.person(name)
    with db.writing():
        for name in ("mail", "receipts"):
            actions.announce(name, "every 5 s", clock.now())
        actions.announce("reminders", "30 7 * * *", clock.now(), "newest")
        for name, period in (("reminders", "2026-11-23T07:30"), ("mail", "now:1")):
            run = actions.claim(name, period, due_at=clock.now())
            assert run is not None
            if name == "reminders":
                run.done, run.total = 3, 4
                actions.finish(run, said("items", done=3, total=4, waiting=1))
    run.progress(2, 5)
    actions.note_failure("receipts", "PR-2026-1", "OSError: no font")
    return _sign_in(app, "giulia")


def _sign_in(app: Any, name: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(CAST[name][1])
    return browser


def _running() -> JobRun:
    with db.reading() as session:
        return session.scalars(select(JobRun).where(JobRun.job == "mail").order_by(JobRun.id)).first()


def _item() -> FailedItem:
    with db.reading() as session:
        return session.scalars(select(FailedItem)).one()


def test_the_desk_says_everything_in_the_language_of_the_page(desk: Browser) -> None:
    desk.get("/en/desk/jobs")
    for words in ("3 of 4 done, 1 waiting for the next try", "2 of 5", "1 thing could not be done", "Cancel"):
        assert words in desk.page, words
    desk.get("/it/desk/jobs")
    for words in ("3 di 4 fatti, 1 in attesa del prossimo tentativo", "2 su 5", "1 cosa non è stata fatta"):
        assert words in desk.page, words
    assert "of 4 done" not in desk.page
    desk.get("/it/desk/jobs/reminders")
    assert "3 di 4 fatti" in desk.page
    assert "si recupera solo l&#39;ultima" in desk.page
    desk.get("/it/desk/jobs/failed")
    assert "PR-2026-1" in desk.page
    desk.get("/en/desk/jobs/failed?job=mail")
    assert "PR-2026-1" not in desk.page
    assert desk.get("/en/desk/jobs/failed?job=nothing").status_code == 404


def test_why_something_failed_is_said_in_the_language_of_the_page(desk: Browser) -> None:
    lost = NoCertificate(W("the seal certificate file cannot be read."))
    actions.note_failure("receipts", "PR-2026-2", lost)
    with db.writing():
        run = actions.claim("receipts", "now:2", due_at=clock.now())
        assert run is not None
        actions.finish(run, refused(lost.words), failed=True)
    for path in ("jobs/failed", "jobs/receipts", "jobs"):
        desk.get(f"/it/desk/{path}")
        assert "Non è possibile sigillare i documenti: il file del certificato" in desk.page, path
        assert "cannot be" not in desk.page
    desk.get("/en/desk/jobs/failed")
    assert "Papers cannot be sealed: the seal certificate file cannot be read." in desk.page
    assert "NoCertificate" not in desk.page


def test_a_mail_that_failed_says_which_case_it_is_about(desk: Browser) -> None:
    with db.writing() as session:
        to = Recipient(None, "rosa@example.org", "en")
        post("E05", "k", to, Text(W("A"), [W("b")]), about="pact:BO-2026-041")
        message_id = session.scalars(select(Message.id)).one()
    actions.note_failure("mail", str(message_id), "OSError: no route to host")
    desk.get("/en/desk/jobs/failed")
    assert f"{message_id} · BO-2026-041" in desk.page
    assert "rosa@example.org" not in desk.page


def test_a_beat_that_was_stopped_says_until_when_it_rests(desk: Browser) -> None:
    with db.writing():
        run = actions.claim("receipts", "2026-11-23T06:30:00Z", due_at=clock.now())
        assert run is not None
        actions.stop_for_good(run)
    for path in ("jobs", "jobs/receipts"):
        desk.get(f"/en/desk/{path}")
        assert RESTS in desk.page
    desk.post("/en/desk/jobs/receipts/run")
    assert RESTS not in desk.page


def test_a_run_is_cancelled_once(desk: Browser) -> None:
    path = f"/en/desk/jobs/runs/{_running().id}/cancel"
    assert desk.post(path).status_code == 200
    assert "being cancelled" in desk.page
    assert _running().cancel_asked_at is not None
    assert desk.post(path).status_code == 409
    assert "somebody has cancelled it already" in desk.page
    assert desk.post("/en/desk/jobs/runs/999/cancel").status_code == 404


def test_an_item_is_left_with_a_reason_or_tried_again(desk: Browser) -> None:
    path = f"/en/desk/jobs/failed/{_item().id}"
    desk.get(f"{path}/leave")
    assert "OSError: no font" in desk.page
    assert desk.post(f"{path}/leave", {"why": "y" * 501}).status_code == 422
    assert "y" * 501 in desk.page
    assert "Say in a few words" in desk.page
    assert desk.post(f"{path}/leave", {"why": "it was withdrawn"}).status_code == 200
    assert "it was withdrawn" in desk.page
    assert desk.post(f"{path}/leave", {"why": "once more"}).status_code == 409
    desk.get("/en/desk/jobs")
    assert "Nothing failed." in desk.page
    assert desk.post(f"{path}/again").status_code == 200
    assert _item().standing == "waits"
    assert desk.post("/en/desk/jobs/receipts/again").status_code == 200
    assert desk.post("/en/desk/jobs/mail/again").status_code == 409
    assert desk.post("/en/desk/jobs/failed/999/again").status_code == 404


@pytest.mark.parametrize("name", ["aldo", "rosa"])
def test_others_steer_nothing_and_the_auditor_reads(desk: Browser, app: Any, name: str) -> None:
    other, item = _sign_in(app, name), f"/en/desk/jobs/failed/{_item().id}"
    for path in (f"{item}/again", f"{item}/leave", f"/en/desk/jobs/runs/{_running().id}/cancel"):
        assert other.post(path, {"why": "no"}).status_code == 403
    assert other.get(f"{item}/leave").status_code == 403
    assert _running().cancel_asked_at is None
    assert _item().standing == "waits"
    answer = other.get("/en/desk/jobs/failed")
    assert answer.status_code == (200 if name == "aldo" else 403)
    assert "Try again" not in other.page


@pytest.mark.parametrize(("event", "status", "state"), [("E05", 200, "waiting"), ("E01", 409, "failed")])
def test_a_mail_that_was_given_up_is_sent_again_unless_its_secret_link_is_gone(
    desk: Browser, event: str, status: int, state: str
) -> None:
    with db.writing() as session:
        post(event, "k", Recipient(None, "rosa@example.org", "en"), Text(W("A"), [W("b")]))
        session.execute(update(Message).values(state="failed", attempts=30))
        message_id = session.scalars(select(Message.id)).one()
    actions.forget_failure("receipts", "PR-2026-1")
    actions.note_failure("mail", str(message_id), "550 no such mailbox", is_final=True)
    assert _item().standing == "rests"
    assert desk.post(f"/en/desk/jobs/failed/{_item().id}/again").status_code == status
    with db.reading() as session:
        message = session.scalars(select(Message)).one()
    assert message.state == state
    assert _item().standing == ("rests" if status == 409 else "waits")
