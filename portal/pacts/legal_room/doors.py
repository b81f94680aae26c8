"""The way into the room: the pact, the matter, and one way to do what a form asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from portal import city, policy
from portal.city import Profile
from portal.errors import NotFound
from portal.pacts import queries as pact_queries
from portal.pacts.standing import profile_of
from portal.people import limits
from portal.policy import Can
from portal.support.legal import queries
from portal.web import me, one_or_404, see_other
from portal.web.access import NO_SUCH_PAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from portal.pacts.models import Pact
    from portal.support.legal.models import LegalAppointment, LegalMatter, LegalWork
    from portal.web import Form

Found = TypeVar("Found")

# Far more than two sides write to each other in an hour, and far less than a script would.
MOST_ACTS = 120


def room(code: str) -> Pact:
    """Return the pact for whoever may read what its group asks; for everybody else it is not there."""
    pact = one_or_404(pact_queries.group_of(me(), code))
    # Who works on the case for another office does not learn whether anything was asked.
    if policy.refusal(me(), Can.LEGAL_READ, pact) == policy.NOT_YOURS:
        raise NotFound(NO_SUCH_PAGE)
    policy.check(me(), Can.LEGAL_READ, pact)
    return pact


def spend() -> None:
    """Count an act before anything is read, so that many at once are not one."""
    limits.spend("legal", me().pseudonym or "link", most=MOST_ACTS, seconds=limits.HOUR)


def matter(pact: Pact, number: int) -> LegalMatter:
    """Return one matter of this pact and no other."""
    return one_or_404(queries.matter(pact.key, number))


def appointment(found: LegalMatter, number: int) -> LegalAppointment:
    """Return one appointment of this matter and no other."""
    return one_or_404(queries.appointment_of(found.id, number))


def work(found: LegalMatter, number: int) -> LegalWork:
    """Return one row of work of this matter and no other."""
    return one_or_404(queries.work_of(found.id, number))


def rules_of(pact: Pact) -> Profile:
    """Return the rules the pact stands under."""
    return profile_of(pact)


def guides_of(pact: Pact) -> Profile:
    """Return the newest guides of the pact's city: they are help, and grow better."""
    return city.profile(profile_of(pact).city)


def submit(
    where: tuple[str, int, int],
    form: Form,
    find: Callable[[LegalMatter, int], Found],
    act: Callable[[Pact, LegalMatter, Found], object],
    again: Callable[..., ResponseReturnValue],
) -> ResponseReturnValue:
    """Do what a form asks for on one thing of a matter and lead back to the matter, or show its page again.

    `where` is the pact's code, the matter's number and the thing's; `again` takes them, and the form.
    """
    code, number, which = where
    pact = room(code)
    about = matter(pact, number)
    one = find(about, which)
    done = form.attempt(lambda: act(pact, about, one), lambda _: to_matter(code, number))
    return done or again(*where, form)


def to_matter(code: str, number: int) -> ResponseReturnValue:
    """Lead to the page of a matter."""
    return see_other("pacts.legal_matter", code=code, number=number)


__all__ = [
    "appointment",
    "guides_of",
    "matter",
    "room",
    "rules_of",
    "spend",
    "submit",
    "to_matter",
    "work",
]
