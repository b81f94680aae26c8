"""What the groups of the demonstration answer about their gardens, programs and data."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seeds.demo.story import Story

ANSWERS: dict[str, tuple[dict[str, str], ...]] = {
    "place": (
        {
            "owner": "city",
            "hours": "Tutti i giorni dalle 8 al tramonto",
            "water": "yes",
            "keys": "Nessun cancello",
            "insurance": "city",
        },
        {
            "owner": "city",
            "hours": "Il mercoledì e il sabato dalle 15 alle 19",
            "water": "no",
            "keys": "Un cancello: due chiavi, una al gruppo e una al quartiere",
            "insurance": "ours",
        },
        {"owner": "unknown", "hours": "Sempre: è sulla strada", "water": "unknown", "insurance": "unknown"},
    ),
    "software": (
        {
            "maintainers": "few",
            "maintenance": "community",
            "releases": "quarter",
            "users": "Dieci gruppi, circa duecento persone",
            "languages": "Italiano e inglese",
            "hosting": "Su una macchina presa a noleggio dal gruppo",
        },
        {
            "maintainers": "one",
            "maintenance": "community",
            "releases": "seldom",
            "users": "Il gruppo e pochi altri",
            "languages": "Italiano",
            "hosting": "Sul computer di chi lo cura",
        },
    ),
    "data_set": (
        {
            "contributors": "Circa quaranta famiglie",
            "access": "members",
            "basis": "consent",
            "retention": "Due anni, poi solo le medie",
            "exit": "Basta scrivere al gruppo: i propri dati si ricevono e si tolgono in trenta giorni.",
        },
        {
            "contributors": "Chi segnala, senza nome",
            "access": "stewards",
            "basis": "nothing_personal",
            "retention": "Per sempre, con la data di ogni misura",
            "exit": "Non ci sono dati di una persona da togliere.",
        },
    ),
}


def particulars_of(story: Story) -> dict[str, str]:
    """Return what the group of this story answers: always the same for the same title."""
    offered = ANSWERS[story.what.kind]
    if story.what.kind == "data_set":
        return offered[0 if story.where.holds_personal_data else 1]
    return offered[zlib.crc32(story.what.title.encode()) % len(offered)]
