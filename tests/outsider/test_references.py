"""What belongs to another case is not there: a foreign id, number or key is a 404 and changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal import db
from portal.organisations.models import Mandate, Membership, Organisation
from portal.people.models import Grant
from portal.proposals.models import OfferedCommitment, Proposal
from tests.outsider.around import AROUND
from tests.outsider.world import World, changed, fingerprint

CHECK = {"source": "Visura", "holds_until": "31/12/2199"}
# Who is inside their own case, the address in it, and what a form there would send.
FOREIGN = [
    ("nina", "pacts/{of_nina}/co-design/suggestions/{suggestion}/answer", {"decision": "accept"}),
    ("nina", "pacts/{of_nina}/co-design/suggestions/{suggestion}/withdrawal", {}),
    ("rosa", "pacts/{signed}/co-design/suggestions/{suggestion}/withdrawal", {}),
    ("giulia", "pacts/{signed}/co-design/suggestions/{suggestion}/answer", {"decision": "accept"}),
    ("rosa", "pacts/{of_nina}/meetings/1/coming", {}),
    ("nina", "pacts/{of_nina}/meetings/9/not-coming", {}),
    ("nina", "pacts/{of_nina}/meetings/9/confirmation", {}),
    ("nina", "pacts/{of_nina}/meetings/9/cancellation", {"reason": "x"}),
    ("nina", "pacts/{of_nina}/meetings/9/change", {}),
    ("nina", "pacts/{of_nina}/meetings/9/minutes", {}),
    ("nina", "pacts/{of_nina}/legal/9/messages", {"words": "x"}),
    ("nina", "pacts/{of_nina}/legal/9/documents", {}),
    ("nina", "pacts/{of_nina}/legal/9/reopening", {}),
    ("nina", "pacts/{of_nina}/legal/9/appointments", {}),
    ("nina", "pacts/{of_nina}/legal/9/taking", {"slot": "1"}),
    ("nina", "pacts/{of_nina}/legal/9/appointments/9/acceptance", {}),
    ("nina", "pacts/{of_nina}/legal/9/appointments/9/cancellation", {"reason": "x"}),
    ("nina", "pacts/{of_nina}/legal/9/appointments/9/absence", {"who": "city"}),
    ("nina", "pacts/{of_nina}/legal/9/work/9/confirmation", {}),
    ("nina", "pacts/{of_nina}/legal/9/work/9/objection", {"objection": "x"}),
    ("nina", "pacts/{of_nina}/legal/9/guides/licence/what", {"thing": "software"}),
    ("lea", "pacts/{of_nina}/legal/9/notes", {"note": "x"}),
    ("lea", "pacts/{of_nina}/legal/9/closure", {"outcome": "solved"}),
    ("lea", "pacts/{of_nina}/legal/9/work", {}),
    ("lea", "pacts/{of_nina}/legal/9/work/9/correction", {"reason": "x"}),
    ("lea", "pacts/{of_nina}/legal/9/appointments/9/change", {}),
    ("lea", "desk/legal-times/99/withdrawal", {}),
    ("nina", "pacts/{of_nina}/co-design/suggestions", {"clause": "own-1", "counters": "{suggestion}"}),
    ("nina", "pacts/{of_nina}/co-design/clauses/object/remarks", {"words": "x", "suggestion": "99"}),
    ("nina", "pacts/{co_design}/co-design/clauses/object/remarks", {"words": "x"}),
    ("giulia", "desk/cases/{alone}/reports/2/validation", {}),
    ("giulia", "desk/cases/{alone}/reports/2/return", {"reason": "x"}),
    ("giulia", "desk/cases/{signed}/reports/99/validation", {}),
    ("giulia", "pacts/{signed}/fences/f99/measurements", {}),
    ("giulia", "pacts/{co_design}/fences/f1/measurements", {}),
    ("nuria", "desk/pools/requests/99/approval", {}),
    ("nuria", "desk/pools/requests/99/refusal", {"answer": "x"}),
    ("tina", "desk/pools/requests/99/withdrawal", {}),
    ("tina", "desk/pools/2026/none/increase", {"amount": "1", "reason": "x"}),
    ("tina", "desk/commons-fund/99/arrivals/99/correction", {"amount": "1", "reason": "x"}),
    ("tina", "desk/commons-fund/99/arrivals/99/group", {"to-to": "1", "to-reason": "x"}),
    ("tina", "desk/allocate/{alone}/s2/approval", {}),
    ("tina", "desk/allocate/{co_design}/s1/approval", {}),
    ("tina", "desk/allocate/{signed}/c1/delivery", {}),
    ("tina", "desk/allocate/{of_nina}/approval", {}),
    ("tina", "desk/allocate/{alone}/s2/proposal", {"reason": "x"}),
    ("tina", "desk/allocate/{alone}/s2/return", {"reason": "x"}),
    # One that is there, of another pact and group: see tests/support/servers/test_pages.py.
    ("nina", "pacts/{of_nina}/spaces", {"space": "1"}),
    ("nina", "pacts/{of_nina}/spaces/99/cancellation", {"reason": "x"}),
    ("tina", "desk/spaces/none", {"address": "x"}),
    ("tina", "desk/spaces/none/closings", {"first": "1/1/2030"}),
    ("tina", "desk/spaces/none/closings/99/opening", {}),
    ("tina", "desk/spaces/bookings/99/use", {}),
    ("tina", "desk/spaces/bookings/99/absence", {"missed-reason": "x"}),
    ("tina", "desk/spaces/bookings/99/excuse", {"excused-reason": "x"}),
    ("nina", "pacts/{of_nina}/server/SV-AAAAAA/particulars", {}),
    ("nina", "pacts/{of_nina}/server/SV-AAAAAA/administrators", {}),
    ("nina", "pacts/{of_nina}/server/SV-AAAAAA/administrators/removal", {"number": "1"}),
    ("nina", "pacts/{of_nina}/server/SV-AAAAAA/change", {}),
    ("nina", "pacts/{of_nina}/server/SV-AAAAAA/notes", {}),
    ("nina", "pacts/{of_nina}/server/SV-AAAAAA/confirmation", {}),
    ("nina", "pacts/{of_nina}/funding/s1/statements", {}),
    ("nina", "pacts/{of_nina}/funding/s1/account", {"holder": "x", "account": "x", "again": "x"}),
    ("nina", "pacts/{signed}/funding/s1/account", {"holder": "x", "account": "x", "again": "x"}),
    ("nina", "pacts/{of_nina}/funding/statements/{statements}/costs", {"what": "x"}),
    ("nina", "pacts/{of_nina}/funding/statements/{statements}/costs/1/removal", {}),
    ("nina", "pacts/{of_nina}/funding/statements/{statements}/sending", {}),
    ("rosa", "pacts/{alone}/funding/statements/{statements}/costs", {"what": "x"}),
    ("tina", "desk/payments/plans/{of_nina}/s1", {"part_1": "100"}),
    ("tina", "desk/payments/plans/{signed}/s99", {"part_1": "100"}),
    ("tina", "desk/payments/statements/{alone}/{statements}/check", {}),
    ("tina", "desk/payments/statements/{alone}/{statements}/return", {"reason": "x"}),
    ("tina", "desk/payments/statements/{alone}/{statements}/approval", {}),
    ("tina", "desk/payments/batches/99/release", {}),
    ("tina", "desk/payments/batches/99/withdrawal", {}),
    ("tina", "desk/payments/accounts/99/confirmation", {"read_back": "x"}),
    ("tina", "desk/payments/accounts/99/refusal", {"reason": "x"}),
    ("tina", "desk/payments/99/answer", {"outcome": "paid", "reference": "x"}),
    ("tina", "desk/payments/99/sent-back", {"reference": "x"}),
    ("tina", "desk/payments/returns/{of_nina}/s1", {"amount": "1", "reference": "x"}),
    ("tina", "desk/payments/returns/{signed}/s99", {"amount": "1", "reference": "x"}),
    ("tina", "desk/allocate/{alone}/s2/refusal", {"reason": "x"}),
    ("tina", "desk/allocate/{alone}/s2/plan", {"on_1": "1/1/2199", "amount_1": "1"}),
    ("tina", "desk/allocate/{alone}/s2/parts", {"amount": "1", "delivered_on": "1/1/2026", "evidence": "x"}),
    ("tina", "desk/allocate/{signed}/c1/returns", {"amount": "1", "back_on": "1/1/2026", "reason": "x"}),
    ("tina", "desk/allocate/{signed}/s1/deliveries/99/answer", {"answer": "x"}),
    ("tina", "desk/allocate/{of_nina}/s1/closure", {"reason": "x"}),
    ("rosa", "pacts/{signed}/support/deliveries/99/acceptance", {}),
    ("rosa", "pacts/{signed}/support/deliveries/99/objection", {"ground": "other", "reason": "x"}),
    ("rosa", "pacts/{of_nina}/support/declaration", {"other_aid": "1"}),
    ("ada", "desk/people/{rosa}/roles/{role_of_giulia}/end", {}),
    ("nina", "organisations/{group}/invitations/1/recall", {}),
    ("nina", "organisations/{group}/requests/1/answer", {"decision": "yes"}),
    ("nina", "organisations/{group}/members/{rosa}/role", {"speaks": "yes"}),
    ("nina", "organisations/{group}/members/{rosa}/removal", {}),
    ("nina", "organisations/{group}/mandates/{mandate_of_rosa}/end", {}),
    ("nina", "propose/{submitted}/co-authors/invitations/1/recall", {}),
    ("nina", "propose/{submitted}/co-authors/{rosa}/rights", {"decides": "yes"}),
    ("nina", "propose/{submitted}/co-authors/{rosa}/removal", {}),
    ("giulia", "desk/organisations/{group}/mandates/{mandate_of_rosa}/check", CHECK),
    ("giulia", "desk/cases/{submitted}/opinions/99/link", {"o99-address": "a@example.org"}),
    ("giulia", "desk/cases/{submitted}/opinions/99/link/end", {}),
    ("giulia", "desk/cases/{submitted}/opinions/99/going-on", {"o99-went_on_because": "x"}),
    ("lea", "desk/cases/{submitted}/opinions/99", {"outcome": "favourable", "reason": "x"}),
    ("giulia", "pacts/{of_nina}/co-design/prescriptions/99/1", {"p99-1-answer": "met", "p99-1-version": "1"}),
    ("rosa", "track/{submitted}/merge/99", {"m99-answer": "yes"}),
    ("rosa", "track/{submitted}/pledges/99/withdrawal", {}),
    ("rosa", "calls/CALL-2026-099/track/1/steps", {}),
    ("rosa", "calls/CALL-2026-099/track/1/withdrawal", {}),
    ("giulia", "desk/calls/CALL-2026-099/track/1/decision", {}),
    ("giulia", "desk/calls/CALL-2026-099/track/1/approval", {}),
    ("giulia", "desk/calls/CALL-2026-099/track/1/presence", {}),
    ("giulia", "desk/calls/CALL-2026-099/track/1/interest", {"which": "x"}),
    ("giulia", "desk/calls/CALL-2026-099/track/1/founding", {}),
    ("nina", "track/{submitted}/merge/1", {"m1-answer": "yes"}),
    ("giulia", "desk/cases/{submitted}/merge/99/end", {}),
    ("giulia", "desk/cases/PR-AAAA-AA/merge/1/end", {}),
    ("giulia", "desk/cases/PR-AAAA-AA/merge", {"into_code": "x", "merge_reason": "x"}),
    ("giulia", "desk/cases/{draft}/merge", {"into_code": "x", "merge_reason": "x"}),
    ("giulia", "desk/cases/PR-AAAA-AA/assessment", {}),
    ("giulia", "desk/cases/PR-AAAA-AA/owner", {}),
    ("giulia", "desk/cases/PR-AAAA-AA/handover", {"to": "1"}),
    ("giulia", "desk/cases/{draft}/handover", {"to": "1"}),
    ("giulia", "desk/views/9/removal", {}),
    ("giulia", "desk/absences/9/end", {}),
    ("giulia", "desk/cases/PR-AAAA-AA/observations", {"first": "1/1/2199", "last": "1/3/2199"}),
    ("giulia", "desk/cases/{draft}/observations", {"first": "1/1/2199", "last": "1/3/2199"}),
    (
        "giulia",
        "desk/cases/PR-AAAA-AA/observations/extension",
        {"extended_on": "1/3/2199", "extended_why": "x"},
    ),
    ("giulia", "desk/cases/{draft}/observations/extension", {"extended_on": "1/3/2199", "extended_why": "x"}),
    ("giulia", "desk/observations/OS-AAAA-AA/answer", {"outcome": "accepted", "answer_text": "x"}),
    ("nina", "pacts/{submitted}/observations/new", {"kind": "worry", "text": "x"}),
    ("nina", "proposals/{of_nina}/observations/new", {"kind": "worry", "text": "x"}),
    ("nina", "proposals/{draft}/observations/new", {"kind": "worry", "text": "x"}),
    ("nina", "account/groups/invitations/{invitation}", {"decision": "yes"}),
    ("giulia", "desk/organisations/{circle}/mandates/{mandate_of_rosa}/check", CHECK),
    ("giulia", "desk/calls/CALL-2026-099/publication", {}),
    ("giulia", "desk/observations/{submitted}/answer", {"outcome": "accepted", "answer_text": "x"}),
    ("carla", "propose/{helped_draft}/what", {"title": "x"}),
    ("carla", "propose/{helped_draft}/submission", {}),
    ("carla", "propose/{helped_draft}/photos/1/removal", {}),
    ("carla", "track/{helped_sent}/withdrawal", {}),
    ("carla", "desk/letters/99/giving", {"posted_on": "1/1/2026"}),
    ("carla", "desk/letters/batches/99/posting", {"posted_on": "1/1/2026"}),
    ("carla", "desk/residents/conflicts/99/decision", {"decision": "kept", "reason": "x"}),
    ("carla", "desk/residents/people/p-NOBODY/revocation", {"reason": "x"}),
    ("giulia", "desk/jobs/nothing/run", {}),
    ("rosa", "propose/{draft}/submission", {}),
    ("rosa", "propose/{draft}/what", {"title": "x"}),
    ("rosa", "propose/{draft}/others/{submitted}", {"message": "x", "contact": "y"}),
    ("rosa", "propose/{draft}/photos/1/removal", {}),
    ("rosa", "track/{draft}/withdrawal", {}),
    ("nina", "track/{submitted}/withdrawal", {}),
    ("giulia", "desk/cases/{draft}/owner", {}),
    ("giulia", "desk/cases/{draft}/held", {"held_outcome": "accept", "held_reason": "x"}),
    ("giulia", "desk/cases/{draft}/held/release", {}),
    ("giulia", "desk/cases/{draft}/held/end", {}),
    ("giulia", "desk/cases/{draft}/acceptance", {"reason": "x", "pact_class": "ordinary"}),
]


# The second name in these addresses is a page or a size of the same thing, and opens nothing of its own.
PAGES_OF_ONE_THING = {
    "/<lang:language>/propose/<code>/<path:page>",
    "/files/photo-<int:number>/<any(small, large):size>.webp",
    "/files/observation-<int:number>/<any(small, large):size>.webp",
    # A stretch of what the lists show to everybody: see tests/front/test_sitemap.py.
    "/sitemaps/<kind>-<int:number>.xml",
    # The calendar of another pact's meeting: see tests/pacts/test_meetings.py.
    "/calendars/pacts/<code>/meetings/<int:number>.ics",
    # The calendar of an appointment of another matter: see tests/pacts/test_legal_room.py.
    "/calendars/pacts/<code>/legal/<int:number>/<int:which>.ics",
    # The photo is asked for within its proposal: see test_a_photo_of_another_proposal_is_not_there.
    "/<lang:language>/track/<code>/photos/<int:number>/<any(small, large):size>.webp",
}
# Nothing to be found is nothing to be done there: see test_a_commitment_of_another_proposal_stays.
SAYS_NOTHING = {"/<lang:language>/propose/<code>/commitments/<int:number>/removal"}


def groups_of(world: World) -> dict[str, object]:
    """Return the group that nina speaks for, and a mandate in one that she has no part in."""
    with db.reading() as session:
        mine = (
            select(Organisation.slug)
            .join(Membership, Membership.organisation_id == Organisation.id)
            .where(Membership.person_id == world.people["nina"].id)
        )
        theirs = select(Mandate.id).where(Mandate.person_id == world.people["rosa"].id)
        return {"group": session.scalars(mine).first(), "mandate_of_rosa": session.scalars(theirs).first()}


def address(world: World, path: str) -> str:
    with db.reading() as session:
        role = session.scalar(select(Grant.id).where(Grant.person_id == world.people["giulia"].id))
    own = {"suggestion": world.suggestion, "rosa": world.people["rosa"].pseudonym, "role_of_giulia": role}
    names = {**world.proposals, **world.pacts, **world.observations, **own, **groups_of(world)}
    names |= {**world.around.numbers, "circle": world.around.slugs["group"], **world.around.people}
    names |= {f"call_{name}": ref for name, ref in world.around.calls.items()}
    return "/en/" + path.format(**names)


@pytest.mark.parametrize("who", ["rosa", "nina", "giulia", "tina", "ada", "carla", "lea"])
def test_a_foreign_thing_is_not_there(world: World, enter: Any, who: str) -> None:
    browser, before = enter(who), fingerprint()
    found = {
        path: status
        for name, path, values in FOREIGN
        if name == who and (status := browser.post(address(world, path), values).status_code) != 404
    }
    assert not found
    assert changed(before) == []


NOWHERE = (
    "desk/allocate/{signed}/c1",
    "pacts/{signed}/support/deliveries/99/document",
    "pacts/{co_design}/versions/99",
    "pacts/{co_design}/versions/1/compare/99",
    "pacts/{co_design}/co-design/clauses/own-99",
    "pacts/{of_nina}/meetings/9",
    "pacts/{of_nina}/spaces/99",
    "spaces/none/hours.csv",
    "desk/spaces/none/closings",
    "pacts/{of_nina}/legal/9",
    "pacts/{of_nina}/legal/9/appointments/9",
    "pacts/{of_nina}/legal/9/documents/9",
    "pacts/{of_nina}/legal/9/work/9",
    "pacts/{of_nina}/legal/9/guides/licence",
    "pacts/{of_nina}/legal/9/guides/licence/outline",
    "pacts/{signed}/reports/99",
    "pacts/{signed}/reports/99.pdf",
    "pacts/{signed}/fences/f99/measurements",
    "desk/cases/{submitted}/opinions/99/document",
    "desk/cases/{submitted}/held",
    "opinions/nothing",
    "desk/pools/2026/nothing",
    "desk/pools/2026/nothing.csv",
    "money/decisions/9999",
    "money/pools/2026/nothing",
    "money/pools/1999/test-funding",
    "money/pools/2026/nothing.csv",
    "desk/jobs/nothing",
    "desk/payments/batches/99",
    "desk/payments/99",
    "desk/payments/returns/{signed}/s99",
    "desk/payments/accounts/99",
    "desk/payments/statements/{alone}/{statements}",
    "pacts/{alone}/funding/statements/{statements}",
    "pacts/{signed}/funding/statements/{statements}/receipts/99",
    "pacts/{signed}/funding/statements/99",
    "organisations/{group}/mandates/{mandate_of_rosa}/document",
    "p/99",
    "observations/OS-AAAA-AA",
    "observations/{answered}/key/0000",
    "proposals/{signed}/observations",
    "pacts/{submitted}/observations/new",
    "counter/scans/{scan_draft}",
    "counter/scans/99",
    "propose/{draft}/photos",
    "track/{draft}/photos/1/small.webp",
    "track/{helped_draft}/map.svg",
    "calls/CALL-2026-099",
    "calls/CALL-2026-099/match",
    "proposals/{submitted}/campaign",
    "desk/calls/CALL-2026-099/match/pledges/99",
    "calls/CALL-2026-099/track",
    "calls/CALL-2026-099/track/1",
    "desk/calls/CALL-2026-099/track/1",
)


def test_a_thing_that_is_none_is_not_there(world: World, enter: Any) -> None:
    giulia = enter("giulia")
    assert {path: giulia.get(address(world, path)).status_code for path in NOWHERE} == dict.fromkeys(
        NOWHERE, 404
    )


def test_a_call_that_is_not_published_is_there_for_the_desk_alone(world: World, enter: Any) -> None:
    for who, status in (("", 404), ("nina", 404), ("carla", 404), ("giulia", 200)):
        browser = enter(who)
        for path in ("calls/{call_draft}", "calls/{call_gone}"):
            assert browser.get(address(world, path)).status_code == status, (who, path)


def test_a_clerk_who_helps_reaches_the_cases_of_that_person_alone(world: World, enter: Any) -> None:
    carla = enter("carla")
    carla.get("/en/counter")
    carla.post("/en/counter/case", {"code": world.proposals["helped_draft"], "born_on": "3/2/1938"})
    assert AROUND["helped_name"] in carla.page
    assert carla.get(address(world, "counter/cases/{helped_draft}/summary")).status_code == 200
    assert carla.get(address(world, "counter/scans/{scan_draft}")).status_code == 200
    carla.get("/en/counter")
    before = fingerprint()
    for path in ("counter/cases/{submitted}/scans", "track/{submitted}/withdrawal", "propose/{draft}/what"):
        assert carla.post(address(world, path), {"title": "x"}).status_code == 404, path
    for path in (
        "counter/cases/{submitted}/summary",
        "counter/cases/{draft}/card.pdf",
        "track/{submitted}/receipt",
    ):
        assert carla.get(address(world, path)).status_code == 404, path
    assert changed(before) == []


def test_a_commitment_of_another_proposal_stays(world: World, enter: Any) -> None:
    with db.reading() as session:
        foreign = session.scalar(
            select(OfferedCommitment.id)
            .join(Proposal, Proposal.id == OfferedCommitment.proposal_id)
            .where(Proposal.code == world.proposals["submitted"])
        )
    nina = enter("nina")
    nina.get("/en/propose")
    started = nina.post("/en/propose", {"email": ""}, follow=False).headers["Location"]
    before = fingerprint()
    assert nina.post(f"{started}/commitments/{foreign}/removal").status_code == 200
    assert changed(before) == []


def test_every_address_of_a_thing_within_a_thing_is_tried_here(app: Any, world: World, cast: Any) -> None:
    adapter = app.url_map.bind("127.0.0.1")
    tried = {
        adapter.match(address(world, path), method=method, return_rule=True)[0].rule
        for method, paths in (("POST", [path for _, path, _ in FOREIGN]), ("GET", NOWHERE))
        for path in paths
    }
    within = {rule.rule for rule in app.url_map.iter_rules() if len(rule.arguments - {"language"}) > 1}
    assert within - PAGES_OF_ONE_THING - SAYS_NOTHING - tried == set()
