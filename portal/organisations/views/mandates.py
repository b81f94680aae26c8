"""Give a mandate, end it, and read the document that shows it."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from flask import current_app, request, send_file
from wtforms.fields import SelectChoice

from portal import clock, db, policy
from portal.errors import Invalid, NotFound
from portal.organisations import actions, evidence, queries
from portal.organisations.actions import Given
from portal.organisations.forms import MandateForm
from portal.organisations.models import Mandate, Scope
from portal.organisations.views.blueprint import organisations, shown, within
from portal.policy import Can
from portal.web import invalid, me, needs, one_or_404, render, see_other
from portal.web.access import NO_SUCH_PAGE
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.organisations.models import Organisation

_NO_SUCH_CASE = W("There is no pact or proposal with this code. Codes look like BO-2026-041 or PR-7Q4K-29.")


@organisations.get("/organisations/<slug>/mandates/new")
@needs(Can.ORGANISATION_MANDATE)
def new_mandate(slug: str) -> ResponseReturnValue:
    found = within(slug, Can.ORGANISATION_MANDATE)
    case = request.args.get("case", "")[:20]
    form = _form(found, starts_on=clock.today(), case=case, scope=Scope.CASE.value if case else None)
    return render("organisations/mandate.html", organisation=found, form=form)


@organisations.post("/organisations/<slug>/mandates/new")
@needs(Can.ORGANISATION_MANDATE)
def give(slug: str) -> ResponseReturnValue:
    """Enter the mandate; the document is taken by what it is, and kept by its hash."""
    found = within(slug, Can.ORGANISATION_MANDATE)
    form = _form(found)
    if form.validate_on_submit():
        try:
            store = current_app.extensions["store"]
            actions.give_mandate(found, form.person.data, _given(form), store=store, by=me())
            return see_other("organisations.members", slug=slug, done="mandate")
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
    return invalid("organisations/mandate.html", organisation=found, form=form)


def _form(found: Organisation, **shown_as: Any) -> MandateForm:
    form = MandateForm(**shown_as)
    people = db.session().execute(queries.members_of(found.id, clock.now())).all()
    form.person.choices = [SelectChoice(person.pseudonym, person.name) for _, person in people]
    return form


def _given(form: MandateForm) -> Given:
    return Given(
        scope=form.scope.data,
        starts_at=midnight(form.starts_on.data),
        until=midnight(form.ends_on.data + timedelta(days=1)) if form.ends_on.data else None,
        decided_by=form.decided_by.data,
        subject=_subject(form.case.data) if form.scope.data == Scope.CASE else "",
        purpose=form.purpose.data,
        document=_document(form),
    )


def _subject(code: str) -> str:
    # Pacts and proposals stand above: their rooms say whether there is such a case.
    find = current_app.extensions.get("subject_of_code")
    subject = str(find(code) or "") if find and code else ""
    if code and not subject:
        raise Invalid(_NO_SUCH_CASE, field="case")
    return subject


def _document(form: MandateForm) -> evidence.Document | None:
    sent = form.document.data
    content = sent.read(evidence.MOST_BYTES + 1) if sent else b""
    return evidence.read(content) if content else None


def midnight(on: date) -> datetime:
    """Return the instant at which a day begins in the city."""
    return datetime.combine(on, time.min, tzinfo=clock.zone())


@organisations.post("/organisations/<slug>/mandates/<int:number>/end")
@needs(Can.ORGANISATION_MANDATE)
def end(slug: str, number: int) -> ResponseReturnValue:
    actions.end_mandate(shown(slug), number, by=me())
    return see_other("organisations.members", slug=slug)


@organisations.get("/organisations/<slug>/mandates/<int:number>/document")
@needs(Can.MANDATE_DOCUMENT)
def document(slug: str, number: int) -> ResponseReturnValue:
    """Serve the document to who speaks for the group, to its person, and to the city's desk."""
    found = shown(slug)
    mandate = one_or_404(queries.mandates.one(found.id, number))
    may = policy.allows(me(), Can.MANDATE_DOCUMENT, found) or (
        mandate.person_id == me().person_id and found.id in me().organisations
    )
    if not may or not mandate.file_hash:
        raise NotFound(NO_SUCH_PAGE)
    answer = send_file(
        _opened(mandate),
        mimetype=mandate.media_type,
        as_attachment=True,
        download_name=f"mandate-{mandate.id}.{evidence.ENDINGS[mandate.media_type]}",
        etag=False,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _opened(mandate: Mandate) -> io.BytesIO:
    # Read whole and checked against its hash: a damaged file is refused, never served.
    content: bytes = current_app.extensions["store"].read(mandate.file_hash)
    return io.BytesIO(content)
