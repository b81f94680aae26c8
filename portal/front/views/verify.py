"""Check a paper: by the code on its pages, by its content hash, or by the file itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import current_app, request, url_for
from flask_wtf.file import FileField
from wtforms import StringField
from wtforms.validators import Length

from portal import crypto, db
from portal.documents import queries
from portal.front import queries as front_queries
from portal.front.showing import PAPER_WORDS
from portal.front.views.room import front
from portal.policy import Can
from portal.record import Act, Did
from portal.record import queries as record_queries
from portal.record.words import words_of
from portal.web import Form, invalid, needs, public, render
from portal.web.chrome import instant
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.documents.models import Paper

_HASH = re.compile("[0-9a-f]{64}")
NEITHER = W("Type a code or choose a file")


class CheckForm(Form):
    """A code, or a file."""

    code = StringField(W("Code or content hash"), [Length(max=100)])
    file = FileField(W("Or the file"))


@dataclass(frozen=True)
class Verdict:
    """What came of the check, in one sentence."""

    title: str
    sentence: str
    tone: str


@front.get("/verify")
@public
def verify() -> ResponseReturnValue:
    """Show the form, or the paper of a code in the address."""
    code = request.args.get("code", "")
    return _answer_code(code) if code else render("front/verify.html", form=CheckForm())


@front.get("/verify/<code>")
@public
def verify_code(code: str) -> ResponseReturnValue:
    """Show the paper of the code printed on its pages."""
    return _answer_code(code)


@front.post("/verify")
@needs(Can.PAPER_VERIFY)
def check_document() -> ResponseReturnValue:
    """Check what was typed or sent; nothing of it is kept."""
    form = CheckForm()
    content = form.file.data.read() if form.file.data else b""
    if not form.validate() or not (content or form.code.data):
        if not form.errors:
            form.refuse("code", NEITHER)
        return invalid("front/verify.html", form=form)
    return _answer_file(content) if content else _answer_code(form.code.data)


def _answer_code(typed: str) -> ResponseReturnValue:
    plain = "".join(typed.split()).replace("-", "")
    by_hash = _HASH.fullmatch(plain.lower()) is not None
    found = _first(queries.by_content_hash(plain.lower()) if by_hash else queries.by_code(plain.upper()))
    if found is None and by_hash:
        found = _first(queries.by_file_hash(plain.lower()))
    if found is None:
        sentence = W(
            "No paper of this city has that code. Check it letter by letter: there is no 0, O, 1 or I in it."
        )
        return _page(Verdict(str(W("Not found")), str(sentence), "red"), None), 404
    sentence = W("The city issued this paper. Compare the fingerprints with the ones printed on its pages.")
    return _page(Verdict(str(W("This paper exists")), str(sentence), "green"), found)


def _answer_file(content: bytes) -> ResponseReturnValue:
    found = _first(queries.by_file_hash(crypto.sha256_hex(content)))
    from portal.documents.seal import inspect  # loads what reads PDF: only now, see opening.sealer_for

    report = inspect(content, sealer=current_app.extensions["sealer"]())
    return _page(_verdict(found, report), found)


def _verdict(found: Paper | None, report: Any) -> Verdict:
    if found is not None and report.is_sealed:
        sentence = W("This file is exactly the one the city issued: not a byte was changed.")
        return Verdict(str(W("Genuine and intact")), str(sentence), "green")
    if found is not None:
        sentence = W("The words are the city's, but this copy bears no seal. Ask for the sealed paper.")
        return Verdict(str(W("Without the seal")), str(sentence), "ochre")
    if report.is_sealed and not report.is_intact:
        sentence = W("This file bears a seal, but it was changed after it was sealed. Do not rely on it.")
        return Verdict(str(W("Changed")), str(sentence), "red")
    if report.is_sealed and report.is_ours:
        sentence = W("The seal is the city's and intact, but the city's store does not know this file.")
        return Verdict(str(W("Sealed, but not known here")), str(sentence), "ochre")
    sentence = W(
        "The city did not issue this file, or it was changed. Do not rely on it; ask for the original."
    )
    return Verdict(str(W("Not issued by the city")), str(sentence), "red")


def _first(statement: Any) -> Paper | None:
    found: Paper | None = db.session().scalars(statement.limit(1)).first()
    return found


@dataclass(frozen=True)
class _About:
    title: str
    href: str


def _about(paper: Paper) -> _About | None:
    kind, _, code = paper.subject.partition(":")
    if kind != "pact":
        return None
    title = db.session().scalar(front_queries.title_of(code))
    return _About(title, url_for("front.pact", code=code)) if title else None


def _acts(paper: Paper) -> list[Act]:
    issued = db.session().scalars(record_queries.of_verb(paper.subject, Did.PAPER_ISSUED))
    return [act for act in issued if act.facts.get("code") == paper.code]


def _page(verdict: Verdict, paper: Paper | None) -> str:
    rows = [] if paper is None else [(instant(a.at), words_of(a.verb), a.id) for a in _acts(paper)]
    return render(
        "front/verified.html",
        verdict=verdict,
        paper=paper,
        about=_about(paper) if paper is not None else None,
        acts=rows,
        paper_words=lambda kind: str(PAPER_WORDS.get(kind, kind)),
    )
