"""Proposals on their way: drafted, sent, waiting for the group, about to be refused, withdrawn, lapsed."""

from __future__ import annotations

from functools import partial

from portal.proposals.shapes import Need, Promise, What
from seeds.demo import groups
from seeds.demo.calling import STREETS
from seeds.demo.story import MARCO, Upto, digital, place

proposed = partial(place, theme="begun", scene="square")
CARE = Promise("Cura e piccole riparazioni", 2, "volte", "month", "diario")

BEGUN = (
    proposed(
        groups.ORTO,
        "Panchine della fermata Larga",
        "Tre panchine e una pergola accanto alla fermata, curate da chi aspetta l'autobus.",
        ("Fermata via Larga", 44.4991, 11.3833),
        (Promise("Cura della pergola", 2, "volte", "month", "diario"),),
        upto=Upto.SENT,
        sent=-3,
        call=STREETS,
        euro=600,
        spent_on="Legno e piante",
        fences=("no_exclusive_use",),
    ),
    proposed(
        groups.RUOTA,
        "Rastrelliere di via Zamboni",
        "Riparazione gratuita di biciclette il giovedì, accanto alle rastrelliere.",
        ("Via Zamboni", 44.4973, 11.3528),
        (Promise("Ciclofficina gratuita", 1, "pomeriggio", "week", "foglio presenze"),),
        upto=Upto.TAKEN,
        sent=-12,
        call=STREETS,
        is_open_to_all=True,
        officer=MARCO,
        euro=800,
        spent_on="Attrezzi",
        fences=("no_exclusive_use",),
    ),
    digital(
        groups.CORTILE,
        What(
            "software",
            "Segnala insieme",
            "Un programma libero per segnalare barriere sui marciapiedi e seguirne la soluzione.",
        ),
        ("Segnalazioni di barriere", "GPL-3.0-or-later", "cortile/segnala"),
        (Promise("Verificare le segnalazioni", 20, "segnalazioni", "month", "registro"),),
        scene="screen",
        upto=Upto.SUPPLEMENT,
        sent=-22,
        asks={"server": Need("Un piccolo server", months=12, plan="small")},
        fences=("copyleft",),
    ),
    proposed(
        groups.LAME,
        "Ombra per via della Certosa",
        "Venti alberi in vaso lungo il tratto più caldo della strada.",
        ("Via della Certosa", 44.4965, 11.3135),
        (CARE,),
        upto=Upto.SUPPLIED,
        sent=-19,
        is_open_to_all=True,
        euro=1_500,
        fences=("no_exclusive_use", "transparency"),
    ),
    proposed(
        groups.FULMINE,
        "Parcheggio di furgoni sotto il portico",
        "Uso del portico per i furgoni durante la notte, in cambio della pulizia.",
        ("Portico di via Massarenti", 44.4945, 11.3755),
        (CARE,),
        upto=Upto.NOTICED,
        sent=-20,
        reason="Il portico serve a chi cammina: di notte non resterebbe un passaggio sicuro.",
    ),
    proposed(
        groups.STRADA,
        "Fioriere al posto di due parcheggi",
        "Fioriere e una panchina dove oggi ci sono due posti auto.",
        ("Via dell'Orologio", 44.4772, 11.3471),
        (CARE,),
        upto=Upto.REPLIED,
        sent=-26,
        euro=950,
        fences=("no_exclusive_use",),
        reason="I due posti sono riservati a persone con disabilità.",
    ),
    proposed(
        groups.SCHERMO,
        "Schermo nella piazza grande",
        "Proiezioni gratuite d'inverno, in piazza.",
        ("Piazza della Scala", 44.4815, 11.3465),
        (CARE,),
        upto=Upto.WITHDRAWN,
        sent=-52,
    ),
    proposed(
        groups.VICINI,
        "Armadio degli attrezzi in prestito",
        "Un armadio con trapani e scale da prestare nel condominio.",
        ("Via Arno", 44.4575, 11.3815),
        (CARE,),
        upto=Upto.LAPSED,
        sent=-95,
    ),
    proposed(
        groups.CIVETTA,
        "Scivolo per tutti al parco della Civetta",
        "Un gioco che anche chi usa una sedia a rotelle può usare, scelto con i bambini.",
        ("Parco della Civetta, via Bentini", 44.5379, 11.3622),
        (Promise("Controllo dei giochi", 2, "controlli", "month", "scheda"),),
        upto=Upto.SENT,
        sent=-1,
        scene="playground",
        officer=MARCO,
        euro=1_500,
        fences=("no_exclusive_use", "open_door"),
    ),
    proposed(
        groups.MULINI,
        "Forno del rione",
        "Un forno a legna nel cortile della Casa dei Mulini, acceso una volta la settimana.",
        ("Via dei Mulini", 44.5166, 11.3608),
        (CARE,),
        upto=Upto.DRAFT,
        sent=-2,
    ),
)
