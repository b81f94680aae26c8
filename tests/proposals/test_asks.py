"""What is asked of the city: each kind in what it is measured in, from the question to the pact's first text."""

from __future__ import annotations

import pytest

from portal import city, db
from portal.errors import Invalid
from portal.pacts.models import PactVersion
from portal.proposals import actions, answers, measured, sections
from portal.proposals.models import Ask
from portal.proposals.shapes import Need
from tests.pacts import journey
from tests.proposals.steps import begin, do, see

ASKED = {
    "spaces": (Need("A room on Mondays", 104), "104 hours – A room on Mondays", 104, "hour"),
    "materials": (Need("Spades and gloves", 12), "12 pieces – Spades and gloves", 12, "piece"),
    "training": (Need("Safety, for ten", 1), "1 hour – Safety, for ten", 1, "hour"),
    "insurance": (Need("Who works there", 30_000), "€\u00a0300 – Who works there", 30_000, "cent"),
    "waivers": (Need("Use of the pavement"), "Use of the pavement", 0, "cent"),
    "communication": (Need("A leaflet", 8), "8 hours – A leaflet", 8, "hour"),
    "visibility": (Need("A plaque"), "A plaque", 1, "piece"),
}


def ask(proposal, by):
    actions.choose_asks(proposal, list(ASKED), by=by)
    for kind, (need, *_) in ASKED.items():
        actions.detail_ask(proposal, kind, need, by=by)


def test_each_kind_is_said_in_its_unit(both, cast):
    code = begin(cast.rosa)
    do(code, lambda p: ask(p, cast.rosa))
    profile = city.profile("bologna")
    said = see(code, lambda p: {one.kind: answers.ask_sentence(one, profile, "en") for one in p.asks})
    assert said == {kind: sentence for kind, (_, sentence, *_) in ASKED.items()}
    assert see(code, lambda p: sections.missing(p, sections.Section.ASKS)) == []


def test_every_kind_of_every_city_can_be_asked(database, client):
    for name in city.cities():
        for one in city.profile(name).support_kinds:
            if one.unit != "vcpu":
                asked = measured.asked_of(one.id, one.unit)
                assert str(asked.how_much)
                assert measured.MOST[one.unit] > 0


def test_what_a_fund_counts_needs_its_number_and_what_nobody_knows_yet_does_not():
    lacks = {
        kind: bool(sections.missing_of(Ask(kind=kind, what="For all", amount=0, unit=unit)))
        for kind, unit in [
            ("materials", "piece"),
            ("spaces", "hour"),
            ("insurance", "cent"),
            ("waivers", "cent"),
        ]
    }
    assert lacks == {"materials": True, "spaces": True, "insurance": False, "waivers": False}


@pytest.mark.parametrize(("kind", "amount"), [("spaces", -1), ("materials", 10_001), ("waivers", 10**11 + 1)])
def test_a_number_beyond_everything_is_refused(database, cast, kind, amount):
    code = begin(cast.rosa)
    do(code, lambda p: actions.choose_asks(p, [kind], by=cast.rosa))
    with pytest.raises(Invalid, match="too large"):
        do(code, lambda p: actions.detail_ask(p, kind, Need("Much", amount), by=cast.rosa))


def test_the_first_text_of_the_pact_asks_for_the_same(both, cast, monkeypatch):
    monkeypatch.setattr(journey, "_ask", lambda draft, _, by: ask(draft, by))
    pact = journey.accepted(cast)
    with db.reading() as session:
        text = session.query(PactVersion).filter_by(pact_id=pact.id, number=1).one().text
    rows = {row["kind"]: (row["amount"], row["unit"], row["value_cents"]) for row in text["support"]}
    prices = {"spaces": 1500, "materials": 2000, "training": 6000, "communication": 4000}
    assert rows == {
        kind: (amount, unit, amount * prices.get(kind, unit == "cent"))
        for kind, (_, _, amount, unit) in ASKED.items()
    }
    said = " ".join(one["text"]["en"] for one in text["clauses"])
    assert "Spaces: A room on Mondays, 104 hours" in said
    assert "Insurance: Who works there, up to € 300" in said
    assert {"spaces", "training", "insurance_cover", "waivers", "communication_help"} <= {
        one["id"] for one in text["clauses"]
    }
