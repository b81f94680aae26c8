"""Start a proposal or come back to one; the task list."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import current_app, g, make_response, redirect, request, session, url_for

from portal import clock, db
from portal.errors import NotAllowed, NotFound
from portal.people import sessions
from portal.policy import VISITOR, Can
from portal.proposals import actions, letters, queries, sections
from portal.proposals.actions.answering import misfits
from portal.proposals.calls import queries as calls
from portal.proposals.calls.views import shown
from portal.proposals.forms.answers_to_city import ResumeForm, StartForm, WordForm
from portal.proposals.lifecycle import State
from portal.proposals.profiles import profile_of
from portal.proposals.sections import Section, Status
from portal.proposals.views.rating import average
from portal.proposals.views.room import (
    city_profile,
    held,
    origin,
    proposals,
    standing,
    task_list_address,
    way_back_in,
)
from portal.proposals.views.suitability import carried, ready_page
from portal.proposals.views.tasks import task_sections
from portal.web import invalid, me, needs, one_or_404, public, render, see_other
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.proposals.models import Call, Proposal

# The two secrets of a new draft wait in a cookie of its first pages: the portal itself keeps only hashes.
SECRETS = "new-draft"
SECRETS_SECONDS = 30 * 60


@proposals.get("/propose")
@public
def start() -> ResponseReturnValue:
    return render("proposals/start.html", **_start_page())


def _invited() -> Call | None:
    """Return the call that the address or the form names and that the visitor may see, or none."""
    ref = carried().get("call")
    return db.session().scalars(calls.by_ref(calls.visible_to(VISITOR), ref)).one_or_none() if ref else None


def _start_page(resume: Any = None) -> dict[str, Any]:
    mine = db.session().scalars(queries.newest_first(queries.held_by(me())).limit(10)).all()
    profile, invited, at = city_profile(), _invited(), clock.now()
    return {
        "invited": shown(invited, at) if invited else None,
        "calls": [shown(one, at) for one in db.session().scalars(calls.open_now(at))] if not invited else [],
        "resume": resume or ResumeForm(),
        "mine": mine,
        "profile": profile,
        "answer_term": profile.clock("examination").term,
        "average": average(),
        "draft_days": profile.retention_of("draft_proposal").days,
        **way_back_in(),
    }


@proposals.post("/propose")
@needs(Can.PROPOSAL_START)
def begin() -> ResponseReturnValue:
    form = StartForm()
    if not form.validate_on_submit():
        return invalid("proposals/ready.html", **ready_page(form))
    with db.reading():  # before the request writes: tries are counted on a line of their own
        invited = _invited()
    helped = g.get("helped")
    begun = actions.start(
        by=me(),
        profile=city_profile(),
        language=helped.language if helped else g.language,
        email="" if helped else form.email.data,
        origin=origin(),
        call=invited,
        contact=helped.contact if helped else None,
    )
    if helped or begun.proposal.organisation_id is not None:
        # Held for the person by the help alone, or by the accounts of a group: this browser keeps no key,
        # and no link goes out that would outlast whoever leaves the group.
        return redirect(task_list_address(begun.proposal), 303)
    sessions.open_key(session, begun.proposal.key)  # type: ignore[arg-type]
    if form.email.data:
        letters.send_link(begun.proposal, form.email.data, _outside(begun.token))
    answer = make_response(redirect(task_list_address(begun.proposal), 303))
    answer.set_cookie(
        SECRETS,
        f"{begun.proposal.code}.{begun.word}.{begun.token}",
        max_age=SECRETS_SECONDS,
        secure=bool(current_app.config.get("SESSION_COOKIE_SECURE")),
        httponly=True,
        samesite="Lax",
        path=task_list_address(begun.proposal),
    )
    return answer


@proposals.post("/propose/resume")
@needs(Can.PROPOSAL_OPEN)
def resume() -> ResponseReturnValue:
    form = ResumeForm()
    if not form.validate_on_submit():
        return invalid("proposals/start.html", **_start_page(resume=form))
    try:
        return _open(actions.open_with_word(form.code.data, form.word.data, origin=origin()))
    except NotFound as refusal:
        form.refuse("word", refusal.words)
        return invalid("proposals/start.html", **_start_page(resume=form))


@proposals.post("/track/<code>/word")
@needs(Can.PROPOSAL_OPEN)
def word(code: str) -> ResponseReturnValue:
    form = WordForm()
    if not form.validate_on_submit():
        return invalid("proposals/closed.html", form=form, code=code)
    try:
        return _open(actions.open_with_word(code, form.word.data, origin=origin()))
    except NotFound as refusal:
        form.refuse("word", refusal.words)
        return invalid("proposals/closed.html", form=form, code=code)


@proposals.get("/propose/link/<token>")
@public
def link(token: str) -> ResponseReturnValue:
    return _open(actions.open_with_link(token, origin=origin()))


def _open(proposal: Proposal) -> ResponseReturnValue:
    if not me().helps:
        sessions.open_key(session, proposal.key)  # type: ignore[arg-type]
    elif request.method == "POST":
        own = one_or_404(queries.by_any_code(proposal.code))
        actions.take_in(own, g.helped.contact, by=me())
    else:
        raise NotAllowed(W("Type the code and the word instead of opening the link while you help somebody."))
    is_draft = proposal.state == State.DRAFT
    return see_other("proposals.tasks" if is_draft else "proposals.track", code=proposal.code)


@proposals.get("/propose/<code>")
@needs(Can.PROPOSAL_FILL)
def tasks(code: str) -> ResponseReturnValue:
    proposal = held(code)
    if proposal.state != State.DRAFT:
        return see_other("proposals.track", code=proposal.code)
    photos = db.session().scalars(queries.photos_of(proposal.id)).all()
    done = [one for one in sections.statuses(proposal).values() if one is Status.DONE]
    return render(
        "proposals/tasks.html",
        **standing(proposal),
        task_sections=task_sections(proposal, photo_count=len(photos)),
        done=len(done),
        all=len(Section),
        open_until=proposal.saved_at + _kept_for(proposal),
        secrets=_secrets(proposal),
        form=StartForm(),
        was_saved="saved" in request.args,
        **answered_call(proposal),
    )


def answered_call(proposal: Proposal) -> dict[str, Any]:
    """Return the call that a draft answers, with every reason why it does not take it; none without one."""
    if proposal.call is None:
        return {"invited": None, "misfits": []}
    return {"invited": shown(proposal.call, clock.now()), "misfits": misfits(proposal)}


@proposals.post("/propose/<code>/without-call")
@needs(Can.PROPOSAL_FILL)
def without_call(code: str) -> ResponseReturnValue:
    proposal = held(code)
    actions.leave_call(proposal, by=me())
    return redirect(task_list_address(proposal, saved="1"), 303)


@proposals.post("/propose/<code>/address")
@needs(Can.PROPOSAL_FILL)
def address(code: str) -> ResponseReturnValue:
    proposal, form = held(code), StartForm()
    if form.validate_on_submit():
        actions.leave_address(proposal, form.email.data, by=me())
        secrets = _secrets(proposal)
        if secrets is not None and form.email.data:
            letters.send_link(proposal, form.email.data, secrets["link"])
        return redirect(task_list_address(proposal, saved="1"), 303)
    return invalid("proposals/address.html", **standing(proposal), form=form)


def _kept_for(proposal: Proposal) -> timedelta:
    return timedelta(days=profile_of(proposal).retention_of("draft_proposal").days)


def _secrets(proposal: Proposal) -> dict[str, str] | None:
    code, _, rest = request.cookies.get(SECRETS, "").partition(".")
    word, _, token = rest.partition(".")
    if code != proposal.code or not token:
        return None
    return {"word": word, "link": _outside(token)}


def _outside(token: str) -> str:
    # Addresses that leave the portal come from the configuration, never from the request's Host.
    base: str = current_app.config["PORTAL"].base_url
    return base + url_for("proposals.link", token=token)
