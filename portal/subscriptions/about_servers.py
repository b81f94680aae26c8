"""Who is told what of a server: the group, whoever runs the machines, and the second persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import db
from portal.notices.kinds import Kind
from portal.people.models import Person
from portal.policy import Role
from portal.record import Did
from portal.subscriptions.about_pacts import SECOND_PERSONS
from portal.subscriptions.recipients import group, holding, in_words, pact_of
from portal.subscriptions.telling import Mail, News, tell
from portal.support.servers import said
from portal.words import W

if TYPE_CHECKING:
    from portal.notices.actions import Recipient
    from portal.support.servers.models import Server

# What the group hears: the title, and a sentence about the pact.
_TO_GROUP: dict[str, tuple[W, W]] = {
    Did.SERVER_OPENED: (
        W("Your server is being prepared"),
        W("Write down the name, who runs it and how it ends, so that the city can set up “%(title)s”."),
    ),
    Did.SERVER_RUNNING: (
        W("Your server is running"),
        W("The server of “%(title)s” is there."),
    ),
    Did.SERVER_CHANGE_DECIDED: (
        W("Your wish for your server was decided"),
        W("The city has decided what you asked for the server of “%(title)s”."),
    ),
    Did.SERVER_HANDED_OVER: (
        W("Your server was handed over"),
        W("What was on the server of “%(title)s” is yours to run now."),
    ),
    Did.SERVER_DELETED: (
        W("Your server was deleted"),
        W("The server of “%(title)s” and its backups were deleted. The certificate is on its page."),
    ),
    Did.SERVER_CALLED_OFF: (
        W("Your server was called off"),
        W("No server is set up for “%(title)s”. The reason is on its page."),
    ),
}
_WAITS = frozenset({Did.SERVER_OPENED.value})
_SIZE = {**said.MEASURES, "vcpu": W("Processor time")}


def told_to_group(news: News) -> None:
    """Tell the group what became of its server."""
    title, sentence = _TO_GROUP[news.act.verb]
    kind = Kind.ACT if news.act.verb in _WAITS else None
    _tell_group(news, title, (sentence,), kind=kind)


def failed(news: News) -> None:
    """Tell both sides that the server could not be set up: somebody has to request it again."""
    sentence = W("The server of “%(title)s” could not be set up. It can be requested again.")
    _tell_group(news, W("A server could not be set up"), (sentence,))
    _tell_keepers(news, W("A server could not be set up"), sentence)


def winding_down(news: News) -> None:
    """Tell the group that the end has begun, and until when it can fetch what is its own."""
    sentences = (
        W("The city is winding down the server of “%(title)s”. Fetch everything that is yours."),
        W("Nothing is deleted before you confirm, or before the days of notice are over."),
    )
    _tell_group(news, W("Your server is being wound down"), sentences, kind=Kind.LEGAL)


def change_asked(news: News) -> None:
    """Tell whoever runs the machines that a wish waits."""
    _tell_keepers(news, W("A change of a server is asked for"), W("The group of “%(title)s” asks for it."))


def change_proposed(news: News) -> None:
    """Tell the second persons; whoever proposed it is told nothing of their own act."""
    pact = pact_of(news.code)
    proposer = db.session().scalar(select(Person.id).where(Person.pseudonym == news.act.actor))
    seconds = [to for role in SECOND_PERSONS for to in holding(role, without=proposer)]
    body = (W("A larger or longer server for “%(title)s” waits for a second person.", title=pact.title),)
    tell(news, seconds, Mail("E24", W("A change of a server waits"), body, _desk(news), pact.title))


def use_high(news: News) -> None:
    """Tell both sides that the use comes near what was promised, or goes beyond; nothing is cut."""
    facts = news.act.facts
    measure, percent = _SIZE[str(facts["measure"])], int(facts["percent"])
    use = W("%(measure)s: %(percent)s%% of what was promised.", measure=measure, percent=percent)
    calm = W("Nothing is cut by itself. Talk with the other side about what to do.")
    title = W("A server is nearly full") if percent < 100 else W("A server uses more than promised")  # noqa: PLR2004
    _tell_group(news, title, (use, calm), kind=Kind.ACT)
    _tell_keepers(news, title, use)


def noted(news: News) -> None:
    """Tell the other side that somebody wrote about the server."""
    sentence = W("The other side wrote about the server of “%(title)s”.")
    if news.act.facts.get("side") == "city":
        _tell_group(news, W("A message about your server"), (sentence,), kind=Kind.ACT)
    else:
        _tell_keepers(news, W("A group asks for help with its server"), sentence)


def ends_soon(server: Server, to: Recipient) -> tuple[W, ...]:
    """Return what is said of a server whose end comes near."""
    return (
        W("The server of “%(title)s” ends on %(day)s.", title=server.title, day=in_words(server.ends_on, to)),
        W("Ask for a later end in time, or fetch everything that is yours."),
    )


def _tell_group(news: News, title: W, sentences: tuple[W, ...], *, kind: Kind | None = None) -> None:
    pact = pact_of(news.code)
    body = tuple(W(one.id, **{"title": pact.title, **one.parameters}) for one in sentences)
    mail = Mail("E11", title, body, f"/pacts/{pact.code}/server", pact.title, kind=kind)
    tell(news, group(pact), mail)


def _tell_keepers(news: News, title: W, sentence: W) -> None:
    pact = pact_of(news.code)
    body = (W(sentence.id, **{"title": pact.title, **sentence.parameters}),)
    mail = Mail("E24", title, body, _desk(news), pact.title, kind=Kind.ACT)
    tell(news, holding(Role.INFRASTRUCTURE), mail)


def _desk(news: News) -> str:
    return f"/desk/servers/{news.act.facts['server']}"


TOLD = {
    **dict.fromkeys(_TO_GROUP, told_to_group),
    Did.SERVER_FAILED: failed,
    Did.SERVER_WINDING_DOWN: winding_down,
    Did.SERVER_CHANGE_ASKED: change_asked,
    Did.SERVER_CHANGE_PROPOSED: change_proposed,
    Did.SERVER_USE_HIGH: use_high,
    Did.SERVER_NOTED: noted,
}
