"""The desk of residents: check a document in person, decide contested ones, see what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, request, session

from portal import clock, db, policy
from portal.errors import NotFound, Refused
from portal.people import queries as people_queries
from portal.policy import Can
from portal.residents import actions, keys, queries
from portal.residents.at_the_counter import is_here, remember
from portal.residents.forms import SHOWN, CheckForm, DecisionForm, FindForm, RevocationForm, in_words
from portal.residents.models import Conflict, Decision, Residency, Way
from portal.residents.said import TONES
from portal.residents.views.blueprint import open_way, rules
from portal.residents.views.standing import last_day, state_of
from portal.web import invalid, me, needs, one_or_404, render, see_other
from portal.web.access import NO_SUCH_PAGE
from portal.web.chrome import day
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.people.models import Person

residents_desk = Blueprint("residents_desk", __name__)
A_PAGE = 50
NOBODY = W("No account has this address. The person makes one first; it takes five minutes.")
DONE = {
    "verified": (W("This person is a verified resident now."), "green"),
    "waiting": (W("This document is in use in another account: the claim waits for a colleague."), "ochre"),
    "not_shown": (W("It is noted that the document did not show it. Nothing changed."), "green"),
    "revoked": (W("The status is ended; the person is told."), "green"),
    "decided": (W("It is decided; both people are told."), "green"),
}


@residents_desk.get("/desk/residents")
@needs(Can.RESIDENCE_READ)
def overview() -> ResponseReturnValue:
    return render("residents/desk/overview.html", **_overview(FindForm(formdata=None)))


@residents_desk.post("/desk/residents/people")
@needs(Can.RESIDENCE_CHECK)
def find() -> ResponseReturnValue:
    """Lead to the account with exactly this address: a post, so that no address stands in a log."""
    form = FindForm()
    if not form.validate():
        return invalid("residents/desk/overview.html", **_overview(form))
    found = db.session().scalar(people_queries.by_email(form.email.data))
    if found is None:
        form.refuse("email", NOBODY)
        return invalid("residents/desk/overview.html", **_overview(form))
    remember(session, found.pseudonym)
    return see_other("residents_desk.person", pseudonym=found.pseudonym)


@residents_desk.get("/desk/residents/people/<pseudonym>")
@needs(Can.RESIDENCE_READ)
def person(pseudonym: str) -> ResponseReturnValue:
    return render("residents/desk/person.html", **_shown(_person(pseudonym)))


@residents_desk.post("/desk/residents/people/<pseudonym>/check")
@needs(Can.RESIDENCE_CHECK)
def check(pseudonym: str) -> ResponseReturnValue:
    """Take what the clerk saw; the number lives no longer than this request."""
    somebody, form = _person(pseudonym), CheckForm(open_way(Way.IN_PERSON))
    if form.result.data != SHOWN:
        del form.number  # nothing to tell apart where nothing was shown
    if not form.validate():
        return invalid("residents/desk/person.html", **_shown(somebody, check_form=form))
    try:
        done = _check(somebody, form)
    except Refused as refused:
        if not refused.field:
            raise
        form.refuse(refused.field, refused.words)
        return invalid("residents/desk/person.html", **_shown(somebody, check_form=form))
    return see_other("residents_desk.person", pseudonym=pseudonym, done=done)


def _check(somebody: Person, form: CheckForm) -> str:
    if form.result.data != SHOWN:
        actions.note_not_shown(somebody, form.kind.data, rules=rules(), by=me())
        return "not_shown"
    given = actions.check_in_person(somebody, form.kind.data, form.number.data, rules=rules(), by=me())
    return "verified" if isinstance(given, Residency) else "waiting"


@residents_desk.post("/desk/residents/people/<pseudonym>/revocation")
@needs(Can.RESIDENCE_REVOKE)
def revoke(pseudonym: str) -> ResponseReturnValue:
    somebody, form = _person(pseudonym), RevocationForm()
    if not form.validate():
        return invalid("residents/desk/person.html", **_shown(somebody, revoke_form=form))
    actions.revoke(somebody, form.reason.data, by=me())
    return see_other("residents_desk.person", pseudonym=pseudonym, done="revoked")


@residents_desk.get("/desk/residents/conflicts/<int:number>")
@needs(Can.RESIDENCE_READ)
def conflict(number: int) -> ResponseReturnValue:
    found = one_or_404(queries.conflict(number))
    return render("residents/desk/conflict.html", **_contested(found, DecisionForm(formdata=None)))


@residents_desk.post("/desk/residents/conflicts/<int:number>/decision")
@needs(Can.RESIDENCE_DECIDE)
def decide(number: int) -> ResponseReturnValue:
    found, form = one_or_404(queries.conflict(number)), DecisionForm()
    if not form.validate():
        return invalid("residents/desk/conflict.html", **_contested(found, form))
    actions.decide(
        found,
        Decision(form.decision.data),
        form.reason.data,
        months=rules().valid_months,
        by=me(),
    )
    return see_other("residents_desk.overview", done="decided")


def _person(pseudonym: str) -> Person:
    """Return somebody whom this person of staff has a reason to look at; for all others there is nobody."""
    found = one_or_404(people_queries.by_pseudonym(pseudonym))
    is_read_anyway = policy.allows(me(), Can.PEOPLE_READ)
    if is_read_anyway or is_here(session, pseudonym) or db.session().scalar(queries.open_case_of(found.id)):
        return found
    raise NotFound(NO_SUCH_PAGE)


def _done() -> dict[str, Any]:
    words, tone = DONE.get(request.args.get("done", ""), ("", ""))
    return {"notice": words, "notice_tone": tone}


def _overview(form: FindForm) -> dict[str, Any]:
    session = db.session()
    return {
        "form": form,
        "may_check": policy.allows(me(), Can.RESIDENCE_CHECK) and Way.IN_PERSON.value in rules().ways,
        "counts": [(way, count) for way, count in session.execute(queries.how_many(clock.now()))],
        "waiting": session.scalars(queries.conflicts(decided=False, most=A_PAGE)).all(),
        "decided": session.scalars(queries.conflicts(decided=True, most=10)).all(),
        "census": session.scalar(queries.census_in_use()),
        "key_name": keys.name(),
        "key_names": keys.names(),
        **_done(),
    }


def _shown(
    somebody: Person, check_form: CheckForm | None = None, revoke_form: RevocationForm | None = None
) -> dict[str, Any]:
    newest = db.session().scalar(queries.newest_of(somebody.id))
    return {
        "person": somebody,
        "newest": newest,
        "state": state_of(newest),
        "last_day": last_day(newest),
        "tones": TONES,
        "document": in_words(rules().shown_name(newest.document_kind))
        if newest and newest.document_kind
        else "",
        "check_form": check_form or CheckForm(rules(), formdata=None),
        "revoke_form": revoke_form or RevocationForm(formdata=None),
        "hint": in_words(rules().document_hint),
        "may_check": policy.allows(me(), Can.RESIDENCE_CHECK, somebody)
        and Way.IN_PERSON.value in rules().ways,
        "is_own": me().person_id == somebody.id,
        "may_revoke": policy.allows(me(), Can.RESIDENCE_REVOKE, somebody) and state_of(newest) == "valid",
        **_done(),
    }


def _contested(found: Conflict, form: DecisionForm) -> dict[str, Any]:
    held = db.session().scalar(queries.held_as(found.resident_id))
    return {
        "conflict": found,
        "held": held,
        "holder_has_it": held is not None and held.person_id == found.holder_id and state_of(held) == "valid",
        "held_since": day(held.verified_at) if held else "",
        "form": form,
        "refusal": policy.refusal(me(), Can.RESIDENCE_DECIDE, found),
        "document": in_words(rules().shown_name(found.document_kind)) if found.document_kind else "",
    }
