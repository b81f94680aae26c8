"""The city's desk: what waits, by urgency; one case whole; and the officer's verbs on a pact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, request

from portal import clock, db, policy
from portal.documents import queries as papers
from portal.errors import Invalid
from portal.observations import desk as observations
from portal.observations import queries as observation_queries
from portal.observations.actions import periods
from portal.pacts import actions, observed, page, queries, urgency
from portal.pacts.forms import VERBS, AcceptanceForm, LifeForm, ReasonForm, choices
from portal.pacts.history import lines
from portal.pacts.lifecycle import LIFE, ReportState, State, Verb
from portal.pacts.standing import profile_named, profile_of
from portal.pacts.urgency import Case
from portal.policy import Can, Role
from portal.proposals import codes
from portal.proposals import desk as proposals_desk
from portal.proposals import observed as proposals_observed
from portal.proposals import queries as proposal_queries
from portal.proposals.life_line import life_line as proposal_line
from portal.support import queries as support
from portal.web import me, needs, one_or_404, render, see_other
from portal.web.chrome import day
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.blueprints import BlueprintSetupState
    from flask.typing import ResponseReturnValue

    from portal.city import Profile
    from portal.pacts.models import Pact
    from portal.proposals.models import Proposal

pacts_desk = Blueprint("pacts_desk", __name__)
MOST_LINES = 200

# The choices of the two filters; they stand in the address.
STATES = (
    ("", W("All open cases")),
    ("checking", W("Proposals being checked")),
    ("co_design", W("In co-design")),
    ("agreed", W("Text agreed")),
    ("signing", W("Ready to sign")),
    ("signed", W("Signed and running")),
    ("suspended", W("Suspended")),
)
WHO = (
    ("", W("Everybody's")),
    ("mine", W("Mine")),
    ("unassigned", W("Unassigned")),
    ("mine_and_unassigned", W("Mine and unassigned")),
    ("signature", W("Waiting for my signature")),
)
_CHECKING = frozenset({"submitted", "supplement_asked", "refusal_noticed"})


@pacts_desk.get("/desk")
@needs(Can.DESK_READ)
def desk() -> ResponseReturnValue:
    cases, today = urgency.order(_open_cases()), clock.today()
    state, who = request.args.get("state", ""), request.args.get("who", "")
    words = request.args.get("q", "").strip().lower()[:100]
    shown = [case for case in cases if _is_wanted(case, state, who, words)]
    return render(
        "desk/desk.html",
        cases=shown,
        total=len(cases),
        today=today,
        counters={
            "overdue": sum(case.is_overdue(today) for case in cases),
            "this_week": sum(case.is_due_this_week(today) for case in cases),
            "unassigned": sum(case.owner_id is None for case in cases),
            "signature": sum(_is_for_my_signature(case) for case in cases),
        },
        states=STATES,
        whos=WHO,
        state=state,
        who=who,
        q=words,
    )


def _open_cases() -> list[Case]:
    session = db.session()
    found = [
        _case("proposal", row, urgency.of_proposal(row, profile_named(row.profile_version), g.language))
        for row in session.execute(queries.OPEN_PROPOSALS)
    ]
    return found + [
        _case("pact", row, urgency.of_pact(row, profile_named(row.profile_version), g.language))
        for row in session.execute(queries.OPEN_PACTS)
    ]


def _case(thing: str, row: Any, task: urgency.Task) -> Case:
    return Case(
        code=row.code,
        title=row.title,
        thing=thing,
        state=row.state,
        public_state=page.public_state(row, has_paper=row.has_paper, on=clock.today())
        if thing == "pact"
        else row.state,
        kind=row.kind,
        owner_id=row.owner_id,
        owner_name=row.owner_name or "",
        assessor_id=getattr(row, "assessor_id", None),
        task=task,
    )


def _is_wanted(case: Case, state: str, who: str, words: str) -> bool:
    step = "checking" if case.state in _CHECKING else case.state
    return (
        (not state or step == state)
        and _WHO[who if who in _WHO else ""](case)
        and (not words or words in case.title.lower() or words in case.code.lower())
    )


def _is_for_my_signature(case: Case) -> bool:
    return case.task.is_signature and me().holds(Role.SIGNATORY) and case.assessor_id != me().person_id


_WHO: dict[str, Callable[[Case], bool]] = {
    "": lambda _case: True,
    "mine": lambda case: case.owner_id == me().person_id,
    "unassigned": lambda case: case.owner_id is None,
    "mine_and_unassigned": lambda case: case.owner_id in {None, me().person_id},
    "signature": _is_for_my_signature,
}


@pacts_desk.get("/desk/cases/<code>")
@needs(Can.CASE_READ)
def case(code: str) -> ResponseReturnValue:
    return case_page(code)


def case_page(code: str, *, form: Any = None, status: int = 200) -> ResponseReturnValue:
    """Return the page of a case by the code of its proposal or its pact; `form` is one that was refused."""
    if form is not None:
        # What a refused verb had begun to write must not be committed with this page.
        db.session().rollback()
    pact = db.session().scalars(queries.by_code(code)).one_or_none()
    tidy = pact.proposal_code if pact else codes.tidy_code(code)
    proposal = one_or_404(proposal_queries.by_code(proposal_queries.visible_to(me()), tidy))
    pact = pact or db.session().scalars(queries.by_proposal(proposal.code)).one_or_none()
    profile = profile_of(pact) if pact else profile_named(proposal.profile_version)
    context = _pact_context(pact, profile, form) if pact else _proposal_context(proposal, profile, form)
    panel = proposals_desk.panels(proposal, me(), form=form)
    return render("desk/case.html", proposal=proposal, pact=pact, panel=panel, form=form, **context), status


def _proposal_context(proposal: Proposal, profile: Profile, form: Any) -> dict[str, Any]:
    session = db.session()
    row = session.execute(queries.OPEN_PROPOSALS.where(queries.is_proposal(proposal.code))).one_or_none()
    acts = session.scalars(queries.acts_of_proposal(proposal.code).limit(MOST_LINES)).all()
    period = session.scalars(observation_queries.period_of(proposal.key)).first()
    stations = proposal_line(proposal, profile, g.language, period)
    return {
        "life": [
            {
                "label": one.name,
                "when": day(one.at),
                "note": str(one.note) if one.note else "",
                "state": one.state,
            }
            for one in stations
        ],
        "task": urgency.of_proposal(row, profile, g.language) if row else None,
        "lines": lines(acts),
        "unheard": _unheard(proposal, profile),
        "acceptance": form if isinstance(form, AcceptanceForm) else acceptance_form(profile),
        "papers": session.scalars(papers.of_subject(proposal.key, public_only=False)).all(),
        "observed": observations.panel(proposals_observed.subject(proposal))
        if proposal.submitted_at
        else None,
    }


def _unheard(proposal: Proposal, profile: Profile) -> W | None:
    """Return what must happen before any kind of pact can come of this; None where nothing."""
    asked = [proposals_observed.rules_for_class(profile, one.id) for one in profile.classes if one.needs_pact]
    least = min(asked, key=lambda rules: rules.least_days)
    return periods.what_is_missing(proposal.key, profile, least) if least.least_days else None


def acceptance_form(profile: Profile, *, typed: bool = False) -> AcceptanceForm:
    """Return the form with the classes of the rules in force."""
    form = AcceptanceForm() if typed else AcceptanceForm(formdata=None)
    classes = [one for one in profile.classes if one.needs_pact]
    form.pact_class.choices = choices((one.id, one.name[g.language]) for one in classes)
    form.hints = {one.id: one.about[g.language] for one in classes}
    return form


def _pact_context(pact: Pact, profile: Profile, form: Any) -> dict[str, Any]:
    session = db.session()
    row = session.execute(queries.OPEN_PACTS.where(queries.Pact.id == pact.id)).one_or_none()
    reports = session.scalars(queries.reports(pact.id, published_only=False)).all()
    signed = {one.party_id: one for one in pact.signatures}
    asked = (pact.key, f"proposal:{pact.proposal_code}")
    period = session.scalars(observation_queries.newest_period(asked)).first()
    return {
        "life": page.life_line(
            pact, profile, g.language, clock.today(), observed_at=period.opens_at if period else None
        ),
        "task": urgency.of_pact(row, profile, g.language) if row else None,
        "lines": lines(session.scalars(queries.acts_of(pact).limit(MOST_LINES)).all()),
        "missing": actions.missing_for_signing(pact) if pact.state == State.AGREED else [],
        "support": session.scalars(support.current(pact.key)).all(),
        "parties": [(party, signed.get(party.id)) for party in pact.parties],
        "reports": reports,
        "to_check": [one for one in reports if one.state == ReportState.SENT],
        "papers": session.scalars(papers.of_subject(pact.key, public_only=False)).all(),
        "observed": observations.panel(observed.subject(pact)),
        "may_open_signing": policy.allows(me(), Can.PACT_OPEN_SIGNING, pact),
        "may_validate": policy.allows(me(), Can.REPORT_VALIDATE, pact),
        "life_form": form if isinstance(form, LifeForm) else life_form(pact),
        "return_form": form if isinstance(form, ReasonForm) else ReasonForm(formdata=None),
    }


def life_form(pact: Pact, *, typed: bool = False) -> LifeForm:
    """Return the form with the verbs that the pact's state allows."""
    form = LifeForm() if typed else LifeForm(formdata=None)
    form.verb.choices = choices(one for one in VERBS if LIFE.allows(pact.state, Verb(one[0])))
    return form


