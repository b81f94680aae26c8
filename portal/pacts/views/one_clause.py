"""One clause on its own page: its words, what either side suggests and says about it, how it came to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, request

from portal import db
from portal.errors import Invalid, NotFound, Refused, Stale
from portal.pacts import actions, comparing, own, queries, shown
from portal.pacts.actions.texts import NEW, before, clause_of
from portal.pacts.forms import AnswerForm
from portal.pacts.lifecycle import State
from portal.pacts.meetings import queries as meetings
from portal.pacts.prescribed import made_of, prescribed_for
from portal.pacts.reading import read
from portal.pacts.standing import profile_of, side_of
from portal.pacts.terms import TERMS
from portal.pacts.typed import read_change, read_own
from portal.pacts.views.blueprint import pacts
from portal.pacts.views.seen import (
    MOST_CLOSED,
    MOST_OPEN,
    NO_BOUND,
    history_of,
    languages_of,
    may,
    said_at,
    suggested,
)
from portal.policy import Can
from portal.typed import clean_text, whole
from portal.web import me, needs, one_or_404, render, see_other
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from portal.city import Clause
    from portal.pacts.models import Pact, Suggestion
    from portal.pacts.prescriptions import Prescribed

_NO_CLAUSE = W("This pact has no such clause.")


@pacts.get("/pacts/<code>/co-design/clauses/<clause_id>")
@needs(Can.PACT_ROOM)
def clause(code: str, clause_id: str) -> ResponseReturnValue:
    return clause_page(code, clause_id)


def clause_page(code: str, clause_id: str, *, refused: Mapping[str, Any] | None = None) -> str:
    """Return the page of a clause; `refused` holds the sentence, what was typed, and where."""
    pact = one_or_404(queries.room_of(me(), code))
    version = one_or_404(queries.version(pact.id, pact.last_version))
    profile, refused = profile_of(pact), refused or {}
    text, findings = read(version, profile)
    row = None if clause_id == TERMS else clause_of(text, clause_id)
    said = said_at(pact, clause_id)
    since = whole(request.args.get("from")) or 0
    older_than = whole(request.args.get("older")) or NO_BOUND
    waiting, closed = suggested(pact, text, clause_id, said, since=since, older_than=older_than)
    if row is None and not (waiting or closed or clause_id in {NEW, TERMS}):
        raise NotFound(_NO_CLAUSE)
    is_open = pact.state == State.CO_DESIGN
    languages, rows = languages_of(pact, text), prescribed_for(pact)
    return render(
        "pacts/clause.html",
        pact=pact,
        version=version,
        text=text,
        clause=shown.clause_shown(clause_id, row, profile, g.language),
        languages_of_text=languages,
        prescribed=[one for one in rows if one.clause == clause_id],
        **_met(pact, rows),
        profile=profile,
        findings=[one for one in findings if one.clause_id == clause_id] if is_open else [],
        waiting=waiting[:MOST_OPEN],
        more_waiting=since + MOST_OPEN if len(waiting) > MOST_OPEN else 0,
        closed=closed[:MOST_CLOSED],
        more_closed=closed[MOST_CLOSED - 1].suggestion.id if len(closed) > MOST_CLOSED else 0,
        is_older=older_than != NO_BOUND,
        comments=[(one, by) for one, by in said if one.suggestion_id is None],
        history=history_of(pact, clause_id) if row else [],
        meetings=db.session().execute(meetings.touching(pact.id, clause_id)).all(),
        form=_filled(pact, text, row, clause_id, refused),
        side=side_of(pact, me()),
        is_open=is_open,
        may=may(pact),
        refused=refused,
    )


def _met(pact: Pact, rows: Sequence[Prescribed]) -> dict[str, Any]:
    """Return of which suggestion came what meets a prescription, and what each suggestion met."""
    made = made_of(pact, rows)
    met: dict[int | None, list[Prescribed]] = {}
    for one in rows:
        if one.key in made:
            met.setdefault(made[one.key].suggestion, []).append(one)
    return {"made_of": made, "met": met}


def _filled(
    pact: Pact, text: Mapping[str, Any], row: Any, clause_id: str, refused: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what stands in the form: what was typed, a suggestion on the present text, or the text."""
    library, languages = _library(pact, clause_id), languages_of(pact, text)
    now = shown.boxes(row, library, languages)
    form = {"counters": "", "replaces": "", "comment": "", "is_whole": True, "is_open": False, "boxes": now}
    if refused.get("typed") is not None and not refused.get("suggestion"):
        typed = refused["typed"]
        form |= {name: typed.get(name, "") for name in ("counters", "replaces", "comment")}
        values = refused["filled"].values if refused.get("filled") else {**now, **typed}
        is_whole = refused["filled"].is_whole if refused.get("filled") else True
        return form | {"boxes": values, "is_whole": is_whole, "is_open": True}
    one = _named(pact, clause_id)
    if one is None or one.row_after is None:
        return form
    base = shown.boxes(before(one), library, languages)
    filled = shown.anew(base, now, shown.boxes(one.row_after, library, languages))
    is_own = one.side == side_of(pact, me())
    form |= {"counters": "" if is_own else str(one.id), "replaces": str(one.id) if is_own else ""}
    return form | {"boxes": filled.values, "is_whole": filled.is_whole, "is_open": True}


