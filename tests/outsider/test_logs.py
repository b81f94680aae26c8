"""Whatever is typed at the new doors, right or wrong, leaves nothing of anybody in the log."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from portal.web import logs
from tests.outsider.around import AROUND, BIRTH, COUNTER, FOLLOWERS, GROUP, POST, RESIDENT
from tests.outsider.world import CANARIES, NAMES, World

REACH = {
    "way": "letter",
    "postal": f"{COUNTER['helped_postal']}\n40100 Bologna",
    "phone": COUNTER["helped_phone"],
}
BORN = BIRTH["birth_2"]
OBSERVED = {
    "kind": "worry",
    "text": CANARIES["held"],
    "name": CANARIES["neighbour"],
    "email": CANARIES["neighbour_email"],
}
REGISTERED = {
    "name": GROUP["hidden_group"],
    "kind": "informal_group",
    "seat": GROUP["seat"],
    "contact_email": GROUP["group_email"],
    "contact_phone": GROUP["group_phone"],
    "is_another": "y",
}
HOME = {
    "number": RESIDENT["document"],
    "name": RESIDENT["claimant"],
    "street": POST["letter_street"],
    "postcode": "40127",
    "town": "Bologna",
}
# Who sends it, where, and what: each is a way by which something private comes in.
DOORS: list[tuple[str, str, dict[str, str]]] = [
    ("", "follow", {"what": "proposal", "target": "{submitted}", "choice": "case", "email": FOLLOWERS["follower"]}),
    ("", "proposals/{submitted}/observations/new", OBSERVED),
    ("", f"organisations/invitations/{RESIDENT['document']}/refusal", {}),
    ("", f"following/{RESIDENT['document']}", {}),
    ("eve", "organisations/join", REGISTERED),
    ("eve", "organisations/{group}/requests", {"message": GROUP["asked_why"]}),
    ("eve", "account/residence/census", {"number": RESIDENT["document"], "born_on": BORN}),
    ("eve", "account/residence/letter", HOME),
    ("eve", "connect", {"code": "{helped_sent}", "secret": RESIDENT["document"]}),
    ("carla", "counter/search", {"name": COUNTER["helped_name"]}),
    ("carla", "counter/case", {"code": "{helped_draft}", "born_on": BORN}),
    ("carla", "counter/people", {"name": COUNTER["helped_name"], "born_on": BORN, "language": "it", **REACH}),
    ("carla", "counter/reach", REACH),
    ("carla", "desk/residents/people", {"email": RESIDENT["claimant_email"]}),
    ("carla", "desk/residents/conflicts/{conflict}/decision", {"decision": "kept", "reason": RESIDENT["conflict_reason"]}),
    ("carla", "desk/letters/{letter}/copy", {"postal": REACH["postal"]}),
]  # fmt: skip


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log of a production, read as it is written."""
    root, written = logging.getLogger(), io.StringIO()
    before, level = list(root.handlers), root.level
    logs.configure("json", to=written)
    yield written
    root.handlers[:] = before
    root.setLevel(level)


def test_what_is_typed_at_the_doors_stands_in_no_log(world: World, enter: Any, log: io.StringIO) -> None:
    around = world.around
    names = {**world.proposals, **around.numbers, "group": around.slugs["group"]}
    browsers = {name: enter(name) for name in ("", "eve", "carla")}
    answers = {}
    for who, path, values in DOORS:
        browser = browsers[who]
        browser.get("/en/counter" if who == "carla" else "/en/sign-in")
        typed = {name: value.format(**names) for name, value in values.items()}
        answers[path] = browser.post(f"/en/{path.format(**names)}", typed, follow=False).status_code
    assert not {path: status for path, status in answers.items() if status in {400, 405} or status >= 500}
    told = [json.loads(line) for line in log.getvalue().splitlines()]
    assert len([line for line in told if line["event"] == "answered"]) >= len(DOORS) * 2
    said = log.getvalue().lower()
    words = [*AROUND.values(), *CANARIES.values(), *NAMES, *world.codes, *around.people.values()]
    assert [word for word in words if word.lower() in said or json.dumps(word)[1:-1].lower() in said] == []
