"""Who is away, from when to when, and who stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import clock, db, policy
from portal.errors import Invalid, NotFound
from portal.pacts import actions
from portal.pacts.actions.desk import Away
from portal.pacts.desk.doors import pacts_desk
from portal.pacts.desk.forms import AbsenceForm
from portal.pacts.desk.table import officers
from portal.pacts.queries import kept
from portal.people.models import Person
from portal.policy import Can, Role
from portal.web import me, needs, one_or_404, render, see_other
from portal.web.access import NO_SUCH_PAGE

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@pacts_desk.get("/desk/absences")
@needs(Can.ABSENCE_ENTER)
def absences() -> ResponseReturnValue:
    return _page(_form())


def _form(*, typed: bool = False) -> AbsenceForm:
    """Return the form; an administrator enters an absence for any officer, everybody else their own."""
    form = AbsenceForm() if typed else AbsenceForm(formdata=None)
    known = [(str(one.id), one.name) for one in officers()]
    form.deputy.choices = [("", ""), *((key, name) for key, name in known if key != str(me().person_id))]
    others = known if me().holds(Role.ADMINISTRATOR) else []
    own = [(str(me().person_id), "")] if me().holds(Role.OFFICER) else []
    form.person.choices = [*own, *(one for one in others if one[0] != str(me().person_id))]
    return form


def _page(form: AbsenceForm, status: int = 200) -> ResponseReturnValue:
    if not me().is_staff:
        raise NotFound(NO_SUCH_PAGE)
    found = kept.absences(clock.today())
    rows = [(row, policy.allows(me(), Can.ABSENCE_ENTER, row.Absence)) for row in db.session().execute(found)]
    return render("desk/absences.html", form=form, rows=rows, today=clock.today()), status


@pacts_desk.post("/desk/absences")
@needs(Can.ABSENCE_ENTER)
def enter_absence() -> ResponseReturnValue:
    form = _form(typed=True)
    if form.validate_on_submit():
        session = db.session()
        away = Away(form.from_on.data, form.until_on.data, session.get_one(Person, int(form.deputy.data)))
        try:
            actions.enter_absence(session.get_one(Person, int(form.person.data)), away, by=me())
        except Invalid as error:
            form.refuse(error.field, error.words)
        else:
            return see_other("pacts_desk.absences")
    return _page(form, 422)


@pacts_desk.post("/desk/absences/<int:number>/end")
@needs(Can.ABSENCE_ENTER)
def end_absence(number: int) -> ResponseReturnValue:
    actions.end_absence(one_or_404(kept.absence(number)), by=me())
    return see_other("pacts_desk.absences")
