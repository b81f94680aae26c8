"""What the offices prescribed on one page: for which clause, and how the text answers each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal import policy
from portal.pacts import actions, queries
from portal.pacts.forms import PrescriptionForm
from portal.pacts.lifecycle import State
from portal.pacts.prescribed import made_of, prescribed_for
from portal.pacts.prescriptions import missing
from portal.pacts.standing import profile_of
from portal.pacts.views.blueprint import pacts
from portal.people import limits
from portal.policy import Can
from portal.web import invalid, me, needs, one_or_404, render, see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.pacts.models import Pact
    from portal.web import Form

MOST_ANSWERS = 120
_PAGE = "pacts/prescriptions.html"


@pacts.get("/pacts/<code>/co-design/prescriptions")
@needs(Can.PACT_ROOM)
def prescriptions(code: str) -> ResponseReturnValue:
    return render(_PAGE, **_page(one_or_404(queries.room_of(me(), code))))


def _page(pact: Pact, key: str = "", typed: Form | None = None) -> dict[str, Any]:
    rows, profile = prescribed_for(pact), profile_of(pact)
    text = one_or_404(queries.version(pact.id, pact.last_version)).text
    is_open = pact.state in {State.CO_DESIGN, State.AGREED}
    may = is_open and policy.allows(me(), Can.PRESCRIPTION_ANSWER, pact)
    return {
        "pact": pact,
        "rows": rows,
        "made_of": made_of(pact, rows),
        "waiting": len(list(missing(rows, profile))),
        "headings": {row["id"]: row["heading"] for row in text["clauses"]},
        "profile": profile,
        "forms_of": {one.key: typed if one.key == key else _form(pact, one.key) for one in rows if may},
        "form": typed,
    }


def _form(pact: Pact, key: str) -> Form:
    return PrescriptionForm(formdata=None, prefix=f"p{key}-", data={"version": pact.last_version})


@pacts.post("/pacts/<code>/co-design/prescriptions/<int:opinion>/<int:number>")
@needs(Can.PRESCRIPTION_ANSWER)
def answer_prescription(code: str, opinion: int, number: int) -> ResponseReturnValue:
    limits.spend("prescription", me().pseudonym, most=MOST_ANSWERS, seconds=limits.HOUR)
    pact = one_or_404(queries.room_of(me(), code))
    form = PrescriptionForm(prefix=f"p{opinion}-{number}-")

    def act() -> None:
        if form.answer.data == "met":
            actions.meet_prescription(pact, opinion, number, form.version.data or 0, by=me())
        else:
            actions.not_follow_prescription(pact, opinion, number, form.because.data or "", by=me())

    key = f"{opinion}-{number}"
    done = form.attempt(act, lambda _: see_other("pacts.prescriptions", code=code, _anchor=f"p{key}"))
    return done or invalid(_PAGE, **_page(one_or_404(queries.room_of(me(), code)), key, form))
