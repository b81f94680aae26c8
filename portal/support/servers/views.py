"""The group's page of its servers, and the address to which the city's automation tells of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Blueprint, current_app, jsonify, request

from portal import db, policy
from portal.errors import Invalid, NotFound, Refused
from portal.people import limits
from portal.policy import Can
from portal.support.amounts import Amount
from portal.support.servers import actions, forms, plans, queries, said, showing, signing
from portal.support.servers.lifecycle import LIFE, OVER, State, Verb
from portal.support.servers.models import Server
from portal.typed import whole
from portal.web import Form, invalid, me, needs, one_or_404, public, render, see_other
from portal.web.access import NO_SUCH_PAGE, from_anywhere
from portal.web.chrome import profile
from portal.words import W, current_language

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from config import Config
    from portal.support.servers.models import ServerNote, ServerUsage


F = TypeVar("F", bound=Form)
servers = Blueprint("servers", __name__)
servers_api = Blueprint("servers_api", __name__)

MOST_BYTES = 64 * 1024
# A network tells of all its servers within a minute, and no stranger can use up another network's tries.
MOST_A_MINUTE = 120
ACTS = limits.Step(60, limits.MINUTE)
TOO_LARGE = W("A message of servers holds 64 kB at most. Send fewer days at a time.")


@servers.get("/pacts/<code>/servers")
@public
def shown(code: str) -> ResponseReturnValue:
    """Show everybody what a pact was given, since when and until when, and how late the city is or was."""
    subject = f"pact:{code.strip().upper()}"
    found = db.session().scalars(queries.public_of(subject)).all()
    promise = None if found else db.session().scalar(queries.promised(subject))
    if not found and promise is None:
        raise NotFound(NO_SUCH_PAGE)
    mine = any(policy.allows(me(), Can.SERVER_ROOM, one) for one in found)
    rows = [showing.in_public(one) for one in found]
    told = {"rows": rows, "promise": promise, "amount": Amount, "is_mine": mine}
    return render("support/servers/shown.html", code=code.strip().upper(), **told)


@servers.get("/pacts/<code>/server")
@needs(Can.SERVER_ROOM)
def room(code: str) -> ResponseReturnValue:
    return render("support/servers/room.html", **_shown(code))


@servers.post("/pacts/<code>/server/<ref>/particulars")
@needs(Can.SERVER_ASK)
def prepare(code: str, ref: str) -> ResponseReturnValue:
    it, form = _typed(code, ref, forms.ParticularsForm, "p")
    return _try(it, "particulars", form, lambda: actions.prepare(it, form.read(), by=me()))


@servers.post("/pacts/<code>/server/<ref>/administrators")
@needs(Can.SERVER_ASK)
def add_runner(code: str, ref: str) -> ResponseReturnValue:
    it, form = _typed(code, ref, forms.RunnerForm, "r")
    return _try(it, "runner", form, lambda: actions.add_runner(it, form.read(), by=me()))


@servers.post("/pacts/<code>/server/<ref>/administrators/removal")
@needs(Can.SERVER_ASK)
def remove_runner(code: str, ref: str) -> ResponseReturnValue:
    it, _ = _typed(code, ref, forms.RemovalForm, "x")
    actions.remove_runner(it, whole(request.form.get("number")) or 0, by=me())
    return see_other("servers.room", code=it.code)


@servers.post("/pacts/<code>/server/<ref>/change")
@needs(Can.SERVER_ASK)
def ask_change(code: str, ref: str) -> ResponseReturnValue:
    it, form = _typed(code, ref, forms.ChangeForm, "c")
    forms.offer_sizes(form, it, profile(), current_language())
    wish = (form.plan.data or "", form.ends_on.data, form.why.data or "")
    return _try(it, "change", form, lambda: actions.ask_change(it, *wish, profile(), by=me()))


@servers.post("/pacts/<code>/server/<ref>/notes")
@needs(Can.SERVER_ASK)
def write_note(code: str, ref: str) -> ResponseReturnValue:
    it, form = _typed(code, ref, forms.NoteForm, "n")
    return _try(it, "note", form, lambda: actions.write_note(it, form.words.data or "", by=me()))


@servers.post("/pacts/<code>/server/<ref>/confirmation")
@needs(Can.SERVER_ASK)
def confirm(code: str, ref: str) -> ResponseReturnValue:
    it, form = _typed(code, ref, forms.StepForm, "s")
    evidence = form.evidence.data or ""
    return _try(it, "confirmation", form, lambda: actions.do_step(it, plans.OF_THE_GROUP, evidence, by=me()))


def _typed(code: str, ref: str, kind: type[F], mark: str) -> tuple[Server, F]:
    """Return a server of this pact and of one's own group, and what was typed; any other is not there."""
    if not me().is_signed_in and not me().keys:
        raise NotFound(NO_SUCH_PAGE)  # visitors have no tries of their own to count
    # Who came by a secret link is counted by what it opens.
    limits.spend("servers", _who(), most=ACTS.most, seconds=ACTS.seconds)
    it = one_or_404(queries.one(ref).where(Server.subject == f"pact:{code.upper()}"))
    if not policy.allows(me(), Can.SERVER_ASK, it):
        raise NotFound(NO_SUCH_PAGE)
    return it, kind(prefix=f"{mark}{it.id}-")


