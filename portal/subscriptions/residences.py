"""Who is told about residence: the people themselves, the staff who decide, and whose status ends soon."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol

from portal import city, clock, db
from portal.notices.actions import Text
from portal.notices.telling import tell
from portal.people import queries as people_queries
from portal.policy import Role
from portal.record import Did
from portal.residents import jobs, queries
from portal.residents.models import Decision, Residency
from portal.subscriptions.recipients import holding, in_words, people
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config import Config
    from portal.notices.actions import Recipient
    from portal.schedule.actions import Run
    from portal.schedule.said import Said
    from portal.subscriptions.telling import News

EVENT, STAFF_EVENT = "E52", "E24"
PAGE, DESK = "/account/residence", "/desk/residents"
_CALL = W("If this surprises you, call us or come to the counter.")


def _person(key: str) -> list[Recipient]:
    found = db.session().scalar(people_queries.by_pseudonym(key.partition(":")[2]))
    return people([found.id]) if found is not None else []


def _tell(news: News, to: Sequence[Recipient], title: W, *sentences: W, path: str = PAGE) -> None:
    # No subject in the title: the name in the record is nobody's business but the record's.
    event = EVENT if path == PAGE else STAFF_EVENT
    for one in to:
        text = Text(title, sentences, news.link(one, path))
        tell(event, f"{event}:{news.act.id}:{one.mark}", one, text)


def _verified(news: News) -> None:
    _tell(
        news,
        _person(news.act.subject),
        W("You are a verified resident"),
        W("Your account is shown as a verified resident's from now on."),
        _CALL,
    )


def _contested(news: News) -> None:
    title, body = W("A contested document waits"), W("Two accounts showed the same document. Please decide.")
    _tell(news, holding(Role.CLERK), title, body, path=DESK)


def _decided(news: News) -> None:
    facts = news.act.facts
    decision = Decision(facts["decision"])
    title = W("Your claim as a resident was decided")
    body = {
        Decision.KEPT: W("The document you showed belongs to another account, which keeps the status."),
        Decision.MOVED: W("The document you showed is this account's now."),
        Decision.REFUSED: W("Nobody can tell whose the document is. Please come to the counter with it."),
    }
    _tell(news, _person(news.act.subject), title, body[decision], _CALL)
    if decision is Decision.KEPT:
        _tell(
            news,
            _person(str(facts["holder"])),
            W("Your document was shown in another account"),
            W("Somebody showed your document in another account. The city checked: you keep the status."),
            _CALL,
        )


def _moved(news: News) -> None:
    _tell(
        news,
        _person(news.act.subject),
        W("Your status as a resident went to another account"),
        W("The document you showed belongs to another account. The city decided so."),
        _CALL,
    )


def _revoked(news: News) -> None:
    _tell(
        news,
        _person(news.act.subject),
        W("Your status as a resident was ended"),
        W("The city ended it. The page says why, and how to show it anew."),
        _CALL,
    )


TOLD: dict[str, Callable[[News], None]] = {
    Did.RESIDENCE_VERIFIED: _verified,
    Did.RESIDENCE_CONTESTED: _contested,
    Did.RESIDENCE_DECIDED: _decided,
    Did.RESIDENCE_MOVED: _moved,
    Did.RESIDENCE_REVOKED: _revoked,
}


class Tools(Protocol):
    """What a job has at hand, of which this one needs the city and the portal's address."""

    config: Config
    base_url: str


def attend_residents(tools: Tools, run: Run) -> Said:
    """Drop what is in use no longer, and remind whoever's status ends soon."""
    jobs.forget_old()
    rules = city.profile(tools.config.city).residents
    return remind_residents(run, rules.remind_days_before, base_url=tools.base_url)


def remind_residents(run: Run, days_before: Sequence[int], *, base_url: str) -> Said:
    """Remind whoever's status ends soon, once per distance; a second run says nothing twice."""
    now = clock.now()
    with db.reading() as session:
        rows = list(session.scalars(queries.ending(now, now + timedelta(days=max(days_before) + 1))))
    return run.each([(str(row.id), partial(_remind, row, days_before, base_url)) for row in rows])


def _remind(row: Residency, days_before: Sequence[int], base_url: str) -> None:
    last = clock.local(row.until - timedelta(microseconds=1)).date()
    near = [days for days in days_before if (last - clock.today()).days <= days]
    if not near:
        return
    with db.writing():
        for to in people([row.person_id]):
            body = W("You are shown as a resident until %(day)s.", day=in_words(last, to))
            text = Text(
                W("Show again that you live here"),
                [body, W("Show it anew before, and nothing is interrupted.")],
                f"{base_url}/{to.language}{PAGE}",
            )
            tell(EVENT, f"{EVENT}:residency:{row.id}:{min(near)}", to, text)
