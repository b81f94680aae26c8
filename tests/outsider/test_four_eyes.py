"""Two persons where the rules ask for two, whichever way somebody comes; and an auditor who only reads."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal import crypto, db
from portal.errors import NotAllowed
from portal.organisations import actions as organisations
from portal.organisations.models import Kind, Organisation
from portal.pacts import actions as pacts
from portal.pacts.models import Pact
from portal.people import actions as people
from portal.people.actions.factors import enter_app
from portal.people.factors import seeded_secret
from portal.people.models import OpenSession, Person
from portal.policy import SYSTEM, Role
from portal.proposals.models import Proposal
from portal.support import actions as support
from portal.support import queries as support_queries
from tests.conftest import PASSWORD
from tests.observations import steps
from tests.outsider import world as worlds
from tests.outsider.test_matrix import GUESSES, addresses, is_of_oneself, own_posts, share
from tests.outsider.world import World, changed, fingerprint
from tests.pacts import journey


def refused(browser: Any, path: str, values: dict[str, str] | None = None) -> None:
    """Send the form, and see it refused without a trace."""
    before = fingerprint()
    answer = browser.post(path, values or {}, follow=False)
    assert answer.status_code in {403, 409, 422}, (path, answer.status_code)
    assert changed(before) == []


def grant(name: str, role: Role, world: World) -> None:
    """Give a role, and the second step without which it would not count."""
    with db.writing() as session:
        person = session.get_one(Person, world.people[name].id)
        people.grant(person, role, by=SYSTEM)
        enter_app(person, seeded_secret(person.email))


def admit(name: str, world: World, *, to: str) -> None:
    """Let a person belong to the group of a case."""
    with db.writing() as session:
        person = session.get_one(Person, world.people[name].id)
        code = {**world.proposals, **world.pacts}[to]
        thing: Any = session.scalars(
            select(Proposal if to in world.proposals else Pact).where(
                (Proposal if to in world.proposals else Pact).code == code
            )
        ).one()
        if thing.organisation_id is None:
            group = organisations.found("Gruppo", Kind.ASSOCIATION, by=SYSTEM)
            thing.organisation_id = group.id
        organisations.admit(session.get_one(Organisation, thing.organisation_id), person)


def version_form(code: str) -> dict[str, str]:
    with db.reading() as session:
        pact = session.scalars(select(Pact).where(Pact.code == code)).one()
        return {"content_hash": pact.agreed_hash, "confirm-password": PASSWORD}


def test_who_assessed_does_not_sign(world: World, enter: Any) -> None:
    grant("giulia", Role.SIGNATORY, world)
    code = world.pacts["signing"]
    refused(enter("giulia"), f"/en/pacts/{code}/signature", version_form(code))


def test_a_signatory_does_not_sign_for_the_city_with_their_own_group(world: World, enter: Any) -> None:
    admit("nuria", world, to="signing")
    code = world.pacts["signing"]
    refused(enter("nuria"), f"/en/pacts/{code}/signature", version_form(code))


def test_the_party_does_not_sign_for_the_city_as_well(world: World, enter: Any) -> None:
    grant("rosa", Role.SIGNATORY, world)
    code, rosa = world.pacts["signing"], enter("rosa")
    assert rosa.post(f"/en/pacts/{code}/signature", version_form(code)).status_code == 200
    refused(rosa, f"/en/pacts/{code}/signature", version_form(code))


@pytest.fixture
def asked(world: World, cast: Any) -> str:
    """The code of an agreed pact whose support nobody has proposed yet."""
    pact = journey.settle(cast, journey.accepted(cast, title="Da finanziare"))
    journey.agree(pact, cast.rosa)
    return journey.agree(pact, cast.giulia).code


def proposal_of(code: str, cast: Any) -> dict[str, str]:
    """Return the form that proposes all rows of a pact from the pools of their year."""
    with db.reading() as session:
        rows = session.scalars(support_queries.current(f"pact:{code}")).all()
    funds = journey.pools(cast, rows[0].starts_on.year)
    return {"reason": "x", **{f"pool_{one.row_key}": funds[one.kind].key for one in rows}}


ALL = ("approval", "s1/approval")


def test_who_proposes_does_not_approve_by_either_way(asked: str, cast: Any, enter: Any) -> None:
    tina = enter("tina")
    assert tina.post(f"/en/desk/allocate/{asked}", proposal_of(asked, cast)).status_code == 200
    for way in ALL:
        refused(tina, f"/en/desk/allocate/{asked}/{way}")
    refused(tina, f"/en/desk/allocate/{asked}/s1/return", {"reason": "x"})
    assert enter("lea").post(f"/en/desk/allocate/{asked}/approval").status_code == 200


def test_who_proposed_one_of_two_rows_approves_not_even_the_other_by_all(
    asked: str, cast: Any, enter: Any
) -> None:
    form = proposal_of(asked, cast)
    assert enter("tina").post(f"/en/desk/allocate/{asked}/s1/proposal", form).status_code == 200
    lea = enter("lea")
    assert lea.post(f"/en/desk/allocate/{asked}/s2/proposal", form).status_code == 200
    refused(lea, f"/en/desk/allocate/{asked}/approval")


@pytest.mark.parametrize("way", ALL)
def test_nobody_approves_support_for_their_own_group(
    world: World, asked: str, cast: Any, enter: Any, way: str
) -> None:
    world.pacts["asked"] = asked
    admit("lea", world, to="asked")
    assert enter("tina").post(f"/en/desk/allocate/{asked}", proposal_of(asked, cast)).status_code == 200
    refused(enter("lea"), f"/en/desk/allocate/{asked}/{way}")


@pytest.mark.parametrize("alone", [False, True], ids=["for a group", "alone"])
def test_no_official_gives_support_to_a_pact_they_sign_themselves(cast: Any, enter: Any, alone: bool) -> None:
    code = _pact_held_by(cast, "tina", alone=alone)
    form = proposal_of(code, cast)
    refused(enter("tina"), f"/en/desk/allocate/{code}", form)
    assert enter("giulia").post(f"/en/desk/allocate/{code}", form).status_code == 200
    for way in ALL:
        refused(enter("tina"), f"/en/desk/allocate/{code}/{way}")


def _pact_held_by(cast: Any, holder: str, *, alone: bool) -> str:
    by, giulia = getattr(cast, holder), cast.giulia
    with db.writing():
        begun = worlds.actions.start(by=by, profile=worlds.city.profile("bologna"), language="it").proposal
        worlds.fill(begun, by, title="Di chi decide", alone=alone)
        worlds.actions.submit(begun, by=by)
    with db.writing() as session:
        found = session.merge(journey.reload_proposal(begun.code))
        worlds.actions.assign(found, by=giulia)
        marks = {item.id: ("ok", "") for item in worlds.checklist.items_for(found.kind)}
        worlds.actions.save_completeness(found, marks, by=giulia)
        steps.hear_out(found, giulia)
        pact = pacts.open_from(found, reason="x", pact_class="ordinary", by=giulia)
    by = getattr(cast, holder)  # a request later: now a member of the group that came of the proposal
    pact = _settle(journey.reload(pact), by, giulia)
    journey.agree(pact, by)
    return journey.agree(pact, giulia).code


def _settle(pact: Any, by: Any, giulia: Any) -> Any:
    class Both:
        rosa = by

    Both.giulia = giulia  # type: ignore[attr-defined]
    return journey.settle(Both, pact)


OWN_CASE = [
    ("submitted", "owner", {}),
    ("submitted", "completeness", {"mark_person": "ok"}),
    ("submitted", "supplement", {"supplement_request": "x"}),
    ("submitted", "refusal-notice", {"notice_reason": "x", "notice_source": "x"}),
    ("submitted", "acceptance", {"reason": "x", "pact_class": "ordinary"}),
    ("refusal_noticed", "refusal", {"refusal_reason": "x", "refusal_source": "x"}),
    ("signed", "reports/2/validation", {}),
    ("signed", "reports/2/return", {"reason": "x"}),
    ("signed", "life", {"verb": "suspend", "reason": "x", "source": "x"}),
]


@pytest.mark.parametrize("tie", ["member", "link"])
def test_an_officer_decides_nothing_about_their_own_group(world: World, enter: Any, tie: str) -> None:
    cases = {case for case, _, _ in OWN_CASE}
    if tie == "member":
        for case in cases:
            admit("marco", world, to=case)
    marco = enter("marco")
    if tie == "link":
        _hold(marco, *(_proposal_code(world, case) for case in cases))
    for case, verb, values in OWN_CASE:
        code = {**world.proposals, **world.pacts}[case]
        refused(marco, f"/en/desk/cases/{code}/{verb}", values)


def _proposal_code(world: World, case: str) -> str:
    if case in world.proposals:
        return world.proposals[case]
    with db.reading() as session:
        return session.scalars(select(Pact.proposal_code).where(Pact.code == world.pacts[case])).one()


def _hold(browser: Any, *codes: str) -> None:
    """Let the browser have opened the secret links of these cases."""
    token = browser.client.get_cookie("portal").value
    with db.writing() as session:
        row = session.get_one(OpenSession, crypto.token_hash(token))
        row.content = {**row.content, "keys": [f"proposal:{code}" for code in codes]}


def test_an_auditor_reads_the_desk_and_writes_nothing(app: Any, world: World, enter: Any) -> None:
    aldo = enter("aldo")
    for path in ("desk", f"desk/cases/{world.pacts['signed']}", "desk/pools", "desk/jobs"):
        assert aldo.get(f"/en/{path}").status_code == 200
    aldo.get("/en/sign-in")
    before, token = fingerprint(), aldo.token()
    # As everybody else with an account: in their own name, never about a case.
    mine = {"/en/join", "/en/sign-in", "/en/sign-out", "/en/verify", "/en/propose", "/en/propose/resume"}
    # Views of the desk and a calendar are kept for oneself.
    mine |= own_posts(world, "aldo") | {"/en/desk/views", "/en/desk/calendar"}
    mine |= {
        f"/en/organisations/{world.around.slugs['hidden']}/{way}" for way in ("requests", "requests/recall")
    }
    done = {}
    for address in share(app, addresses(app, world, "POST"), "aldo"):
        if address in mine or world.token in address or is_of_oneself(address, "aldo"):
            continue
        answer = aldo.client.post(address, data={"csrf_token": token, **GUESSES})
        # A page of the room may refuse the shape of a form before it asks who may; it changes nothing.
        if answer.status_code < 400 or answer.status_code >= 500:
            done[address] = answer.status_code
    assert not done, sorted(done)
    assert changed(before) == []


@pytest.mark.parametrize("name", ["aldo", "lea", "ada", "nuria"])
def test_only_those_named_may_by_any_way(world: World, cast: Any, name: str) -> None:
    by = getattr(cast, name)
    with db.reading() as session:
        code = world.pacts["signing"]
        pact = session.scalars(select(Pact).where(Pact.code == code)).one()
    with pytest.raises(NotAllowed), db.writing():
        pacts.open_signing(journey.here(pact), by=by)
    with db.reading() as session:
        row = session.scalars(support_queries.current(pact.key)).first()
    if name != "lea":
        with pytest.raises(NotAllowed), db.writing():
            support.approve(row, by=by)
