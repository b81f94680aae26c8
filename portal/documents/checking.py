"""Say whether papers could be issued now: fonts, certificate, store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.documents import fonts
from portal.errors import Refused
from portal.words import say

if TYPE_CHECKING:
    from portal.documents.seal import Sealer
    from portal.documents.store import Store


def papers(sealer: Sealer, store: Store) -> str:
    """Return what is missing, in one sentence each, or an empty text."""
    faults = []
    for look in (fonts.check, sealer.check, lambda: store.put(b"doctor")):
        try:
            look()
        except Refused as refusal:
            faults.append(say(refusal.words, "en"))
    return " ".join(faults)