def _library(pact: Pact, clause_id: str) -> Clause | None:
    return next((one for one in profile_of(pact).clauses if one.id == clause_id), None)


def _named(pact: Pact, clause_id: str) -> Suggestion | None:
    """Return the suggestion on which somebody wants to write, or None."""
    number = whole(request.args.get("on"))
    if number is None or clause_id == TERMS:
        return None
    found = one_or_404(queries.suggestion(pact.id, number))
    return found if found.clause_id == clause_id and found.state == "open" else None


@pacts.post("/pacts/<code>/co-design/suggestions")
@needs(Can.PACT_SUGGEST)
def suggest(code: str) -> ResponseReturnValue:
    pact = one_or_404(queries.room_of(me(), code))
    text = one_or_404(queries.version(pact.id, pact.last_version)).text
    clause_id = request.form.get("clause", "")
    row = clause_of(text, clause_id) if clause_id != TERMS else None
    if row is None and clause_id != NEW and not own.is_own(clause_id):
        raise Invalid(_NO_CLAUSE)
    try:
        clause_id = _suggest(pact, clause_id, row, languages_of(pact, text))
    except Stale as error:
        return _conflict(code, clause_id, error)
    except Invalid as error:
        db.session().rollback()
        refused = {"words": error.words, "at": _places(error), "typed": request.form}
        return clause_page(code, clause_id, refused=refused), error.status
    return see_other("pacts.clause", code=code, clause_id=clause_id, _anchor="suggestions")


def _places(error: Invalid) -> dict[str, W]:
    """Return the sentence of each fault under the id of the box where it can be mended."""
    found: dict[str, W] = {}
    for field, words in error.faults:
        is_box = f"param-{field}" in request.form
        found.setdefault(f"param-{field}" if is_box else field if field in request.form else "suggest", words)
    return found


def _suggest(pact: Pact, clause_id: str, row: Any, languages: tuple[str, ...]) -> str:
    typed = request.form
    if clause_id == NEW or own.is_own(clause_id):
        change = read_own(typed, row, languages)
    else:
        change = read_change(typed, row, _library(pact, clause_id), languages)
    base, comment = whole(typed.get("version")), clean_text(typed.get("comment"))
    countered, replaced = (_other(pact, typed.get(name), clause_id) for name in ("counters", "replaces"))
    if row is None and clause_id != NEW and not (countered or replaced):
        raise NotFound(_NO_CLAUSE)
    if countered is not None:
        made = actions.counter(countered, change, comment, pact=pact, by=me(), base=base)
    else:
        made = actions.suggest(pact, clause_id, change, comment, by=me(), base=base)
    if replaced is not None:
        actions.withdraw_suggestion(replaced, pact=pact, by=me())
    return made.clause_id


