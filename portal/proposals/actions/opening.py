"""Start a proposal, and open it again by its secret link or by its code and word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal import clock, crypto, db, policy
from portal.errors import NotAllowed, NotFound
from portal.organisations.models import Organisation
from portal.people import limits
from portal.policy import Can
from portal.proposals import codes, queries
from portal.proposals.actions.answering import check_invites
from portal.proposals.actions.prefilling import take_known
from portal.proposals.models import Proposal
from portal.proposals.shapes import Contact
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.city import Profile
    from portal.policy import Actor
    from portal.proposals.models import Call

WINDOW_SECONDS = 15 * 60
MOST_STARTS = 30
# Few tries from one place, more in all: a stranger's guessing must not lock the holder out.
MOST_TRIES_FROM_HERE = 10
MOST_TRIES = 60
_NO_SUCH = W(
    "We cannot find that proposal with this word. Codes look like PR-7Q4K-29. Check both, or ask us by phone."
)
_HAS_ACCOUNT = W("This proposal belongs to an account. Its owner signs in to go on with it.")
_ANOTHERS = W("This proposal was entered for somebody else. Finish, then help that person.")
_NO_LINK = W("This link opens nothing. Copy it whole, or open your proposal with its code and word.")


# A new draft's own lists, each still empty.
LISTS = ("saved_sections", "commitments", "asks", "fences", "supplements")


@dataclass(frozen=True, slots=True)
class Started:
    """A new draft and the two secrets that open it; they are told once, only their hashes are kept."""

    proposal: Proposal
    token: str
    word: str


def start(
    *,
    by: Actor,
    profile: Profile,
    language: str,
    email: str = "",
    origin: str = "",
    call: Call | None = None,
    contact: Contact | None = None,
) -> Started:
    """Open an empty draft under the city's newest rules, and under a call where one is given; anyone may.

    Whoever acts for an organisation starts it for that one. `origin` is where the request came from, for
    counting. Begun at the counter it is not the clerk's, but held for whoever is helped: `contact` says how
    that person is reached. Refuses with TooMany, and with WrongState where the call takes nothing any more.
    """
    policy.check(by, Can.PROPOSAL_START)
    if call is not None:
        check_invites(call)
    if origin and not by.helps:
        limits.spend("proposal_start", origin, most=MOST_STARTS, seconds=WINDOW_SECONDS)
    word, token = codes.new_word(), crypto.new_token()
    # The hash is worked out before the first statement, so that it holds up no other writer.
    word_hash = crypto.hash_password(codes.plain_word(word))
    proposal = Proposal(
        language=language,
        link_hash=crypto.token_hash(token),
        word_hash=word_hash,
        profile_version=profile.version_key,
        call_id=call.id if call is not None else None,
        contact_email=email,
        **_empty(),
        **_holder(by),
        **_entered(by, contact),
    )
    _take_known(proposal, by)
    db.session().add(proposal)
    db.session().flush()
    record(Did.PROPOSAL_STARTED, proposal.key, by=by)
    return Started(proposal, token, word)


def _empty() -> dict[str, Any]:
    now = clock.now()
    return {"code": codes.new_code(), "started_at": now, "saved_at": now, **{name: [] for name in LISTS}}


def _holder(by: Actor) -> dict[str, Any]:
    """Return whose it is: an account's, unless it is entered for somebody, and the group's it acts for."""
    group = db.session().get(Organisation, by.acting_for) if by.acting_for is not None else None
    return {
        "person_id": None if by.helps else by.person_id,
        "organisation_id": by.acting_for,
        "group_kind": group.kind if group else "",
        "group_name": group.name if group else "",
    }


def _take_known(proposal: Proposal, by: Actor) -> None:
    if by.person_id is None or by.helps:
        return
    last = db.session().scalar(queries.last_sent_by(by.person_id))
    if last is not None:
        take_known(proposal, last)


def _entered(by: Actor, contact: Contact | None) -> dict[str, Any]:
    if not by.helps:
        return {"entered_ids": []}
    told = contact or Contact("")
    return {
        "entered_by_id": by.person_id,
        "entered_ids": [by.person_id],
        "entered_for": by.helps,
        "contact_name": told.name,
        "contact_postal": told.postal,
        "contact_phone": told.phone,
        "contact_way": told.way,
    }


def take_in(proposal: Proposal, contact: Contact, *, by: Actor) -> None:
    """Go on at the counter with what its holder began elsewhere, after its word was right.

    Refuses with NotAllowed what belongs to an account: whoever has one signs in.
    """
    if not by.helps or proposal.person_id is not None:
        raise NotAllowed(_HAS_ACCOUNT)
    if proposal.entered_for not in {"", by.helps}:
        raise NotAllowed(_ANOTHERS)
    if proposal.entered_for:
        return
    proposal.entered_by_id, proposal.entered_for = by.person_id, by.helps
    proposal.entered_ids = [by.person_id] if by.person_id is not None else []
    if not proposal.contact_email:
        proposal.contact_name = proposal.contact_name or contact.name
        proposal.contact_postal, proposal.contact_phone = contact.postal, contact.phone
        proposal.contact_way = contact.way
    record(Did.PROPOSAL_TAKEN_IN, proposal.key, by=by)


def open_with_word(code: str, word: str, *, origin: str = "") -> Proposal:
    """Return the proposal of a code and its word, to be exchanged for the browser's key.

    An unknown code costs the same hash as a wrong word and gets the same answer. Refuses with NotFound, and
    with TooMany after ten tries from one place or sixty in all within a quarter of an hour.
    """
    code = codes.tidy_code(code)
    limits.spend("proposal_word", f"{code} {origin}", most=MOST_TRIES_FROM_HERE, seconds=WINDOW_SECONDS)
    limits.spend("proposal_word_anywhere", code, most=MOST_TRIES, seconds=WINDOW_SECONDS)
    with db.reading() as session:
        proposal = session.scalar(queries.by_any_code(code))
    stored = proposal.word_hash if proposal else crypto.nobody_hash()
    matches = crypto.password_matches(stored, codes.plain_word(word))
    if proposal is None or not matches:
        raise NotFound(_NO_SUCH, field="word")
    return proposal


def open_with_link(token: str, *, origin: str = "") -> Proposal:
    """Return the proposal of a secret link; the link keeps working, so that a scanned mail does no harm."""
    limits.spend("proposal_link", origin, most=MOST_TRIES, seconds=WINDOW_SECONDS)
    with db.reading() as session:
        proposal = session.scalar(queries.by_link_hash(crypto.token_hash(token)))
    if proposal is None:
        raise NotFound(_NO_LINK)
    return proposal
