"""A verb at the wrong moment is a friendly page that keeps what was typed, and nothing has happened."""

from __future__ import annotations

from typing import Any

import pytest

from portal import db
from portal.pacts.models import Suggestion
from tests.outsider.world import World, changed, fingerprint

KEPT = "A sentence that is not lost"
REASON = {"reason": KEPT, "source": "Article 4"}
HASH = {"version": "1", "content_hash": "0" * 64}
# Who may do it at some moment, the verb's address, what its form sends, and the states in which it is wrong.
OPEN, ALL = ("submitted", "supplement_asked", "refusal_noticed"), ("refused", "withdrawn")
VERBS: list[tuple[str, str, dict[str, str], tuple[str, ...]]] = [
    ("giulia", "desk/cases/{}/owner", {}, ALL),
    ("giulia", "desk/cases/{}/supplement", {"supplement_request": KEPT}, (*OPEN[1:], *ALL)),
    (
        "giulia",
        "desk/cases/{}/extension",
        {"extension_days": "3", "extension_reason": KEPT},
        (*OPEN[1:], *ALL),
    ),
    ("giulia", "desk/cases/{}/completeness", {"mark_person": "ok", "note_person": KEPT}, ALL),
    (
        "giulia",
        "desk/cases/{}/refusal-notice",
        {"notice_reason": KEPT, "notice_source": "x"},
        (*OPEN[1:], *ALL),
    ),
    ("giulia", "desk/cases/{}/merge", {"into_code": "PR-AAAA-AA", "merge_reason": KEPT}, (*OPEN, *ALL)),
    ("giulia", "desk/cases/{}/refusal", {"refusal_reason": KEPT, "refusal_source": "x"}, (*OPEN[:2], *ALL)),
    ("giulia", "desk/cases/{}/acceptance", {"reason": KEPT, "pact_class": "ordinary"}, (*OPEN, *ALL)),
    (
        "giulia",
        "desk/cases/{}/held",
        {"held_outcome": "accept", "held_class": "ordinary", "held_reason": KEPT},
        ("supplement_asked", *ALL),
    ),
    ("giulia", "desk/cases/{}/held/release", {}, (*OPEN[:2], *ALL)),
    ("giulia", "desk/cases/{}/held/end", {}, (*OPEN[:2], *ALL)),
    ("rosa", "track/{}/supplement", {"answer": KEPT}, ("submitted", "refusal_noticed", *ALL)),
    ("rosa", "track/{}/reply", {"reply": KEPT}, (*OPEN, *ALL)),
    ("rosa", "track/{}/withdrawal", {}, ("refused",)),
    ("rosa", "propose/{}/what", {"kind": "place", "title": KEPT, "summary": "x"}, (*OPEN, *ALL)),
    ("rosa", "propose/{}/touched", {"touched": KEPT}, (*OPEN, *ALL)),
    ("rosa", "propose/{}/address", {"email": "kept@example.org"}, (*OPEN, *ALL)),
    ("rosa", "propose/{}/commitments/1/removal", {}, (*OPEN, *ALL)),
    ("rosa", "pacts/{}/co-design/reopening", {"reason": KEPT}, ("co_design", "signed")),
    ("rosa", "pacts/{}/agreement", HASH, ("co_design", "signing", "signed")),
    (
        "rosa",
        "pacts/{}/signature",
        {**HASH, "confirm-password": "commons-demo-2026"},
        ("co_design", "signed"),
    ),
    ("rosa", "pacts/{}/co-design/suggestions", {"clause": "CLAUSE", "text-it": KEPT}, ("signing", "signed")),
    ("giulia", "desk/cases/{}/signing", {}, ("co_design", "signing", "signed")),
    ("giulia", "desk/cases/{}/life", {"verb": "suspend", **REASON}, ("co_design", "signing")),
    ("giulia", "desk/cases/{}/life", {"verb": "resume", **REASON}, ("co_design", "signing", "signed")),
    ("giulia", "desk/cases/{}/reports/1/validation", {}, ("signed",)),
    ("giulia", "desk/cases/{}/reports/1/return", {"reason": KEPT}, ("signed",)),
    (
        "giulia",
        "desk/allocate/{}/s1/proposal",
        {"pool_s1": "pool:2026:test-funding", "reason": KEPT},
        ("signed",),
    ),
    ("tina", "desk/allocate/{}/s1/approval", {}, ("signing", "signed")),
    ("tina", "desk/allocate/{}/s1/return", {"reason": KEPT}, ("signing", "signed")),
    ("tina", "desk/allocate/{}/s1/refusal", {"reason": KEPT}, ("signed",)),
    ("tina", "desk/allocate/{}/s1/closure", {"reason": KEPT}, ("signing",)),
    (
        "tina",
        "desk/allocate/{}/s1/delivery",
        {"amount": "1", "delivered_on": "1/1/2026", "evidence": KEPT},
        ("signing",),
    ),
]


@pytest.mark.parametrize("who", ["rosa", "giulia", "tina"])
def test_a_verb_at_the_wrong_moment_changes_nothing(world: World, enter: Any, who: str) -> None:
    browser, before, wrong = enter(who), fingerprint(), []
    for _, path, values, states in [verb for verb in VERBS if verb[0] == who]:
        sent = {name: _clause(world) if value == "CLAUSE" else value for name, value in values.items()}
        for state in states:
            code = {**world.proposals, **world.pacts}[state]
            answer = browser.post("/en/" + path.format(code), sent, follow=False)
            is_kept = KEPT not in sent.values() or KEPT in browser.page
            if answer.status_code not in {404, 409, 422} or not is_kept:
                wrong.append((path, state, answer.status_code, is_kept))
    assert not wrong
    assert changed(before) == []


def _clause(world: World) -> str:
    with db.reading() as session:
        return session.get_one(Suggestion, world.suggestion).clause_id
