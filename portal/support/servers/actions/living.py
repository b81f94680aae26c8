"""Request a server, set it up, say that it runs or failed: by hand, or as the automation tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from portal import clock, db, policy
from portal.errors import Invalid, WrongState
from portal.policy import Can
from portal.record import Did
from portal.support import actions as giving
from portal.support.servers import plans
from portal.support.servers.actions.messages import write
from portal.support.servers.actions.opening import missing, remember
from portal.support.servers.lifecycle import LIFE, State, Verb
from portal.support.servers.models import Server, ServerStep
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor

# A host name, or an address of the Internet; and a port.
_ADDRESS = re.compile(r"[A-Za-z0-9\[][A-Za-z0-9.:\[\]-]{2,251}")
LONGEST_REASON, LONGEST_EVIDENCE = 500, 300
HAND, WEBHOOK = "hand", "webhook"


def request(server: Server, route: str, callback: str = "", *, by: Actor) -> None:
    """Request a server that was prepared: from colleagues, or by a message to the automation.

    The message is written in this transaction and sent by a job. Refuses with WrongState where something is
    missing, naming it.
    """
    policy.check(by, Can.SERVER_KEEP, server)
    state = LIFE.after(server.state, Verb.REQUEST)
    giving.check_running(server.allocation)
    lacking = missing(server)
    if lacking:
        raise WrongState(lacking[0])
    server.state, server.reason, server.requested_at = state.value, "", clock.now()
    server.stated_at = None
    db.session().flush()
    if route == WEBHOOK:
        write("server.requested", server, callback)
    remember(Did.SERVER_REQUESTED, server, by=by, route=route)


def begin_setting_up(server: Server, *, by: Actor) -> None:
    """Say that somebody is at it."""
    policy.check(by, Can.SERVER_KEEP, server)
    server.state = LIFE.after(server.state, Verb.BEGIN).value
    remember(Did.SERVER_BEGUN, server, by=by)


def run(server: Server, address: str, *, by: Actor) -> None:
    """Say that the server runs, and where; what was promised counts as given from now on.

    Refuses with Invalid what is no address, and whoever says so before its list was ticked; the automation
    that set it up vouches for it, and the list stays open.
    """
    policy.check(by, Can.SERVER_KEEP, server)
    state = LIFE.after(server.state, Verb.RUN)
    lacking = _open_step(server) if by.person_id is not None else None
    if lacking is not None:
        words = W("Tick this step of the list first: “%(step)s”", step=plans.BEGIN[lacking])
        raise Invalid(words, field="address")
    if not _ADDRESS.fullmatch(address):
        raise Invalid(
            W("Enter where the server is reached, like 203.0.113.7 or vm7.city.example"), field="address"
        )
    server.state, server.address, server.running_since = state.value, address, clock.now()
    db.session().flush()
    remember(Did.SERVER_RUNNING, server, by=by)
    allocation = server.allocation
    if allocation.rest:
        evidence = f"{server.ref}: {server.vcpu} vCPU, {server.memory_gb} GB, {server.storage_gb} GB"
        giving.deliver(allocation, allocation.rest, clock.today(), evidence, by=by)


def _open_step(server: Server) -> str | None:
    done = {one.step for one in server.steps} | ({"backup"} if server.backup_by != "city" else set())
    return next((step for step in plans.BEFORE_RUNNING if step not in done), None)


def fail(server: Server, reason: str, *, by: Actor) -> None:
    """Say that it could not be set up, and why; it can be requested again."""
    policy.check(by, Can.SERVER_KEEP, server)
    state = LIFE.after(server.state, Verb.FAIL)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid(W("Say in a few words why it failed"), field="reason")
    server.state, server.reason = state.value, reason.strip()
    remember(Did.SERVER_FAILED, server, by=by)


def call_off(server: Server, reason: str, *, by: Actor) -> None:
    """Call off a server that was never set up; the reason stands in its certificate."""
    policy.check(by, Can.SERVER_KEEP, server)
    state = LIFE.after(server.state, Verb.CALL_OFF)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid(W("Say in a few words why no server is needed"), field="reason")
    server.state, server.certificate, server.ended_at = state.value, reason.strip(), clock.now()
    remember(Did.SERVER_CALLED_OFF, server, by=by)


def do_step(server: Server, step: str, evidence: str, *, by: Actor) -> None:
    """Tick one step of the checklist of the moment, with what shows it; each is done once.

    That the group has everything only the group says; all the others the city.
    """
    listed = plans.END if server.state == State.WINDING_DOWN else plans.BEGIN
    policy.check(by, Can.SERVER_ASK if step == plans.OF_THE_GROUP else Can.SERVER_KEEP, server)
    if step not in listed or server.state in {State.HANDED_OVER, State.DELETED, State.CALLED_OFF}:
        raise WrongState(W("This step does not belong to the list of this moment."))
    if not evidence.strip() or len(evidence) > LONGEST_EVIDENCE:
        raise Invalid(W("Say what shows it, in one line"), field="evidence")
    if any(one.step == step for one in server.steps):
        raise WrongState(W("Somebody has done this step already."))
    side = "community" if step == plans.OF_THE_GROUP else "city"
    done = ServerStep(
        server_id=server.id, step=step, evidence=evidence.strip(), side=side, done_at=clock.now()
    )
    db.session().add(done)
    if step == "backup":
        server.restore_tested_on = clock.today()
    db.session().flush()
    remember(Did.SERVER_STEP_DONE, server, by=by, step=step)
