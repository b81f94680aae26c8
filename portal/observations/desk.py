"""Staff: publish a period, answer, moderate, decide on appeals; and what the page of a case shows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, request

from portal import clock, db, policy
from portal.errors import Invalid
from portal.observations import actions, codes, phases, queries, showing
from portal.observations.forms import (
    AnswerForm,
    DecideForm,
    ExtensionForm,
    HideForm,
    IdentityForm,
    PeriodForm,
)
from portal.observations.lifecycle import LIFE, Verb
from portal.observations.shapes import ANSWERS, KIND_TONES, KIND_WORDS, REASONS
from portal.observations.subjects import Concerned, subject_of, subject_of_key
from portal.policy import Can
from portal.web import invalid, me, needs, one_or_404, render, see_other

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from flask.typing import ResponseReturnValue

    from portal.observations.models import Observation
    from portal.observations.subjects import Subject
    from portal.web import Form

observations_desk = Blueprint("observations_desk", __name__)
OF_PROPOSALS = "PR-"


def _subject(code: str) -> Subject:
    code = code.strip().upper()
    return subject_of("proposals" if code.startswith(OF_PROPOSALS) else "pacts", code)


@observations_desk.get("/desk/cases/<code>/observations")
@needs(Can.OBSERVATIONS_OPEN)
def period(code: str) -> ResponseReturnValue:
    """Show the dates of a period before it is published, as neighbours will see it."""
    subject = _subject(code)
    is_typed = "first" in request.args
    form = PeriodForm(request.args if is_typed else None, data=_usual(subject), meta={"csrf": True})
    if is_typed:
        form.check_days()
    return render("observations/desk/period.html", form=form, **_preview(subject, form))


def _usual(subject: Subject) -> dict[str, date]:
    first = clock.today()
    least = subject.rules.least_days if subject.rules else 1
    return {"first": first, "last": phases.least_last_day(first, least)}


def _preview(subject: Subject, form: PeriodForm, longer: ExtensionForm | None = None) -> dict[str, Any]:
    found = db.session().scalars(queries.period_of(subject.key, subject.version)).first()
    rules, days = subject.rules, 0
    if form.first.data and form.last.data:
        days = max(0, (form.last.data - form.first.data).days + 1)
    return {
        "subject": subject,
        "counter": showing.counter(found),
        "longer": longer or ExtensionForm(formdata=None),
        "days": days,
        "least_days": rules.least_days if rules else 0,
        "source": subject.profile.citation(rules.citation).words[g.language] if rules else "",
    }


@observations_desk.post("/desk/cases/<code>/observations")
@needs(Can.OBSERVATIONS_OPEN)
def open_period(code: str) -> ResponseReturnValue:
    """Publish the period."""
    subject, form = _subject(code), PeriodForm()
    policy.check(me(), Can.OBSERVATIONS_OPEN, subject.thing)
    if form.validate_on_submit():
        try:
            actions.open_period(subject, form.first.data, form.last.data, by=me())
            return see_other("pacts_desk.case", code=subject.code)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
    return invalid("observations/desk/period.html", form=form, **_preview(subject, form))


@observations_desk.post("/desk/cases/<code>/observations/extension")
@needs(Can.OBSERVATIONS_OPEN)
def extend_period(code: str) -> ResponseReturnValue:
    """Let the period last longer."""
    subject, form = _subject(code), ExtensionForm()
    policy.check(me(), Can.OBSERVATIONS_OPEN, subject.thing)
    if form.validate_on_submit():
        try:
            actions.extend_period(subject, form.extended_on.data, form.extended_why.data, by=me())
            return see_other("pacts_desk.case", code=subject.code)
        except Invalid as refusal:
            db.session().rollback()
            form.refuse(refusal.field, refusal.words)
    usual = PeriodForm(None, data=_usual(subject))
    return invalid("observations/desk/period.html", form=usual, **_preview(subject, usual, form))


@observations_desk.get("/desk/moderation")
@needs(Can.OBSERVATIONS_READ)
def queue() -> ResponseReturnValue:
    """List what waits for a person: to be looked at, contested, reported, and objections without a face."""
    session = db.session()
    waiting = [staff_row(one) for one in session.scalars(queries.WAITING)]
    reported = [staff_row(one) | {"reports": count} for one, count in session.execute(queries.REPORTED)]
    unseen = [staff_row(one) for one in session.scalars(queries.UNIDENTIFIED)]
    return render("observations/desk/queue.html", waiting=waiting, reported=reported, unseen=unseen)


def staff_row(one: Observation) -> dict[str, Any]:
    """Return one observation as a row for staff; who wrote it is not among it."""
    return {
        "code": one.code,
        "subject_code": one.subject_key.partition(":")[2],
        "state": one.state,
        "kind_words": str(KIND_WORDS[one.kind]),
        "kind_tone": KIND_TONES[one.kind],
        "begins": one.text if len(one.text) <= _BEGINS else f"{one.text[:_BEGINS].rstrip()} …",
        "received_at": one.received_at,
        "due_on": showing.last_day(one.answer_due_at),
        "answer_words": str(ANSWERS[one.answer]) if one.answer else "",
        "is_formal": one.is_formal,
        "needs_identity": one.needs_identity,
    }


_BEGINS = 140


@observations_desk.get("/desk/observations/<code>")
@needs(Can.OBSERVATIONS_READ)
def one(code: str) -> ResponseReturnValue:
    """Show one observation with all that staff can do about it."""
    return render("observations/desk/one.html", **_page(_concerned(code)))


def _concerned(code: str) -> Concerned:
    observation = one_or_404(queries.by_code(codes.tidy_code(code)))
    return Concerned(observation, subject_of_key(observation.subject_key))


_MAY: dict[str, tuple[Can, Verb]] = {
    "answer": (Can.OBSERVATION_ANSWER, Verb.ANSWER),
    "publish": (Can.OBSERVATION_MODERATE, Verb.PUBLISH),
    "hide": (Can.OBSERVATION_MODERATE, Verb.HIDE),
    "decide": (Can.OBSERVATION_DECIDE, Verb.UPHOLD),
}


def _page(concerned: Concerned, form: Form | None = None) -> dict[str, Any]:
    found = concerned.observation
    may = {
        name: LIFE.allows(found.state, verb) and policy.allows(me(), can, concerned)
        for name, (can, verb) in _MAY.items()
    }
    may["answer"] = may["answer"] and not found.answer
    may["hide"] = may["hide"] and found.decided_at is None
    may["identify"] = found.needs_identity and policy.allows(me(), Can.OBSERVATION_IDENTIFY, concerned)
    return {
        "found": found,
        "row": staff_row(found),
        "subject": concerned.subject,
        # Who it is, is shown to staff only where they must know: for an objection in a period.
        "sees_person": found.kind == "objection" and found.is_formal,
        "hidden_words": REASONS.get(found.hidden_for, ""),
        "reports": [REASONS[one.reason] for one in db.session().scalars(queries.open_reports(found.id))],
        "may": may,
        "refusal": policy.refusal(me(), Can.OBSERVATION_DECIDE, concerned) if found.contested_at else None,
        "forms_shown": {
            kind.__name__: form if isinstance(form, kind) else kind(formdata=None)
            for kind in (AnswerForm, HideForm, DecideForm, IdentityForm)
        },
        "form": form,
    }


def _act(code: str, can: Can, form: Form, verb: Callable[[Concerned], None]) -> ResponseReturnValue:
    """Do one thing with an observation, or show its page with what is wrong."""
    concerned = _concerned(code)
    policy.check(me(), can, concerned)
    if form.validate_on_submit():
        try:
            verb(concerned)
            return see_other("observations_desk.one", code=concerned.observation.code)
        except Invalid as refusal:
            db.session().rollback()
            form.refuse(refusal.field, refusal.words)
    return invalid("observations/desk/one.html", **_page(concerned, form))


@observations_desk.post("/desk/observations/<code>/answer")
@needs(Can.OBSERVATION_ANSWER)
def answer(code: str) -> ResponseReturnValue:
    """Publish the city's answer."""
    form = AnswerForm()
    return _act(
        code,
        Can.OBSERVATION_ANSWER,
        form,
        lambda it: actions.answer(it, form.outcome.data, form.answer_text.data, by=me()),
    )


