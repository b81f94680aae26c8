"""The record for everybody: every act in its order, one act with its proof, and how far it is signed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from flask import request, url_for

from portal import clock, crypto, db, policy
from portal.errors import NotFound
from portal.front.proving import Proven, prove
from portal.front.standing import as_it_stands
from portal.front.views.room import front
from portal.organisations import queries as groups
from portal.policy import Can
from portal.record import Act, Did, checkpoints, publicity, queries
from portal.record.queries import Wanted
from portal.record.words import words_of
from portal.typed import YEARS, clean_text, whole
from portal.web import me, needs, render
from portal.web.access import NO_SUCH_PAGE
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

PAGE = 30
LONGEST_CODE = 60
KINDS = {
    "person": W("Accounts"),
    "role": W("City roles"),
    "factor": W("Second steps"),
    "organisation": W("Organisations"),
    "proposal": W("Proposals"),
    "case": W("Cases"),
    "commons": W("Commons"),
    "pact": W("Pacts"),
    "pool": W("Pools"),
    "support": W("Support"),
    "fence": W("Fences"),
    "report": W("Reports"),
    "paper": W("Papers"),
    "job": W("Jobs"),
    "record": W("The record itself"),
}


@front.get("/record")
@needs(Can.RECORD_READ)
@as_it_stands
def record() -> ResponseReturnValue:
    """Show what happened, the newest first."""
    wanted = _wanted()
    before = whole(request.args.get("before"))
    found = db.session().execute(queries.entries(wanted, before=before, most=PAGE + 1)).all()
    rows = sorted(found[:PAGE], key=lambda row: row[0], reverse=True)
    older = _page(before=min(act.id for _, act in rows)) if len(found) > PAGE else None
    return render(
        "front/record.html",
        rows=[(position, act, words_of(act.verb), way_to(act)) for position, act in rows],
        chosen=request.args,
        groups=_groups(is_whole=wanted.is_whole),
        older=older,
        newest=_page() if before is not None else None,
        checkpoint=checkpoints.newest(),
        is_whole=wanted.is_whole,
    )


def _wanted() -> Wanted:
    known = {did.value for did in Did}
    kind = request.args.get("kind", "")
    return Wanted(
        kind=kind if kind in known else "",
        about=clean_text(request.args.get("about"))[:LONGEST_CODE],
        since=_midnight(request.args.get("from", "")),
        until=_midnight(request.args.get("to", ""), days=1),
        is_whole=policy.allows(me(), Can.RECORD_READ_ALL),
    )


def _midnight(text: str, days: int = 0) -> datetime | None:
    """Return the instant at which a day of the address begins in the city, `days` later."""
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return datetime.combine(day, time(), clock.zone()) if day.year in YEARS else None


def _page(**more: object) -> str:
    kept = {name: value for name, value in request.args.items() if name in {"kind", "about", "from", "to"}}
    return url_for("front.record", **kept, **more)  # type: ignore[arg-type]


def _groups(*, is_whole: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    shown = [did for did in Did if is_whole or did.value in publicity.PUBLIC]
    groups: dict[str, list[tuple[str, str]]] = {}
    for did in shown:
        name = str(KINDS.get(did.value.partition(":")[0], KINDS["record"]))
        groups.setdefault(name, []).append((did.value, words_of(did)))
    return sorted(groups.items())


def way_to(act: Act) -> tuple[str, str]:
    """Return what the act is about as people write it, and the address of its public page, if it has one."""
    kind, _, rest = act.subject.partition(":")
    code = rest.partition(":")[0]
    pages = {"pact": "front.pact", "allocation": "front.pact", "fence": "front.pact"}
    if kind in pages:
        return code, url_for(pages[kind], code=code)
    if kind == "proposal" and publicity.why_private(act.verb, act.facts) is None:
        return code, url_for("front.proposal", code=code)
    return code, ""


def _group_of(act: Act) -> Any:
    return db.session().execute(groups.names_of([act.behalf])).one_or_none()


@front.get("/record/<int:position>")
@needs(Can.RECORD_READ)
@as_it_stands
def act(position: int) -> ResponseReturnValue:
    """Show one act, and the proof that it stands in the signed record."""
    proven = _proven(position)
    found = proven.act
    why = publicity.why_private(found.verb, found.facts)
    is_open = why is None or policy.allows(me(), Can.RECORD_READ_ALL)
    return render(
        "front/act.html",
        proven=proven,
        act=found if is_open else None,
        why=why,
        words=words_of(found.verb) if is_open else "",
        way=way_to(found) if is_open else ("", ""),
        group=_group_of(found) if is_open and found.behalf else None,
        entry=found.canonical.decode() if is_open else "",
        is_kept=crypto.leaf_hash(found.canonical) == proven.leaf,
    )


@front.get("/record/<int:position>/proof.json")
@needs(Can.RECORD_READ)
def proof(position: int) -> ResponseReturnValue:
    """Give the proof of one act to a program."""
    found = _proven(position)
    why = publicity.why_private(found.act.verb, found.act.facts)
    return {"entry": found.act.canonical.decode() if why is None else None, **_as_json(found)}


def _as_json(proven: Proven) -> dict[str, Any]:
    return {
        "position": proven.position,
        "leaf": proven.leaf.hex(),
        "proof": [one.hex() for one in proven.proof],
        "checkpoint": proven.checkpoint.note if proven.checkpoint else None,
    }


def _proven(position: int) -> Proven:
    found = prove(position)
    if found is None:
        raise NotFound(NO_SUCH_PAGE)
    return found


@front.get("/record/checkpoints")
@needs(Can.RECORD_READ)
@as_it_stands
def record_checkpoints() -> ResponseReturnValue:
    """Show how far the record was signed, and when."""
    before = whole(request.args.get("before"))
    found = db.session().scalars(queries.checkpoints(before=before, most=PAGE + 1)).all()
    older = url_for("front.record_checkpoints", before=found[PAGE - 1].size) if len(found) > PAGE else None
    return render("front/checkpoints.html", rows=found[:PAGE], older=older)
