"""Who is told while the text of a pact is written: what waits for an answer, what changed, what is void."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from portal import db
from portal.notices.kinds import Kind
from portal.pacts import queries
from portal.subscriptions.recipients import group, pact_of, people
from portal.subscriptions.telling import Mail, News, tell
from portal.words import W

if TYPE_CHECKING:
    from portal.notices.actions import Recipient
    from portal.pacts.models import Pact, PactVersion

# More headings than these are counted, not named.
MOST_NAMED = 6


def suggested(news: News) -> None:
    """Tell the other side that a change waits for its answer."""
    pact = pact_of(news.code)
    what = W("A change to the text of “%(title)s” was suggested and waits for your answer.", title=pact.title)
    mail = Mail("E05", W("A suggestion waits for your answer"), (what,), f"/pacts/{pact.code}/co-design")
    theirs = people([pact.owner_id]) if news.act.facts.get("side") == "community" else group(pact)
    tell(news, theirs, mail)


def version_made(news: News) -> None:
    """Tell both sides of the new text; at once, and whoever it is, where it makes an agreement void."""
    pact, facts = pact_of(news.code), news.act.facts
    body = (W("There is a new text of the pact “%(title)s”.", title=pact.title),)
    mail = Mail("E05", W("There is a new text of the pact"), body, f"/pacts/{pact.code}/co-design")
    if not facts.get("agreements_void"):
        tell(news, [*group(pact), *people([pact.owner_id])], mail)
        return
    made = db.session().scalars(queries.version(pact.id, int(str(facts["version"])))).one()
    void = replace(mail, title=W("Your agreement is void"), kind=Kind.LEGAL, is_receipt=True)
    for to in [*group(pact), *people([pact.owner_id])]:
        tell(news, [to], replace(void, sentences=_why_void(pact, made, to)))


def _why_void(pact: Pact, made: PactVersion, to: Recipient) -> tuple[W, ...]:
    what = _named(made, made.changed, to)
    return (
        W(
            "The text of the pact “%(title)s” was changed, "
            "so agreements to the version before hold no longer.",
            title=pact.title,
        ),
        W(
            "Changed in version %(version)s: %(what)s",
            version=made.number,
            what=what,
        ),
        W("Read what changed, and agree again if you still want to."),
    )


def version_sent(news: News) -> None:
    """Tell the group what changed since the version that it got before."""
    pact, facts = pact_of(news.code), news.act.facts
    number, before = int(str(facts["version"])), int(str(facts["before"]))
    rows = db.session().execute(queries.headlines(pact.id)).all()
    changed = {key: None for row in rows if before < row.number <= number for key in row.changed}
    made = db.session().scalars(queries.version(pact.id, number)).one()
    path = f"/pacts/{pact.code}/co-design"
    for to in group(pact):
        body = (
            W(
                "The city sends you version %(version)s of the pact “%(title)s”.",
                version=number,
                title=pact.title,
            ),
            W(
                "Changed since version %(before)s: %(what)s",
                before=before,
                what=_named(made, list(changed), to),
            ),
        )
        tell(news, [to], Mail("E05", W("A version of the text for your group"), body, path))


def _named(made: PactVersion, changed: list[str], to: Recipient) -> W | str:
    """Return the headings of the clauses that changed, in the recipient's language."""
    text = made.text
    headings = [
        f"“{row['heading'].get(to.language) or row['heading'][text['language']]}”"
        for row in text["clauses"]
        if row["id"] in changed
    ]
    if not headings:
        return W("dates, promises, support or fences")
    if len(headings) > MOST_NAMED:
        return W("%(count)s clauses", count=len(headings))
    return ", ".join(headings)
