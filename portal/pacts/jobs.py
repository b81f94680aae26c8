"""Which papers of pacts are due, of every signed pact and published report; and the desk kept up to date."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, literal, select, update
from sqlalchemy.orm import selectinload

from portal import clock, crypto, db
from portal.documents.issue import Due
from portal.documents.layout import to_sheet
from portal.documents.models import Edition, Key, Paper
from portal.documents.queries import ISSUED
from portal.fences import monitors
from portal.fences import queries as fence_queries
from portal.observations import queries as observations
from portal.pacts import calendar, papers, queries, waiting
from portal.pacts.bookings import cancel_left
from portal.pacts.lifecycle import ReportState, State
from portal.pacts.models import Pact, Report
from portal.pacts.publishing import publish_held
from portal.pacts.standing import profile_named, profile_of
from portal.schedule.said import NOTHING, Said, said
from portal.words import W, say

if TYPE_CHECKING:
    from portal.documents.sheet import Sheet
    from portal.schedule.actions import Run

__all__ = ["agreements_due", "cancel_left", "keep_desk", "progress_reports_due", "publish_held"]
_SIGNED = tuple(state.value for state in (State.SIGNED, State.SUSPENDED, State.CONCLUDED, State.TERMINATED))
_ALL_CAPACITIES = {
    "spokesperson": W("Spokesperson"),
    "legal_representative": W("Legal representative"),
    "citizen": W("In their own name"),
    "signatory": W("Signatory for the city"),
}
_PASSWORD = W("electronic, by password of the portal's account")


def agreements_due(base_url: str) -> list[Due]:
    """Return the agreements that are not issued yet; runs inside a reading unit.

    The original and the public edition are in the pact's own language; in the others the public edition is a
    courtesy translation. Runs every few seconds: the database leaves out what is issued, and no text is read.
    """
    issued = (
        select(func.count())
        .where(Paper.subject == literal("pact:") + Pact.code, Paper.version == Pact.agreed_version)
        .where(Paper.kind == queries.AGREEMENT, Paper.state.in_(ISSUED))
        .correlate(Pact)
        .scalar_subquery()
    )
    signed = select(Pact).where(Pact.state.in_(_SIGNED)).order_by(Pact.signed_at.desc(), Pact.id.desc())
    found = [
        due
        for rules in db.session().scalars(select(Pact.profile_version).distinct()).all()
        for pact in db.session().scalars(
            signed.where(Pact.profile_version == rules, issued <= len(profile_named(rules).languages))
        )
        for due in _agreements(pact, base_url)
    ]
    # Whoever waits for a pact to be in force waits for the original; where many are due at once (a city's old
    # files, a restored store) those signed last are the ones that people look for.
    return sorted(found, key=lambda due: due.edition != Edition.ORIGINAL)


def progress_reports_due(base_url: str) -> list[Due]:
    """Return the progress reports that are validated but not issued as papers; runs inside a reading unit."""
    done = (ReportState.VALIDATED.value, ReportState.PUBLISHED.value)
    issued = exists().where(
        Paper.subject == literal("pact:") + Pact.code,
        Paper.version == Report.number,
        Paper.kind == queries.PROGRESS_REPORT,
        Paper.state.in_(ISSUED),
    )
    rows = (
        select(Pact, Report)
        .join(Report, Report.pact_id == Pact.id)
        .options(selectinload(Pact.promises), selectinload(Report.kept))
        .where(Report.state.in_(done), ~issued)
        .order_by(Report.validated_at, Report.id)
    )
    return [_progress_report(pact, report, base_url) for pact, report in db.session().execute(rows)]


def _editions(pact: Pact) -> list[tuple[str, Edition]]:
    courtesy = [language for language in profile_of(pact).languages if language != pact.language]
    own = [(pact.language, Edition.ORIGINAL), (pact.language, Edition.PUBLIC)]
    return own + [(language, Edition.PUBLIC) for language in courtesy]


def _agreements(pact: Pact, base_url: str) -> Iterator[Due]:
    issued = {paper.key for paper in db.session().scalars(queries.papers_of(pact, queries.AGREEMENT))}
    for language, edition in _editions(pact):
        key = Key(queries.AGREEMENT, pact.key, pact.agreed_version or 0, language, edition)
        if key not in issued:
            build = partial(draw_agreement, pact.id, language, edition, base_url)
            then = partial(_note_sealed, pact.id) if edition == Edition.ORIGINAL else None
            yield Due(*_parts(key), build=build, content_hash=pact.agreed_hash, then=then)


def _note_sealed(pact_id: int) -> None:
    # No version of the pact is counted: nobody's form becomes stale by it.
    statement = update(Pact).where(Pact.id == pact_id).values(is_sealed=True)
    db.session().execute(statement, execution_options={"synchronize_session": False})


def _parts(key: Key) -> tuple[str, str, int, str, Edition]:
    return key.kind, key.subject, key.version, key.language, key.edition


def draw_agreement(pact_id: int, language: str, edition: Edition, base_url: str) -> Sheet:
    """Return the sheet of one edition of a signed agreement; a function of what is stored alone."""
    pact = db.session().scalars(queries.whole().where(Pact.id == pact_id)).one()
    version = db.session().scalars(queries.version(pact.id, pact.agreed_version or 0)).one()
    key = Key(queries.AGREEMENT, pact.key, version.number, language, edition)
    imprint = _imprint(pact, key, version.content_hash, base_url)
    people = [_party(party, pact, language) for party in pact.parties]
    course = papers.Course(
        citations=tuple(one.words[language] for one in profile_of(pact).citations if one.preamble),
        proposal_code=pact.proposal_code,
        received_on=clock.local(pact.proposed_at).date(),
        **_observed(pact),
    )
    made = papers.agreement(version.text, imprint, language=language, people=people, course=course)
    return to_sheet(made.redacted() if edition == Edition.PUBLIC else made)


def _observed(pact: Pact) -> dict[str, Any]:
    """Return when everybody could speak and how much was answered, as it stood at the signature."""
    keys = (pact.key, f"proposal:{pact.proposal_code}")
    period = db.session().scalars(observations.newest_period(keys)).first()
    if period is None:
        return {}
    counted = observations.answered_count(period.id, pact.signed_at or clock.now())
    return {
        "observed_from": clock.local(period.opens_at).date(),
        "observed_until": clock.local(period.closes_at).date() - calendar.ONE_DAY,
        "observations": db.session().scalar(counted) or 0,
    }


def _office(pact: Pact, language: str) -> str:
    profile = profile_of(pact)
    office = profile.pact_class(pact.pact_class).signer_office
    return profile.office(office).name[language] if office else ""


def _imprint(pact: Pact, key: Key, content_hash: str, base_url: str) -> papers.Imprint:
    profile = profile_of(pact)
    assert pact.signed_at is not None  # noqa: S101 - a CHECK of the table says so
    return papers.Imprint(
        city=profile.body,
        office=_office(pact, key.language),
        version=key.version,
        content_hash=content_hash,
        verification_code=key.code,
        check_url=f"{base_url}/verify?code={key.code}",
        issued_at=pact.signed_at,
    )


def _party(party: Any, pact: Pact, language: str) -> papers.Party:
    role = (
        say(_ALL_CAPACITIES[party.capacity], language)
        if party.capacity in _ALL_CAPACITIES
        else party.capacity
    )
    signed = [
        papers.Signature(
            name=one.signer_name, role=role, signed_at=one.signed_at, method=say(_PASSWORD, language)
        )
        for one in pact.signatures
        if one.party_id == party.id
    ]
    return papers.Party(
        id=party.row_key,
        represented_by=party.represented_by,
        office=_office(pact, language) if party.side == "city" else "",
        address=party.address,
        tax_code=party.tax_code,
        signatures=tuple(signed),
    )


def _progress_report(pact: Pact, report: Report, base_url: str) -> Due:
    key = Key(queries.PROGRESS_REPORT, pact.key, report.number, report.language, Edition.PUBLIC)
    build = partial(draw_progress_report, pact.id, report.number, base_url)
    content_hash = crypto.sha256_hex(crypto.canonical(content_of(pact, report)))
    return Due(*_parts(key), build=build, content_hash=content_hash)


def draw_progress_report(pact_id: int, number: int, base_url: str) -> Sheet:
    """Return the sheet of a validated report, as it stood on the day it was found in order."""
    session = db.session()
    pact = session.scalars(select(Pact).options(selectinload(Pact.promises)).where(Pact.id == pact_id)).one()
    report = session.scalars(queries.report(pact.id, number, published_only=False)).one()
    version = session.scalars(queries.version(pact.id, pact.agreed_version or 0)).one()
    key = Key(queries.PROGRESS_REPORT, pact.key, report.number, report.language, Edition.PUBLIC)
    told = _reported(pact, report)
    content_hash = crypto.sha256_hex(crypto.canonical(content_of(pact, report)))
    made = papers.progress_report(
        version.text,
        _imprint(pact, key, content_hash, base_url),
        _period(version.text, report),
        told,
        language=report.language,
    )
    return to_sheet(made)


def content_of(pact: Pact, report: Report) -> dict[str, Any]:
    """Return the report as plain JSON, for its hash and for machines; the promises must be loaded."""
    keys = {promise.id: promise.row_key for promise in pact.promises}
    return {
        "schema": "report/1",
        "pact": pact.code,
        "number": report.number,
        "from": report.period_from.isoformat(),
        "until": report.period_until.isoformat(),
        "language": report.language,
        "objectives": report.objectives,
        "actions": report.actions,
        "results": report.results,
        "resources": report.resources,
        "figures": report.figures,
        "next_steps": report.next_steps,
        "kept": [
            {"promise": keys[row.promise_id], "state": row.state, "done": row.done, "note": row.note}
            for row in report.kept
        ],
    }


def _period(text: dict[str, Any], report: Report) -> papers.Period:
    found = calendar.of_text(text)
    mine = next(one for one in found if one.number == report.number)
    after = next((one for one in found if one.number == report.number + 1), None)
    return papers.Period(
        mine.number,
        mine.starts_on,
        mine.last_day,
        next_ends_on=after.last_day if after else None,
        next_due_on=after.due_on if after else None,
    )


def _reported(pact: Pact, report: Report) -> papers.Reported:
    keys = {promise.id: promise.row_key for promise in pact.promises}
    validated_on = clock.local(report.validated_at).date() if report.validated_at else None
    return papers.Reported(
        objectives=report.objectives,
        actions=report.actions,
        results=report.results,
        resources=str(report.resources.get("other", "")),
        kept=tuple(papers.Kept(keys[row.promise_id], row.done, row.state, row.note) for row in report.kept),
        figures=tuple(
            papers.Result(row["label"], row["value"], row["unit"], row["source"]) for row in report.figures
        ),
        own=tuple(_own(report)),
        measured=tuple(_measured(pact, report)),
        next_steps=report.next_steps,
        validated_on=validated_on,
    )


def _own(report: Report) -> Iterator[papers.Result]:
    source = say(W("Told by the group"), report.language)
    for name, label, unit in (
        ("spent_cents", W("Money spent"), "cent"),
        ("volunteer_hours", W("Hours given by volunteers"), "hour"),
        ("people", W("People who took part"), ""),
    ):
        if report.resources.get(name):
            yield papers.Result(say(label, report.language), int(report.resources[name]), unit, source)


def _measured(pact: Pact, report: Report) -> Iterator[papers.Measured]:
    # As of the period's last day, and by what was known when the report was found in order: drawn again
    # later, the paper must be the same.
    day = report.period_until - calendar.ONE_DAY
    for fence in db.session().scalars(fence_queries.of_subject(pact.key)):
        known = [
            one
            for one in fence.measurements
            if one.measured_on <= day
            and (report.validated_at is None or one.entered_at <= report.validated_at)
        ]
        found = monitors.status(fence, known, day)
        yield papers.Measured(
            fence.row_key, found.state.value, value=found.value, measured_on=found.measured_on
        )


def keep_desk(run: Run) -> Said:
    """Write the rows of the desk that the calendar changed, and those that are missing."""
    with db.reading() as session:
        if not waiting.behind(session):
            return NOTHING
    with db.writing() as session:
        count = waiting.catch_up(session)
    run.progress(count, count)
    return said("desk_kept", count=count)


def heal_desk() -> int:
    """Write every row of the desk anew that is not what the rules give; nobody waits for more than a part."""
    with db.reading() as session:
        cases = waiting.every(session)
    healed = 0
    for start in range(0, len(cases), waiting.MANY):
        with db.writing() as session:
            healed += waiting.keep(session, cases[start : start + waiting.MANY])
    return healed
