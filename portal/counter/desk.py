"""The desk of letters: what waits, one file to print, what was posted, what came back."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from flask import Blueprint, request, send_file

from portal import clock, db, policy
from portal.counter.forms.letters import AddressForm, PostingForm, ReturnForm
from portal.errors import Invalid, NotFound
from portal.notices import letters
from portal.notices.letters import queries
from portal.notices.letters.jobs import file_of
from portal.notices.letters.lifecycle import BATCH_LIFE, BatchState, BatchVerb, State
from portal.notices.letters.models import Letter, LetterBatch, Way
from portal.policy import Can
from portal.typed import whole
from portal.web import Form, invalid, me, needs, one_or_404, render, see_other
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

letters_desk = Blueprint("letters_desk", __name__)
A_PAGE = 50
LETTER_STATES = {
    State.WAITING: W("Waiting"),
    State.IN_BATCH: W("In a batch"),
    State.POSTED: W("Posted"),
    State.RETURNED: W("Came back"),
}
BATCH_STATES = {
    BatchState.DUE: W("Being drawn"),
    BatchState.DRAWN: W("Ready to print"),
    BatchState.POSTED: W("Posted"),
    BatchState.APART: W("Taken apart"),
}
WAYS = {Way.LETTER: W("By post"), Way.PHONE: W("By phone"), Way.OFFICE: W("At the counter")}
TONES = {"waiting": "ochre", "due": "ochre", "drawn": "blue", "in_batch": "blue", "posted": "green"}
_NO_FILE = W("There is no file of this batch now. It is still being drawn, or it was posted and destroyed.")


@letters_desk.get("/desk/letters")
@needs(Can.LETTERS_READ)
def queue() -> ResponseReturnValue:
    session = db.session()
    before = whole(request.args.get("before"))
    batches = session.scalars(queries.batches(A_PAGE + 1, before=before)).all()
    return render(
        "counter/desk/letters.html",
        waiting=session.scalars(queries.waiting(A_PAGE)).all(),
        came_back=session.scalars(queries.came_back(A_PAGE)).all(),
        counts={(state, way): count for state, way, count in session.execute(queries.how_many())},
        batches=batches[:A_PAGE],
        older=batches[A_PAGE - 1].id if len(batches) > A_PAGE else None,
        **_words(),
    )


def _words() -> dict[str, Any]:
    may = policy.allows(me(), Can.LETTERS_SEND)
    return {
        "letter_states": LETTER_STATES,
        "batch_states": BATCH_STATES,
        "ways": WAYS,
        "tones": TONES,
        "may_send": may,
    }


@letters_desk.post("/desk/letters/batches")
@needs(Can.LETTERS_SEND)
def gather() -> ResponseReturnValue:
    """Make a batch; sent twice, the second finds nothing waiting and shows the page as it is."""
    batch = letters.gather(by=me())
    if batch is None:
        return see_other("letters_desk.queue")
    return see_other("letters_desk.batch", number=batch.id)


@letters_desk.get("/desk/letters/batches/<int:number>")
@needs(Can.LETTERS_READ)
def batch(number: int) -> ResponseReturnValue:
    return render("counter/desk/batch.html", **_batch_page(_batch(number)))


def _batch(number: int) -> LetterBatch:
    return one_or_404(queries.batch(number))


def _batch_page(found: LetterBatch, form: PostingForm | None = None) -> dict[str, Any]:
    return {
        "batch": found,
        "letters": db.session().scalars(queries.letters_of(found.id)).all(),
        "form": form or PostingForm(formdata=None, data={"posted_on": f"{clock.today():%d/%m/%Y}"}),
        "may_take_apart": BATCH_LIFE.allows(found.state, BatchVerb.TAKE_APART),
        **_words(),
    }


@letters_desk.get("/desk/letters/batches/<int:number>.pdf")
@needs(Can.LETTERS_SEND)
def print_file(number: int) -> ResponseReturnValue:
    """Give the file to print; it holds people's addresses and codes, so no cache keeps it."""
    policy.check(me(), Can.LETTERS_SEND)
    found = file_of(one_or_404(queries.batch_with_file(number)))
    if found is None:
        raise NotFound(_NO_FILE)
    answer = send_file(
        io.BytesIO(found), "application/pdf", as_attachment=True, download_name=f"{number}.pdf", etag=False
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@letters_desk.post("/desk/letters/batches/<int:number>/posting")
@needs(Can.LETTERS_SEND)
def posting(number: int) -> ResponseReturnValue:
    found, form = _batch(number), PostingForm()
    if form.validate_on_submit():
        try:
            letters.mark_posted(found, form.posted_on.value, by=me())
            return see_other("letters_desk.batch", number=number)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
    return invalid("counter/desk/batch.html", **_batch_page(found, form))


@letters_desk.post("/desk/letters/batches/<int:number>/dissolution")
@needs(Can.LETTERS_SEND)
def dissolution(number: int) -> ResponseReturnValue:
    letters.take_apart(_batch(number), by=me())
    return see_other("letters_desk.queue")


@letters_desk.get("/desk/letters/<int:number>")
@needs(Can.LETTERS_READ)
def letter(number: int) -> ResponseReturnValue:
    return render("counter/desk/letter.html", **_letter_page(_letter(number)))


def _letter(number: int) -> Letter:
    return one_or_404(queries.by_number(number))


def _letter_page(found: Letter, form: Form | None = None) -> dict[str, Any]:
    today = f"{clock.today():%d/%m/%Y}"
    return {
        "letter": found,
        "posting_form": form if isinstance(form, PostingForm) else PostingForm(None, posted_on=today),
        "return_form": form if isinstance(form, ReturnForm) else ReturnForm(None, returned_on=today),
        "address_form": form if isinstance(form, AddressForm) else AddressForm(None, postal=found.postal),
        "form": form,
        **_words(),
    }


@letters_desk.post("/desk/letters/<int:number>/giving")
@needs(Can.LETTERS_SEND)
def giving(number: int) -> ResponseReturnValue:
    found, form = _letter(number), PostingForm()
    if form.validate_on_submit():
        try:
            letters.give(found, form.posted_on.value, by=me())
            return see_other("letters_desk.letter", number=number)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
    return invalid("counter/desk/letter.html", **_letter_page(found, form))


@letters_desk.post("/desk/letters/<int:number>/return")
@needs(Can.LETTERS_SEND)
def came_back(number: int) -> ResponseReturnValue:
    found, form = _letter(number), ReturnForm()
    if form.validate_on_submit():
        try:
            letters.mark_returned(found, form.returned_on.value, form.why.data, by=me())
            return see_other("letters_desk.letter", number=number)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
    return invalid("counter/desk/letter.html", **_letter_page(found, form))


@letters_desk.post("/desk/letters/<int:number>/copy")
@needs(Can.LETTERS_SEND)
def write_again(number: int) -> ResponseReturnValue:
    found, form = _letter(number), AddressForm()
    if form.validate_on_submit():
        try:
            again = letters.write_again(found, form.postal.data, by=me())
            return see_other("letters_desk.letter", number=again.id)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
    return invalid("counter/desk/letter.html", **_letter_page(found, form))