@pacts_desk.post("/desk/cases/<code>/acceptance")
@needs(Can.CASE_ACCEPT)
def accept(code: str) -> ResponseReturnValue:
    found = proposal_queries.by_code(proposal_queries.visible_to(me()), codes.tidy_code(code))
    proposal = one_or_404(found)
    form = acceptance_form(profile_named(proposal.profile_version), typed=True)
    if form.validate_on_submit():
        try:
            pact = actions.open_from(
                proposal, reason=form.reason.data, pact_class=form.pact_class.data, by=me()
            )
        except Invalid as error:
            form.refuse(error.field, error.words)
        else:
            return see_other("pacts_desk.case", code=pact.code)
    return case_page(code, form=form, status=422)


def _pact(code: str) -> Pact:
    return one_or_404(queries.by_code(code))


@pacts_desk.post("/desk/cases/<code>/signing")
@needs(Can.PACT_OPEN_SIGNING)
def open_signing(code: str) -> ResponseReturnValue:
    actions.open_signing(_pact(code), by=me())
    return see_other("pacts_desk.case", code=code)


@pacts_desk.post("/desk/cases/<code>/life")
@needs(Can.PACT_STEER)
def change_life(code: str) -> ResponseReturnValue:
    pact = _pact(code)
    form = life_form(pact, typed=True)
    if form.verb.data in {name for name, _ in VERBS}:
        # The page of another state has no room for this form: its text is kept on the page of the refusal.
        LIFE.after(pact.state, Verb(form.verb.data))
    if not form.validate_on_submit():
        return case_page(code, form=form, status=422)
    verb = {
        "suspend": actions.suspend,
        "resume": actions.resume,
        "conclude": actions.conclude,
        "terminate": actions.terminate,
    }[form.verb.data]
    verb(pact, form.reason.data, form.source.data, by=me())
    return see_other("pacts_desk.case", code=code)


@pacts_desk.post("/desk/cases/<code>/reports/<int:number>/validation")
@needs(Can.REPORT_VALIDATE)
def validate_report(code: str, number: int) -> ResponseReturnValue:
    pact = _pact(code)
    report = one_or_404(queries.report(pact.id, number, published_only=False))
    actions.validate_report(report, pact=pact, by=me())
    return see_other("pacts_desk.case", code=code)


@pacts_desk.post("/desk/cases/<code>/reports/<int:number>/return")
@needs(Can.REPORT_VALIDATE)
def return_report(code: str, number: int) -> ResponseReturnValue:
    pact = _pact(code)
    report = one_or_404(queries.report(pact.id, number, published_only=False))
    form = ReasonForm()
    if not form.validate_on_submit():
        return case_page(code, form=form, status=422)
    actions.return_report(report, form.reason.data, pact=pact, by=me())
    return see_other("pacts_desk.case", code=code)


def _offer_case_page(state: BlueprintSetupState) -> None:
    state.app.extensions["case_page"] = case_page


pacts_desk.record_once(_offer_case_page)
