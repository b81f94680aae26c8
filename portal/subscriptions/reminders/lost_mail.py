"""Legal mail that came back is written again as a letter, where the city knows where a letter goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import String, cast, exists, literal, select

from portal import db
from portal.notices import letters, queries
from portal.notices.actions import Recipient, Text
from portal.notices.letters.models import Letter
from portal.notices.models import Message
from portal.proposals.models import Proposal
from portal.words import W

if TYPE_CHECKING:
    from sqlalchemy import Select

KEY = "lost:"


def due() -> Select[int]:
    """Select the legal messages about a case that no mail could deliver and no letter says yet."""
    is_written = exists().where(Letter.key == literal(KEY) + cast(Message.id, String))
    return queries.for_letters().with_only_columns(Message.id).where(~is_written)


def write_again(message_id: int, _base_url: str) -> None:
    """Write the message as a letter to the address its case names; without one it stays lost mail."""
    with db.writing() as session:
        message = session.get_one(Message, message_id)
        code = message.subject_key.rpartition(":")[2]
        proposal = session.scalars(select(Proposal).where(Proposal.code == code)).one_or_none()
        if proposal is None or not (proposal.contact_postal and proposal.contact_name):
            return
        lines = tuple(proposal.contact_postal.split("\n"))
        to = Recipient(None, "", message.language, name=proposal.contact_name, postal=lines)
        # Its words were said in the reader's language when it was written.
        title = message.title.removeprefix(f"[{code}] ")
        said = Text(W("%(words)s", words=title), (W("%(words)s", words=message.body),), message.link)
        letters.write(message.event, f"{KEY}{message.id}", to, said, about=message.subject_key)
