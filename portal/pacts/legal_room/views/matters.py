"""The room of legal help and its matters, for the group and for the legal office."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from flask import current_app, send_file

from portal import clock, db, policy
from portal.errors import Invalid, NotFound
from portal.organisations import evidence
from portal.pacts.legal_room import doors, forms
from portal.pacts.views.blueprint import pacts
from portal.policy import Can
from portal.support.legal import actions, hours, queries, said
from portal.support.legal.actions.held import side_of
from portal.support.legal.lifecycle import State
from portal.support.legal.parts import parts_of
from portal.web import me, needs, one_or_404, render
from portal.web.access import NO_SUCH_PAGE
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.pacts.models import Pact
    from portal.support.legal.models import LegalMatter
    from portal.web import Form

_NO_FILE = W("Choose a document")


def words() -> dict[str, Any]:
    """Return the words that the templates of the room say."""
    return {"legal": said, "minutes_said": hours.said}


@pacts.get("/pacts/<code>/legal")
@needs(Can.LEGAL_READ)
def legal(code: str) -> ResponseReturnValue:
    return _room_page(doors.room(code), forms.AskForm(formdata=None))


def _room_page(pact: Pact, form: Form, status: int = 200) -> ResponseReturnValue:
    session = db.session()
    promised = session.scalars(queries.promised_to(pact.key).limit(1)).first()
    helps = session.scalars(queries.helps_of(pact.key)).all()
    current = next((one for one in helps if promised and one.allocation_id == promised.id), None)
    if promised is None and helps:
        current = helps[-1]
    side = side_of(pact, me())
    is_open = promised is not None and (current is None or current.settled_at is None)
    return render(
        "pacts/legal/room.html",
        pact=pact,
        promised=hours.promised(promised.amount) if promised else current.promised if current else 0,
        help=current,
        matters=session.scalars(queries.matters_of(pact.key)).all(),
        side=side,
        form=form if is_open and policy.allows(me(), Can.LEGAL_ASK, pact) else None,
        **words(),
    ), status


@pacts.post("/pacts/<code>/legal")
@needs(Can.LEGAL_ASK)
def ask(code: str) -> ResponseReturnValue:
    doors.spend()
    pact, form = doors.room(code), forms.AskForm()
    done = form.attempt(
        lambda: actions.ask(pact, form.topic.data, form.question.data or "", by=me()),
        lambda made: doors.to_matter(code, made.number),
    )
    return done or _room_page(doors.room(code), form, 422)


@pacts.get("/pacts/<code>/legal/<int:number>")
@needs(Can.LEGAL_READ)
def legal_matter(code: str, number: int) -> ResponseReturnValue:
    return matter_page(code, number)


def matter_page(code: str, number: int, typed: Form | None = None) -> ResponseReturnValue:
    """Return the page of a matter, with the one form that was refused, if there is one."""
    pact, now = doors.room(code), clock.now()
    found = one_or_404(queries.head(pact.key, number))
    parts = parts_of(found.id, now)
    side = side_of(pact, me())
    may_advise = policy.allows(me(), Can.LEGAL_ADVISE, pact)
    is_open = found.state == "open" and found.help.settled_at is None
    return render(
        "pacts/legal/matter.html",
        pact=pact,
        matter=found,
        shown=parts,
        side=side,
        now=now,
        is_open=is_open,
        may_advise=may_advise,
        slots=parts.slots if is_open and side == "community" else [],
        corrected={one.corrects for one in parts.work},
        guides=doors.guides_of(pact).guides,
        to_enter=[one for one in parts.appointments if one.state == State.BOOKED and one.is_over(now)],
        typed=typed,
        forms_of=_forms(typed, may_advise=may_advise),
        **words(),
    ), 422 if typed is not None else 200


def _forms(typed: Form | None, *, may_advise: bool) -> dict[str, Form]:
    kinds: dict[str, type[Form]] = {"write": forms.WriteForm, "file": forms.FileForm, "time": forms.TimeForm}
    if may_advise:
        kinds |= {"note": forms.NoteForm, "close": forms.CloseForm, "work": forms.WorkForm}
    today = {"done_on": clock.today()}
    return {
        name: typed if typed is not None and type(typed) is kind else kind(formdata=None, data=today)
        for name, kind in kinds.items()
    }


def submit(code: str, number: int, form: Form, act: Any) -> ResponseReturnValue:
    """Do what a form of the matter's page asks for, with the pact and the matter."""
    pact = doors.room(code)
    found = doors.matter(pact, number)
    done = form.attempt(lambda: act(pact, found), lambda _: doors.to_matter(code, number))
    return done or matter_page(code, number, form)


