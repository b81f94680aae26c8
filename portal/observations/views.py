"""The public pages: read what was said, say something without an account, follow it, report one."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, g, redirect, request, send_file, session, url_for

from portal import db, policy
from portal.commons.photos import cleaned
from portal.errors import Invalid, NotFound
from portal.observations import actions, codes, queries, showing
from portal.observations.actions.writing import Shot, Told, keep_photo
from portal.observations.forms import ContestForm, JudgeForm, ObservationForm, ReportForm
from portal.observations.lifecycle import LIFE, State, Verb
from portal.observations.subjects import subject_of, subject_of_key
from portal.observations.suspicion import Signs
from portal.people import limits, sessions
from portal.people.limits import DAY, HOUR, QUARTER, Step, Tries
from portal.policy import Can
from portal.web import invalid, me, needs, one_or_404, public, render, see_other
from portal.web.access import NO_SUCH_PAGE, takes_photos

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.observations.models import Observation
    from portal.observations.subjects import Subject

observations = Blueprint("observations", __name__)
observation_files = Blueprint("observation_files", __name__)
# A school or an office speaks from one network all morning; a program sends hundreds.
WRITING = (Step(12, QUARTER), Step(60, DAY))
REPORTING = (Step(20, QUARTER), Step(60, DAY))
KEYS = (Step(30, QUARTER),)
ENDORSING = (Step(60, HOUR),)
PLACE = "<any(proposals, pacts):place>"
KEPT_SECONDS = 3600


def _network() -> str:
    return limits.network_of(request.remote_addr)


@observations.get(f"/{PLACE}/<code>/observations")
@public
def listed(place: str, code: str) -> ResponseReturnValue:
    """Show what was said about a subject, the newest first."""
    subject = subject_of(place, code)
    before = showing.number_in(request.args.get("before", "")) or queries.NO_BOUND
    wanted = {"key": subject.key, "other_key": subject.other_key or subject.key, "before": before}
    rows = db.session().execute(queries.LIST, wanted).all()
    period = db.session().scalars(queries.newest_period((subject.key, subject.other_key))).first()
    last = rows[queries.PAGE - 1].id if len(rows) > queries.PAGE else 0
    here: dict[str, Any] = {"place": place, "code": subject.code}
    return render(
        "observations/list.html",
        subject=subject,
        rows=[showing.row(one) for one in rows[: queries.PAGE]],
        counter=showing.counter(period),
        older=url_for("observations.listed", **here, before=last) if last else "",
        newest=url_for("observations.listed", **here) if before != queries.NO_BOUND else "",
    )


@observations.get(f"/{PLACE}/<code>/observations/new")
@needs(Can.OBSERVATION_WRITE)
def new(place: str, code: str) -> ResponseReturnValue:
    """Show the form, with the name of whoever is signed in."""
    subject = subject_of(place, code)
    form = ObservationForm(data={"name": g.get("person_name", "")})
    form.start()
    return render("observations/new.html", form=form, **_form_page(subject))


def _form_page(subject: Subject) -> dict[str, Any]:
    period = db.session().scalars(queries.period_of(subject.key)).first()
    return {"subject": subject, "counter": showing.counter(period)}


@observations.post(f"/{PLACE}/<code>/observations/new")
@needs(Can.OBSERVATION_WRITE)
@takes_photos
def write(place: str, code: str) -> ResponseReturnValue:
    """Take an observation in; the same page again where something is missing."""
    form = ObservationForm()
    try:
        # Tries are counted, and the picture is drawn anew, before the first statement: no writer waits.
        Tries("observe", _network(), WRITING).spend()
        shot = _shot(form) if form.validate_on_submit() else None
        if not form.errors:
            made = _write(place, code, form, shot)
            sessions.open_key(session, made.key)  # type: ignore[arg-type]
            return see_other("observations.one", code=made.code)
    except Invalid as refusal:
        db.session().rollback()
        form.refuse(refusal.field, refusal.words)
    form.start()
    return invalid("observations/new.html", form=form, **_form_page(subject_of(place, code)))


def _shot(form: ObservationForm) -> Shot | None:
    content = form.photo.data.read() if form.photo.data else b""
    if not content:
        return None
    return keep_photo(cleaned(content), form.photo_words.data, current_app.extensions["store"])


def _write(place: str, code: str, form: ObservationForm, shot: Shot | None) -> Observation:
    told = Told(
        kind=form.kind.data,
        text=form.text.data,
        language=g.language,
        name=form.name.data,
        shows_name=form.shows_name.data,
        email=form.email.data or "",
        photo=shot,
    )
    signs = Signs(filled_the_trap=bool(form.website.data), seconds=form.seconds())
    return actions.write(subject_of(place, code), told, signs, by=me())


@observations.get("/observations/<code>")
@public
def one(code: str) -> ResponseReturnValue:
    """Show one observation by its code: what everybody sees, and to its author what is theirs."""
    return render("observations/one.html", **_page(codes.tidy_code(code)))


def _page(code: str, form: Any = None) -> dict[str, Any]:
    found = db.session().execute(queries.public(code)).one_or_none()
    if found is None:
        raise NotFound(NO_SUCH_PAGE)
    whole = one_or_404(queries.by_code(code))
    is_author = policy.allows(me(), Can.OBSERVATION_JUDGE, whole)
    return {
        "row": showing.row(found),
        "subject": subject_of_key(found.subject_key),
        "is_author": is_author,
        # What only its author reads; to everybody else it is not even handed to the page.
        "own": whole if is_author else None,
        "own_link": _own_link(code) if is_author else "",
        "may_contest": is_author and LIFE.allows(whole.state, Verb.CONTEST),
        "judge_form": form if isinstance(form, JudgeForm) else JudgeForm(formdata=None),
        "contest_form": form if isinstance(form, ContestForm) else ContestForm(formdata=None),
        "form": form,
    }


def _own_link(code: str) -> str:
    base: str = current_app.config["PORTAL"].base_url
    return base + url_for("observations.key", code=code, token=codes.token_of(code))


@observations.get("/observations/<code>/key/<token>")
@public
def key(code: str, token: str) -> ResponseReturnValue:
    """Let this browser hold the observation whose secret is in the link."""
    Tries("observation-key", _network(), KEYS).spend()
    code = codes.tidy_code(code)
    if not codes.is_token(code, token):
        raise NotFound(NO_SUCH_PAGE)
    found = one_or_404(queries.by_code(code))
    sessions.open_key(session, found.key)  # type: ignore[arg-type]
    return redirect(url_for("observations.one", code=code), 303)


@observations.post("/observations/<code>/judgement")
@needs(Can.OBSERVATION_JUDGE)
def judge(code: str) -> ResponseReturnValue:
    """Take the author's word on the answer."""
    found, form = one_or_404(queries.by_code(codes.tidy_code(code))), JudgeForm()
    policy.check(me(), Can.OBSERVATION_JUDGE, found)
    if not form.validate_on_submit():
        return invalid("observations/one.html", **_page(found.code, form))
    actions.judge(found, was_answered=form.judged.data == "yes", by=me())
    return see_other("observations.one", code=found.code)


