"""How a text is settled: each side agrees to the same hash; any later change undoes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal import clock, db, policy
from portal.errors import Invalid, Stale, WrongState
from portal.pacts import findable, queries, rows
from portal.pacts.actions.held import hold, newest
from portal.pacts.actions.texts import bind
from portal.pacts.lifecycle import LIFE, Verb
from portal.pacts.lint import lint
from portal.pacts.models import Agreement
from portal.pacts.standing import profile_of, side_of
from portal.policy import Can
from portal.record import Did, record
from portal.support import actions as support
from portal.words import W

if TYPE_CHECKING:
    from portal.city import Profile
    from portal.pacts.models import Pact, PactVersion
    from portal.policy import Actor

SIDES = frozenset({"community", "city"})
_OTHER_TEXT = W(
    "The text was changed while you were reading, so your agreement was not taken. Read it again."
)
_REASON = W("Say why, so that the other side understands.")


def agree(pact: Pact, version: int, content_hash: str, *, by: Actor) -> None:
    """Agree, for one's side, to exactly this text; the last side settles it and asks for the support.

    Agreeing twice changes nothing. Refuses with Stale where the hash is not the newest
    text's, with WrongState where the text still lacks something.
    """
    policy.check(by, Can.PACT_AGREE, pact)
    pact = hold(pact)
    text = newest(pact)
    if (version, content_hash) != (text.number, text.content_hash):
        raise Stale(_OTHER_TEXT)
    side = side_of(pact, by)
    if any(one.side == side and one.version == version for one in pact.agreements):
        return
    LIFE.after(pact.state, Verb.AGREE_LAST)
    _need_clean(pact, text)
    pact.agreements.append(
        Agreement(
            side=side,
            version=version,
            content_hash=content_hash,
            agreed_at=clock.now(),
            person_id=by.person_id,
        )
    )
    bind(pact, by)
    record(Did.PACT_AGREED_BY, pact.key, by=by, side=side, version=version, content_hash=content_hash)
    if {one.side for one in pact.agreements} == SIDES:
        _settle(pact, text, by=by)
    db.session().flush()


def reopen(pact: Pact, reason: str, *, by: Actor) -> None:
    """Take the settled text up again: agreements and signatures are void, reserved support goes back.

    Both sides may, at any time before the last signature. The reason is public.
    """
    policy.check(by, Can.PACT_SUGGEST, pact)
    if not reason.strip():
        raise Invalid(_REASON, field="reason")
    pact = hold(pact)
    pact.state = LIFE.after(pact.state, Verb.REOPEN).value
    facts = {"agreements_void": len(pact.agreements), "signatures_void": len(pact.signatures)}
    pact.agreements.clear()
    pact.signatures.clear()
    pact.agreed_version, pact.agreed_hash, pact.agreed_at, pact.signing_opened_at = None, "", None, None
    support.release(pact.key, by=by)
    findable.enter(pact, newest(pact).text)
    record(
        Did.PACT_REOPENED,
        pact.key,
        by=by,
        version=pact.last_version,
        reason=reason.strip(),
        **facts,
    )
    db.session().flush()


def _need_clean(pact: Pact, text: PactVersion) -> None:
    findings = lint(text.text, profile_of(pact))
    if findings:
        raise WrongState(
            W(
                "The text is not complete yet: %(first)s (%(count)s things to settle in all)",
                first=findings[0].words,
                count=len(findings),
            )
        )


def _settle(pact: Pact, text: PactVersion, *, by: Actor) -> None:
    pact.state = LIFE.after(pact.state, Verb.AGREE_LAST).value
    pact.agreed_version, pact.agreed_hash, pact.agreed_at = text.number, text.content_hash, clock.now()
    record(Did.PACT_AGREED, pact.key, by=by, version=text.number, content_hash=text.content_hash)
    asked = _from_pools(_beside_first(pact, text), profile_of(pact))
    support.ask_for(pact.key, text.number, asked, case=_case(pact, text), by=by)


def _beside_first(pact: Pact, text: PactVersion) -> list[dict[str, Any]]:
    """Return the rows of support, each with what the first draft had, which is what the group asked for."""
    first = db.session().scalars(queries.version(pact.id, 1)).one()
    asked = {(row["id"], row["kind"]): row["amount"] for row in first.text["support"]}
    return [row | {"first_amount": asked.get((row["id"], row["kind"]), 0)} for row in text.text["support"]]


def _from_pools(asked: list[dict[str, Any]], profile: Profile) -> list[dict[str, Any]]:
    """Return the rows of kinds for which this city keeps pools; the others are promises like any other."""
    kept = {one.id for one in profile.support_kinds if one.allocated}
    return [rows.with_measures(row, profile) for row in asked if row["kind"] in kept]


def _case(pact: Pact, text: PactVersion) -> support.Case:
    shares = (row["params"].get("advance_percent") for row in text.text["clauses"] if not row["none_because"])
    return support.Case(
        organisation_id=pact.organisation_id,
        party_person_id=pact.party_of("community").person_id,
        title=pact.title,
        language=pact.language,
        district=pact.district,
        starts_on=pact.starts_on,
        pact_class=pact.pact_class,
        profile_version=pact.profile_version,
        ends_on=pact.ends_on,
        commons=f"commons:{pact.commons_id}",
        case_key=pact.proposal_key,
        advance_bp=next((100 * one for one in shares if type(one) is int), 0),
    )
