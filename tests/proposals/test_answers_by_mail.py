"""An answer by mail reaches its case as a draft or a note, from its holder alone, and binds nobody."""

from __future__ import annotations

import io
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal import cli, db
from portal.errors import Invalid, NotFound
from portal.notices import jobs, links
from portal.notices.models import Message
from portal.policy import SYSTEM
from portal.proposals import actions, mailed
from portal.proposals.actions.mail import take_mail
from portal.proposals.models import ReceivedMail
from portal.record import Act, Did
from tests.browser import Browser
from tests.conftest import CAST, Cast
from tests.proposals.steps import do, see, send

DOMAIN, ROSA = "reply.city.example", "rosa@example.org"


def mail(
    code: str, text: str = "The statute is attached.", *, sender: str = ROSA, to: str = "", **more: str
) -> bytes:
    address = to or links.case_address(f"proposal:{code}", DOMAIN)
    head = {"From": f"Rosa <{sender}>", "To": address, "Subject": "Re: x", **more}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in head.items())
    quoted = "On Mon, 2 Mar 2026, Comune wrote:\r\n> We need the statute.\r\n"
    return f"{lines}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n\r\n{quoted}".encode()


def take(content: bytes) -> str:
    with db.writing():
        return take_mail(content, by=SYSTEM).text


@pytest.fixture
def code(cast: Cast) -> str:
    cast.person("rosa"), cast.person("giulia"), cast.person("eve")
    return send(cast.rosa)


def test_an_answer_is_a_note_for_the_officer_and_is_kept_once(client: Browser, cast: Cast, code: str) -> None:
    content = mail(code, "We moved the day.")
    assert take(content) == take(content) == "We moved the day."
    with db.reading() as session:
        kept = session.scalars(select(ReceivedMail)).one()
        act = session.scalars(select(Act).where(Act.verb == Did.PROPOSAL_MAIL_RECEIVED)).one()
    assert (kept.is_answer, act.actor_kind) == (False, "system")
    assert "day" not in repr(act.facts)
    client.sign_in(CAST["giulia"][1])
    client.get(f"/en/desk/cases/{code}")
    assert "We moved the day." in client.page
    assert "Who wrote is not proven" in client.page
    assert "moved the day" not in Browser(client.app).get(f"/en/track/{code}").text


def test_what_was_asked_for_waits_as_a_draft_until_its_holder_sends_it(
    client: Browser, cast: Cast, code: str
) -> None:
    giulia = cast.giulia
    do(code, lambda it: actions.assign(it, by=giulia))
    do(code, lambda it: actions.ask_supplement(it, "Send the statute, please.", by=giulia))
    take(mail(code))
    assert see(code, lambda it: it.state) == "supplement_asked"
    client.sign_in(CAST["rosa"][1])
    client.get(f"/en/track/{code}")
    assert "The statute is attached.</textarea>" in client.page.replace("\n", "")


def test_another_sender_an_unknown_case_and_a_machine_are_refused(cast: Cast, code: str) -> None:
    other = links.case_address("proposal:PR-AAAA-AA", DOMAIN)
    forged = f"case+{code.lower()}.{'0' * 32}@{DOMAIN}"
    for wrong in (mail(code, sender="eve@example.org"), mail(code, to=other), mail(code, to=forged)):
        with pytest.raises(NotFound, match="answers no case of ours"):
            take(wrong)
    for wrong in (
        mail(code, Auto_Submitted="auto-replied"),
        mail(code, "> only what is quoted"),
        mail(code, From="x"),
        b"",
        b"\xff\x00" * 50,
        b"x" * (mailed.MOST_BYTES + 1),
    ):
        with pytest.raises(Invalid):
            take(wrong)
    with db.reading() as session:
        assert session.scalars(select(ReceivedMail)).all() == []


def test_the_mail_system_hands_it_over(
    cast: Cast, code: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("portal.cli.mailing.open_portal", lambda: None)
    for content, exit_code in ((mail(code), 0), (mail(code, sender="eve@example.org"), 1)):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(content)))
        assert cli.main(["mail", "received", "-"]) == exit_code
    said = capsys.readouterr()
    assert "Noted: a note to the officer." in said.out
    assert ROSA not in said.out + said.err
    assert "eve@" not in said.out + said.err


@given(st.binary(max_size=400))
def test_no_mail_breaks_the_reading(content: bytes) -> None:
    try:
        found: Any = mailed.read(content)
    except Invalid:
        return
    assert found.text


def test_an_address_of_a_case_is_read_in_any_case_and_made_up_by_nobody() -> None:
    address = links.case_address("proposal:PR-7Q4K-29", DOMAIN)
    assert len(address.partition("@")[0]) <= 64
    assert links.case_of_address(address.upper(), "proposal") == "proposal:PR-7Q4K-29"
    assert links.case_of_address(address, "pact") == ""
    for wrong in ("", "case+@x", "case+pr-7q4k-29@x", address.replace("29.", "2a."), "case+\u00e9.x@y"):
        assert links.case_of_address(wrong, "proposal") == ""


def test_mails_of_a_case_say_where_answers_go_and_news_do_not() -> None:
    head = jobs.Letterhead("city@city.example", "City", "office@city.example", "", DOMAIN)
    asked = Message(subject_key="proposal:PR-7Q4K-29", kind="act")
    assert jobs._answers_go_to(asked, head) == links.case_address(asked.subject_key, DOMAIN)
    for other in (
        Message(subject_key="proposal:PR-7Q4K-29", kind="news"),
        Message(subject_key="", kind="legal"),
    ):
        assert jobs._answers_go_to(other, head) == "office@city.example"
    assert jobs._answers_go_to(asked, replace(head, reply_domain="")) == "office@city.example"
