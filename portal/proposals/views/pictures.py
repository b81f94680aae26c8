"""The photos of a proposal: added one by one, drawn anew, shown to whoever may see the proposal."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from flask import current_app, send_file

from portal import db
from portal.commons.photos import MOST_BYTES, cleaned
from portal.errors import Invalid
from portal.policy import Can
from portal.proposals import actions, queries, sections
from portal.proposals.actions.pictures import check_caption
from portal.proposals.captions import USUAL_LICENCE
from portal.proposals.forms.photos import PhotoForm
from portal.proposals.lifecycle import State
from portal.proposals.models import MOST_PHOTOS
from portal.proposals.sections import Section
from portal.proposals.views.room import held, proposals, standing, visible
from portal.web import invalid, me, needs, one_or_404, public, render, see_other
from portal.web.gates import takes_files
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.commons.photos import Picture
    from portal.proposals.models import Proposal

# So much may be sent that a photo which is too large is still named, with its size, in words.
MOST_BODY = 40 * 1024 * 1024
MEGABYTE = 1024 * 1024
NO_FILE = W("Choose a photo from your device")
TOO_BIG = W("The photo is %(size)s MB. Choose one under %(most)s MB.")


@proposals.get("/propose/<code>/photos")
@needs(Can.PROPOSAL_FILL)
def photos(code: str) -> ResponseReturnValue:
    proposal = held(code)
    if proposal.state != State.DRAFT:
        return see_other("proposals.track", code=proposal.code)
    return render(
        "proposals/questions/photos.html", **_page(proposal, PhotoForm(data={"licence": USUAL_LICENCE}))
    )


@proposals.post("/propose/<code>/photos")
@takes_files(MOST_BODY)
@needs(Can.PROPOSAL_FILL)
def add_photo(code: str) -> ResponseReturnValue:
    form = PhotoForm()
    with db.reading():
        held(code)  # whoever may not is told before a picture costs any work
    if form.validate_on_submit():
        try:
            # A picture takes its time: it is drawn before the first statement that keeps others waiting.
            picture = _picture(form)
            actions.add_photo(
                held(code), picture, form.caption(), store=current_app.extensions["store"], by=me()
            )
            return see_other("proposals.photos", code=code)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
    return invalid("proposals/questions/photos.html", **_page(held(code), form))


def _picture(form: PhotoForm) -> Picture:
    check_caption(form.caption())
    content = form.photo.data.read() if form.photo.data else b""
    if not content:
        raise Invalid(NO_FILE, field="photo")
    if len(content) > MOST_BYTES:
        size = -(-len(content) // MEGABYTE)
        raise Invalid(W(TOO_BIG.id, size=size, most=MOST_BYTES // MEGABYTE), field="photo")
    return cleaned(content)


@proposals.post("/propose/<code>/photos/<int:number>/removal")
@needs(Can.PROPOSAL_FILL)
def remove_photo(code: str, number: int) -> ResponseReturnValue:
    proposal = held(code)
    actions.remove_photo(proposal, number, by=me())
    return see_other("proposals.photos", code=proposal.code)


@proposals.get("/track/<code>/photos/<int:number>/<any(small, large):size>.webp")
@public
def photo(code: str, number: int, size: str) -> ResponseReturnValue:
    """Send a photo to whoever may see the proposal; read whole and checked against its hash."""
    found = one_or_404(queries.photo_of(visible(code).id, number))
    file_hash = found.small_hash if size == "small" else found.file_hash
    stream = io.BytesIO(current_app.extensions["store"].read(file_hash))
    answer = send_file(stream, "image/webp", etag=False)
    # A draft's picture must not stay in a shared cache, and a withdrawn right must hold at the next request.
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _page(proposal: Proposal, form: PhotoForm) -> dict[str, Any]:
    number = list(Section).index(Section.TOUCHED) + 1
    return {
        **standing(proposal),
        "form": form,
        "photos": db.session().scalars(queries.photos_of(proposal.id)).all(),
        "most": MOST_PHOTOS,
        "most_megabytes": MOST_BYTES // MEGABYTE,
        "section_line": {"n": number, "all": len(Section), "name": sections.TITLES[Section.TOUCHED]},
    }
