"""The invented cases of the demonstration: who proposes what, and how far it has come by today."""

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

STORIES = (
    Story(
        ROSA,
        What(
            "place",
            "Giardino Scipione, curato da chi ci abita",
            "Curiamo insieme il giardino: piante, orari, attrezzi e un laboratorio gratuito ogni sabato.",
        ),
        Where(address="Giardino Scipione, via Larga", latitude_e6=44_498_000, longitude_e6=11_385_000),
        ORTO,
        (
            Promise("Aprire il cancello la mattina alle 8", 7, "aperture", "week", "registro al cancello"),
            Promise("Laboratorio gratuito del sabato", 1, "laboratorio", "week", "foglio presenze"),
            Promise("Cura delle aiuole e potatura leggera", 4, "giornate", "month", "foto e diario"),
        ),
        Upto.RUNNING,
        sent=-430,
        asks={
            "funding": Need("Attrezzi, terriccio, assicurazione", 4_200 * EURO),
            "legal": Need("Statuto e assicurazione", 13),
        },
        fences=("open_hours", "no_exclusive_use", "reinvestment_share"),
        measures={"open_hours": (48, 50, 52), "reinvestment_share": (70, 62)},
        reports=2,
        months=36,
    ),
    Story(
        DORA,
        What(
            "software",
            "Prenota Comune, prenotazioni senza padroni",
            "Un programma libero con cui ogni casa di quartiere gestisce le sue sale.",
        ),
        Where(
            repository="https://code.example.org/pixel/prenota",
            licence="AGPL-3.0-or-later",
            about="Prenotazione di sale e attrezzi",
        ),
        PIXEL,
        (
            Promise("Pubblicare una versione nuova", 4, "versioni", "year", "pagina delle versioni"),
            Promise("Rispondere alle segnalazioni", 10, "risposte", "month", "registro delle segnalazioni"),
        ),
        Upto.RUNNING,
        sent=-330,
        pact_class="digital",
        officer=MARCO,
        asks={
            "server": Need("Ospitare il servizio per dieci case di quartiere", months=24, plan="medium"),
            "legal": Need("Scelta della licenza e protezione dei dati", 10),
            "funding": Need("Traduzioni e prove con chi usa lettori di schermo", 6_000 * EURO),
        },
        fences=("copyleft", "fee_cap", "asset_lock"),
        measures={"copyleft": (1,), "fee_cap": (3, 4)},
        reports=1,
    ),
    Story(
        TEO,
        What(
            "data_set",
            "Aria di quartiere, misurata da tutti",
            "Sensori sui balconi e un archivio comune dei dati dell'aria, governato da chi li raccoglie.",
        ),
        Where(
            about="Misure orarie di polveri sottili, senza dati di persone",
            licence="ODbL-1.0",
            holds_personal_data=False,
        ),
        PORTICO,
        (
            Promise("Tenere accesi i sensori", 40, "sensori", "month", "tavola dei sensori"),
            Promise("Assemblea di chi ospita un sensore", 4, "assemblee", "year", "verbali"),
        ),
        Upto.RUNNING,
        sent=-300,
        pact_class="data",
        officer=MARCO,
        asks={
            "server": Need("Archivio e interfaccia", months=12, plan="small"),
            "legal": Need("Valutazione della protezione dei dati", 8),
        },
        fences=("copyleft", "no_enclosure_of_data", "transparency"),
        measures={"copyleft": (1,), "no_enclosure_of_data": (0,), "transparency": (95,)},
        reports=0,
    ),
    Story(
        NINA,
        What(
            "place",
            "Piazzetta del pozzo, sedie e ombra",
            "Arrediamo la piazzetta con sedute e piante in vaso, e la teniamo viva la sera.",
        ),
        Where(address="Piazzetta del pozzo", latitude_e6=44_492_500, longitude_e6=11_341_500),
        CORTILE,
        (
            Promise("Aprire e chiudere le sedute", 7, "giorni", "week", "diario"),
            Promise("Serata di lettura", 2, "serate", "month", "foto"),
        ),
        Upto.SUSPENDED,
        sent=-280,
        asks={"funding": Need("Vasi, piante, sedie", 1_200 * EURO)},
        fences=("no_exclusive_use", "open_door"),
        measures={},
        reports=0,
    ),
    Story(
        TEO,
        What(
            "place",
            "Muro di via Ranzani, colori della scuola",
            "Con la scuola dipingiamo e teniamo pulito il muro lungo il marciapiede.",
        ),
        Where(address="Muro di via Ranzani", latitude_e6=44_501_800, longitude_e6=11_356_200),
        PORTICO,
        (
            Promise("Dipingere il muro con la scuola", 1, "opera", "once", "foto prima e dopo"),
            Promise("Togliere le scritte", 6, "interventi", "year", "diario"),
        ),
        Upto.CONCLUDED,
        sent=-420,
        asks={"funding": Need("Vernici", 500 * EURO)},
        fences=("no_exclusive_use",),
        reports=1,
        delivered=100,
        months=9,
    ),
    Story(
        NINA,
        What(
            "place",
            "Biblioteca del cortile",
            "Una piccola biblioteca di scambio sotto il portico, aperta a chi passa.",
        ),
        Where(address="Cortile di via del Pratello", latitude_e6=44_495_400, longitude_e6=11_331_600),
        CORTILE,
        (
            Promise("Tenere aperta la biblioteca", 20, "ore", "week", "orario affisso"),
            Promise("Letture per bambini", 1, "letture", "month", "foglio presenze"),
        ),
        Upto.RUNNING,
        sent=-200,
        officer=MARCO,
        asks={"funding": Need("Scaffali e libri", 900 * EURO)},
        fences=("open_hours", "open_door"),
        measures={"open_hours": (41,)},
        reports=0,
    ),
    Story(
        BRUNO,
        What(
            "software",
            "Giri condivisi, la mappa delle consegne lente",
            "Una mappa libera dei giri di consegna in bicicletta, usata da chi consegna e da chi compra.",
        ),
        Where(
            repository="https://code.example.org/ruota/giri",
            licence="EUPL-1.2",
            about="Mappa dei giri e delle soste",
        ),
        RUOTA,
        (Promise("Aggiornare la mappa", 2, "aggiornamenti", "month", "registro delle modifiche"),),
        Upto.SIGNED,
        sent=-90,
        pact_class="digital",
        asks={"server": Need("Mappa e archivio", months=12, plan="small")},
        fences=("copyleft", "no_change_of_control"),
    ),
    Story(
        ROSA,
        What(
            "place",
            "Orto scolastico di via Larga",
            "Un orto curato dalla scuola e dal quartiere, con un compost aperto a tutti.",
        ),
        Where(address="Scuola di via Larga", latitude_e6=44_496_900, longitude_e6=11_391_000),
        ORTO,
        (
            Promise("Lezioni all'aperto", 3, "lezioni", "month", "registro"),
            Promise("Cura del compost", 1, "volte", "week", "diario"),
        ),
        Upto.SIGNING,
        sent=-80,
        asks={"funding": Need("Cassoni e attrezzi", 1_400 * EURO)},
        fences=("open_hours", "no_exclusive_use"),
    ),
    Story(
        TEO,
        What(
            "place",
            "Portico dei libri",
            "Curiamo il tratto di portico davanti alla biblioteca: luce, sedute, pulizia.",
        ),
        Where(address="Portico di via Nazario Sauro", latitude_e6=44_497_600, longitude_e6=11_338_900),
        PORTICO,
        (Promise("Pulizia del portico", 2, "volte", "week", "diario"),),
        Upto.PROPOSED,
        sent=-70,
        officer=MARCO,
        asks={
            "funding": Need("Sedute e lampade", 3_800 * EURO),
            "legal": Need("Permessi e assicurazione", 6),
        },
        fences=("no_exclusive_use", "open_door"),
    ),
    Story(
        NINA,
        What(
            "place",
            "Campetto di via della Beverara",
            "Rimettiamo in ordine il campetto e lo teniamo aperto a tutte le età.",
        ),
        Where(address="Campetto di via della Beverara", latitude_e6=44_521_000, longitude_e6=11_331_000),
        CORTILE,
        (
            Promise("Apertura del campetto", 30, "ore", "week", "orario affisso"),
            Promise("Piccole riparazioni", 1, "giornata", "month", "foto"),
        ),
        Upto.AGREED,
        sent=-60,
        asks={"funding": Need("Reti e vernice", 2_200 * EURO)},
        fences=("open_hours", "no_exclusive_use"),
    ),
    Story(
        DORA,
        What(
            "data_set",
            "Archivio delle voci di Bolognina",
            "Racconti registrati dal quartiere, con regole decise da chi li ha donati.",
        ),
        Where(
            about="Registrazioni e trascrizioni donate da chi racconta",
            licence="CC-BY-SA-4.0",
            holds_personal_data=True,
        ),
        PIXEL,
        (
            Promise("Raccogliere racconti", 5, "racconti", "month", "catalogo"),
            Promise("Assemblea dei donatori", 2, "assemblee", "year", "verbali"),
        ),
        Upto.SUGGESTED,
        sent=-45,
        pact_class="data",
        officer=MARCO,
        asks={
            "server": Need("Archivio sonoro", months=24, plan="small"),
            "legal": Need("Consensi e revoche", 12),
        },
        fences=("no_enclosure_of_data", "transparency", "open_door"),
    ),
    Story(
        TEO,
        What(
            "place",
            "Aiuole di piazza dell'Unità",
            "Fiori e ombra nelle aiuole della piazza, con chi lavora nei negozi intorno.",
        ),
        Where(address="Piazza dell'Unità", latitude_e6=44_508_500, longitude_e6=11_346_900),
        PORTICO,
        (Promise("Innaffiare le aiuole", 3, "volte", "week", "turni affissi"),),
        Upto.CO_DESIGN,
        sent=-35,
        asks={"funding": Need("Piante e tubi", 700 * EURO)},
        fences=("no_exclusive_use",),
    ),
    Story(
        NINA,
        What(
            "software",
            "Segnala insieme",
            "Un programma libero per segnalare barriere sui marciapiedi e seguirne la soluzione.",
        ),
        Where(
            repository="https://code.example.org/cortile/segnala",
            licence="GPL-3.0-or-later",
            about="Segnalazioni di barriere",
        ),
        CORTILE,
        (Promise("Verificare le segnalazioni", 20, "segnalazioni", "month", "registro"),),
        Upto.SUPPLEMENT,
        sent=-22,
        pact_class="digital",
        asks={"server": Need("Un piccolo server", months=12, plan="small")},
        fences=("copyleft",),
    ),
    Story(
        BRUNO,
        What(
            "place",
            "Rastrelliere di via Zamboni",
            "Riparazione gratuita di biciclette il giovedì, accanto alle rastrelliere.",
        ),
        Where(address="Via Zamboni", latitude_e6=44_497_300, longitude_e6=11_352_800),
        RUOTA,
        (Promise("Ciclofficina gratuita", 1, "pomeriggio", "week", "foglio presenze"),),
        Upto.TAKEN,
        sent=-12,
        officer=MARCO,
        asks={"funding": Need("Attrezzi", 800 * EURO)},
        fences=("no_exclusive_use",),
    ),
    Story(
        ROSA,
        What(
            "place",
            "Panchine della fermata Larga",
            "Tre panchine e una pergola accanto alla fermata, curate da chi aspetta l'autobus.",
        ),
        Where(address="Fermata via Larga", latitude_e6=44_499_100, longitude_e6=11_383_300),
        ORTO,
        (Promise("Cura della pergola", 2, "volte", "month", "diario"),),
        Upto.SENT,
        sent=-3,
        asks={"funding": Need("Legno e piante", 600 * EURO)},
        fences=("no_exclusive_use",),
    ),
    Story(
        TEO,
        What(
            "place",
            "Magazzino privato di via Stalingrado",
            "Uso del magazzino comunale per la merce della nostra bottega.",
        ),
        Where(address="Via Stalingrado", latitude_e6=44_515_000, longitude_e6=11_357_000),
        PORTICO,
        (Promise("Tenere pulito il magazzino", 1, "volte", "month", "foto"),),
        Upto.REFUSED,
        sent=-75,
        fences=(),
        reason="L'uso è riservato al proponente: un patto deve restare aperto a tutti.",
    ),
)
