"""A publiccode.yml fills what is still empty: uploaded, pasted, or fetched where that is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app, g, request

from portal import db
from portal.errors import Invalid, NotFound
from portal.policy import Can
from portal.proposals import actions, publiccode, sections
from portal.proposals.forms.publiccode import PubliccodeForm
from portal.proposals.lifecycle import State
from portal.proposals.publiccode import LONGEST_BYTES, Described, addresses
from portal.proposals.sections import Section
from portal.proposals.views.room import held, proposals, standing
from portal.web import invalid, me, needs, render, see_other
from portal.web.access import NO_SUCH_PAGE
from portal.web.fetching import AWAY, Guarded, NotFetched
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.proposals.models import Proposal

NOTHING = W("Choose the file publiccode.yml, or paste what is in it")
FILLED = {
    "title": W("Name"),
    "summary": W("In short"),
    "repository": W("Address of the code"),
    "licence": W("Licence"),
    "maintenance": W("How is it maintained?"),
    "languages": W("In which languages can it be used?"),
}


@proposals.get("/propose/<code>/publiccode")
@needs(Can.PROPOSAL_FILL)
def publiccode_page(code: str) -> ResponseReturnValue:
    proposal = _software(code)
    if proposal.state != State.DRAFT:
        return see_other("proposals.track", code=proposal.code)
    return render("proposals/questions/publiccode.html", **_page(proposal, PubliccodeForm()))


@proposals.post("/propose/<code>/publiccode")
@needs(Can.PROPOSAL_FILL)
def take_publiccode(code: str) -> ResponseReturnValue:
    form = PubliccodeForm()
    if form.validate_on_submit():
        try:
            # What is fetched comes before the first statement that holds others up.
            found = _fetched(code) if "fetch" in request.form else _sent(form)
            proposal = _software(code)
            filled = actions.take_publiccode(proposal, found, by=me())
            page = _page(proposal, PubliccodeForm(formdata=None))
            names = [FILLED[name] for name in filled]
            return render("proposals/questions/publiccode.html", **page, found=found, filled=names)
        except (Invalid, NotFetched) as refusal:
            form.refuse(refusal.field, refusal.words)
    return invalid("proposals/questions/publiccode.html", **_page(_software(code), form))


def _software(code: str) -> Proposal:
    proposal = held(code)
    if proposal.kind != "software":
        raise NotFound(NO_SUCH_PAGE)
    return proposal


def _sent(form: PubliccodeForm) -> Described:
    content = form.publiccode.data.read(LONGEST_BYTES + 1) if form.publiccode.data else b""
    typed = content or form.pasted.data or ""
    if not typed.strip():
        raise Invalid(NOTHING, field="publiccode")
    return publiccode.read(typed, language=g.language)


def _fetched(code: str) -> Described:
    with db.reading():
        repository = _software(code).repository
    client = fetching_client()
    for address in filter(client.may_ask, addresses(repository)):
        try:
            return publiccode.read(client.text(address), language=g.language)
        except NotFetched:
            continue
    raise NotFetched(AWAY)


def fetching_client() -> Guarded:
    """Return the guarded client of the configuration; a test puts its own in the application."""
    own: Guarded | None = current_app.extensions.get("fetch")
    return own or Guarded(frozenset(current_app.config["PORTAL"].fetch_hosts))


def _page(proposal: Proposal, form: PubliccodeForm) -> dict[str, Any]:
    client = fetching_client()
    number = list(Section).index(Section.WHERE) + 1
    return {
        **standing(proposal),
        "form": form,
        "may_fetch": any(map(client.may_ask, addresses(proposal.repository))),
        "section_line": {"n": number, "all": len(Section), "name": sections.TITLES[Section.WHERE]},
    }
