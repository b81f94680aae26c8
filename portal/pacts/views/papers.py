"""The issued papers of a pact, each under the pact's own address, after its own check."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from flask import current_app, g, request, send_file

from portal import db, policy
from portal.documents.models import Edition
from portal.errors import NotFound
from portal.pacts import queries
from portal.pacts.views.blueprint import pacts
from portal.policy import Can
from portal.web import me, one_or_404, public
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.documents.models import Paper
    from portal.pacts.models import Pact

_NOT_YET = W(
    "The sealed agreement is not there yet. It is made within minutes of the last signature; look again soon."
)
_NO_REPORT = W("The report is not there as a document yet. It is made soon after the report is published.")


@pacts.get("/pacts/<code>/agreement.pdf")
@public
def agreement_paper(code: str) -> ResponseReturnValue:
    pact = one_or_404(queries.by_code(code))
    edition = Edition.ORIGINAL if request.args.get("edition") == Edition.ORIGINAL else Edition.PUBLIC
    if edition == Edition.ORIGINAL:
        policy.check(me(), Can.PACT_READ_ORIGINAL, pact)
    found = [one for one in _papers(pact, queries.AGREEMENT) if one.edition == edition]
    return _answer(_in_best_language(found, pact), f"{pact.code}-{edition.value}", _NOT_YET)


@pacts.get("/pacts/<code>/reports/<int:number>.pdf")
@public
def report_paper(code: str, number: int) -> ResponseReturnValue:
    pact = one_or_404(queries.by_code(code))
    found = [one for one in _papers(pact, queries.PROGRESS_REPORT) if one.version == number and one.is_public]
    return _answer(_in_best_language(found, pact), f"{pact.code}-report-{number}", _NO_REPORT)


def _papers(pact: Pact, kind: str) -> list[Paper]:
    return list(db.session().scalars(queries.papers_of(pact, kind)))


def _in_best_language(found: list[Paper], pact: Pact) -> Paper | None:
    wanted = (request.args.get("edition_language", ""), g.language, pact.language)
    in_order = sorted(
        found, key=lambda one: wanted.index(one.language) if one.language in wanted else len(wanted)
    )
    return in_order[0] if in_order else None


def _answer(paper: Paper | None, name: str, missing: W) -> ResponseReturnValue:
    if paper is None:
        raise NotFound(missing)
    # Read whole and checked against its hash: a damaged file is refused, never served.
    stream = io.BytesIO(current_app.extensions["store"].read(paper.file_hash))
    answer = send_file(stream, "application/pdf", download_name=f"{name}-{paper.language}.pdf", etag=False)
    answer.set_etag(paper.file_hash)
    # The address may lead to a newer version tomorrow; the private edition stays in no cache at all.
    answer.headers["Cache-Control"] = "no-cache" if paper.is_public else "no-store"
    return answer.make_conditional(request)
