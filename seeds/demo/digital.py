"""The digital commons of the demonstration: programs and data."""

from __future__ import annotations

from portal.proposals.shapes import Need, Promise, What, Where
from seeds.demo.story import BRUNO, CORTILE, DORA, EURO, MARCO, NINA, PIXEL, PORTICO, RUOTA, TEO, Story, Upto

DIGITAL = (
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
)
