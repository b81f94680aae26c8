"""What the automation tells: believed for its signature, taken once by its id, ignored where it is late."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from portal import clock, crypto, db
from portal.errors import Invalid, NotFound, Refused, WrongState
from portal.policy import SYSTEM
from portal.support.servers import queries, signing
from portal.support.servers.actions import living, measuring
from portal.support.servers.actions.ending import wind_down
from portal.support.servers.actions.measuring import AUTOMATION, Sample
from portal.support.servers.lifecycle import IN_USE, LIFE, State, Verb
from portal.support.servers.models import Server, ServerCall
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

TOLERANCE = timedelta(seconds=signing.TOLERANCE_SECONDS)
MOST_SAMPLES = 62
UNSIGNED = W("The signature of this message is missing or wrong.")
OUT_OF_TIME = W("This message was signed more than five minutes ago, or in the future. Sign it anew.")
ODD = W("This is not a message that the portal understands. See docs/server-webhook.md.")
UNKNOWN = W("The portal knows no server of this name.")
OTHER_CONTENT = W("A message with this id and another content was taken before.")


class Unsigned(Refused):
    """A message whose signature is not right."""

    status = 401


@dataclass(frozen=True)
class Told:
    """A message of the right shape: its type, when it was seen to be so, and what it says."""

    type: str
    at: datetime
    server: str
    data: Mapping[str, Any]


def hear(
    stamp: signing.Stamp, content: bytes, secrets: Sequence[str], marks: Sequence[int]
) -> dict[str, str]:
    """Take a message of the automation and return the answer; the same message again gets the same one.

    Refuses with Unsigned, with Invalid what is odd or out of time, with NotFound an unknown server, and with
    WrongState another content under a known id. Nothing is looked up before the signature is right.
    """
    why = signing.fault(stamp, content, secrets, int(clock.real().timestamp()))
    if why is signing.Fault.UNSIGNED:
        raise Unsigned(UNSIGNED)
    if why is not None:
        raise Invalid(OUT_OF_TIME)
    told = _read(content)
    session = db.session()
    server = session.scalars(queries.one(told.server).with_for_update(of=Server)).one_or_none()
    if server is None:
        raise NotFound(UNKNOWN)
    before = session.scalars(queries.call(stamp.message_id)).one_or_none()
    if before is not None:
        return _same(before, content)
    return _take(stamp.message_id, content, told, server, marks)


def _same(before: ServerCall, content: bytes) -> dict[str, str]:
    if before.content_hash != crypto.sha256_hex(content):
        raise WrongState(OTHER_CONTENT)
    return before.answer


def _take(
    message_id: str, content: bytes, told: Told, server: Server, marks: Sequence[int]
) -> dict[str, str]:
    outcome = _apply(told, server, marks)
    answer = {"result": outcome, "server": server.ref, "state": server.state}
    call = ServerCall(
        message_id=message_id,
        content_hash=crypto.sha256_hex(content),
        server_id=server.id,
        type=told.type,
        received_at=clock.now(),
        outcome=outcome,
        answer=answer,
    )
    db.session().add(call)
    # Two at once with one id: the unique index lets one of them through, and the other tries again.
    db.session().flush()
    return answer


def _apply(told: Told, server: Server, marks: Sequence[int]) -> str:
    """Do what a message tells; "late" and "ignored" change nothing."""
    if told.type == "server.usage":
        if server.state not in IN_USE:
            return "ignored"
        measuring.enter_use(server, _samples(told.data), AUTOMATION, marks, by=SYSTEM)
        return "taken"
    if told.type == "server.wound_down":
        return _wound_down(server)
    verb, act = _ACTS[told.type]
    if server.stated_at is not None and told.at < server.stated_at:
        return "late"
    if not LIFE.allows(server.state, verb):
        return "ignored"
    act(server, told.data)
    server.stated_at = told.at
    return "taken"


def _wound_down(server: Server) -> str:
    """Note that the machine is gone; where nobody asked for that, a person sees to the rest all the same."""
    if LIFE.allows(server.state, Verb.WIND_DOWN):
        wind_down(server, by=SYSTEM)
    elif server.state != State.WINDING_DOWN or any(one.step == "erased" for one in server.steps):
        return "ignored"
    living.do_step(server, "erased", "automation", by=SYSTEM)
    return "taken"


def _run(server: Server, data: Mapping[str, Any]) -> None:
    living.run(server, _text(data, "address"), by=SYSTEM)


def _fail(server: Server, data: Mapping[str, Any]) -> None:
    living.fail(server, _text(data, "reason")[: living.LONGEST_REASON], by=SYSTEM)


_ACTS: dict[str, tuple[Verb, Callable[[Server, Mapping[str, Any]], None]]] = {
    "server.provisioning": (Verb.BEGIN, lambda server, _data: living.begin_setting_up(server, by=SYSTEM)),
    "server.running": (Verb.RUN, _run),
    "server.failed": (Verb.FAIL, _fail),
}
TYPES = frozenset({*_ACTS, "server.usage", "server.wound_down"})


def _read(content: bytes) -> Told:
    try:
        found = json.loads(content.decode(), parse_constant=_no_number, parse_float=_no_number)
        type_, data = found["type"], found["data"]
        at = datetime.fromisoformat(found["timestamp"])
        told = Told(type_, at.astimezone(UTC), data["server"], data)
        is_shaped = type_ in TYPES and at.tzinfo is not None and isinstance(told.server, str)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise Invalid(ODD) from error
    if not is_shaped or not isinstance(data, dict) or len(told.server) > 12:  # noqa: PLR2004 - as long as one is
        raise Invalid(ODD)
    if told.at > clock.real() + TOLERANCE:
        raise Invalid(OUT_OF_TIME)
    return told


def _no_number(_text: str) -> Any:
    msg = "only whole numbers are taken"
    raise ValueError(msg)


def _text(data: Mapping[str, Any], name: str) -> str:
    found = data.get(name)
    if not isinstance(found, str) or not found.isprintable():
        raise Invalid(ODD)
    return found


def _samples(data: Mapping[str, Any]) -> list[Sample]:
    days = data.get("days")
    if not isinstance(days, list) or not 0 < len(days) <= MOST_SAMPLES:
        raise Invalid(ODD)
    return [_sample(one) for one in days]


def _sample(row: Any) -> Sample:
    try:
        day = date.fromisoformat(row["day"])
        figures = {name: row[name] for name in ("cpu_hours", "memory_mb", "storage_mb", "traffic_mb")}
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(ODD) from error
    if not all(type(figure) is int for figure in figures.values()):
        raise Invalid(ODD)
    return Sample(day, **figures)
