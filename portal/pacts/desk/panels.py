"""What each part of the case page shows: one function a part, None where the case has nothing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g

from portal import clock, db, policy
from portal.documents import queries as papers
from portal.observations import desk as observations_desk
from portal.observations import queries as observation_queries
from portal.observations.actions import periods
from portal.pacts import actions, observed, page, queries, urgency
from portal.pacts.desk.forms import acceptance_form, life_form
from portal.pacts.forms import AcceptanceForm, LifeForm, ReasonForm
from portal.pacts.history import lines
from portal.pacts.lifecycle import ReportState, State
from portal.policy import Can
from portal.proposals import answering_clock
from portal.proposals import desk as proposals_desk
from portal.proposals import observed as proposals_observed
from portal.proposals.life_line import life_line as proposal_line
from portal.proposals.lifecycle import LIFE as PROPOSAL_LIFE
from portal.proposals.lifecycle import Verb
from portal.proposals.merging import showing as merging
from portal.support import queries as support
from portal.support.amounts import Amount
from portal.web import me
from portal.web.chrome import day

if TYPE_CHECKING:
    from portal.city import Profile
    from portal.pacts.desk.opened import Opened
    from portal.pacts.models import Pact
    from portal.proposals.models import Proposal
    from portal.words import W

    Panel = dict[str, Any] | None

MOST_LINES = 200


def next_action(opened: Opened) -> Panel:
    """Show the life line and the next action with its day and rule."""
    life, task = _of_pact(opened.pact, opened.profile) if opened.pact else _of_proposal(opened)
    return {"life": life, "task": task}


def _of_proposal(opened: Opened) -> tuple[Any, urgency.Task | None]:
    session, proposal = db.session(), opened.proposal
    row = session.execute(queries.OPEN_PROPOSALS.where(queries.is_proposal(proposal.code))).one_or_none()
    period = session.scalars(observation_queries.period_of(proposal.key)).first()
    stations = proposal_line(proposal, opened.profile, g.language, period)
    life = [
        {
            "label": one.name,
            "when": day(one.at),
            "note": str(one.note) if one.note else "",
            "state": one.state,
        }
        for one in stations
    ]
    return life, urgency.of_proposal(row, opened.profile, g.language) if row else None


def _of_pact(pact: Pact, profile: Profile) -> tuple[Any, urgency.Task | None]:
    session = db.session()
    row = session.execute(queries.OPEN_PACTS.where(queries.Pact.id == pact.id)).one_or_none()
    asked = (pact.key, pact.proposal_key)
    period = session.scalars(observation_queries.newest_period(asked)).first()
    seen_at = period.opens_at if period else None
    life = page.life_line(pact, profile, g.language, clock.today(), observed_at=seen_at)
    return life, urgency.of_pact(row, profile, g.language) if row else None


def owner(opened: Opened) -> Panel:
    """Show who has the case; what a proposal's parts need is loaded with it."""
    return {"panel": proposals_desk.panels(opened.proposal, me(), form=opened.form)}


def being_checked(opened: Opened) -> Panel:
    """Show a part that only a proposal has."""
    return None if opened.pact else {}


completeness = proposal = being_checked


def city_clock(opened: Opened) -> Panel:
    """Show the city's clock on a proposal that was sent and not taken back."""
    return None if opened.pact or answering_clock.count(opened.proposal) is None else {}


def assessment(opened: Opened) -> Panel:
    """Show how it is judged, before the decision and after."""
    return {} if opened.proposal.submitted_at else None


def merge(opened: Opened) -> Panel:
    """Show what was offered, and the form that offers to make this one a part of another."""
    return None if opened.pact else merging.panel(opened.proposal, me(), opened.form)


def refusal(opened: Opened) -> Panel:
    """Show the notice of refusal where it was or can be given."""
    if opened.pact:
        return None
    found = opened.proposal
    may = PROPOSAL_LIFE.allows(found.state, Verb.NOTICE_REFUSAL) and policy.allows(
        me(), Can.CASE_REFUSE, found
    )
    return {} if may or found.noticed_at else None


def acceptance(opened: Opened) -> Panel:
    """Show the form that makes a pact of it, or what must happen before."""
    if opened.pact or opened.proposal.state not in {"submitted", "refusal_noticed"}:
        return None
    form = opened.form
    return {
        "unheard": _unheard(opened.proposal, opened.profile),
        "acceptance": form if isinstance(form, AcceptanceForm) else acceptance_form(opened.profile),
    }


def _unheard(found: Proposal, profile: Profile) -> W | None:
    asked = [proposals_observed.rules_for_class(profile, one.id) for one in profile.classes if one.needs_pact]
    least = min(asked, key=lambda rules: rules.least_days)
    return periods.what_is_missing(found.key, profile, least)


def text(opened: Opened) -> Panel:
    """Show the way to the text."""
    return {} if opened.pact else None


def support_given(opened: Opened) -> Panel:
    """Show what the city gives."""
    if opened.pact is None:
        return None
    return {"support": db.session().scalars(support.current(opened.pact.key)).all(), "amount": Amount}


def signatures(opened: Opened) -> Panel:
    """Show who signed, and what is missing before anybody can."""
    pact = opened.pact
    if pact is None:
        return None
    signed = {one.party_id: one for one in pact.signatures}
    return {
        "parties": [(party, signed.get(party.id)) for party in pact.parties],
        "missing": actions.missing_for_signing(pact) if pact.state == State.AGREED else [],
        "may_open_signing": policy.allows(me(), Can.PACT_OPEN_SIGNING, pact),
    }


def reports(opened: Opened) -> Panel:
    """Show the progress reports, first those that wait to be checked."""
    if opened.pact is None:
        return None
    found = db.session().scalars(queries.reports(opened.pact.id, published_only=False)).all()
    form = opened.form
    return {
        "reports": found,
        "to_check": [one for one in found if one.state == ReportState.SENT],
        "may_validate": policy.allows(me(), Can.REPORT_VALIDATE, opened.pact),
        "return_form": form if isinstance(form, ReasonForm) else ReasonForm(formdata=None),
    }


def kept_papers(opened: Opened) -> Panel:
    """Show what was issued."""
    key = opened.pact.key if opened.pact else opened.proposal.key
    return {"papers": db.session().scalars(papers.of_subject(key, public_only=False)).all()}


def later(opened: Opened) -> Panel:
    """Show how the life of a signed pact is changed."""
    pact = opened.pact
    if pact is None or pact.signed_at is None or not policy.allows(me(), Can.PACT_STEER, pact):
        return None
    form = opened.form if isinstance(opened.form, LifeForm) else life_form(pact)
    return {"life_form": form} if form.verb.choices else None


def observations(opened: Opened) -> Panel:
    """Show what neighbours say."""
    if opened.pact:
        return {"observed": observations_desk.panel(observed.subject(opened.pact))}
    if not opened.proposal.submitted_at:
        return None
    return {"observed": observations_desk.panel(proposals_observed.subject(opened.proposal))}


def came_from(opened: Opened) -> Panel:
    """Show the proposal of a pact."""
    return {} if opened.pact else None


def history(opened: Opened) -> Panel:
    """Show every act."""
    found = queries.acts_of(opened.pact) if opened.pact else queries.acts_of_proposal(opened.proposal.code)
    return {"lines": lines(db.session().scalars(found.limit(MOST_LINES)).all())}
