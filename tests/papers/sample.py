"""A whole pact, as its version's JSON and the people around it: the garden of via Larga, invented."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from portal import crypto
from portal.pacts.papers import Course, Imprint, Party, Period, Signature
from portal.pacts.papers.reported import Deviation, Kept, Measured, Next, Reported, Result, Used
from tests.papers.sample_clauses import CLAUSES

TEXT: dict[str, Any] = {
    "schema": "pact/1",
    "code": "BO-2026-041",
    "title": "Scipione garden, cared for by its neighbours",
    "summary": (
        "The association Orti di Via Larga and the City look after the garden together: planting, opening hours, "
        "tools, and a free Saturday workshop."
    ),
    "class": "ordinary",
    "profile": {"city": "bologna", "regulation": "2023", "version": "2023-01-01"},
    "language": "en",
    "languages": ["en", "it"],
    "commons": {
        "kind": "place",
        "title": "Scipione garden",
        "address": "Via Larga, corner of via Scipione dal Ferro",
        "district": "San Donato-San Vitale",
        "latitude": "44.4969",
        "longitude": "11.3752",
        "repository": "",
        "licence": "",
        "about": "A public garden of 2,300 square metres with a water point and a shed.",
    },
    "parties": [
        {
            "id": "community",
            "side": "community",
            "name": "Orti di Via Larga",
            "kind": "association",
            "capacity": "legal_representative",
        },
        {"id": "neighbour", "side": "community", "name": "", "kind": "citizen", "capacity": "citizen"},
        {
            "id": "city",
            "side": "city",
            "name": "Comune di Bologna",
            "kind": "public_body",
            "capacity": "signatory",
            "office": "District San Donato-San Vitale, Green areas",
        },
    ],
    "starts_on": "2026-12-01",
    "ends_on": "2029-11-30",
    "clauses": CLAUSES,
    "commitments": [
        {
            "id": "c1",
            "side": "community",
            "what": "Open the gate to everybody",
            "quantity": 46,
            "unit": "hours",
            "per": "week",
            "evidence": "Opening log at the gate",
            "due_on": None,
        },
        {
            "id": "c2",
            "side": "community",
            "what": "Free Saturday workshop on growing food",
            "quantity": 1,
            "unit": "workshop",
            "per": "month",
            "evidence": "Date, topic and number of people in the log",
            "due_on": None,
        },
        {
            "id": "c3",
            "side": "community",
            "what": "Plant fruit trees along the north hedge",
            "quantity": 12,
            "unit": "trees",
            "per": "once",
            "evidence": "Photograph from the same point, list of species",
            "due_on": "2027-03-31",
        },
        {
            "id": "c4",
            "side": "city",
            "what": "Water point kept working, water paid by the city",
            "quantity": 1,
            "unit": "check",
            "per": "quarter",
            "evidence": "Technician's sheet",
            "due_on": None,
        },
        {
            "id": "c5",
            "side": "city",
            "what": "Pruning of the tall trees, which volunteers must not climb",
            "quantity": 1,
            "unit": "visit",
            "per": "year",
            "evidence": "Work order closed",
            "due_on": None,
        },
        {
            "id": "c6",
            "side": "city",
            "what": "Answer to a report of danger",
            "quantity": 2,
            "unit": "working days",
            "per": "once",
            "evidence": "Time of report and of answer",
            "due_on": None,
        },
    ],
    "support": [
        {
            "id": "s1",
            "kind": "funding",
            "what": "Contribution to costs",
            "amount": 420000,
            "unit": "cent",
            "months": 36,
            "value_cents": 420000,
            "plan": "",
            "conditions": "Paid against receipts; half in advance; no pay for care work",
        },
        {
            "id": "s2",
            "kind": "legal",
            "what": "Help with statute, insurance and licences",
            "amount": 13,
            "unit": "hour",
            "months": 12,
            "value_cents": 130000,
            "plan": "",
            "conditions": "By appointment",
        },
        {
            "id": "s3",
            "kind": "server",
            "what": "Booking page and garden log",
            "amount": 2,
            "unit": "vcpu",
            "months": 36,
            "value_cents": 100000,
            "plan": "small",
            "conditions": "Data in the European Union; export on request; hand-over at the end",
        },
        {
            "id": "s4",
            "kind": "materials",
            "what": "Tools, gloves and first-aid box on loan",
            "amount": 1,
            "unit": "set",
            "months": 36,
            "value_cents": 190000,
            "plan": "",
            "conditions": "Returned at the end, except what wears out",
        },
    ],
    "fences": [
        {
            "id": "f1",
            "catalogue": "open_hours",
            "title": {"en": "Open every day", "it": "Aperto ogni giorno"},
            "sentence": {
                "en": "The garden stays open to everybody, without membership, at least these hours a week.",
                "it": "Il giardino resta aperto a tutti, senza tessera, almeno queste ore a settimana.",
            },
            "comparator": "at_least",
            "threshold": 40,
            "unit": "hours_week",
            "frequency": "month",
            "source": "Opening log",
        },
        {
            "id": "f2",
            "catalogue": "reinvestment",
            "title": {"en": "Money back into the garden", "it": "Il ricavato torna al giardino"},
            "sentence": {
                "en": "Of what workshops and events earn, at least this share is spent on the garden.",
                "it": "Di quanto incassano laboratori e feste, almeno questa quota si spende per il giardino.",
            },
            "comparator": "at_least",
            "threshold": 60,
            "unit": "percent",
            "frequency": "quarter",
            "source": "Ledger of the association",
        },
        {
            "id": "f3",
            "catalogue": "fee_cap",
            "title": {"en": "Fee cap", "it": "Tetto alle quote"},
            "sentence": {
                "en": "Nobody pays more than this for a workshop; whoever cannot pay pays nothing.",
                "it": "Nessuno paga più di così per un laboratorio; chi non può non paga.",
            },
            "comparator": "at_most",
            "threshold": 500,
            "unit": "cents",
            "frequency": "quarter",
            "source": "Price list at the gate",
        },
    ],
    "reports": {"every_months": 6, "first_due_on": "2027-06-14"},
}

# Everything in here is personal and must be nowhere in the public edition.
PERSONAL = (
    "Ottavia Brandolini",
    "Zeno Malaguti",
    "Ludovica Ferrarin",
    "Amos Tinarelli",
    "Via dei Fornaciai 118",
    "Vicolo Quietini 7",
    "BRNTTV71A41A944K",
    "MLGZNE85C03A944T",
)

PEOPLE = (
    Party(
        "community",
        represented_by="Ottavia Brandolini",
        address="Via dei Fornaciai 118, 40129 Bologna",
        tax_code="BRNTTV71A41A944K",
        members=("Ottavia Brandolini", "Amos Tinarelli"),
        signatures=(
            Signature(
                "Ottavia Brandolini",
                "President",
                datetime(2026, 11, 16, 9, 2, tzinfo=UTC),
                "Account and one-time code",
            ),
        ),
    ),
    Party(
        "neighbour",
        represented_by="Zeno Malaguti",
        address="Vicolo Quietini 7, 40127 Bologna",
        tax_code="MLGZNE85C03A944T",
        signatures=(
            Signature(
                "Zeno Malaguti",
                "Citizen",
                datetime(2026, 11, 16, 17, 40, tzinfo=UTC),
                "Account and one-time code",
            ),
        ),
    ),
    Party(
        "city",
        represented_by="Ludovica Ferrarin",
        signatures=(
            Signature(
                "Ludovica Ferrarin",
                "Director of the district",
                datetime(2026, 11, 18, 11, 15, tzinfo=UTC),
                "Account and second factor",
            ),
        ),
    ),
)

CHECK_URL = "https://patti.city.example/verify/K7TQ-M3XR-92WD"

IMPRINT = Imprint(
    city="Comune di Bologna",
    office="District San Donato-San Vitale",
    version=7,
    content_hash=crypto.sha256_hex(crypto.canonical(TEXT)),
    verification_code="K7TQ-M3XR-92WD",
    check_url=CHECK_URL,
    issued_at=datetime(2026, 11, 18, 11, 16, tzinfo=UTC),
    protocol="P.G. 712004/2026",
    annexes=(
        "Map and boundary of the garden",
        "Risk sheet, with acknowledgements",
        "Insurance policy",
        "Opinions of the offices",
        "Outcome of the observations",
    ),
)

COURSE = Course(
    citations=(
        "The Constitution entrusts activities of general interest also to citizens, alone or associated (art. 118).",
        "The city's regulation on shared care of the commons, in force since 1 January 2023, governs this pact.",
    ),
    proposal_code="PR-7Q4K-29",
    received_on=date(2026, 9, 3),
    observed_from=date(2026, 9, 20),
    observed_until=date(2026, 10, 5),
    observations=4,
    opinions=2,
    meetings=3,
    decision="Decision of the director no. 2214 of 12 November 2026",
)

PERIOD = Period(
    number=1,
    starts_on=date(2026, 12, 1),
    ends_on=date(2027, 5, 31),
    next_ends_on=date(2027, 11, 30),
    next_due_on=date(2027, 12, 14),
)

REPORTED = Reported(
    objectives=(
        "In the first six months we wanted an open garden that does not depend on one key holder, soil fit for "
        "planting, and a first row of fruit trees before spring. The priority agreed with the district was the hours: "
        "neighbours had asked for evenings in the observations."
    ),
    actions=(
        "Twenty-six people took part in turns at the gate. The workshops started in January, one month late, because "
        "the shed had no light. All twelve trees were planted on the first two Sundays of March with the school nearby."
    ),
    results=(
        "The garden was open for more hours than promised, evenings included. Most visitors come on foot from the "
        "three nearest streets; on Saturdays families come from farther away."
    ),
    resources=(
        "Half of the contribution was advanced in December and almost all of it went into soil, trees and insurance. "
        "The booking page runs on the server of the city. We added our own hours and what the spring party earned."
    ),
    kept=(
        Kept("c1", 52, "kept", "Opening log"),
        Kept("c2", 4, "late", "Workshop log"),
        Kept("c3", 12, "kept", "Photographs and list of species"),
        Kept("c4", 2, "kept", "Technician's sheets"),
        Kept("c5", 0, "not_done", "No work order found"),
    ),
    figures=(
        Result("Hours open to everybody", 1352, "hours", "Opening log", planned=1196),
        Result("Different people who helped", 26, "people", "Turns at the gate", planned=20),
        Result("People at the workshops", 71, "people", "Workshop log", planned=90),
        Result("Trees alive at the end of the period", 12, "trees", "Count of 30 May", planned=12),
    ),
    used=(
        Used("s1", 198450, "23 receipts"),
        Used("s2", 60000, "Log of the legal desk"),
        Used("s3", 16650, "Meter of the infrastructure office"),
        Used("s4", 190000, "Hand-over sheet"),
    ),
    own=(
        Result("Hours given by volunteers", 640, "hours", "Turns at the gate"),
        Result("Spring party, net", 310, "euro", "Ledger of the association"),
    ),
    deviations=(
        Deviation(
            "Two workshops fewer than promised",
            "The shed had no light until January",
            "Two more on Sundays in June and September",
        ),
        Deviation(
            "The city did not prune the tall trees",
            "The contract for pruning was renewed late",
            "Visit fixed for 9 October",
        ),
    ),
    coming=(
        Next("Two workshops to catch up", "Orti di Via Larga", date(2027, 9, 30)),
        Next("Pruning of the tall trees", "Green areas", date(2027, 10, 9)),
        Next("A ramp at the side gate", "District and association", date(2027, 11, 15)),
    ),
    measured=(
        Measured("f1", "holding", 52, date(2027, 5, 31)),
        Measured("f2", "close", 62, date(2027, 5, 31)),
        Measured("f3", "holding", 0, date(2027, 5, 31)),
    ),
    validated_on=date(2027, 6, 21),
)
