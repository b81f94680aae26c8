"""Bring what was entered at the counter into an account: by the case's code and a code from a letter."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from portal import clock, crypto, db, policy
from portal.counter import queries
from portal.counter.models import Connection, Helped
from portal.errors import Invalid, NotAllowed, NotFound
from portal.notices import letters
from portal.notices.actions import Recipient, Text
from portal.people import limits
from portal.policy import Can
from portal.proposals import codes
from portal.proposals import queries as proposal_queries
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor

PURPOSE = "connection"
GROUPS, GROUP = 3, 4  # 60 bits, read off a letter
LASTS = timedelta(days=60)
MOST_TRIES = 5
MOST_LETTERS, DAY_SECONDS = 3, 86_400
MOST_TRIES_OF_ACCOUNT, QUARTER = 10, 900
_WRONG = W(
    "This number and this code do not go together. Copy both from the letter, or ask for a new letter."
)


def offer_connection(*, by: Actor, base_url: str) -> None:
    """Write whoever is helped a letter with a code; an older code that was not used is worth nothing then."""
    policy.check(by, Can.COUNTER_HELP)
    if not by.helps:
        raise NotFound(W("You do not help this person now."))
    limits.spend("connection", by.helps, most=MOST_LETTERS, seconds=DAY_SECONDS)
    session = db.session()
    helped = session.scalars(queries.by_pseudonym(by.helps)).one()
    code = session.scalars(queries.codes_for(helped.pseudonym)).first()
    if not helped.postal:
        raise Invalid(W("The code goes by letter: enter a postal address first."), field="postal")
    if code is None:
        raise Invalid(W("Nothing was entered for this person so far."))
    secret = "-".join(crypto.new_code(GROUP) for _ in range(GROUPS))
    _expire_older(helped)
    made = Connection(
        helped_id=helped.id,
        code_hash=crypto.keyed_hash(_plain(secret), PURPOSE),
        made_at=clock.now(),
        expires_at=clock.real() + LASTS,
    )
    session.add(made)
    session.flush()
    _write(helped, code, secret, made, base_url)
    record(Did.COUNTER_OFFERED, helped.key, by=by)


def _write(helped: Helped, code: str, secret: str, made: Connection, base_url: str) -> None:
    to = Recipient(
        None, "", helped.language, name=helped.name, postal=tuple(helped.postal.split("\n")), way="letter"
    )
    text = Text(
        W("Connect your proposals to an account"),
        (
            W("You asked us at the counter. With an account you follow your proposals on the internet."),
            W("Make an account, sign in, open the address below, and enter your number and the code."),
            W("The code works once, and for 60 days."),
        ),
        f"{base_url}/{helped.language}/connect",
    )
    letters.write("E50", f"E50:{made.id}", to, text, about=f"proposal:{code}", secret=secret)


def _expire_older(helped: Helped) -> None:
    older = update(Connection).where(Connection.helped_id == helped.id, Connection.used_at.is_(None))
    db.session().execute(older.values(expires_at=clock.real()))


def connect(code: str, secret: str, *, by: Actor) -> list[str]:
    """Make the account the holder of all that was entered for the person, and return the codes.

    Who entered it stays written down. Refuses with NotFound a wrong code, after five tries every code, and
    with TooMany whoever guesses.
    """
    policy.check(by, Can.COUNTER_CONNECT)
    if by.helps or by.is_staff:
        raise NotAllowed(W("Nobody who works for the city connects a case. Use a private account."))
    limits.spend("connect", by.pseudonym, most=MOST_TRIES_OF_ACCOUNT, seconds=QUARTER)
    offered = _try(codes.tidy_code(code), secret)
    session = db.session()
    # Two tabs at once: one of them finds it used.
    unused = update(Connection).where(Connection.id == offered, Connection.used_at.is_(None))
    taken = unused.values(used_at=clock.now(), used_by_id=by.person_id).returning(Connection.helped_id)
    helped_id = session.execute(taken).scalar_one_or_none()
    if helped_id is None:
        raise NotFound(_WRONG, field="secret")
    helped = session.get_one(Helped, helped_id)
    return _hand_over(helped, by)


def _hand_over(helped: Helped, by: Actor) -> list[str]:
    theirs = db.session().scalars(proposal_queries.entered_for(helped.pseudonym)).all()
    if any(by.person_id in (one.entered_ids or []) for one in theirs):
        raise NotAllowed(W("You entered this at the counter, so it cannot become yours."))
    moved = [one for one in theirs if one.person_id is None]
    for one in moved:
        one.person_id = by.person_id
    helped.person_id = by.person_id
    record(Did.COUNTER_CONNECTED, helped.key, by=by, proposals=len(moved))
    return [one.code for one in moved]


def _try(code: str, secret: str) -> int:
    """Count the try, whatever becomes of it, and return the offer whose code is right."""
    with db.aside() as own:
        offer = own.scalars(queries.connections_of(code).with_for_update(of=Connection)).first()
        if offer is None or offer.expires_at <= clock.real() or offer.tries >= MOST_TRIES:
            found = None
        else:
            offer.tries += 1
            hashes = crypto.keyed_hashes(_plain(secret), PURPOSE)
            found = offer.id if any(crypto.same(one, offer.code_hash) for one in hashes) else None
    if found is None:
        raise NotFound(_WRONG, field="secret")
    return found


def _plain(secret: str) -> str:
    return "".join(character for character in secret.upper() if character in crypto.CODE_ALPHABET)
