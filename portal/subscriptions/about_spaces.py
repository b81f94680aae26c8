"""Who is told of bookings: the group, of what the city does with them; and again before the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import db
from portal.notices.kinds import Kind
from portal.record import Did
from portal.subscriptions.recipients import group, pact_of
from portal.subscriptions.telling import Mail, News, tell
from portal.support.spaces import queries
from portal.support.spaces.said import name_in
from portal.web.chrome import instant
from portal.words import W, in_language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.support.spaces.models import SpaceBooking

EVENT = "E42"
SAID = {
    Did.SPACE_BOOKED: (W("A space is booked"), W("It is booked for you.")),
    Did.SPACE_CANCELLED: (
        W("A booking of a space is cancelled"),
        W("It does not take place. The reason: %(reason)s"),
    ),
    Did.SPACE_USED: (
        W("Please confirm: a space was used"),
        W("The office has entered the hours as given. Confirm them, or object."),
    ),
    Did.SPACE_MISSED: (
        W("The hours of a booking count"),
        W("They count although the space stayed empty. The reason: %(reason)s You can object."),
    ),
    Did.SPACE_EXCUSED: (
        W("The hours of a booking went back"),
        W("They are yours to book again. The reason: %(reason)s"),
    ),
}
_SHUT = W("The city closes the space in these hours, so it does not take place. The reason: %(reason)s")
_AGAIN = W("The hours are yours again. Book others on this page.")
_MORE = W("And %(many)s more of your bookings.")
_MOST_TIMES = 10
_ROW = W("So many of this weekly row are cancelled: %(many)s.")
# Where something waits for the group, or a plan of it has changed; the rest is news.
_AT_ONCE = frozenset({Did.SPACE_CANCELLED, Did.SPACE_USED, Did.SPACE_MISSED})


def told(news: News) -> None:
    """Tell the group what became of a booking; nobody is told of what they did themselves."""
    if "closing" in news.act.facts:
        _shut(news)
        return
    one = db.session().scalars(queries.booking(int(str(news.act.facts["booking"])))).one()
    pact = pact_of(one.allocation.code)
    did = Did(news.act.verb)
    title, sentence = SAID[did]
    many = int(str(news.act.facts.get("many", 1)))
    more = (W(_ROW.id, many=many),) if many > 1 else ()
    kind = Kind.ACT if did in _AT_ONCE else Kind.NEWS
    for to in group(pact):
        body = (*sentences(one, to.language), W(sentence.id, reason=one.reason), *more)
        tell(news, [to], Mail(EVENT, title, body, path_of(one), pact.title, kind=kind))


def _shut(news: News) -> None:
    """Tell a group once of all its bookings that stood in hours that the city closes."""
    closing = int(str(news.act.facts["closing"]))
    found = db.session().scalars(queries.cancelled_by(closing, news.act.subject)).all()
    pact, title = pact_of(found[0].allocation.code), SAID[Did.SPACE_CANCELLED][0]
    for to in group(pact):
        times = [next(sentences(one, to.language)) for one in found[:_MOST_TIMES]]
        more = [W(_MORE.id, many=len(found) - len(times))] if len(found) > len(times) else []
        where = list(sentences(found[0], to.language))[1:]
        reason = found[0].closing.reason if found[0].closing else {}
        why = W(_SHUT.id, reason=name_in(reason, to.language))
        mail = Mail(
            EVENT,
            title,
            (*times, *more, *where, why, _AGAIN),
            f"/pacts/{pact.code}/spaces",
            pact.title,
            kind=Kind.ACT,
        )
        tell(news, [to], mail)


def sentences(one: SpaceBooking, language: str) -> Iterator[W]:
    """Yield what a mail says of a booking: when and where."""
    with in_language(language):
        begins = instant(one.begins_at)
    yield W("The time: %(at)s.", at=begins)
    yield W("Where: %(place)s", place=f"{name_in(one.space.name, language)}, {one.space.address}")


def path_of(one: SpaceBooking) -> str:
    """Return the address of a booking's page, without language."""
    return f"/pacts/{one.allocation.code}/spaces/{one.id}"
