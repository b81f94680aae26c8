"""Begin a server for a promised allocation, and write down its particulars and who runs it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portal import clock, crypto, db, policy
from portal.errors import Invalid, WrongState
from portal.policy import SYSTEM, Actor, Can
from portal.record import Did, record
from portal.support.ledger import Kind
from portal.support.lifecycle import State as AllocationState
from portal.support.servers import keys, plans, said
from portal.support.servers.lifecycle import LIFE, OVER, Verb
from portal.support.servers.models import Server, ServerAdmin
from portal.words import W

if TYPE_CHECKING:
    from portal.city import Profile
    from portal.support.models import Allocation

MOST_ADMINISTRATORS = 10
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_MAILBOX = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,180}\.[^\s@<>,;.]{2,63}")
_NOT_PROMISED = W("No server is promised here that nobody has begun yet.")


@dataclass(frozen=True)
class Particulars:
    """What the two sides settle before a server is requested."""

    domain: str
    backup_by: str
    backup_every: str
    exit_what: str
    exit_format: str
    exit_days: int


@dataclass(frozen=True)
class Runner:
    """Somebody who shall run the server; the key may follow later."""

    name: str
    email: str
    public_key: str = field(default="", repr=False)


def begin(allocation: Allocation, profile: Profile, *, by: Actor) -> Server:
    """Begin a server for a promised allocation; its state is to prepare, and its days count from now.

    Refuses with WrongState what is no promised server. The unique allocation decides between two at once.
    """
    policy.check(by, Can.SERVER_KEEP, allocation)
    if allocation.kind != Kind.SERVER or allocation.state != AllocationState.COMMITTED:
        raise WrongState(_NOT_PROMISED)
    plan = next((one for one in profile.server_plans if one.id == allocation.plan), None)
    begins = max(allocation.starts_on, clock.local(allocation.committed_at or clock.now()).date())
    server = Server(
        ref=f"SV-{crypto.new_code(6)}",
        allocation_id=allocation.id,
        subject=allocation.subject,
        title=allocation.title,
        organisation_id=allocation.organisation_id,
        party_person_id=allocation.party_person_id,
        case_key=allocation.case_key,
        plan=plan.id if plan else "",
        region=profile.servers.region.get(profile.prevailing_language, ""),
        exit_days=profile.servers.delete_days_after,
        starts_on=allocation.starts_on,
        ends_on=plans.end_of(allocation.starts_on, allocation.months),
        due_on=begins + timedelta(days=profile.servers.provide_days),
        opened_at=clock.now(),
        **plans.measures_of(plan, allocation.amount),
    )
    db.session().add(server)
    db.session().flush()
    remember(Did.SERVER_OPENED, server, by=by)
    return server


def prepare(server: Server, told: Particulars, *, by: Actor) -> None:
    """Write down what the server is called, who keeps its backup and how it ends; either side may.

    Refuses with Invalid what is missing, and with WrongState once it was requested.
    """
    _check_either(server, by)
    server.state = LIFE.after(server.state, Verb.PREPARE).value
    _check(told)
    for name, value in vars(told).items():
        setattr(server, name, value)
    remember(Did.SERVER_PREPARED, server, by=by)


def add_runner(server: Server, runner: Runner, *, by: Actor) -> None:
    """Name somebody who runs the server, or give them another key; the comment of a key is dropped."""
    _check_either(server, by)
    _check_open(server)
    key = keys.read(runner.public_key) if runner.public_key else ""
    email = runner.email.strip().lower()
    if not runner.name.strip():
        raise Invalid(W("Enter the name of whoever runs the server"), field="name")
    if not _MAILBOX.fullmatch(email):
        raise Invalid(W("Enter a mail address, like name@example.org"), field="email")
    if key is None:
        raise Invalid(
            W("Paste a public key, like “ssh-ed25519 AAAA…”; never a private one"), field="public_key"
        )
    found = next((one for one in server.administrators if one.email == email), None)
    if found is None and len(server.administrators) >= MOST_ADMINISTRATORS:
        raise Invalid(W("A server has ten administrators at most. Remove one first."), field="name")
    if found is None:
        found = ServerAdmin(email=email, added_at=clock.now())
        server.administrators.append(found)
    found.name, found.public_key = runner.name.strip(), key
    remember(Did.SERVER_PREPARED, server, by=by, runners=len(server.administrators))


def remove_runner(server: Server, number: int, *, by: Actor) -> None:
    """Take somebody off the list of those who run the server; one that is not there changes nothing."""
    _check_either(server, by)
    _check_open(server)
    server.administrators[:] = [one for one in server.administrators if one.id != number]
    remember(Did.SERVER_PREPARED, server, by=by, runners=len(server.administrators))


def missing(server: Server) -> list[W]:
    """Return what has to be written down before the server can be requested."""
    found = []
    if not server.domain:
        found.append(W("The name in the Internet is missing"))
    if not server.administrators:
        found.append(W("Nobody is named who runs the server"))
    if not (server.exit_what and server.exit_format):
        found.append(W("How it ends is missing: what is handed over, and in which format"))
    return found


def remember(did: Did, server: Server, *, by: Actor, **facts: Any) -> None:
    """Remember an act on a server under the pact it belongs to."""
    record(did, server.subject, by=by, server=server.ref, **facts)


def is_community(server: Server, by: Actor) -> bool:
    """Say whether the actor stands on the group's side."""
    return policy.allows(by, Can.SERVER_ASK, server) and by.kind != SYSTEM.kind


def _check_either(server: Server, by: Actor) -> None:
    if not policy.allows(by, Can.SERVER_ASK, server):
        policy.check(by, Can.SERVER_KEEP, server)


def _check_open(server: Server) -> None:
    if server.state in OVER:
        raise WrongState(W("This server is over, so nothing about it changes any more."))


def _check(told: Particulars) -> None:
    if not _DOMAIN.fullmatch(told.domain):
        raise Invalid(W("Enter a name like garden.example.org, in small letters"), field="domain")
    if told.backup_by not in said.BACKUP_BY or told.backup_every not in said.BACKUP_EVERY:
        raise Invalid(W("Choose who makes the backup, and how often"), field="backup_by")
    if not told.exit_what.strip():
        raise Invalid(
            W("Say what is handed over at the end, like the database and all files"), field="exit_what"
        )
    if not told.exit_format.strip():
        raise Invalid(W("Say in which format, like SQL and plain files"), field="exit_format")
    if not 1 <= told.exit_days <= 365:  # noqa: PLR2004 - a year
        raise Invalid(W("Enter a whole number of days from 1 to 365"), field="exit_days")
