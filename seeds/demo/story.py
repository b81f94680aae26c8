"""What a case of the demonstration is: who proposes what, and how far it has come by today."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from portal.proposals.shapes import Group, Need, Promise, What, Where


class Upto(IntEnum):
    """The last step of a story."""

    DRAFT = 0
    SENT = 1
    TAKEN = 2
    SUPPLEMENT = 3
    NOTICED = 4
    REFUSED = 5
    CO_DESIGN = 6
    SUGGESTED = 7
    AGREED = 8
    PROPOSED = 9
    SIGNING = 10
    SIGNED = 11
    RUNNING = 12
    SUSPENDED = 13
    CONCLUDED = 14


@dataclass(frozen=True)
class Story:
    """One case; days count from the day of seeding, negative is the past."""

    holder: str
    what: What
    where: Where
    group: Group
    promises: tuple[Promise, ...]
    upto: Upto
    sent: int
    pact_class: str = "ordinary"
    asks: dict[str, Need] = field(default_factory=dict)
    fences: tuple[str, ...] = ()
    officer: str = "giulia@city.example"
    measures: dict[str, tuple[int, ...]] = field(default_factory=dict)
    reports: int = 0
    delivered: int = 50
    months: int = 24
    reason: str = "Il progetto è aperto a tutti, gli impegni si possono verificare e il luogo è disponibile."


EURO = 100


def _group(kind: str, name: str, person: str, email: str) -> Group:
    return Group(kind, name, contact_name=person, contact_email=email, is_adult=True)


ROSA, TEO, NINA = "rosa@example.org", "teo@example.org", "nina@example.org"
DORA, BRUNO = "dora@pixel.example", "bruno@ruota.example"
ORTO = _group("informal_group", "Orti di via Larga", "Rosa Neri", ROSA)
PORTICO = _group("association", "Amici del Portico", "Teo Galli", TEO)
CORTILE = _group("informal_group", "Cortile aperto", "Nina Costa", NINA)
PIXEL = _group("cooperative", "Pixel, cooperativa di software", "Dora Bruni", DORA)
RUOTA = _group("cooperative", "Ruota, consegne in cooperativa", "Bruno Sarti", BRUNO)
MARCO = "marco@city.example"
