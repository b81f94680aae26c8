"""The end of a server: wound down by a person, handed over or deleted after a checklist, never by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal import clock, db, policy
from portal.errors import Invalid, WrongState
from portal.policy import Can
from portal.record import Did
from portal.support.servers import plans
from portal.support.servers.actions import capacity
from portal.support.servers.actions.messages import write
from portal.support.servers.actions.opening import remember
from portal.support.servers.lifecycle import LIFE, Verb
from portal.words import W

if TYPE_CHECKING:
    from datetime import date

    from portal.policy import Actor
    from portal.support.servers.models import Server

SHORTEST_CERTIFICATE, LONGEST_CERTIFICATE = 20, 1000


def wind_down(server: Server, callback: str = "", *, by: Actor) -> None:
    """Begin the end: the group is told, nothing is switched off yet. The automation hears of it too."""
    policy.check(by, Can.SERVER_KEEP, server)
    server.state = LIFE.after(server.state, Verb.WIND_DOWN).value
    server.winding_since = clock.now()
    capacity.let_go(server.changes[0] if server.changes else None, by=by)
    db.session().flush()
    if callback:
        write("server.winding_down", server, callback)
    remember(Did.SERVER_WINDING_DOWN, server, by=by)


def hand_over(server: Server, certificate: str, *, by: Actor) -> None:
    """Say that the group has everything and goes on by itself; the machine may run on in its hands.

    Refuses with WrongState before the steps of the hand-over are done, the group's own among them.
    """
    policy.check(by, Can.SERVER_KEEP, server)
    _check_steps(server, plans.BEFORE_HAND_OVER)
    _end(server, Verb.HAND_OVER, certificate, by=by)
    remember(Did.SERVER_HANDED_OVER, server, by=by)


def delete(server: Server, certificate: str, notice_days: int, *, by: Actor) -> None:
    """Say that everything was deleted, with the words of the certificate.

    Refuses with WrongState before the export was given and everything was erased; and, unless the group has
    confirmed that it has everything, before the days of notice are over.
    """
    policy.check(by, Can.SERVER_KEEP, server)
    _check_steps(server, ("export", "erased"))
    if not _has(server, plans.OF_THE_GROUP) and clock.today() < deletable_on(server, notice_days):
        raise WrongState(
            W(
                "The group has until %(day)s to fetch what is theirs. Delete it then, or once they confirm.",
                day=deletable_on(server, notice_days).strftime("%d/%m/%Y"),
            )
        )
    _end(server, Verb.DELETE, certificate, by=by)
    remember(Did.SERVER_DELETED, server, by=by)


def deletable_on(server: Server, notice_days: int) -> date:
    """Return from which day on a server may be deleted that nobody fetched anything from."""
    since = clock.local(server.winding_since or clock.now()).date()
    return since + timedelta(days=max(notice_days, server.exit_days))


def _check_steps(server: Server, steps: tuple[str, ...]) -> None:
    lacking = next((step for step in steps if not _has(server, step)), None)
    if lacking is not None:
        raise WrongState(W("Before that: %(step)s.", step=plans.END[lacking]))


def _has(server: Server, step: str) -> bool:
    return any(one.step == step for one in server.steps)


def _end(server: Server, verb: Verb, certificate: str, *, by: Actor) -> None:
    state = LIFE.after(server.state, verb)
    if not SHORTEST_CERTIFICATE <= len(certificate.strip()) <= LONGEST_CERTIFICATE:
        raise Invalid(
            W("Say in one or two sentences what was done, when and by whom: this is the certificate"),
            field="certificate",
        )
    server.state, server.certificate, server.ended_at = state.value, certificate.strip(), clock.now()
    # Who ran it is nobody's business any more.
    server.administrators.clear()
    db.session().flush()
    capacity.give_back(server, by=by)
