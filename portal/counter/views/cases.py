"""A case at the counter: the summary to sign, the scan of it, the card to come back, the receipt."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from flask import current_app, g, request, send_file

from portal import clock, crypto, db, policy
from portal.counter import actions, queries
from portal.counter.actions.scans import MOST_BYTES, file_of
from portal.counter.forms.people import ScanForm
from portal.counter.papers.slips import CARD, RECEIPT
from portal.counter.views.room import case, counter, must_help
from portal.errors import Invalid, NotFound
from portal.policy import Can
from portal.proposals.answers import told
from portal.proposals.models import Proposal
from portal.proposals.profiles import profile_of
from portal.proposals.views.sending import groups
from portal.web import invalid, me, needs, render, see_other
from portal.web.access import NO_SUCH_PAGE
from portal.web.gates import takes_files
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug import Response

# What a form of one file holds besides the file; a little more, so that a large scan gets its own sentence.
ROOM_FOR_FORM = 1024 * 1024
_NOT_YET = W("This paper is being drawn. Wait some seconds, then load the page again.")


@counter.get("/counter/cases/<code>/summary")
@needs(Can.COUNTER_HELP)
def summary(code: str) -> ResponseReturnValue:
    """Show all answers on one page that is printed, read by the person, and signed."""
    return render("counter/summary.html", **_summary_page(case(code)))


def _summary_page(proposal: Proposal, form: ScanForm | None = None) -> dict[str, Any]:
    return {
        "proposal": proposal,
        "groups": groups(proposal, changeable=False),
        "fingerprint": _fingerprint(proposal),
        "printed_at": clock.now(),
        "scans": db.session().scalars(queries.scans_of(proposal.id)).all(),
        "form": form or ScanForm(),
        "name": must_help().name,
    }


def _fingerprint(proposal: Proposal) -> str:
    # Printed on the paper, so that everybody sees whether a signed paper says what was sent.
    rows = [[str(one.question), str(one.answer)] for one in told(proposal, profile_of(proposal), g.language)]
    return crypto.sha256_hex(crypto.canonical({"code": proposal.code, "answers": rows}))[:16].upper()


@counter.post("/counter/cases/<code>/scans")
@needs(Can.COUNTER_HELP)
@takes_files(MOST_BYTES + ROOM_FOR_FORM)
def scans(code: str) -> ResponseReturnValue:
    proposal, form = case(code), ScanForm()
    if form.validate_on_submit():
        sent = request.files.get("scan")
        try:
            actions.keep_scan(proposal, sent.read() if sent else b"", by=me())
            return see_other("counter.summary", code=proposal.code, _anchor="scans")
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
    return invalid("counter/summary.html", **_summary_page(proposal, form))


@counter.get("/counter/scans/<int:number>")
@needs(Can.SCAN_READ)
def scan(number: int) -> ResponseReturnValue:
    """Give a signed paper to the two sides of its case; to others it is not there."""
    found = db.session().execute(queries.scan_with_file(number, me())).one_or_none()
    if found is None or not policy.allows(me(), Can.SCAN_READ, found[1]):
        raise NotFound(NO_SUCH_PAGE)
    content = file_of(found[0])
    if content is None:
        raise NotFound(NO_SUCH_PAGE)
    ending = found[0].media.rpartition("/")[2]
    return _file(content, found[0].media, f"{found[1].code}-{number}.{ending}")


def _file(content: bytes, media: str, name: str) -> Response:
    answer = send_file(io.BytesIO(content), media, as_attachment=True, download_name=name, etag=False)
    answer.headers["Cache-Control"] = "no-store"
    # Whatever hides in a file that came from outside, it opens nothing of ours.
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@counter.get("/counter/cases/<code>/card.pdf")
@needs(Can.COUNTER_HELP)
def card(code: str) -> ResponseReturnValue:
    return _paper(case(code), CARD)


@counter.get("/counter/cases/<code>/receipt.pdf")
@needs(Can.COUNTER_HELP)
def receipt(code: str) -> ResponseReturnValue:
    return _paper(case(code), RECEIPT)


def _paper(proposal: Proposal, kind: str) -> ResponseReturnValue:
    paper = db.session().scalars(queries.paper_of(proposal.code, kind)).first()
    if paper is None:
        raise NotFound(_NOT_YET)
    content = current_app.extensions["store"].read(paper.file_hash)
    return _file(content, "application/pdf", f"{proposal.code}-{kind.rpartition('_')[2]}.pdf")
