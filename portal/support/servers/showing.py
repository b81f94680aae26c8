"""A server as pages show it: its particulars, how late it is, what it uses, and its checklist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from babel.numbers import format_decimal

from portal import clock, db
from portal.support.servers import plans, queries, said
from portal.support.servers.lifecycle import IN_USE, State
from portal.web.chrome import profile
from portal.words import W, current_language, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.support.servers.models import Server, ServerUsage

# So many days are drawn, and so many stand in the table below.
DRAWN, LISTED = 14, 31


@dataclass(frozen=True, slots=True)
class Drawn:
    """One measure over the last days: shares of the scale, on which the promise stands in the middle."""

    label: W
    points: list[float]
    limit: float


@dataclass(frozen=True, slots=True)
class Usage:
    """What a server used: a bar for each measure of the newest day, the days drawn, and the days listed."""

    bars: list[dict[str, Any]]
    drawn: list[Drawn]
    days: Sequence[ServerUsage]


def region_of(server: Server) -> str:
    """Return where it stands, in the reader's language where it is still what the city's rules say."""
    said_so = profile().servers.region
    return (
        said_so.get(current_language(), server.region) if server.region in said_so.values() else server.region
    )


def usage_of(server: Server) -> Usage:
    """Return what the server used, in one question to the database."""
    return used(server, db.session().scalars(queries.days(server.id)).all())


def used(server: Server, rows: Sequence[ServerUsage]) -> Usage:
    """Return what the server used, of its newest days, the newest first."""
    shares = [one for one in plans.shares(server.measures, rows) if one.promised]
    return Usage([_bar(one) for one in shares], _drawn(server, rows[:DRAWN]), rows[:LISTED])


def _bar(share: plans.Share) -> dict[str, Any]:
    unit = W("%(used)s of %(promised)s h") if share.measure == "vcpu" else W("%(used)s of %(promised)s GB")
    step = 1 if share.measure == "vcpu" else plans.MB
    words = {"used": _number(share.used / step), "promised": _number(share.promised / step)}
    tone = "red" if share.is_over else "blue"
    percent = W("%(words)s, %(percent)s%%", words=W(unit.id, **words), percent=share.percent)
    return {
        "label": said.MEASURES[share.measure],
        "value": min(share.used, share.promised),
        "out_of": share.promised,
        "words": percent,
        "tone": tone,
    }


def _drawn(server: Server, rows: Sequence[ServerUsage]) -> list[Drawn]:
    if len(rows) < 2:  # noqa: PLR2004 - a line has two ends
        return []
    found = []
    for measure, column in (("memory_gb", "memory_mb"), ("storage_gb", "storage_mb")):
        promised = server.measures[measure] * plans.MB
        figures = [getattr(one, column) for one in reversed(rows)]
        scale = max(2 * promised, *figures)
        found.append(Drawn(said.MEASURES[measure], [one / scale for one in figures], promised / scale))
    return found


def _number(value: float) -> str:
    return str(format_decimal(round(value, 1), locale=spoken()))


def size_of(server: Server) -> W:
    """Return the size in words."""
    figures = {name: getattr(server, name) for name in ("vcpu", "memory_gb", "storage_gb")}
    size = W("%(vcpu)s vCPU, %(memory_gb)s GB memory, %(storage_gb)s GB storage", **figures)
    if not server.traffic_gb:
        return size
    return W("%(size)s, %(traffic)s GB traffic a month", size=size, traffic=server.traffic_gb)


def days_late(server: Server) -> int:
    """Return by how many days the city is late, or was when it came; nothing where it was called off."""
    if server.state == State.CALLED_OFF:
        return 0
    running_on = clock.local(server.running_since).date() if server.running_since else None
    return plans.days_late(server.due_on, running_on, clock.today())


def in_public(server: Server) -> dict[str, Any]:
    """Return what everybody sees of a server: size, from when to when, and the city's lateness."""
    late = days_late(server)
    came = (
        W("Came %(num)s days late", num=late) if server.running_since else W("Late by %(num)s days", num=late)
    )
    return {
        "title": server.title,
        "state": said.STATES[State(server.state)],
        "tone": said.TONES[State(server.state)],
        "size": size_of(server),
        "since": server.running_since,
        "due_on": server.due_on,
        "ends_on": server.ends_on,
        "days_late": late,
        "lateness": came,
    }


def days_left(server: Server) -> int | None:
    """Return how many days a server in use has left; None where nobody uses it."""
    return (server.ends_on - clock.today()).days if server.state in IN_USE else None


def checklist(server: Server) -> list[dict[str, Any]]:
    """Return the steps of the moment, each with what was done."""
    done = {one.step: one for one in server.steps}
    listed = plans.END if _is_ending(server) else plans.BEGIN
    return [{"label": words, "done": done.get(key), "key": key} for key, words in listed.items()]


def _is_ending(server: Server) -> bool:
    return server.state in {State.WINDING_DOWN, State.HANDED_OVER, State.DELETED}


def listed_steps(server: Server) -> dict[str, W]:
    """Return the steps of the moment that can be ticked."""
    return plans.END if _is_ending(server) else plans.BEGIN
