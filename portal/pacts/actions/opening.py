"""How a pact begins: an accepted proposal becomes a numbered pact with two parties and a first text."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal import clock, db, policy
from portal.commons import actions as commons
from portal.commons import queries as commons_queries
from portal.errors import Invalid, Stale, WrongState
from portal.observations.actions import periods
from portal.organisations import actions as organisations
from portal.organisations import queries as organisation_queries
from portal.organisations.models import Kind, Organisation
from portal.pacts import clauses
from portal.pacts.actions.held import write
from portal.pacts.calendar import months_later
from portal.pacts.models import Pact, Party
from portal.pacts.standing import profile_named
from portal.people.models import Person
from portal.policy import Can
from portal.proposals import actions as proposals
from portal.proposals import observed
from portal.proposals import queries as proposal_queries
from portal.proposals.matching import queries as matching
from portal.record import Did, record
from portal.words import W, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.city import Profile
    from portal.commons.models import Commons
    from portal.policy import Actor
    from portal.proposals.models import Ask, Proposal

# Two proposals accepted at the same moment want the same number: the unique index lets one have it.
TRIES = 5
_CITY_PROMISE = W("Name one person to turn to, who answers within ten working days")
_CITY_PROOF = W("Answers kept with the case")
_SUPPORT_PROMISE = W("Give the support listed in this pact, at the agreed times")
_SUPPORT_PROOF = W("Deliveries shown on the pact's page")
# A commitment nobody can check is no commitment: where the group named nothing, its report shows it.
_OWN_PROOF = W("Told in the progress report")


def open_from(
    proposal: Proposal, *, reason: str, pact_class: str = "ordinary", language: str = "", by: Actor
) -> Pact:
    """Accept the proposal and open the pact that comes of it, in co-design.

    The commons is listed, the group becomes an organisation where it has a name, both parties stand in the
    pact, and its first version is drawn up from what was proposed. Refuses with Invalid (unknown class),
    WrongState (not at a stage where it can be accepted, or neighbours were not heard yet), Stale (a colleague
    accepted it first).
    """
    policy.check(by, Can.CASE_ACCEPT, proposal)
    profile = profile_named(proposal.profile_version)
    _check_choices(profile, pact_class, language or profile.prevailing_language)
    for words in _unheard(proposal, profile, pact_class):
        raise WrongState(words)
    proposals.accept_for_codesign(proposal, reason, by=by)
    shared = _shared(proposal, by=by)
    pact = _blank_pact(proposal, profile, pact_class)
    pact.commons_id, pact.organisation_id = shared.id, _organisation(proposal, by=by)
    _number(pact, prefix=profile.city[:2].upper())
    pact.parties = _parties(proposal, profile, pact)
    db.session().flush()
    facts = {"proposal": proposal.code, "pact_class": pact_class, "language": pact.language}
    record(Did.PACT_OPENED, pact.key, by=by, **facts)
    text = clauses.assemble(_sources(proposal, pact, shared, profile), profile)
    note = say(W("First draft from proposal %(code)s", code=proposal.code), pact.language)
    write(pact, text, side="city", note=note, by=by)
    db.session().flush()
    return pact


def _unheard(proposal: Proposal, profile: Profile, pact_class: str) -> Iterator[W]:
    missing = periods.what_is_missing(proposal.key, profile, observed.rules_for_class(profile, pact_class))
    if missing is not None:
        yield missing


def against_opening(proposal: Proposal, pact_class: str, *, by: Actor) -> Iterator[W]:
    """Say what stands against opening a pact of this class now, beside the permission and the stage."""
    yield from _unheard(proposal, profile_named(proposal.profile_version), pact_class)
    yield from proposals.against_acceptance(proposal, by=by)


def _shared(proposal: Proposal, *, by: Actor) -> Commons:
    """Return the listed thing that was picked, or list what was described; the photos come along."""
    picked = None
    if proposal.commons_slug:
        picked = db.session().scalar(commons_queries.listed(proposal.commons_slug))
    shared = picked or commons.list_it(proposals.listing_of(proposal), by=by)
    commons.take_over(shared, db.session().scalars(proposal_queries.photos_of(proposal.id)).all(), by=by)
    return shared


def _check_choices(profile: Profile, pact_class: str, language: str) -> None:
    if pact_class not in {one.id for one in profile.classes if one.needs_pact}:
        raise Invalid(W("Choose what kind of pact this becomes."), field="pact_class")
    if language != profile.prevailing_language:
        raise Invalid(W("The city's pacts are signed in its own language; others are courtesy translations."))


def _blank_pact(proposal: Proposal, profile: Profile, pact_class: str) -> Pact:
    starts_on, ends_on = _dates(proposal, profile, pact_class)
    return Pact(
        state="co_design",
        proposal_id=proposal.id,
        proposal_code=proposal.code,
        owner_id=proposal.owner_id,
        assessor_id=proposal.assessor_id,
        kind=proposal.kind,
        pact_class=pact_class,
        profile_version=profile.version_key,
        language=profile.prevailing_language,
        title=proposal.title,
        summary=proposal.summary,
        district=proposal.district,
        starts_on=starts_on,
        ends_on=ends_on,
        last_version=0,
        proposed_at=proposal.submitted_at,
        opened_at=clock.now(),
        agreements=[],
        signatures=[],
        parties=[],
    )


def _organisation(proposal: Proposal, *, by: Actor) -> int | None:
    speaker = db.session().get(Person, proposal.person_id) if proposal.person_id is not None else None
    if proposal.organisation_id is not None:
        _name_speaker(proposal, speaker, by=by)
        return proposal.organisation_id
    if not proposal.group_name or proposal.group_kind not in set(Kind):
        return None
    group = _known(proposal, speaker) or organisations.found(
        proposal.group_name, Kind(proposal.group_kind), by=by, speaker=speaker
    )
    if speaker is not None:
        organisations.name_in_proposal(group, speaker, proposal.key, by=by)
    return group.id


def _name_speaker(proposal: Proposal, speaker: Person | None, *, by: Actor) -> None:
    # Whoever speaks for the group when it is accepted was named by it in what it sent.
    speaking = organisation_queries.speakers_of(proposal.organisation_id or 0, clock.now())
    if speaker is not None and any(one.person_id == speaker.id for one in db.session().scalars(speaking)):
        group = db.session().get_one(Organisation, proposal.organisation_id)
        organisations.name_in_proposal(group, speaker, proposal.key, by=by)


def _known(proposal: Proposal, speaker: Person | None) -> Organisation | None:
    """Return the organisation of this name and kind for which whoever proposed speaks already."""
    if speaker is None:
        return None
    name = organisations.plain(proposal.group_name)
    theirs = db.session().execute(organisation_queries.of_member(speaker.id, clock.now()))
    return next(
        (
            group
            for group, membership in theirs
            if membership.speaks_for_it and (group.plain_name, group.kind) == (name, proposal.group_kind)
        ),
        None,
    )


def _dates(proposal: Proposal, profile: Profile, pact_class: str) -> tuple[date, date]:
    starts_on = proposal.starts_on or _first_of_month_after(clock.today() + timedelta(days=60))
    longest = months_later(starts_on, 12 * profile.pact_class(pact_class).longest_years) - timedelta(days=1)
    ends_on = proposal.ends_on or longest
    return starts_on, min(ends_on, longest) if ends_on > starts_on else longest


def _first_of_month_after(day: date) -> date:
    return months_later(day.replace(day=1), 1)


def _number(pact: Pact, *, prefix: str) -> None:
    session = db.session()
    for _ in range(TRIES):
        pact.number = (session.scalar(select(func.max(Pact.number))) or 0) + 1
        pact.code = f"{prefix}-{clock.today().year}-{pact.number:03d}"
        try:
            with session.begin_nested():
                session.add(pact)
                session.flush()
        except IntegrityError:
            if session.scalar(select(Pact.id).where(Pact.proposal_id == pact.proposal_id)) is not None:
                break
        else:
            return
    raise Stale(W("A colleague accepted this a moment ago. Look at the case again."))


def _parties(proposal: Proposal, profile: Profile, pact: Pact) -> list[Party]:
    is_citizen = proposal.group_kind not in set(Kind)
    capacity = "citizen" if is_citizen else _capacity(proposal.group_kind)
    community = Party(
        row_key="community",
        side="community",
        kind="citizen" if is_citizen else proposal.group_kind,
        # A person's name never stands in the text that everybody can read.
        name="" if is_citizen else proposal.group_name,
        capacity=capacity,
        person_id=proposal.person_id,
        organisation_id=pact.organisation_id,
        represented_by=proposal.adult_name or proposal.contact_name,
    )
    city = Party(row_key="city", side="city", kind="public_body", name=profile.body, capacity="signatory")
    return [community, city]


def _capacity(group_kind: str) -> str:
    return "spokesperson" if group_kind == Kind.INFORMAL_GROUP else "legal_representative"


def _sources(proposal: Proposal, pact: Pact, shared: Commons, profile: Profile) -> clauses.Sources:
    return clauses.Sources(
        code=pact.code,
        title=pact.title,
        summary=pact.summary,
        pact_class=pact.pact_class,
        commons=_commons(shared),
        parties=tuple(_party(party, profile, pact) for party in pact.parties),
        starts_on=_set(pact.starts_on),
        ends_on=_set(pact.ends_on),
        commitments=_commitments(proposal, pact.language),
        asks=_asks(proposal, profile),
        fences=tuple(clauses.FenceChoice(row.catalogue, row.threshold) for row in proposal.fences),
    )


def _set(day: date | None) -> date:
    assert day is not None  # noqa: S101 - _dates gives both
    return day


def _commons(shared: Commons) -> clauses.Commons:
    return clauses.Commons(
        kind=shared.kind,
        title=shared.title,
        address=shared.address,
        district=shared.district,
        latitude=_degrees(shared.latitude_e6),
        longitude=_degrees(shared.longitude_e6),
        repository=shared.repository,
        licence=shared.licence,
        about=shared.about,
    )


def _degrees(millionths: int | None) -> str:
    if millionths is None:
        return ""
    whole, rest = divmod(abs(millionths), 1_000_000)
    return f"{'-' if millionths < 0 else ''}{whole}.{rest:06d}"


def _party(party: Party, profile: Profile, pact: Pact) -> clauses.Party:
    office = profile.pact_class(pact.pact_class).signer_office if party.side == "city" else ""
    return clauses.Party(party.row_key, party.side, party.name, party.kind, party.capacity, office)


def _commitments(proposal: Proposal, language: str) -> tuple[clauses.Commitment, ...]:
    """Return what the group offered and the two promises with which the city begins: both owe something."""
    offered = [
        ("community", row.what, row.quantity, row.unit, row.per, row.evidence or say(_OWN_PROOF, language))
        for row in proposal.commitments
    ]
    own = [(_CITY_PROMISE, _CITY_PROOF)] + ([(_SUPPORT_PROMISE, _SUPPORT_PROOF)] if proposal.asks else [])
    owed = [
        ("city", say(what, language), 1, say(W("times"), language), "once", say(proof, language))
        for what, proof in own
    ]
    return tuple(clauses.Commitment(f"c{n}", *row) for n, row in enumerate([*offered, *owed], start=1))


def _asks(proposal: Proposal, profile: Profile) -> tuple[clauses.Ask, ...]:
    found = [_ask(n, row, profile) for n, row in enumerate(proposal.asks, start=1)]
    award = db.session().scalar(matching.award_of(proposal.id))
    if award is not None and award.cents:
        what = say(W("What the city adds to the money that was raised"), profile.prevailing_language)
        found.append(clauses.Ask(f"s{len(found) + 1}", "funding", what, award.cents, "cent"))
    return tuple(found)


def _ask(number: int, row: Ask, profile: Profile) -> clauses.Ask:
    # What a server counts for in its pool is the processors of the plan that was asked for.
    amount = profile.plan(row.plan).vcpu if row.kind == "server" and row.plan else row.amount
    unit = profile.support(row.kind).unit
    if unit == "piece" or not profile.support(row.kind).allocated:
        # A help in words, of which nobody said how much, is one.
        amount = max(amount, 1)
    return clauses.Ask(f"s{number}", row.kind, row.what, amount, unit, row.months, row.plan)
