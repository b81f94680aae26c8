"""Who proposes in the demonstration: invented groups of every kind, each spoken for by one of the cast."""

from __future__ import annotations

from dataclasses import dataclass

from portal.proposals.shapes import Group

ROSA, TEO, NINA = "rosa@example.org", "teo@example.org", "nina@example.org"
DORA, BRUNO, CARLO = "dora@pixel.example", "bruno@ruota.example", "carlo@fulmine.example"
NAMES = {
    ROSA: "Rosa Neri",
    TEO: "Teo Galli",
    NINA: "Nina Costa",
    DORA: "Dora Bruni",
    BRUNO: "Bruno Sarti",
    CARLO: "Carlo Leone",
}


@dataclass(frozen=True)
class Proponent:
    """A group, the account that speaks for it, and where the city's statistics count it."""

    holder: str
    group: Group
    sort: str


def _of(holder: str, kind: str, name: str, sort: str) -> Proponent:
    person = NAMES[holder]
    return Proponent(
        holder, Group(kind, name, contact_name=person, contact_email=holder, is_adult=True), sort
    )


def _association(holder: str, name: str) -> Proponent:
    return _of(holder, "association", name, "association")


ORTO = _of(ROSA, "informal_group", "Orti di via Larga", "single")
CORTILE = _of(NINA, "informal_group", "Cortile aperto", "single")
FONTANA = _of(TEO, "citizen", "", "single")
MURETTO = Proponent(
    ROSA,
    Group(
        "informal_group",
        "Ragazze e ragazzi del muretto",
        contact_name="Rosa Neri",
        contact_email=ROSA,
        is_adult=False,
        adult_name="Rosa Neri",
    ),
    "single",
)

PORTICO = _association(TEO, "Amici del Portico")
GELSI = _association(ROSA, "Associazione Parco dei Gelsi")
LAME = _association(TEO, "Alberi e radici")
RONDINI = _association(NINA, "Le Rondini del giardino")
RENO = _association(ROSA, "Acque chiare")
LAVANDAIE = _association(NINA, "Cortile delle Lavandaie")
SALA = _association(TEO, "Sala viva")
COLORI = _association(NINA, "Muri a colori")
LINGUE = _association(ROSA, "Voci di casa")
VICINI = _association(TEO, "Vicini digitali")
PASSI = _association(NINA, "Passi insieme")
CIVETTA = _association(ROSA, "La Civetta, gioco e natura")
BOCCE = _association(TEO, "Bocciofila del Navile")
CORTICELLA = _association(NINA, "Ortiche e ortisti")
SCHERMO = _association(ROSA, "Schermo in cortile")
MUSICA = _association(TEO, "Musica in piazza")
TETTI = _association(TEO, "Rete dei tetti")
MISURE = _association(NINA, "Misure di quartiere")
QUADERNI = _association(ROSA, "Quaderni aperti")

RUOTA = _of(BRUNO, "cooperative", "Ruota, consegne in cooperativa", "economic")
PIXEL = _of(DORA, "cooperative", "Pixel, cooperativa di software", "economic")
FULMINE = _of(CARLO, "company", "Fulmine consegne srl", "economic")
SALICE = _of(BRUNO, "cooperative", "Il Salice, cooperativa sociale", "economic")
MULINI = _of(TEO, "third_sector_body", "Fondazione Casa dei Mulini", "economic")
CUCINA = _of(NINA, "third_sector_body", "Cucina comune, ente del terzo settore", "economic")
SARTORIA = _of(NINA, "cooperative", "Filo e ago, cooperativa sociale", "economic")
SCENA = _of(ROSA, "third_sector_body", "Scena di cortile, ente del terzo settore", "economic")
ANZIANI = _of(TEO, "third_sector_body", "Centri di vicinato, ente del terzo settore", "economic")

SCUOLA = _of(ROSA, "school", "Scuola di via Larga", "school")
SCUOLA_FIUME = _of(TEO, "school", "Scuola lungo il fiume", "school")
GENITORI = _of(NINA, "association", "Genitori di via dei Tigli", "school")

STRADA = _of(NINA, "informal_group", "Vicini di strada, via dell'Orologio", "committee")
SENZA_SCRITTE = _of(TEO, "informal_group", "Comitato portico pulito", "committee")
ASCOLTO = _of(ROSA, "informal_group", "Comitato panchine d'ascolto", "committee")
