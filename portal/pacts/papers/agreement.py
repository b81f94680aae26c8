"""The collaboration pact as an act on paper: one source, an original for the parties and a public edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar

from babel.core import Locale

from portal.documents.layout import Foot
from portal.pacts.papers import said
from portal.pacts.papers.clauses import Clause, clause
from portal.pacts.papers.course import Course, recitals
from portal.pacts.papers.tables import (
    Commitment,
    Due,
    Fence,
    Support,
    commitments,
    fences,
    reports_due,
    support,
)
from portal.words import W, say

NOT_PUBLISHED = W("[not published]")


@dataclass(frozen=True, slots=True)
class Imprint:
    """What identifies one issue of an act: who issues it, which version, and where it can be checked."""

    city: str
    office: str
    version: int
    content_hash: str
    verification_code: str
    check_url: str
    issued_at: datetime
    protocol: str = ""
    annexes: tuple[str, ...] = ()
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, when (UTC) and how; no instant means the signature is still to come."""

    name: str
    role: str
    signed_at: datetime | None = None
    method: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """A side's party; what the pact's text must not hold (persons, seat, tax code) is given by its id."""

    id: str
    name: str = ""
    kind: str = ""
    side: str = ""
    capacity: str = ""
    represented_by: str = ""
    office: str = ""
    address: str = ""
    tax_code: str = ""
    members: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()

    def kind_word(self, language: str) -> str:
        return said.word(said.PARTIES, self.kind, language)

    def capacity_word(self, language: str) -> str:
        return said.word(said.CAPACITIES, self.capacity, language)

    def redacted(self, hidden: str) -> Party:
        """Return the party without anything that points at a person or a home."""
        return replace(
            self,
            name=self.name or hidden,
            represented_by=hidden if self.represented_by else "",
            address=hidden if self.address else "",
            tax_code=hidden if self.tax_code else "",
            members=(),
            signatures=tuple(replace(one, name=hidden) for one in self.signatures),
        )


@dataclass(frozen=True, slots=True)
class AgreementContext:
    """Everything the printed agreement says, in one language and one edition."""

    template: ClassVar[str] = "papers/agreement.html"

    text: Mapping[str, Any]
    imprint: Imprint
    edition: str
    language: str
    parties: tuple[Party, ...]
    recitals: tuple[str, ...]
    clauses: tuple[Clause, ...]
    commitments: tuple[Commitment, ...]
    support: tuple[Support, ...]
    fences: tuple[Fence, ...]
    calendar: tuple[Due, ...]

    def redacted(self) -> AgreementContext:
        """Return the public edition: no person's name, no party's address or tax code, no list of members."""
        hidden = say(NOT_PUBLISHED, self.language)
        return replace(
            self, edition="public", parties=tuple(party.redacted(hidden) for party in self.parties)
        )

    @property
    def code(self) -> str:
        return str(self.text["code"])

    @property
    def title(self) -> str:
        return str(self.text["title"])

    @property
    def prevailing_language(self) -> str:
        return str(self.text["language"])

    @property
    def prevailing_language_name(self) -> str:
        return str(Locale.parse(self.prevailing_language).get_display_name(self.language))

    @property
    def is_courtesy(self) -> bool:
        return self.language != self.prevailing_language

    @property
    def is_public(self) -> bool:
        return self.edition == "public"

    @property
    def class_word(self) -> str:
        return said.word(said.CLASSES, str(self.text["class"]), self.language)

    @property
    def commons_word(self) -> str:
        return said.word(said.COMMONS, str(self.text["commons"]["kind"]), self.language)

    @property
    def starts_on(self) -> date:
        return date.fromisoformat(self.text["starts_on"])

    @property
    def ends_on(self) -> date:
        return date.fromisoformat(self.text["ends_on"])

    @property
    def regulation_on(self) -> date:
        return date.fromisoformat(self.text["profile"]["version"])

    @property
    def support_total_cents(self) -> int:
        return sum(row.value_cents for row in self.support)

    @property
    def issued_at(self) -> datetime:
        return self.imprint.issued_at

    @property
    def title_line(self) -> str:
        return say(
            W("Collaboration pact %(code)s: %(title)s", code=self.code, title=self.title), self.language
        )

    @property
    def identifier(self) -> str:
        return f"agreement {self.code} v{self.imprint.version} {self.edition} {self.language}"

    @property
    def edition_word(self) -> str:
        if self.imprint.is_draft:
            return say(W("Draft for reading"), self.language)
        return say(W("Public edition") if self.is_public else W("Original for the parties"), self.language)

    @property
    def foot(self) -> Foot:
        return Foot(
            code=self.code,
            edition=self.edition_word,
            content_hash=self.imprint.content_hash,
            check_url=self.imprint.check_url,
            mark=say(W("DRAFT"), self.language) if self.imprint.is_draft else "",
        )

    def attached(self) -> dict[str, Any]:
        """Return the machine-readable paper; `text` hashes to the printed content hash."""
        return {
            "schema": "paper/agreement/1",
            "edition": self.edition,
            "language": self.language,
            "version": self.imprint.version,
            "content_hash": self.imprint.content_hash,
            "verification": {"code": self.imprint.verification_code, "url": self.imprint.check_url},
            "text": self.text,
            "parties": [_party_row(party) for party in self.parties],
        }


def agreement(
    text: Mapping[str, Any],
    imprint: Imprint,
    *,
    language: str,
    people: Sequence[Party] = (),
    course: Course | None = None,
) -> AgreementContext:
    """Return the original edition of a pact's version; `.redacted()` gives the public one.

    `text` is the version's JSON, `people` what it must not hold, matched to its parties by id.
    Raises KeyError when a clause or a fence lacks the language, or a person belongs to no party.
    """
    return AgreementContext(
        text=text,
        imprint=imprint,
        edition="original",
        language=language,
        parties=_parties(text["parties"], people),
        recitals=recitals(course or Course(), language),
        clauses=tuple(clause(row, language) for row in text["clauses"]),
        commitments=commitments(text, language),
        support=support(text, language),
        fences=fences(text, language),
        calendar=reports_due(text, language),
    )


def _parties(rows: Sequence[Mapping[str, Any]], people: Sequence[Party]) -> tuple[Party, ...]:
    known = {row["id"] for row in rows}
    strangers = [person.id for person in people if person.id not in known]
    if strangers:
        raise KeyError(strangers[0])
    given = {person.id: person for person in people}
    return tuple(_party(row, given.get(row["id"], Party(row["id"]))) for row in rows)


def _party(row: Mapping[str, Any], person: Party) -> Party:
    # A single citizen has no name in the text; the original edition prints the one who signs.
    return replace(
        person,
        name=row["name"],
        kind=row["kind"],
        side=row["side"],
        capacity=row["capacity"],
        # The text names the office by its id; whoever draws the paper knows its name.
        office=person.office or row.get("office", ""),
    )


def _party_row(party: Party) -> dict[str, Any]:
    return {
        "id": party.id,
        "side": party.side,
        "kind": party.kind,
        "capacity": party.capacity,
        "name": party.name,
        "office": party.office,
        "represented_by": party.represented_by,
        "address": party.address,
        "tax_code": party.tax_code,
        "members": list(party.members),
        "signatures": [
            {
                "name": one.name,
                "role": one.role,
                "signed_at": one.signed_at.isoformat() if one.signed_at else None,
                "method": one.method,
            }
            for one in party.signatures
        ],
    }