@observations.post("/observations/<code>/appeal")
@needs(Can.OBSERVATION_CONTEST)
def contest(code: str) -> ResponseReturnValue:
    """Ask for a second person."""
    found, form = one_or_404(queries.by_code(codes.tidy_code(code))), ContestForm()
    policy.check(me(), Can.OBSERVATION_CONTEST, found)
    if not form.validate_on_submit():
        return invalid("observations/one.html", **_page(found.code, form))
    actions.contest(found, form.contest.data, by=me())
    return see_other("observations.one", code=found.code)


@observations.get("/observations/<code>/report")
@needs(Can.OBSERVATION_REPORT)
def ask_report(code: str) -> ResponseReturnValue:
    """Ask what is wrong with it."""
    return render("observations/report.html", form=ReportForm(), **_reported(code))


def _reported(code: str) -> dict[str, Any]:
    found = db.session().execute(queries.public(codes.tidy_code(code))).one_or_none()
    if found is None or found.state != State.PUBLISHED:
        raise NotFound(NO_SUCH_PAGE)
    return {"row": showing.row(found), "subject": subject_of_key(found.subject_key)}


@observations.post("/observations/<code>/report")
@needs(Can.OBSERVATION_REPORT)
def report(code: str) -> ResponseReturnValue:
    """Put it before somebody of the city."""
    form = ReportForm()
    if not form.validate_on_submit():
        return invalid("observations/report.html", form=form, **_reported(code))
    Tries("report", _network(), REPORTING).spend()
    found = one_or_404(queries.by_code(codes.tidy_code(code)))
    actions.report(found, form.reason.data, by=me())
    return render("observations/reported.html", **_reported(code))


@observations.post("/proposals/<code>/endorsement")
@needs(Can.ENDORSE)
def endorse(code: str) -> ResponseReturnValue:
    """Stand behind a proposal."""
    Tries("endorse", str(me().person_id), ENDORSING).spend()
    actions.endorse(subject_of("proposals", code), by=me())
    return see_other("front.proposal", code=code, _anchor="endorsements")


@observations.post("/proposals/<code>/endorsement/removal")
@needs(Can.ENDORSE)
def take_back(code: str) -> ResponseReturnValue:
    """Take one's endorsement back."""
    Tries("endorse", str(me().person_id), ENDORSING).spend()
    actions.take_back(subject_of("proposals", code), by=me())
    return see_other("front.proposal", code=code, _anchor="endorsements")


@observation_files.get("/files/observation-<int:number>/<any(small, large):size>.webp")
@public
def photo(number: int, size: str) -> ResponseReturnValue:
    """Send the picture of an observation that may be seen; to staff also one that waits for a look."""
    found = one_or_404(queries.photo(number))
    is_public = found.state == State.PUBLISHED
    if not (is_public or policy.allows(me(), Can.OBSERVATIONS_READ)):
        raise NotFound(NO_SUCH_PAGE)
    file_hash = found.photo_small_hash if size == "small" else found.photo_hash
    stream = io.BytesIO(current_app.extensions["store"].read(file_hash))
    answer = send_file(stream, "image/webp", etag=False)
    answer.set_etag(file_hash)
    answer.cache_control.no_cache = None
    # Kept for an hour only: what is hidden must go out of sight.
    answer.cache_control.private, answer.cache_control.max_age = True, KEPT_SECONDS if is_public else 0
    return answer.make_conditional(request)
