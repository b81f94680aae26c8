"""Count tries per stretch of time, so that all web nodes count together and no stranger locks anybody out.

Counted is before the try, so that many at once are not one; what was right is given back. Counts stand in the
database, or in Redis where there is one; without Redis the database counts, and the gate never stands open.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import update

from portal import clock, crypto, db
from portal.errors import TooMany
from portal.people.models import Tally
from portal.words import W

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger("portal.limits")

MINUTE, QUARTER, HOUR, DAY = 60, 900, 3_600, 86_400
ONE_MINUTE = W("That was too many tries. Wait a minute, then try again.")
# An answer must not hang on a counter: a Redis that is slow is as good as away, for a while.
REDIS_SECONDS, AWAY_SECONDS = 0.5, 5.0


class Step(NamedTuple):
    """So many tries in a stretch of so many seconds."""

    most: int
    seconds: int


# A browser that was here before, an account from one network, an account from anywhere, a network in all.
# Only wrong tries add up: a household, a school or an office signs in from one network all morning.
KNOWN = (Step(5, MINUTE), Step(15, QUARTER), Step(60, DAY))
ACCOUNT_HERE = (Step(5, MINUTE), Step(10, QUARTER), Step(40, DAY))
ACCOUNT = (Step(100, HOUR),)
NETWORK = (Step(60, QUARTER),)
LETTERS = (Step(5, QUARTER),)

# A group of friends is invited in one evening, a list of strangers is not; nobody registers groups all day.
INVITATIONS, JOIN_REQUESTS, ORGANISATIONS = Step(40, DAY), Step(10, DAY), Step(5, DAY)


class _Counters:
    """Where this process counts."""

    redis: Redis | None = None
    away_until = 0.0


def use(redis_url: str) -> None:
    """Count in this Redis; in the database where the address is empty."""
    _Counters.away_until = 0.0
    _Counters.redis = _redis_at(redis_url) if redis_url else None


def _redis_at(url: str) -> Redis:
    # Its client takes 5 MB: a portal without Redis goes without.
    from redis import Redis

    return Redis.from_url(url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS)


def _trouble() -> type[Exception]:
    from redis import RedisError

    return RedisError


@dataclass(frozen=True)
class Tries:
    """Tries of one kind by one party, over steps that let wait longer and longer."""

    what: str
    who: str
    steps: tuple[Step, ...]

    def spend(self) -> None:
        """Count one try in every step; refuse with TooMany beyond any of them, and say how long to wait."""
        waits = [_wait(step) for step in self.steps if _count(self._key(step), step) > step.most]
        if waits:
            raise too_many(max(waits))

    def give_back(self) -> None:
        """Take the try back, because it was right."""
        for step in self.steps:
            _uncount(self._key(step), step)

    def _key(self, step: Step) -> str:
        return f"{self.what}:{step.seconds}:{crypto.token_hash(self.who)[:32]}"


def spend(what: str, who: str, *, most: int, seconds: int) -> None:
    """Count one try of `what` by `who`; refuse with TooMany beyond `most` in the current stretch.

    Runs in a short transaction of its own, because the count must survive a refusal.
    """
    Tries(what, who, (Step(most, seconds),)).spend()


def spend_all(tries: tuple[Tries, ...]) -> None:
    """Count one try by each party; the first that has none left refuses."""
    for one in tries:
        one.spend()


def give_back_all(tries: tuple[Tries, ...]) -> None:
    """Take the try back from each party."""
    for one in tries:
        one.give_back()


def signing_in(email: str, network: str, known: str) -> tuple[Tries, ...]:
    """Return whose tries a sign-in counts.

    `known` is the secret of a browser in which this person signed in before, or empty. Such a browser is
    counted by itself alone: no stranger, from elsewhere or from the same network, uses up its tries.
    """
    if known:
        return (Tries("sign-in-known", f"{email} {known}", KNOWN),)
    return (
        Tries("sign-in", f"{email} {network}", ACCOUNT_HERE),
        Tries("sign-in-anywhere", email, ACCOUNT),
        Tries("sign-in-network", network, NETWORK),
    )


def letters(email: str, network: str) -> tuple[Tries, ...]:
    """Return whose tries a mailed link counts: nobody's letter box is filled by a stranger."""
    return Tries("letters-network", network, NETWORK), Tries("letters", email, LETTERS)


def spend_own(what: str, person_id: int | None, step: Step) -> None:
    """Count one try by an account; refuses with TooMany. Before anything is read in a request that writes."""
    Tries(what, str(person_id), (step,)).spend()


def network_of(address: str | None) -> str:
    """Return the network that is counted: an IPv4 address, or the 64 bits that an IPv6 customer is given."""
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or ""
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return found.exploded[:19]


def too_many(wait_seconds: int) -> TooMany:
    """Return the refusal that says how long to wait, rounded up."""
    minutes, hours = -(-wait_seconds // MINUTE), -(-wait_seconds // HOUR)
    if minutes <= 1:
        words = ONE_MINUTE
    elif minutes <= 2 * 60:
        words = W("That was too many tries. Wait %(minutes)s minutes, then try again.", minutes=minutes)
    else:
        words = W("That was too many tries. Wait %(hours)s hours, then try again.", hours=hours)
    return TooMany(words, wait_seconds=wait_seconds)


def _start(step: Step) -> int:
    return int(clock.real().timestamp()) // step.seconds * step.seconds


def _wait(step: Step) -> int:
    return max(1, _start(step) + step.seconds - int(clock.real().timestamp()))


def _count(key: str, step: Step) -> int:
    if (redis := _reachable()) is not None:
        try:
            # One transaction: a counter without an end would shut its owner out for ever.
            pipe = redis.pipeline(transaction=True)
            pipe.incr(_redis_key(key, step))
            pipe.expire(_redis_key(key, step), 2 * step.seconds)
            return int(pipe.execute()[0])
        except _trouble():
            _without_redis()
    insert = db.insert(Tally).values(key=key, window=_start(step) // MINUTE, count=1)
    counted = insert.on_conflict_do_update(
        index_elements=[Tally.key, Tally.window], set_={"count": Tally.count + 1}
    ).returning(Tally.count)
    with db.aside() as session:
        return int(session.execute(counted).scalar_one())


def _uncount(key: str, step: Step) -> None:
    if (redis := _reachable()) is not None:
        try:
            redis.decr(_redis_key(key, step))
        except _trouble():
            _without_redis()
        else:
            return
    less = (
        update(Tally)
        .where(Tally.key == key, Tally.window == _start(step) // MINUTE, Tally.count > 0)
        .values(count=Tally.count - 1)
    )
    with db.aside() as session:
        session.execute(less)


def _redis_key(key: str, step: Step) -> str:
    return f"portal:tries:{key}:{_start(step)}"


def _reachable() -> Redis | None:
    return _Counters.redis if time.monotonic() >= _Counters.away_until else None


def _without_redis() -> None:
    log.warning("Redis cannot be reached; tries are counted in the database")
    _Counters.away_until = time.monotonic() + AWAY_SECONDS
