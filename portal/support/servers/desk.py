"""The officials' pages of servers: all of them, and one with everything that can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, request, url_for

from portal import clock, db, policy
from portal.errors import Invalid
from portal.people import limits
from portal.policy import Can
from portal.support.models import Allocation
from portal.support.servers import actions, forms, queries, said, showing
from portal.support.servers.lifecycle import LIFE, State, Verb
from portal.support.servers.queries import Wish
from portal.typed import whole
from portal.web import invalid, me, needs, one_or_404, render, see_other
from portal.web.chrome import profile
from portal.web.sheets import sheet
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.support.servers.models import Server
    from portal.web import Form

servers_desk = Blueprint("servers_desk", __name__)

ROWS_A_PAGE = 50
MOST_ROWS = 100_000
ACTS = limits.Step(60, limits.MINUTE)


@servers_desk.get("/desk/servers")
@needs(Can.SERVER_READ)
def servers() -> ResponseReturnValue:
    wish, after = _wish(), whole(request.args.get("after")) or 0
    rows = _listed(wish, after=after, most=ROWS_A_PAGE + 1)
    return render(
        "support/servers/list.html",
        rows=rows[:ROWS_A_PAGE],
        wish=wish,
        older=after + ROWS_A_PAGE if len(rows) > ROWS_A_PAGE else None,
        after=after,
        unopened=db.session().scalars(queries.unopened().limit(ROWS_A_PAGE)).all(),
        may_keep=policy.allows(me(), Can.SERVER_KEEP),
        **_words(),
    )


@servers_desk.get("/desk/servers.csv")
@needs(Can.SERVER_READ)
def servers_file() -> ResponseReturnValue:
    heads = [
        W("Server"), W("Pact"), W("Title"), W("State"), "vCPU", W("Memory, GB"), W("Storage, GB"),
        W("From"), W("Until"), W("Days late"),
    ]  # fmt: skip
    return sheet("servers", heads, map(_cells, _listed(_wish(), most=MOST_ROWS)))


def _cells(one: Server) -> list[object]:
    figures = (one.vcpu, one.memory_gb, one.storage_gb)
    days = (one.starts_on.isoformat(), one.ends_on.isoformat(), showing.days_late(one))
    return [one.ref, one.code, one.title, said.STATES[State(one.state)], *figures, *days]


def _wish() -> Wish:
    state, need = request.args.get("state", ""), request.args.get("need", "")
    return Wish(state if state in set(State) else "", need if need in queries.NEEDS else "")


def _listed(wish: Wish, *, after: int = 0, most: int) -> list[Server]:
    today = clock.today()
    soon = today + timedelta(days=queries.ENDS_SOON_DAYS)
    return list(db.session().scalars(queries.listed(wish, today, soon, after=after, most=most)))


@servers_desk.post("/desk/servers")
@needs(Can.SERVER_KEEP)
def begin() -> ResponseReturnValue:
    _spend()
    number = whole(request.form.get("allocation")) or 0
    allocation = one_or_404(queries.unopened().where(Allocation.id == number))
    made = actions.begin(allocation, profile(), by=me())
    return see_other("servers_desk.server", ref=made.ref)


@servers_desk.get("/desk/servers/<ref>")
@needs(Can.SERVER_READ)
def server(ref: str) -> ResponseReturnValue:
    return render("support/servers/server.html", **_shown(one_or_404(queries.one(ref))))


@servers_desk.post("/desk/servers/<ref>/particulars")
@needs(Can.SERVER_KEEP)
def prepare(ref: str) -> ResponseReturnValue:
    form = forms.ParticularsForm(prefix="p-")
    return _try(ref, "particulars", form, lambda it: actions.prepare(it, form.read(), by=me()))


@servers_desk.post("/desk/servers/<ref>/administrators")
@needs(Can.SERVER_KEEP)
def add_runner(ref: str) -> ResponseReturnValue:
    form = forms.RunnerForm(prefix="r-")
    return _try(ref, "runner", form, lambda it: actions.add_runner(it, form.read(), by=me()))


@servers_desk.post("/desk/servers/<ref>/administrators/removal")
@needs(Can.SERVER_KEEP)
def remove_runner(ref: str) -> ResponseReturnValue:
    number = whole(request.form.get("number")) or 0
    return _do(ref, lambda it: actions.remove_runner(it, number, by=me()))


@servers_desk.post("/desk/servers/<ref>/request")
@needs(Can.SERVER_KEEP)
def request_it(ref: str) -> ResponseReturnValue:
    route = actions.WEBHOOK if request.form.get("route") == actions.WEBHOOK and _url() else actions.HAND
    return _do(ref, lambda it: actions.request(it, route, _callback(), by=me()))


@servers_desk.post("/desk/servers/<ref>/start")
@needs(Can.SERVER_KEEP)
def start(ref: str) -> ResponseReturnValue:
    return _do(ref, lambda it: actions.begin_setting_up(it, by=me()))


@servers_desk.post("/desk/servers/<ref>/running")
@needs(Can.SERVER_KEEP)
def running(ref: str) -> ResponseReturnValue:
    form = forms.AddressForm(prefix="a-")
    return _try(ref, "address", form, lambda it: actions.run(it, form.address.data or "", by=me()))


@servers_desk.post("/desk/servers/<ref>/failure")
@needs(Can.SERVER_KEEP)
def failure(ref: str) -> ResponseReturnValue:
    form = forms.ReasonForm(prefix="f-")
    return _try(ref, "failure", form, lambda it: actions.fail(it, form.reason.data or "", by=me()))


@servers_desk.post("/desk/servers/<ref>/calling-off")
@needs(Can.SERVER_KEEP)
def call_off(ref: str) -> ResponseReturnValue:
    form = forms.ReasonForm(prefix="o-")
    return _try(ref, "calling_off", form, lambda it: actions.call_off(it, form.reason.data or "", by=me()))


@servers_desk.post("/desk/servers/<ref>/steps")
@needs(Can.SERVER_KEEP)
def do_step(ref: str) -> ResponseReturnValue:
    _spend()
    it = one_or_404(queries.one(ref))
    form = forms.step(it, showing.listed_steps(it), is_typed=True)
    step = form.step.data or ""
    return _try(ref, "step", form, lambda it: actions.do_step(it, step, form.evidence.data or "", by=me()))


@servers_desk.post("/desk/servers/<ref>/use")
@needs(Can.SERVER_KEEP)
def enter_use(ref: str) -> ResponseReturnValue:
    form, marks = forms.UseForm(prefix="u-"), profile().servers.warn_percent
    return _try(ref, "use", form, lambda it: actions.enter_use(it, [form.read()], "hand", marks, by=me()))


@servers_desk.post("/desk/servers/<ref>/change")
@needs(Can.SERVER_KEEP)
def grant(ref: str) -> ResponseReturnValue:
    return _do(ref, lambda it: actions.grant(it, _newest_wish(it), profile(), by=me()))


@servers_desk.post("/desk/servers/<ref>/change/second")
@needs(Can.SERVER_SECOND)
def second(ref: str) -> ResponseReturnValue:
    return _do(ref, lambda it: actions.second(it, _newest_wish(it), profile(), by=me()))


@servers_desk.post("/desk/servers/<ref>/change/refusal")
@needs(Can.SERVER_KEEP)
def refuse_change(ref: str) -> ResponseReturnValue:
    form = forms.ReasonForm(prefix="d-")
    reason = form.reason.data or ""
    return _try(ref, "refusal", form, lambda it: actions.refuse_change(it, _newest_wish(it), reason, by=me()))


@servers_desk.post("/desk/servers/<ref>/winding-down")
@needs(Can.SERVER_KEEP)
def wind_down(ref: str) -> ResponseReturnValue:
    return _do(ref, lambda it: actions.wind_down(it, _callback() if _url() else "", by=me()))


@servers_desk.post("/desk/servers/<ref>/end")
@needs(Can.SERVER_KEEP)
def end(ref: str) -> ResponseReturnValue:
    form = forms.EndForm(prefix="e-")
    return _try(ref, "end", form, lambda it: _end(it, form.how.data, form.certificate.data or ""))


def _end(it: Server, how: str, certificate: str) -> None:
    if how == "hand_over":
        actions.hand_over(it, certificate, by=me())
    else:
        actions.delete(it, certificate, profile().clock("hosting_notice").days, by=me())


@servers_desk.post("/desk/servers/<ref>/notes")
@needs(Can.SERVER_KEEP)
def write_note(ref: str) -> ResponseReturnValue:
    form = forms.NoteForm(prefix="n-")
    return _try(ref, "note", form, lambda it: actions.write_note(it, form.words.data or "", by=me()))


@servers_desk.post("/desk/servers/<ref>/messages")
@needs(Can.SERVER_KEEP)
def send_again(ref: str) -> ResponseReturnValue:
    chosen = queries.message(request.form.get("message", "")[:64])

    def act(it: Server) -> None:
        message = one_or_404(queries.message_of(it.id, chosen))
        actions.send_again(message, it, _url(), by=me())

    return _do(ref, act)


def _spend() -> None:
    limits.spend_own("servers", me().person_id, ACTS)


def _do(ref: str, act: Callable[[Server], object]) -> ResponseReturnValue:
    """Do what a button asks for."""
    _spend()
    act(one_or_404(queries.one(ref)))
    return see_other("servers_desk.server", ref=ref)


def _try(ref: str, name: str, form: Form, act: Callable[[Server], object]) -> ResponseReturnValue:
    """Do what a form asks for, or show the page again with what was typed."""
    if not db.session().in_transaction():
        _spend()
    if form.validate():
        try:
            act(one_or_404(queries.one(ref)))
        except Invalid as refused:
            form.refuse(refused.field, refused.words)
        else:
            return see_other("servers_desk.server", ref=ref)
    return invalid("support/servers/server.html", **_shown(one_or_404(queries.one(ref)), {name: form}))


def _newest_wish(it: Server) -> Any:
    return it.changes[0] if it.changes else one_or_404(queries.no_wish())


def _shown(it: Server, typed: dict[str, Form] | None = None) -> dict[str, Any]:
    """Return what the page shows; `typed` holds a form that was refused."""
    may_keep = policy.allows(me(), Can.SERVER_KEEP, it)
    wish = it.changes[0] if it.changes and not it.changes[0].outcome else None
    return {
        "server": it,
        "forms_of": (_forms(it) if may_keep else {}) | (typed or {}),
        "typed": typed or {},
        "may_keep": may_keep,
        "wish": wish,
        "waits": wish is not None and bool(wish.allocation_id and it.allocation.suspended_on),
        "may_second": wish is not None and wish.decided_at is not None and _may_second(it, wish),
        "can": {verb.value: may_keep and LIFE.allows(it.state, verb) for verb in Verb},
        "missing": actions.missing(it),
        "is_automatic": bool(_url()),
        "usage": showing.usage_of(it),
        "notes": db.session().scalars(queries.notes(it.id)).all(),
        "messages": db.session().scalars(queries.messages(it.id)).all(),
        "checklist": showing.checklist(it),
        **_words(),
    }


def _may_second(it: Server, wish: Any) -> bool:
    return all(policy.may_after_password(me(), Can.SERVER_SECOND, one) for one in (it, wish))


def _forms(it: Server) -> dict[str, Form]:
    # What was typed into one form is not shown in the others: none of these reads the request.
    return {
        "particulars": forms.ParticularsForm(formdata=None, obj=it, prefix="p-"),
        "runner": forms.RunnerForm(formdata=None, prefix="r-"),
        "address": forms.AddressForm(formdata=None, prefix="a-"),
        "failure": forms.ReasonForm(formdata=None, prefix="f-"),
        "calling_off": forms.ReasonForm(formdata=None, prefix="o-"),
        "step": forms.step(it, showing.listed_steps(it)),
        "use": forms.UseForm(formdata=None, prefix="u-", day=clock.today()),
        "refusal": forms.ReasonForm(formdata=None, prefix="d-"),
        "end": forms.EndForm(formdata=None, prefix="e-", how="hand_over"),
        "note": forms.NoteForm(formdata=None, prefix="n-"),
    }


def _url() -> str:
    return str(current_app.config["PORTAL"].servers_url)


def _callback() -> str:
    return f"{current_app.config['PORTAL'].base_url}{url_for('servers_api.status')}"


def _words() -> dict[str, Any]:
    return {"words_of": said, "showing": showing, "profile_of": profile()}
