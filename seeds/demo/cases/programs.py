"""The digital commons of the demonstration: programs, networks and data."""

from __future__ import annotations

from functools import partial

from portal.proposals.shapes import Need, Promise, What
from seeds.demo import groups
from seeds.demo.story import Upto, digital

program = partial(digital, scene="screen")
counted = partial(digital, scene="measures")
RELEASE = Promise("Pubblicare una versione nuova", 4, "versioni", "year", "pagina delle versioni")
ANSWER = Promise("Rispondere alle segnalazioni", 10, "risposte", "month", "registro delle segnalazioni")
ASSEMBLY = Promise("Assemblea di chi partecipa", 4, "assemblee", "year", "verbali")
SMALL = Need("Un server per il servizio", months=24, plan="small")

PROGRAMS = (
    program(
        groups.PIXEL,
        What(
            "software",
            "Prenota Comune, prenotazioni senza padroni",
            "Un programma libero con cui ogni casa di quartiere gestisce le sue sale.",
        ),
        ("Prenotazione di sale e attrezzi", "AGPL-3.0-or-later", "pixel/prenota"),
        (RELEASE, ANSWER),
        upto=Upto.RUNNING,
        sent=-330,
        delivered=60,
        asks={
            "server": Need("Ospitare il servizio per dieci case di quartiere", months=24, plan="medium"),
            "legal": Need("Scelta della licenza e protezione dei dati", 10),
        },
        euro=6_000,
        spent_on="Traduzioni e prove con chi usa lettori di schermo",
        fences=("copyleft", "fee_cap", "asset_lock"),
        measures={"fee_cap": (3, 4)},
    ),
    counted(
        groups.MISURE,
        What(
            "data_set",
            "Aria di quartiere, misurata da tutti",
            "Sensori sui balconi e un archivio comune dei dati dell'aria, governato da chi li raccoglie.",
        ),
        ("Misure orarie di polveri sottili, senza dati di persone", "ODbL-1.0", ""),
        (Promise("Tenere accesi i sensori", 40, "sensori", "month", "tavola dei sensori"), ASSEMBLY),
        upto=Upto.RUNNING,
        sent=-300,
        asks={"server": SMALL, "legal": Need("Valutazione della protezione dei dati", 8)},
        fences=("copyleft", "no_enclosure_of_data", "transparency"),
    ),
    program(
        groups.RUOTA,
        What(
            "software",
            "Giri condivisi, la mappa delle consegne lente",
            "Una mappa libera dei giri di consegna in bicicletta, usata da chi consegna e da chi compra.",
        ),
        ("Mappa dei giri e delle soste", "EUPL-1.2", "ruota/giri"),
        (Promise("Aggiornare la mappa", 2, "aggiornamenti", "month", "registro delle modifiche"),),
        upto=Upto.RUNNING,
        sent=-90,
        delivered=0,
        asks={"server": SMALL},
        fences=("copyleft", "no_change_of_control"),
        measures={"copyleft": (), "no_change_of_control": ()},
    ),
    counted(
        groups.PIXEL,
        What(
            "data_set",
            "Archivio delle voci di Bolognina",
            "Racconti registrati dal quartiere, con regole decise da chi li ha donati.",
        ),
        ("Registrazioni e trascrizioni donate da chi racconta", "CC-BY-SA-4.0", ""),
        (Promise("Raccogliere racconti", 5, "racconti", "month", "catalogo"), ASSEMBLY),
        has_people=True,
        upto=Upto.SUGGESTED,
        sent=-45,
        asks={"server": SMALL, "legal": Need("Consensi e revoche", 12)},
        fences=("no_enclosure_of_data", "transparency", "open_door"),
    ),
    program(
        groups.TETTI,
        What(
            "software",
            "Rete dei tetti, Internet di vicinato",
            "Antenne sui tetti, collegate tra loro: una rete neutrale che appartiene a chi la usa.",
        ),
        ("Programmi dei nodi e mappa della rete", "GPL-3.0-or-later", "tetti/rete"),
        (Promise("Tenere attivi i nodi", 30, "nodi", "month", "mappa dei nodi"), ANSWER, ASSEMBLY),
        upto=Upto.RUNNING,
        sent=-265,
        scene="network",
        asks={"server": SMALL},
        euro=1_500,
        spent_on="Antenne e alimentatori",
        fences=("copyleft", "fee_cap", "open_door"),
        measures={"fee_cap": (9, 14), "open_door": ()},
    ),
    counted(
        groups.PASSI,
        What(
            "data_set",
            "Mappa delle barriere",
            "Gradini, buche, semafori muti: una mappa aperta fatta da chi ci inciampa.",
        ),
        ("Punti e fotografie di barriere, senza persone", "ODbL-1.0", ""),
        (Promise("Verificare le segnalazioni", 20, "segnalazioni", "month", "registro"), ASSEMBLY),
        upto=Upto.SUSPENDED,
        sent=-250,
        ended=-26,
        asks={"server": SMALL},
        fences=("copyleft", "no_enclosure_of_data"),
        why_ended="Si rifanno le fotografie in cui si riconosceva chi passava.",
    ),
    counted(
        groups.MISURE,
        What(
            "data_set",
            "Il rumore della notte",
            "Fonometri alle finestre della zona dei locali, e un patto su come usare i numeri.",
        ),
        ("Livelli sonori ogni minuto, senza registrazioni", "ODbL-1.0", ""),
        (Promise("Pubblicare i livelli", 1, "tavola", "month", "archivio dei dati"), ASSEMBLY),
        upto=Upto.RUNNING,
        sent=-235,
        euro=1_200,
        spent_on="Otto fonometri tarati",
        fences=("no_enclosure_of_data", "transparency"),
        measures={"transparency": (48, 78)},
    ),
    counted(
        groups.RUOTA,
        What(
            "data_set",
            "Il lavoro in bici, i dati di chi consegna",
            "Chi consegna dona i tempi dei suoi giri, e decide chi può guardarli.",
        ),
        ("Tempi e distanze dei giri, donati da chi consegna", "ODbL-1.0", ""),
        (Promise("Raccogliere i giri donati", 60, "giri", "month", "catalogo"), ASSEMBLY),
        has_people=True,
        upto=Upto.RUNNING,
        sent=-140,
        asks={"server": SMALL, "legal": Need("Valutazione d'impatto", 14)},
        fences=("no_enclosure_of_data", "transparency", "distribution_limit"),
    ),
    program(
        groups.QUADERNI,
        What(
            "software",
            "Quaderni aperti",
            "Un programma libero per gli esercizi della scuola primaria, scritto con le maestre.",
        ),
        ("Esercizi e schede", "AGPL-3.0-or-later", "quaderni/aperti"),
        (RELEASE, ANSWER),
        upto=Upto.CONCLUDED,
        sent=-720,
        months=18,
        ended=-118,
        asks={"server": SMALL},
        euro=1_500,
        spent_on="Prove in classe e traduzioni",
        fences=("copyleft", "trademark"),
    ),
    program(
        groups.ANZIANI,
        What(
            "software",
            "Rete senza fili dei centri anziani",
            "Accesso libero nei centri sociali, curato da chi li frequenta.",
        ),
        ("Configurazione dei punti di accesso", "GPL-3.0-or-later", "centri/rete"),
        (Promise("Tenere attivi i punti di accesso", 12, "punti", "month", "tavola dei punti"), ANSWER),
        upto=Upto.SUSPENDED,
        sent=-360,
        ended=-50,
        scene="network",
        delivered=50,
        euro=1_400,
        fences=("copyleft", "open_door"),
        why_ended="Si cambia fornitore della linea: la rete è spenta fino al collaudo.",
    ),
    program(
        groups.QUADERNI,
        What(
            "software",
            "Che si fa stasera, il calendario del rione",
            "Un calendario libero in cui ogni gruppo scrive i suoi incontri, senza pubblicità.",
        ),
        ("Calendario degli incontri", "EUPL-1.2", "quaderni/calendario"),
        (RELEASE, ANSWER),
        upto=Upto.RUNNING,
        sent=-112,
        asks={"server": SMALL},
        fences=("copyleft", "step_in"),
    ),
)