def _other(pact: Pact, typed: str | None, clause_id: str) -> Suggestion | None:
    number = whole(typed)
    if number is None:
        return None
    found = one_or_404(queries.suggestion(pact.id, number))
    if found.clause_id != clause_id:
        raise NotFound(_NO_CLAUSE)
    return found


def _conflict(code: str, clause_id: str, error: Refused) -> ResponseReturnValue:
    """Show the other's text above what was typed, and in the form both where their words do not touch.

    In a unit that only reads: others go on writing while this page is made.
    """
    db.session().rollback()
    with db.reading():
        return clause_page(code, clause_id, refused=_kept(code, clause_id, error)), error.status


def _kept(code: str, clause_id: str, error: Refused) -> dict[str, Any]:
    """Return what was typed, what of it differs from what was read, and what now stands in the form."""
    pact = one_or_404(queries.room_of(me(), code))
    text = one_or_404(queries.version(pact.id, pact.last_version)).text
    read = db.session().scalars(queries.version(pact.id, whole(request.form.get("version")) or 0)).first()
    library, languages = _library(pact, clause_id), languages_of(pact, text)
    now, was = (
        shown.boxes(clause_of(one, clause_id), library, languages)
        for one in (text, read.text if read else text)
    )
    typed = {name: clean_text(value) for name, value in request.form.items() if name in now or name in was}
    return {
        "words": error.words,
        "typed": request.form,
        "filled": shown.anew(was, now, typed),
        "by": db.session().scalar(queries.last_accepted(pact.id, clause_id)) or "",
        "changed": {
            name: comparing.word_diff(now.get(name, ""), value)
            for name, value in typed.items()
            if value != was.get(name, "")
        },
    }


@pacts.post("/pacts/<code>/co-design/suggestions/<int:suggestion_id>/answer")
@needs(Can.PACT_ANSWER)
def answer(code: str, suggestion_id: int) -> ResponseReturnValue:
    pact = one_or_404(queries.room_of(me(), code))
    one = one_or_404(queries.suggestion(pact.id, suggestion_id))
    form = AnswerForm()
    if not form.validate_on_submit():
        words = next(iter(form.errors.values()))[0]
        refused = {"suggestion": suggestion_id, "words": words, "typed": request.form}
        return clause_page(code, one.clause_id, refused=refused), 422
    accept = form.decision.data == "accept"
    actions.answer_suggestion(one, accept=accept, answer=form.answer.data or "", pact=pact, by=me())
    return see_other("pacts.clause", code=code, clause_id=one.clause_id, _anchor="suggestions")


@pacts.post("/pacts/<code>/co-design/suggestions/<int:suggestion_id>/withdrawal")
@needs(Can.PACT_SUGGEST)
def withdraw(code: str, suggestion_id: int) -> ResponseReturnValue:
    pact = one_or_404(queries.room_of(me(), code))
    one = one_or_404(queries.suggestion(pact.id, suggestion_id))
    actions.withdraw_suggestion(one, pact=pact, by=me())
    return see_other("pacts.clause", code=code, clause_id=one.clause_id, _anchor="suggestions")


@pacts.post("/pacts/<code>/co-design/clauses/<clause_id>/remarks")
@needs(Can.PACT_REMARK)
def remark(code: str, clause_id: str) -> ResponseReturnValue:
    pact = one_or_404(queries.room_of(me(), code))
    about = _other(pact, request.form.get("suggestion"), clause_id)
    words = clean_text(request.form.get("words"))
    try:
        made = actions.remark(pact, clause_id, words, by=me(), suggestion=about)
    except Invalid as error:
        db.session().rollback()
        refused = {"remark": about.id if about else 0, "words": error.words}
        return clause_page(code, clause_id, refused=refused), error.status
    return see_other("pacts.clause", code=code, clause_id=made.clause_id, _anchor=f"said-{made.id}")