def _who() -> str:
    return str(me().person_id) if me().is_signed_in else " ".join(sorted(me().keys))


def _try(it: Server, name: str, form: Form, act: Callable[[], object]) -> ResponseReturnValue:
    """Do what a form asks for, or show the page again with what was typed."""
    if form.validate():
        try:
            act()
        except Invalid as refused:
            form.refuse(refused.field, refused.words)
        else:
            return see_other("servers.room", code=it.code)
    return invalid("support/servers/room.html", **_shown(it.code, it.ref, {name: form}))


def _shown(code: str, ref: str = "", typed: dict[str, Form] | None = None) -> dict[str, Any]:
    """Return what the group's page shows; `typed` holds a refused form of one of its servers."""
    found = db.session().scalars(queries.of_subject(f"pact:{code.upper()}")).unique().all()
    mine = [one for one in found if policy.allows(me(), Can.SERVER_ROOM, one)]
    if not mine:
        raise NotFound(NO_SUCH_PAGE)
    days, notes = _beside(mine)
    lines = [_line(one, typed or {} if one.ref == ref else {}, days[one.id], notes[one.id]) for one in mine]
    return {
        "code": mine[0].code,
        "title": mine[0].title,
        "lines": lines,
        "typed": typed or {},
        "words_of": said,
        "showing": showing,
    }


def _beside(mine: Sequence[Server]) -> tuple[dict[int, list[ServerUsage]], dict[int, list[ServerNote]]]:
    """Return of each server the days it was used and what was written, in two questions for all of them."""
    ids, session = [one.id for one in mine], db.session()
    days: dict[int, list[ServerUsage]] = {one: [] for one in ids}
    notes: dict[int, list[ServerNote]] = {one: [] for one in ids}
    for day in session.scalars(queries.days_each(ids)):
        days[day.server_id].append(day)
    for note in session.scalars(queries.notes_each(ids)):
        notes[note.server_id].append(note)
    return days, notes


def _line(
    it: Server, typed: dict[str, Form], days: Sequence[ServerUsage], notes: Sequence[ServerNote]
) -> dict[str, Any]:
    is_open = it.state not in OVER
    return {
        "server": it,
        "forms_of": (_forms(it) if is_open else {}) | typed,
        "may_prepare": LIFE.allows(it.state, Verb.PREPARE),
        "may_change": LIFE.allows(it.state, Verb.ASK_CHANGE),
        "may_confirm": it.state == State.WINDING_DOWN
        and not any(one.step == plans.OF_THE_GROUP for one in it.steps),
        "is_open": is_open,
        "missing": actions.missing(it),
        "usage": showing.used(it, days),
        "checklist": showing.checklist(it),
        "notes": notes,
    }


def _forms(it: Server) -> dict[str, Form]:
    # Several servers may stand on one page: what is typed about one is never read for another.
    change = forms.ChangeForm(
        formdata=None, prefix=f"c{it.id}-", data={"ends_on": it.ends_on, "plan": it.plan}
    )
    forms.offer_sizes(change, it, profile(), current_language())
    return {
        "particulars": forms.ParticularsForm(formdata=None, obj=it, prefix=f"p{it.id}-"),
        "runner": forms.RunnerForm(formdata=None, prefix=f"r{it.id}-"),
        "change": change,
        "note": forms.NoteForm(formdata=None, prefix=f"n{it.id}-"),
        "confirmation": forms.StepForm(formdata=None, prefix=f"s{it.id}-"),
    }


class TooLarge(Refused):
    """A message that is longer than any we understand."""

    status = 413


@servers_api.post("/api/v1/servers/status")
@needs(Can.SERVER_REPORT)
@from_anywhere
def status() -> ResponseReturnValue:
    """Take a signed message of the automation; without a secret in the configuration this is no page."""
    settings: Config = current_app.config["PORTAL"]
    if not settings.servers_secrets:
        raise NotFound(NO_SUCH_PAGE)
    network = limits.network_of(request.remote_addr)
    limits.spend("servers-status", network, most=MOST_A_MINUTE, seconds=limits.MINUTE)
    if (request.content_length or 0) > MOST_BYTES:
        raise TooLarge(TOO_LARGE)
    content = request.stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise TooLarge(TOO_LARGE)
    answer = actions.hear(_stamp(), content, settings.servers_secrets, profile().servers.warn_percent)
    return jsonify(answer)


def _stamp() -> signing.Stamp:
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return signing.Stamp(*(request.headers.get(name, "") for name in names))
