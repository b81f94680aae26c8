"""Places for children, cared for by families, schools and neighbours."""

from __future__ import annotations

from functools import partial

from portal.proposals.shapes import Need, Promise
from seeds.demo import groups
from seeds.demo.story import MARCO, Upto, place

young = partial(place, theme="children", scene="playground")
GAME = Promise("Pomeriggio di giochi", 1, "pomeriggio", "week", "foglio presenze")
CHECK = Promise("Controllo dei giochi", 2, "controlli", "month", "scheda dei controlli")

YOUNG = (
    young(
        groups.CIVETTA,
        "Parco giochi della Civetta",
        "Controlliamo i giochi, ripariamo le panchine e apriamo la casetta degli attrezzi.",
        ("Parco della Civetta, via Bentini", 44.5375, 11.3615),
        (CHECK, GAME),
        upto=Upto.RUNNING,
        sent=-310,
        euro=1_100,
        fences=("no_exclusive_use", "open_door"),
    ),
    young(
        groups.SCUOLA_FIUME,
        "Piedibus lungo il fiume",
        "Ogni mattina tre linee di bambini a piedi, con adulti a turno e un percorso curato.",
        ("Scuola lungo il fiume, via della Riva", 44.5035, 11.2885),
        (Promise("Linee del mattino", 15, "linee", "week", "registro della scuola"),),
        upto=Upto.RUNNING,
        sent=-160,
        scene="river",
        euro=300,
        spent_on="Pettorine e segnaletica",
        fences=("no_exclusive_use",),
    ),
    young(
        groups.CORTILE,
        "Biblioteca del cortile",
        "Una piccola biblioteca di scambio sotto il portico, aperta a chi passa.",
        ("Cortile di via del Pratello", 44.4954, 11.3316),
        (
            Promise("Tenere aperta la biblioteca", 20, "ore", "week", "orario affisso"),
            Promise("Letture per bambini", 1, "lettura", "month", "foglio presenze"),
        ),
        upto=Upto.RUNNING,
        sent=-200,
        scene="portico",
        officer=MARCO,
        delivered=50,
        euro=900,
        spent_on="Scaffali e libri",
        asks={
            "materials": Need("Un gazebo smontabile e otto cassette per i libri", 9),
            "spaces": Need("Una sala per le letture quando fa freddo", 60),
        },
        fences=("open_hours", "open_door"),
        measures={"open_hours": (41, 38, 40)},
    ),
    young(
        groups.CIVETTA,
        "Ludoteca dei nonni",
        "Dieci mesi di giochi di una volta, con nonne e nonni come maestri.",
        ("Via del Parco", 44.4805, 11.3955),
        (GAME,),
        upto=Upto.CONCLUDED,
        sent=-600,
        months=10,
        ended=-247,
        scene="house",
        euro=750,
        fences=("no_exclusive_use",),
    ),
    young(
        groups.SCUOLA,
        "Cortile scolastico aperto",
        "Nel pomeriggio il cortile della scuola è di tutto il rione.",
        ("Cortile della scuola di via Larga", 44.4972, 11.3925),
        (Promise("Apertura pomeridiana", 21, "ore", "week", "registro della scuola"), GAME),
        upto=Upto.RUNNING,
        sent=-250,
        euro=1_000,
        fences=("open_hours", "no_exclusive_use"),
    ),
    young(
        groups.GENITORI,
        "Giochi di strada del sabato",
        "Per sei mesi, il sabato mattina, via dei Tigli è stata dei bambini.",
        ("Via dei Tigli", 44.4845, 11.3585),
        (GAME,),
        upto=Upto.RUNNING,
        sent=-260,
        months=6,
        euro=200,
        fences=("no_exclusive_use",),
    ),
)
