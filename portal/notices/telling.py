"""Tell somebody by the way they can be reached: their messages page, mail, or a letter on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.notices import letters
from portal.notices.actions import post

if TYPE_CHECKING:
    from portal.notices.actions import Recipient, Text
    from portal.notices.kinds import Kind


def tell(
    event: str, key: str, to: Recipient, text: Text, *, about: str = "", kind: Kind | None = None
) -> None:
    """Leave the message in the open transaction; the same key again changes nothing.

    `kind` as in post: on paper there is none that could be switched off.
    """
    if to.is_without_mail:
        letters.write(event, key, to, text, about=about)
    else:
        post(event, key, to, text, about=about, kind=kind)
