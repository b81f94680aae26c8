"""The clauses of the sample pact, in two languages and of real length."""

from __future__ import annotations

from typing import Any


def _clause(
    number: int, key: str, element: str, english: tuple[str, str, str], italian: tuple[str, str, str]
) -> dict[str, Any]:
    names = ("heading", "plain", "text")
    both = {name: {"en": en, "it": it} for name, en, it in zip(names, english, italian, strict=True)}
    return {
        "id": key,
        "library_version": "1",
        "number": number,
        "element": element,
        "locked": False,
        "params": {},
        "none_because": None,
        **both,
    }


CLAUSES: list[dict[str, Any]] = [
    _clause(
        1,
        "definitions",
        "",
        (
            "Definitions and interpretation",
            "If a sentence can be read in two ways, we read it in the way that lets people help.",
            "In this pact the community is the parties named on the side of the community, the city is the municipality with all its offices, and the commons is what clause 2 describes.\n\nIn doubt, the text is read in the way most favourable to the citizens' contribution. The clauses come before the schedules, the schedules before the annexes.",
        ),
        (
            "Definizioni e interpretazione",
            "Se una frase si può leggere in due modi, la leggiamo nel modo che lascia collaborare le persone.",
            "In questo patto la comunità è l'insieme delle parti indicate sul lato della comunità, la città è il Comune con tutti i suoi uffici, il bene comune è quello descritto alla clausola 2.\n\nNel dubbio il testo si legge nel modo più favorevole al contributo dei cittadini. Le clausole prevalgono sui prospetti, i prospetti sugli allegati.",
        ),
    ),
    _clause(
        2,
        "object",
        "art5.a",
        (
            "Object and boundaries",
            "This pact is about Scipione garden, inside the line drawn on the map.",
            "The object is the shared care of the public garden between via Larga and via Scipione dal Ferro, about 2,300 square metres, inside the boundary drawn in annex A, with its shed, its water point and its eleven benches.\n\nThe following remain outside the pact:\n- the playground, which the city keeps and inspects;\n- the trees taller than five metres, which only the city's technicians prune;\n- the buried pipes and cables, wherever they run.\n\nThe state of the garden on the day of hand-over is recorded in a sheet with photographs, signed by both sides within ten days of the start.",
        ),
        (
            "Oggetto e confini",
            "Questo patto riguarda il giardino Scipione, dentro la linea segnata sulla mappa.",
            "Oggetto del patto è la cura condivisa del giardino pubblico tra via Larga e via Scipione dal Ferro, circa 2.300 metri quadrati, entro il confine disegnato nell'allegato A, con il capanno, il punto acqua e le undici panchine.\n\nRestano fuori dal patto:\n- l'area giochi, che la città mantiene e controlla;\n- gli alberi più alti di cinque metri, potati soltanto dai tecnici comunali;\n- le tubazioni e i cavi interrati, ovunque passino.\n\nLo stato del giardino al giorno della consegna risulta da una scheda con fotografie, firmata dalle due parti entro dieci giorni dall'inizio.",
        ),
    ),
    _clause(
        3,
        "objectives",
        "art5.a",
        (
            "Objectives and expected results",
            "We want a garden that is open, planted and used, and we say how we will know.",
            "The parties pursue three objectives: a garden that anybody can enter every day; soil and plants in better health than at hand-over; and neighbours who learn from each other how to grow food.\n\nEach objective has an indicator, a starting value, a target and a date, set out with the indicators of the reports. Where a target is missed, the next report says why and what changes.",
        ),
        (
            "Obiettivi e risultati attesi",
            "Vogliamo un giardino aperto, coltivato e vissuto, e diciamo come lo sapremo.",
            "Le parti perseguono tre obiettivi: un giardino in cui chiunque possa entrare ogni giorno; suolo e piante in condizioni migliori che alla consegna; vicini che imparano gli uni dagli altri a coltivare.\n\nOgni obiettivo ha un indicatore, un valore di partenza, un traguardo e una data. Se un traguardo non è raggiunto, il rapporto successivo spiega perché e che cosa cambia.",
        ),
    ),
    _clause(
        4,
        "actions",
        "art5.a",
        (
            "Actions and calendar",
            "What we do, where and when is written in schedule 1, and it adds to what the city already does.",
            "The actions are those of schedule 1. They add to the ordinary service of the city and do not replace it: collection of waste, lighting and inspection of the playground go on as before.\n\nThe yearly calendar is agreed in January at the coordination table and published at the gate and on the pact's page.\n\nWork with machines is done on weekdays between 9 and 12 and between 16 and 19, never on public holidays.",
        ),
        (
            "Azioni e calendario",
            "Che cosa si fa, dove e quando sta nel prospetto 1, e si aggiunge a quello che la città già fa.",
            "Le azioni sono quelle del prospetto 1. Si aggiungono al servizio ordinario della città e non lo sostituiscono: raccolta dei rifiuti, illuminazione e controllo dell'area giochi continuano come prima.\n\nIl calendario annuale si concorda in gennaio al tavolo di coordinamento ed è esposto al cancello e pubblicato nella pagina del patto.\n\nI lavori con macchine si fanno nei giorni feriali tra le 9 e le 12 e tra le 16 e le 19, mai nei festivi.",
        ),
    ),
    _clause(
        5,
        "conduct",
        "art5.c",
        (
            "Principles and conduct",
            "Everybody is welcome, and nobody is campaigned at.",
            "The parties act in mutual trust, in the open, and in proportion to what the matter requires. Nobody is excluded or treated worse for who they are, what they believe or where they come from.\n\nThe garden is not used for party politics, nor for selling, apart from what clause 15 allows.",
        ),
        (
            "Principi e condotta",
            "Tutti sono benvenuti, e a nessuno si fa propaganda.",
            "Le parti agiscono con fiducia reciproca, alla luce del sole e in proporzione a quanto serve. Nessuno è escluso o trattato peggio per chi è, per ciò in cui crede o per il luogo da cui viene.\n\nIl giardino non si usa per la propaganda di partito né per vendere, salvo quanto consente la clausola 15.",
        ),
    ),
    _clause(
        6,
        "community_commitments",
        "art5.c",
        (
            "Commitments of the community",
            "The community keeps the garden open and cared for, and writes down what it does.",
            "The community keeps the commitments of schedule 1 with the quantities and rhythms stated there, respects the technical prescriptions of annex D and keeps a log open to everybody.\n\nIt names a supervisor for the works and tells the city within five days when the supervisor changes.\n\nIt marks the garden with the plaque that leads to the page of this pact.",
        ),
        (
            "Impegni della comunità",
            "La comunità tiene il giardino aperto e curato, e annota quello che fa.",
            "La comunità mantiene gli impegni del prospetto 1 nelle quantità e nei ritmi indicati, rispetta le prescrizioni tecniche dell'allegato D e tiene un registro aperto a tutti.\n\nNomina un referente per i lavori e comunica alla città entro cinque giorni quando cambia.\n\nSegnala il giardino con la targa che porta alla pagina di questo patto.",
        ),
    ),
    _clause(
        7,
        "city_commitments",
        "art5.c",
        (
            "Commitments of the city",
            "The city keeps its own service going and answers within the days it promised.",
            "The city keeps the commitments of schedule 1. One office is the community's only interlocutor and drives every question through the other offices; it answers within five working days, and within two when something is dangerous.\n\nInspections are announced two days before, except where safety requires otherwise, and their outcome is published with the next report.",
        ),
        (
            "Impegni della città",
            "La città continua il suo servizio e risponde nei giorni che ha promesso.",
            "La città mantiene gli impegni del prospetto 1. Un solo ufficio è l'interlocutore della comunità e porta ogni questione agli altri uffici; risponde entro cinque giorni lavorativi, entro due se c'è un pericolo.\n\nI sopralluoghi si annunciano due giorni prima, salvo ragioni di sicurezza, e l'esito si pubblica con il rapporto successivo.",
        ),
    ),
    _clause(
        8,
        "support",
        "art5.g",
        (
            "Forms of support",
            "Schedule 2 lists all that the city gives. Nobody is paid for caring.",
            "The city supports the actions with what schedule 2 lists, up to the amounts, for the months and under the conditions stated there. What is not used by the end of the term goes back to the pool it came from.\n\nSupport never pays for care work. Whoever works for pay under a contract outside this pact is not a volunteer of this pact.",
        ),
        (
            "Forme di sostegno",
            "Il prospetto 2 elenca tutto ciò che la città dà. Nessuno è pagato per la cura.",
            "La città sostiene le azioni con quanto elencato nel prospetto 2, entro gli importi, per i mesi e alle condizioni lì indicate. Ciò che non è usato al termine torna al fondo da cui proviene.\n\nIl sostegno non retribuisce mai la cura. Chi lavora a pagamento con un contratto esterno al patto non è un volontario di questo patto.",
        ),
    ),
    _clause(
        9,
        "money",
        "art5.g",
        (
            "Money",
            "Money covers costs that things and help cannot cover, and every receipt can be seen.",
            "The contribution covers only costs that support in kind cannot cover: soil, plants, consumables, protective equipment, insurance, and services needed to organise the workshops.\n\nHalf is paid at the start, the rest after each validated report and against receipts:\n- receipts bear the code of this pact;\n- the same cost is not charged to two public bodies;\n- sums not spent are returned within thirty days of the closing report.\n\nPayments above 1,000 euro a year are published with their purpose.",
        ),
        (
            "Denaro",
            "Il denaro copre i costi che cose e aiuto non possono coprire, e ogni ricevuta si può vedere.",
            "Il contributo copre soltanto i costi che il sostegno in natura non può coprire: terra, piante, materiali di consumo, dispositivi di protezione, assicurazione e servizi necessari ai laboratori.\n\nMetà è versata all'inizio, il resto dopo ogni rapporto convalidato e a fronte di ricevute:\n- le ricevute portano il codice di questo patto;\n- lo stesso costo non si addebita a due enti pubblici;\n- le somme non spese si restituiscono entro trenta giorni dal rapporto finale.\n\nI pagamenti oltre 1.000 euro l'anno sono pubblicati con il loro scopo.",
        ),
    ),
    _clause(
        10,
        "materials",
        "art5.g",
        (
            "Materials, tools and keys",
            "Tools are lent, looked after, and given back.",
            "Tools, protective equipment and keys are handed over on loan with a list that says in what condition they are. They are used with care, lent to other pacts when free, and returned at the end, except what use has consumed.\n\nThree people hold keys at any time, so that opening never depends on one of them. A lost key is reported the same day.",
        ),
        (
            "Materiali, attrezzi e chiavi",
            "Gli attrezzi si prestano, si tengono bene e si restituiscono.",
            "Attrezzi, dispositivi di protezione e chiavi si consegnano in comodato con un elenco che ne dice lo stato. Si usano con cura, si prestano ad altri patti quando sono liberi e si restituiscono alla fine, tranne ciò che l'uso ha consumato.\n\nTre persone hanno le chiavi in ogni momento, così che l'apertura non dipenda mai da una sola. Una chiave persa si segnala il giorno stesso.",
        ),
    ),
    _clause(
        11,
        "use",
        "art5.d",
        (
            "Collective use and openness",
            "The garden belongs to no group: anybody may enter, book and join.",
            "The garden is open to everybody at least for the hours of fence 1, without membership and without payment. Beds may be entrusted to a household for a year; paths, benches, shade and water are always common.\n\nThe shed is booked on the pact's page, the same day at the earliest for neighbours and groups alike; no group may book more than four days in a month.\n\nWhoever wishes to join this pact asks at the gate or on the page and gets an answer within fifteen days. A refusal gives its reason and can be taken to conciliation.",
        ),
        (
            "Uso collettivo e apertura",
            "Il giardino non è di nessun gruppo: chiunque può entrare, prenotare e aderire.",
            "Il giardino è aperto a tutti almeno per le ore del recinto 1, senza tessera e senza pagare. Le aiuole si possono affidare a una famiglia per un anno; vialetti, panchine, ombra e acqua sono sempre comuni.\n\nIl capanno si prenota nella pagina del patto, alle stesse condizioni per vicini e gruppi; nessun gruppo può prenotare più di quattro giorni in un mese.\n\nChi vuole aderire al patto lo chiede al cancello o nella pagina e riceve risposta entro quindici giorni. Un rifiuto è motivato e si può portare in conciliazione.",
        ),
    ),
    _clause(
        12,
        "governance",
        "art5.c",
        (
            "Governance",
            "We decide in an assembly where every person has one vote.",
            "The assembly of those who care for the garden meets at least twice a year; every person has one vote, minutes are public within ten days.\n\nA coordination table of two people for each side meets every three months. Whoever has a private interest in a matter says so and leaves the table for that matter.",
        ),
        (
            "Governo",
            "Decidiamo in un'assemblea in cui ogni persona ha un voto.",
            "L'assemblea di chi cura il giardino si riunisce almeno due volte l'anno; ogni persona ha un voto e i verbali sono pubblici entro dieci giorni.\n\nUn tavolo di coordinamento di due persone per parte si riunisce ogni tre mesi. Chi ha un interesse privato in una questione lo dichiara e lascia il tavolo per quella questione.",
        ),
    ),
    _clause(
        13,
        "safety",
        "art5.e",
        (
            "Safety and risk",
            "Before anybody picks up a tool, they have read what can go wrong.",
            "The city has informed the community of the specific risks of the place and of the emergency measures by the risk sheet in annex B. Each volunteer reads it and acknowledges it before the first turn.\n\nNobody uses ladders above two metres, chainsaws or chemicals. The supervisor stops any work that is not safe. Minors take part with the consent of those who have parental responsibility and beside an adult.",
        ),
        (
            "Sicurezza e rischi",
            "Prima di prendere in mano un attrezzo ognuno ha letto che cosa può andare storto.",
            "La città ha informato la comunità dei rischi specifici del luogo e delle misure di emergenza con la scheda rischi dell'allegato B. Ogni volontario la legge e ne dà atto prima del primo turno.\n\nNessuno usa scale oltre i due metri, motoseghe o prodotti chimici. Il referente ferma ogni lavoro che non è sicuro. I minori partecipano con il consenso di chi ha la responsabilità genitoriale e accanto a un adulto.",
        ),
    ),
    _clause(
        14,
        "insurance",
        "art5.e",
        (
            "Insurance and liability",
            "Volunteers are insured for injuries and for harm to others; each side answers for its own tasks.",
            "The policies of annex C cover injuries of the volunteers and harm to third persons for the whole term. No action starts or goes on without a policy in force.\n\nEach side answers for the tasks it has taken on in schedule 1. The city stays answerable for the structure of the place, the tall trees and the playground.",
        ),
        (
            "Assicurazione e responsabilità",
            "I volontari sono assicurati per gli infortuni e per i danni ad altri; ogni parte risponde dei propri compiti.",
            "Le polizze dell'allegato C coprono gli infortuni dei volontari e i danni a terzi per tutta la durata. Nessuna azione comincia o continua senza una polizza in vigore.\n\nOgni parte risponde dei compiti che ha assunto nel prospetto 1. La città resta responsabile della struttura del luogo, degli alberi alti e dell'area giochi.",
        ),
    ),
    _clause(
        15,
        "self_financing",
        "art5.g",
        (
            "Self-financing and sponsors",
            "We may raise money in the open, and it goes back into the garden.",
            "The community may hold up to six events a year and receive gifts to finance the actions. Income and expenses are written in a ledger open to everybody, and fence 2 says how much returns to the garden.\n\nA sponsor may be thanked with its name, never with a right over the garden, its hours or its users.",
        ),
        (
            "Autofinanziamento e sponsor",
            "Possiamo raccogliere denaro alla luce del sole, e torna al giardino.",
            "La comunità può tenere fino a sei iniziative l'anno e ricevere doni per finanziare le azioni. Entrate e uscite sono scritte in un registro aperto a tutti, e il recinto 2 dice quanto torna al giardino.\n\nUno sponsor si può ringraziare con il suo nome, mai con un diritto sul giardino, sui suoi orari o su chi lo usa.",
        ),
    ),
    _clause(
        16,
        "guarantees",
        "art5.f",
        (
            "Guarantees",
            "Nobody has to deposit money.",
            "The parties agree that no guarantee is required: the city's yearly exposure is below 2,000 euro, tools stay municipal property, and the advance is settled against receipts before any further payment.",
        ),
        (
            "Garanzie",
            "Nessuno deve depositare denaro.",
            "Le parti concordano che non serve alcuna garanzia: l'esposizione annua della città è sotto i 2.000 euro, gli attrezzi restano comunali e l'anticipo si salda a fronte di ricevute prima di ogni altro pagamento.",
        ),
    ),
    _clause(
        17,
        "licences",
        "art5.l",
        (
            "Works, licences and names",
            "What we write, draw and photograph for the garden can be used again by anybody.",
            "Texts, drawings, photographs and teaching material made under this pact are published under the Creative Commons Attribution-ShareAlike 4.0 licence; data under the Open Database License 1.0. Authors are always named unless they ask not to be.\n\nThe name of the garden is held in common: neither side registers it as a trade mark.",
        ),
        (
            "Opere, licenze e nomi",
            "Ciò che scriviamo, disegniamo e fotografiamo per il giardino può essere riusato da chiunque.",
            "Testi, disegni, fotografie e materiali didattici prodotti con questo patto si pubblicano con licenza Creative Commons Attribuzione-Condividi allo stesso modo 4.0; i dati con Open Database License 1.0. Gli autori sono sempre nominati, salvo che chiedano il contrario.\n\nIl nome del giardino è comune: nessuna parte lo registra come marchio.",
        ),
    ),
    _clause(
        18,
        "fences",
        "art5.h",
        (
            "Institutional fences",
            "Three simple measures, public at any time, keep the garden from being taken over.",
            "The fences of schedule 3 are measured with the frequency and from the sources stated there; the measures are public. When a fence is close to its limit the coordination table talks about it at its next meeting.\n\nWhen a fence is breached, a person and never a machine decides, step by step:\n- the city asks what happened and hears the community;\n- a plan to put it right is agreed within thirty days;\n- support is suspended until the plan is carried out;\n- the end of the pact is proposed to those who signed it.",
        ),
        (
            "Recinti istituzionali",
            "Tre misure semplici, sempre pubbliche, impediscono che qualcuno si prenda il giardino.",
            "I recinti del prospetto 3 si misurano con la frequenza e dalle fonti lì indicate; le misure sono pubbliche. Quando un recinto è vicino al limite se ne parla alla prima riunione del tavolo di coordinamento.\n\nQuando un recinto è violato decide una persona, mai una macchina, un passo alla volta:\n- la città chiede che cosa è successo e ascolta la comunità;\n- entro trenta giorni si concorda un piano di rimedio;\n- il sostegno è sospeso finché il piano non è attuato;\n- la fine del patto è proposta a chi lo ha firmato.",
        ),
    ),
    _clause(
        19,
        "privacy",
        "art5.h",
        (
            "Personal data",
            "We write down as little as possible about people.",
            "Each side processes personal data only as far as this pact requires and keeps them no longer than the law asks. Turns at the gate are counted, not tracked. Photographs in which a person can be recognised are published only with that person's consent.",
        ),
        (
            "Dati personali",
            "Annotiamo il meno possibile sulle persone.",
            "Ogni parte tratta i dati personali solo per quanto questo patto richiede e non li conserva oltre quanto chiede la legge. I turni al cancello si contano, non si tracciano. Le fotografie in cui una persona è riconoscibile si pubblicano solo con il suo consenso.",
        ),
    ),
    _clause(
        20,
        "reporting",
        "art5.h",
        (
            "Documentation, monitoring and reporting",
            "Every six months we say what we wanted, did, reached and spent.",
            "The community sends the reports of schedule 4. Each has four parts: objectives, actions, results, resources; every number names its source. The city checks a report within twenty days and publishes it.\n\nOnce a year the parties present the results in the garden, to whoever comes. Before any renewal the community fills in the Community Balance.",
        ),
        (
            "Documentazione, monitoraggio e rendicontazione",
            "Ogni sei mesi diciamo che cosa volevamo, abbiamo fatto, raggiunto e speso.",
            "La comunità invia i rapporti del prospetto 4. Ognuno ha quattro parti: obiettivi, azioni, risultati, risorse; ogni numero dice la sua fonte. La città controlla un rapporto entro venti giorni e lo pubblica.\n\nUna volta l'anno le parti presentano i risultati nel giardino, a chiunque venga. Prima di ogni rinnovo la comunità compila il Bilancio comunitario.",
        ),
    ),
    _clause(
        21,
        "duration",
        "art5.b",
        (
            "Duration and renewal",
            "Three years, and then we look at it together before going on.",
            "The pact lasts from 1 December 2026 to 30 November 2029. It does not renew itself. Ninety days before the end the parties meet and decide among five outcomes: extended, renewed, opened to others, redesigned or concluded.",
        ),
        (
            "Durata e rinnovo",
            "Tre anni, e poi lo guardiamo insieme prima di continuare.",
            "Il patto dura dal 1° dicembre 2026 al 30 novembre 2029. Non si rinnova da sé. Novanta giorni prima della fine le parti si incontrano e scelgono tra cinque esiti: prorogato, rinnovato, aperto ad altri, riprogettato o concluso.",
        ),
    ),
    _clause(
        22,
        "changes",
        "art5.m",
        (
            "Amendments and addenda",
            "We can change this pact, in writing and together.",
            "Either side may propose a change on the pact's page. What touches quantities within a fifth is settled by the coordination table and noted in its minutes; all else takes an addendum, agreed and signed like this pact and bearing a number of its own.",
        ),
        (
            "Modifiche e addenda",
            "Possiamo cambiare questo patto, per iscritto e insieme.",
            "Ciascuna parte può proporre una modifica nella pagina del patto. Ciò che tocca le quantità entro un quinto si definisce al tavolo di coordinamento e si annota a verbale; tutto il resto richiede un addendum, concordato e firmato come questo patto e con un numero proprio.",
        ),
    ),
    _clause(
        23,
        "end",
        "art5.i",
        (
            "Suspension, early end and exclusion",
            "Either side can stop, after saying why and listening.",
            "The city may suspend the pact for safety, for a serious breach or for an overriding public interest; the suspension states its reason and the day on which it is reviewed, at most sixty days later.\n\nEither side may end the pact with sixty days' notice. A person who repeatedly disregards clause 5 or clause 13 may be excluded from the turns by the assembly, after being heard.",
        ),
        (
            "Sospensione, fine anticipata ed esclusione",
            "Ciascuna parte può fermarsi, dopo aver detto perché e ascoltato.",
            "La città può sospendere il patto per sicurezza, per una violazione grave o per un interesse pubblico prevalente; la sospensione indica la ragione e il giorno in cui è riesaminata, al più tardi dopo sessanta giorni.\n\nCiascuna parte può concludere il patto con un preavviso di sessanta giorni. Chi trascura più volte le clausole 5 o 13 può essere escluso dai turni dall'assemblea, dopo essere stato ascoltato.",
        ),
    ),
    _clause(
        24,
        "after",
        "art5.l",
        (
            "Effects of the end",
            "When it ends, the garden and what grew in it stay with everybody.",
            "At the end the community returns keys and tools within fifteen days. Plants, works and improvements stay with the city, without indemnity and open to all. The data of the booking page are exported in an open format, handed over and then deleted from the server.",
        ),
        (
            "Effetti della fine",
            "Quando finisce, il giardino e ciò che vi è cresciuto restano a tutti.",
            "Alla fine la comunità restituisce chiavi e attrezzi entro quindici giorni. Piante, opere e migliorie restano alla città, senza indennizzo e aperte a tutti. I dati della pagina di prenotazione si esportano in un formato aperto, si consegnano e poi si cancellano dal server.",
        ),
    ),
    _clause(
        25,
        "disputes",
        "art5.i",
        (
            "Disputes",
            "If we quarrel, three people listen to us and propose a way out within thirty days.",
            "A dispute goes first to a committee of three: one person named by the community, one by the city, one chosen by both. The committee proposes a solution within thirty days of the request. The proposal does not bind; the way to the courts stays open.",
        ),
        (
            "Controversie",
            "Se litighiamo, tre persone ci ascoltano e propongono una via d'uscita entro trenta giorni.",
            "Una controversia va prima a un comitato di tre persone: una nominata dalla comunità, una dalla città, una scelta insieme. Il comitato propone una soluzione entro trenta giorni dalla richiesta. La proposta non è vincolante; resta aperta la via del giudice.",
        ),
    ),
    _clause(
        26,
        "final",
        "art5.h",
        (
            "Final provisions",
            "This pact is public, and the signed text is the one that counts.",
            "The pact is published on the portal of the city in an edition without personal data. Notices between the parties go through the pact's page and the addresses of the parties.\n\nThe pact is signed electronically. If a clause is void, the others stand.",
        ),
        (
            "Disposizioni finali",
            "Questo patto è pubblico, e conta il testo firmato.",
            "Il patto è pubblicato sul portale della città in un'edizione senza dati personali. Le comunicazioni tra le parti passano dalla pagina del patto e dagli indirizzi delle parti.\n\nIl patto è firmato elettronicamente. Se una clausola è nulla, le altre restano valide.",
        ),
    ),
]
