"""The secret link of a draft goes to the address that was given, and is not kept after that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal import db
from portal.notices import jobs
from portal.notices.models import Message
from portal.notices.post_office import FolderOffice
from tests.browser import Browser


def _letters() -> list[Message]:
    with db.reading() as session:
        return list(session.scalars(select(Message).where(Message.event == "E01")))


def test_a_draft_with_an_address_sends_its_link_once(client: Browser, tmp_path: Path, app: Any) -> None:
    client.post("/en/propose", {"email": "nina@example.org"}, at="/en/propose")
    (letter,) = _letters()
    assert letter.address == "nina@example.org"
    assert "/propose/link/" in letter.link

    secret = letter.link
    jobs.send(letter.id, FolderOffice(tmp_path), lambda _: None, sender="patti@city.example", city="Bologna")
    (mail,) = tmp_path.glob("*.eml")
    assert "/propose/link/" in mail.read_text()
    assert _letters()[0].link == ""

    other = Browser(app)
    other.get(secret.removeprefix("http://127.0.0.1:8000"))
    assert "Your proposal" in other.page


def test_a_draft_without_an_address_sends_nothing(client: Browser) -> None:
    client.post("/en/propose", {}, at="/en/propose")
    assert _letters() == []
