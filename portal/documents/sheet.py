"""Everything one paper is drawn from, frozen: the same sheet always gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Sheet:
    """One paper before it is drawn.

    `html` is a whole document from an autoescaping template; typed text reaches it only escaped.
    `assets` are pictures by name, addressed as `asset:NAME`; nothing else can be loaded.
    `attachment` is the machine-readable JSON of the paper; `created` is an aware instant, the paper's date;
    `identifier` distinguishes the file (ISO 32000-1, 14.4), e.g. the first 16 bytes of its content hash.
    """

    html: str
    css: str
    title: str
    language: str
    attachment_name: str
    attachment: bytes
    created: datetime
    identifier: bytes
    assets: Mapping[str, bytes] = field(default_factory=dict)
    # The languages of the paper's sections in their order, where they are not all in the paper's own.
    section_languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what would make the bytes depend on the place or leave the paper without a name."""
        if self.created.tzinfo is None:
            msg = "a paper's date needs its time zone"
            raise ValueError(msg)
        if not (self.title.strip() and self.language and self.identifier):
            msg = "a paper needs a title, a language and an identifier"
            raise ValueError(msg)