@observations_desk.post("/desk/observations/<code>/publication")
@needs(Can.OBSERVATION_MODERATE)
def publish(code: str) -> ResponseReturnValue:
    """Let it appear."""
    concerned = _concerned(code)
    actions.publish(concerned, by=me())
    return see_other("observations_desk.queue")


@observations_desk.post("/desk/observations/<code>/hiding")
@needs(Can.OBSERVATION_MODERATE)
def hide(code: str) -> ResponseReturnValue:
    """Take it out of sight."""
    form = HideForm()
    return _act(
        code,
        Can.OBSERVATION_MODERATE,
        form,
        lambda it: actions.hide(it, form.hidden_for.data, form.hidden_why.data, by=me()),
    )


@observations_desk.post("/desk/observations/<code>/decision")
@needs(Can.OBSERVATION_DECIDE)
def decide(code: str) -> ResponseReturnValue:
    """Decide on an appeal, as a second person."""
    form = DecideForm()
    verbs = {"restore": actions.restore, "uphold": actions.uphold}
    return _act(
        code,
        Can.OBSERVATION_DECIDE,
        form,
        lambda it: verbs[form.decision.data](it, form.decided_why.data, by=me()),
    )


@observations_desk.post("/desk/observations/<code>/identity")
@needs(Can.OBSERVATION_IDENTIFY)
def identify(code: str) -> ResponseReturnValue:
    """Note how the city saw who objects."""
    form = IdentityForm()
    return _act(code, Can.OBSERVATION_IDENTIFY, form, lambda it: actions.identify(it, form.how.data, by=me()))


@observations_desk.post("/desk/observations/<code>/reports")
@needs(Can.OBSERVATION_MODERATE)
def settle(code: str) -> ResponseReturnValue:
    """Let it stay, whatever readers reported."""
    actions.settle_reports(_concerned(code), by=me())
    return see_other("observations_desk.queue")


def panel(subject: Subject | None) -> dict[str, Any] | None:
    """Return what the page of a case shows: the period, and the table of what was said."""
    if subject is None:
        return None
    keys = (subject.key, subject.other_key)
    found = db.session().scalars(queries.newest_period(keys)).first()
    rows = db.session().scalars(queries.table(keys)).all()
    return {
        "subject": subject,
        "counter": showing.counter(found),
        "rows": [staff_row(one) for one in rows],
        "unanswered": sum(one.is_formal and not one.answer and one.state in _OPEN for one in rows),
        "may_open": subject.rules is not None
        and policy.allows(me(), Can.OBSERVATIONS_OPEN, subject.thing)
        and (found is None or found.version < subject.version),
        "may_extend": found is not None
        and found.subject_key == subject.key
        and found.version == subject.version
        and phases.phase(found.opens_at, found.closes_at, clock.now()) is not phases.Phase.OVER
        and policy.allows(me(), Can.OBSERVATIONS_OPEN, subject.thing),
        "may_read": policy.may_ever(me(), Can.OBSERVATIONS_READ),
    }


_OPEN = frozenset({"received", "published", "contested"})