@pacts.post("/pacts/<code>/legal/<int:number>/messages")
@needs(Can.LEGAL_ARRANGE)
def write_legal(code: str, number: int) -> ResponseReturnValue:
    doors.spend()
    form = forms.WriteForm()

    def act(pact: Pact, found: LegalMatter) -> None:
        actions.write(pact, found, form.words.data or "", by=me())

    return submit(code, number, form, act)


@pacts.post("/pacts/<code>/legal/<int:number>/notes")
@needs(Can.LEGAL_ADVISE)
def note_legal(code: str, number: int) -> ResponseReturnValue:
    doors.spend()
    form = forms.NoteForm()

    def act(pact: Pact, found: LegalMatter) -> None:
        actions.note(pact, found, form.note.data or "", by=me())

    return submit(code, number, form, act)


@pacts.post("/pacts/<code>/legal/<int:number>/documents")
@needs(Can.LEGAL_ARRANGE)
def give_legal_document(code: str, number: int) -> ResponseReturnValue:
    """Take a document by what it is, and keep it by its hash."""
    doors.spend()
    form = forms.FileForm()

    def act(pact: Pact, found: LegalMatter) -> None:
        sent = form.document.data
        content = sent.read(evidence.MOST_BYTES + 1) if sent else b""
        if not content:
            raise Invalid(_NO_FILE, field="document")
        store = current_app.extensions["store"]
        document = evidence.read(content)
        actions.give_file(pact, found, form.title.data or "", document, store=store, by=me())

    return submit(code, number, form, act)


@pacts.get("/pacts/<code>/legal/<int:number>/documents/<int:document>")
@needs(Can.LEGAL_READ)
def legal_document(code: str, number: int, document: int) -> ResponseReturnValue:
    """Serve a document to the two sides alone, always to be kept and never to be shown in the browser."""
    found = doors.matter(doors.room(code), number)
    file = one_or_404(queries.file(found.id, document))
    if not file.file_hash:
        raise NotFound(NO_SUCH_PAGE)
    # Read whole and checked against its hash: a damaged file is refused, never served.
    content: bytes = current_app.extensions["store"].read(file.file_hash)
    name = f"{code}-{number}-{file.id}.{evidence.ENDINGS[file.media_type]}"
    answer = send_file(
        io.BytesIO(content), mimetype=file.media_type, as_attachment=True, download_name=name, etag=False
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pacts.post("/pacts/<code>/legal/<int:number>/closure")
@needs(Can.LEGAL_ADVISE)
def close_legal(code: str, number: int) -> ResponseReturnValue:
    doors.spend()
    form = forms.CloseForm()

    def act(pact: Pact, found: LegalMatter) -> None:
        actions.close(pact, found, form.outcome.data or "", by=me())

    return submit(code, number, form, act)


@pacts.post("/pacts/<code>/legal/<int:number>/reopening")
@needs(Can.LEGAL_ARRANGE)
def reopen_legal(code: str, number: int) -> ResponseReturnValue:
    doors.spend()
    pact = doors.room(code)
    actions.reopen(pact, doors.matter(pact, number), by=me())
    return doors.to_matter(code, number)
