"""The guides within a matter: answered section by section, with what follows from it, and printable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g

from portal import db, policy
from portal.errors import Invalid, NotFound
from portal.pacts.legal_room import doors, forms
from portal.pacts.legal_room.views.matters import words
from portal.pacts.views.blueprint import pacts
from portal.policy import Can
from portal.support.legal import actions, assessing, licences, queries
from portal.support.legal.actions.guides import allowed
from portal.support.legal.actions.held import side_of
from portal.web import me, needs, render, see_other
from portal.web.access import NO_SUCH_PAGE
from portal.web.forms import cleaned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from portal.city import Guide
    from portal.pacts.models import Pact


def _guide(pact: Pact, key: str) -> Guide:
    try:
        return doors.guides_of(pact).guide(key)
    except KeyError:
        raise NotFound(NO_SUCH_PAGE) from None


@pacts.get("/pacts/<code>/legal/<int:number>/guides/<guide>")
@needs(Can.LEGAL_READ)
def legal_guide(code: str, number: int, guide: str) -> ResponseReturnValue:
    return _page(code, number, guide, "pacts/legal/guide.html")


@pacts.get("/pacts/<code>/legal/<int:number>/guides/<guide>/outline")
@needs(Can.LEGAL_READ)
def legal_outline(code: str, number: int, guide: str) -> ResponseReturnValue:
    """Show the answers as one page to be printed and taken to a meeting."""
    return _page(code, number, guide, "pacts/legal/outline.html")


def _page(
    code: str, number: int, key: str, template: str, *, typed: Any = None, refused: Invalid | None = None
) -> ResponseReturnValue:
    pact = doors.room(code)
    found, guide = doors.matter(pact, number), _guide(pact, key)
    sheet = db.session().scalars(queries.sheet(found.id, key)).first()
    answers = sheet.answers if sheet else {}
    return render(
        template,
        pact=pact,
        matter=found,
        guide=guide,
        mine=g.language,
        sheet=sheet,
        answers=answers,
        shown={**answers, **(typed or {})},
        refused=refused,
        why=assessing.why,
        result=_result(guide, answers, pact),
        may_answer=found.state == "open" and policy.allows(me(), Can.LEGAL_ARRANGE, pact),
        side=side_of(pact, me()),
        **words(),
    ), refused.status if refused else 200


def _result(guide: Guide, answers: Mapping[str, str], pact: Pact) -> dict[str, Any]:
    if guide.id == "licence":
        judged = licences.judge(answers, doors.guides_of(pact).licences)
        return {"licences": judged, "missing": len(licences.missing(answers))}
    if guide.id == "dpia":
        return {"verdict": assessing.verdict(guide.questions, answers)}
    return {"progress": assessing.progress(guide.questions, answers)}


@pacts.post("/pacts/<code>/legal/<int:number>/guides/<guide>/<section>")
@needs(Can.LEGAL_ARRANGE)
def answer_legal_guide(code: str, number: int, guide: str, section: str) -> ResponseReturnValue:
    """Keep the answers to one section, and lead on to the next one."""
    doors.spend()
    pact = doors.room(code)
    found, asked = doors.matter(pact, number), _guide(pact, guide)
    order = [one.id for one in asked.sections]
    if section not in order:
        raise NotFound(NO_SUCH_PAGE)
    typed = {key: cleaned(value) for key, value in forms.answers_of(allowed(asked, section)).items()}
    try:
        actions.answer(pact, found, asked, section, typed, by=me())
    except Invalid as refused:
        db.session().rollback()
        template = "pacts/legal/guide.html"
        return _page(code, number, guide, template, typed=typed, refused=refused)
    after = order[order.index(section) + 1 :]
    anchor = f"part-{after[0]}" if after else "result"
    return see_other("pacts.legal_guide", code=code, number=number, guide=guide, _anchor=anchor)
