"""The administrators' pages of people: find somebody, give and end roles, suspend and reinstate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, request
from wtforms.fields import SelectChoice

from portal import clock, db, policy
from portal.errors import Refused
from portal.people import actions, queries
from portal.people.forms import GrantForm, SuspensionForm
from portal.people.models import Grant, Person, Suspension
from portal.people.said import ROLES, role_words
from portal.policy import Can, Role
from portal.typed import clean_text, whole
from portal.web import invalid, me, needs, one_or_404, render, see_other
from portal.web.chrome import day, profile
from portal.words import W, current_language

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

people_desk = Blueprint("people_desk", __name__)
people_desk.add_app_template_filter(role_words, "role_words")

A_PAGE, LONGEST_SEARCH = 20, 120
A_YEAR = timedelta(days=365)


@people_desk.get("/desk/people")
@needs(Can.PEOPLE_READ)
def found() -> ResponseReturnValue:
    """Show who works for the city, or who is found by name or address; never everybody."""
    q = clean_text(request.args.get("q", ""))[:LONGEST_SEARCH]
    after = whole(request.args.get("after")) or 0
    rows = db.session().scalars(queries.found_by(q, clock.now(), after=after, most=A_PAGE + 1)).all()
    current = {one.id: [held.id for held in one.grants if held.is_valid(clock.now())] for one in rows}
    more = rows[A_PAGE - 1].id if len(rows) > A_PAGE else None
    return render("people/desk/people.html", q=q, found=rows[:A_PAGE], current=current, more=more)


@people_desk.get("/desk/people/<pseudonym>")
@needs(Can.PEOPLE_READ)
def person(pseudonym: str) -> ResponseReturnValue:
    return render("people/desk/person.html", **_shown(_person(pseudonym)))


@people_desk.post("/desk/people/<pseudonym>/roles")
@needs(Can.ROLES_GRANT)
def grant(pseudonym: str) -> ResponseReturnValue:
    """Give a role from the first to the last day, both included, in the city's days."""
    somebody, form = _person(pseudonym), _grant_form()
    if not form.validate():
        return invalid("people/desk/person.html", **_shown(somebody, grant_form=form))
    try:
        actions.grant(
            somebody,
            Role(form.role.data),
            by=me(),
            office=form.office.data,
            starts_at=_midnight(form.starts_on.data),
            until=_midnight(form.ends_on.data + timedelta(days=1)),
        )
    except Refused as refused:
        if not refused.field:
            raise
        form.refuse("ends_on" if refused.field == "until" else refused.field, refused.words)
        return invalid("people/desk/person.html", **_shown(somebody, grant_form=form))
    return see_other("people_desk.person", pseudonym=pseudonym)


@people_desk.post("/desk/people/<pseudonym>/roles/<int:number>/end")
@needs(Can.ROLES_GRANT)
def end_role(pseudonym: str, number: int) -> ResponseReturnValue:
    actions.end_role(_person(pseudonym), number, by=me())
    return see_other("people_desk.person", pseudonym=pseudonym)


@people_desk.post("/desk/people/<pseudonym>/suspension")
@needs(Can.PERSON_SUSPEND)
def suspend(pseudonym: str) -> ResponseReturnValue:
    somebody, form = _person(pseudonym), SuspensionForm()
    if not form.validate():
        return invalid("people/desk/person.html", **_shown(somebody, suspend_form=form))
    actions.suspend(somebody, form.reason.data, by=me())
    return see_other("people_desk.person", pseudonym=pseudonym)


@people_desk.post("/desk/people/<pseudonym>/reinstatement")
@needs(Can.PERSON_SUSPEND)
def reinstate(pseudonym: str) -> ResponseReturnValue:
    actions.reinstate(_person(pseudonym), by=me())
    return see_other("people_desk.person", pseudonym=pseudonym)


@people_desk.post("/desk/people/<pseudonym>/sessions/ending")
@needs(Can.PERSON_END_SESSIONS)
def end_sessions(pseudonym: str) -> ResponseReturnValue:
    actions.end_sessions_of(_person(pseudonym), by=me())
    return see_other("people_desk.person", pseudonym=pseudonym)


def _person(pseudonym: str) -> Person:
    return one_or_404(queries.by_pseudonym(pseudonym))


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time.min, tzinfo=clock.zone())


@dataclass(frozen=True)
class Row:
    """One role of a person, as the page shows it."""

    id: int
    role: str
    office: str
    starts_at: datetime
    last_day: date | None
    state: str


def _row(grant: Grant) -> Row:
    now = clock.now()
    state = "now" if grant.is_valid(now) else "later" if grant.starts_at > now else "over"
    # Held to the end of a day, a role ends at the midnight after it.
    last = clock.local(grant.until - timedelta(microseconds=1)).date() if grant.until else None
    offices = {office.id: _spoken(office.name) for office in profile().offices}
    return Row(grant.id, grant.role, offices.get(grant.office, grant.office), grant.starts_at, last, state)


def _spoken(words: Any) -> str:
    return str(words.get(current_language()) or next(iter(words.values())))


def _grant_form(**shown: Any) -> GrantForm:
    form = GrantForm(**shown)
    form.role.choices = [SelectChoice(role.value, cast("str", words)) for role, words in ROLES.items()]
    offices = [SelectChoice(office.id, _spoken(office.name)) for office in profile().offices]
    form.office.choices = [SelectChoice("", cast("str", W("No office"))), *offices]
    return form


def _shown(
    somebody: Person, grant_form: GrantForm | None = None, suspend_form: SuspensionForm | None = None
) -> dict[str, Any]:
    session = db.session()
    today = clock.today()
    suspensions = session.scalars(queries.suspensions_of(somebody.id)).all()
    roles = sorted(somebody.grants, key=lambda one: (one.starts_at, one.id), reverse=True)
    return {
        "person": somebody,
        "roles": [_row(one) for one in roles],
        "suspensions": suspensions,
        "suspension_rows": [_suspension_row(one) for one in suspensions],
        "open_sessions": len(session.scalars(queries.open_sessions_of(somebody.id)).all()),
        "grant_form": grant_form or _grant_form(formdata=None, starts_on=today, ends_on=today + A_YEAR),
        "suspend_form": suspend_form or SuspensionForm(formdata=None),
        "may_grant": policy.may_after_password(me(), Can.ROLES_GRANT, somebody),
        "may_suspend": policy.may_after_password(me(), Can.PERSON_SUSPEND, somebody),
        "may_remove_factors": policy.may_after_password(me(), Can.FACTORS_REMOVE, somebody),
        "may_end": policy.allows(me(), Can.PERSON_END_SESSIONS, somebody),
    }


def _suspension_row(one: Suspension) -> list[str]:
    return [day(one.started_at), day(one.ended_at) or str(W("still")), one.reason]
