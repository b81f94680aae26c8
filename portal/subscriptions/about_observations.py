"""Who is told of observations: the group of its period, each author of what became of theirs."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from portal import db
from portal.notices.actions import Recipient
from portal.notices.kinds import Kind
from portal.observations import codes
from portal.observations.models import Observation, Period
from portal.observations.showing import last_day
from portal.observations.subjects import place_of
from portal.policy import Role
from portal.proposals.models import Proposal
from portal.subscriptions.followers import Case, case_of_pact, case_of_proposal, tell_followers
from portal.subscriptions.recipients import group, holder, holding, in_words, pact_of, people
from portal.subscriptions.telling import Mail, News, tell
from portal.words import W

_OPEN = W("Open for observations")


def opened(news: News) -> None:
    """Tell the group at once, and followers as news, that everybody can speak now, and until when (E07)."""
    place, code = place_of(news.act.subject)
    chosen = select(Period).where(Period.subject_key == news.act.subject)
    period = db.session().scalars(chosen.order_by(Period.id.desc())).first()
    if period is None:
        return
    recipients, case = _concerned(place, code)
    page = Mail("E07", _OPEN, (), f"/{place}/{code}/observations")
    for to in recipients:
        # Who must answer questions about it hears of it at once; for everybody else it is news.
        tell(news, [to], replace(page, sentences=_until(period, to), kind=Kind.ACT))
    plain = W("Everybody can say something about it, without an account. The page says until when.")
    tell_followers(news, case, replace(page, sentences=(plain,)), widely=True)


def extended(news: News) -> None:
    """Tell the group and whoever has spoken at once, and followers as news, that there is more time (E07)."""
    place, code = place_of(news.act.subject)
    chosen = select(Period).where(Period.subject_key == news.act.subject)
    period = db.session().scalars(chosen.order_by(Period.id.desc())).first()
    if period is None:
        return
    recipients, case = _concerned(place, code)
    page = Mail("E07", W("More time for observations"), (), f"/{place}/{code}/observations")
    why = W("The reason: %(reason)s", reason=period.extended_why)
    spoken = db.session().scalars(select(Observation).where(Observation.period_id == period.id))
    for to in [*recipients, *(one for said in spoken for one in _author(said))]:
        last = in_words(last_day(period.closes_at), to)
        longer = W("Everybody can say something about it until %(day)s, without an account.", day=last)
        tell(news, [to], replace(page, sentences=(longer, why), kind=Kind.ACT))
    plain = W("There is more time to say something about it. The page says until when, and why.")
    tell_followers(news, case, replace(page, sentences=(plain,)), widely=True)


def _concerned(place: str, code: str) -> tuple[list[Recipient], Case]:
    if place == "proposals":
        proposal = db.session().scalars(select(Proposal).where(Proposal.code == code)).one()
        return holder(proposal), case_of_proposal(proposal)
    pact = pact_of(code)
    return group(pact), case_of_pact(pact)


def _until(period: Period, to: Recipient) -> tuple[W, ...]:
    last = in_words(last_day(period.closes_at), to)
    return (
        W("Everybody can say something about it until %(day)s, without an account.", day=last),
        W("The city answers each observation before it decides. You can read them all on the page."),
    )


def received(news: News) -> None:
    """Give the author a receipt with the code, the last day of the answer and the link that opens it."""
    observation = _of(news)
    for to in _author(observation):
        last = in_words(last_day(observation.answer_due_at), to)
        effect = (
            W("The city answers by %(day)s at the latest.", day=last)
            if observation.is_formal
            else W("It will be read, but it has no formal effect.")
        )
        body = (W("We have your observation. Its number is %(code)s.", code=observation.code), effect)
        mail = Mail("E08", W("We have your observation"), body, _link(observation), is_receipt=True)
        tell(news, [to], mail)


def answered(news: News) -> None:
    """Tell the author that the city has answered (E08)."""
    body = (
        W("The city has answered what you said. The answer stands beside it, for everybody to read."),
        W("You can tell us there whether it was an answer."),
    )
    _tell_author(news, W("Your observation was answered"), body)


def hidden(news: News) -> None:
    """Tell the author that theirs is hidden, and that a second person can look at it."""
    body = (
        W("Your observation cannot be seen any more. The page says why."),
        W("You can ask once that a second person look at it."),
    )
    _tell_author(news, W("Your observation was hidden"), body)


def decided(news: News) -> None:
    """Tell the author what the second person decided."""
    body = (
        W("The second person has put your observation back in sight.")
        if news.act.facts.get("restored")
        else W("The second person has kept your observation hidden. The page says why.")
    )
    _tell_author(news, W("A second person has decided"), (body,))


def contested(news: News) -> None:
    """Tell whoever can decide that a second person is asked for, without the one who hid it."""
    observation = _of(news)
    body = (W("The author of a hidden observation asks for a second person."),)
    mail = Mail("E20", W("A second person is asked for"), body, f"/desk/observations/{observation.code}")
    for role in (Role.OFFICER, Role.LEGAL):
        tell(news, holding(role, without=observation.hidden_by_id), mail)


def _of(news: News) -> Observation:
    chosen = select(Observation).where(Observation.code == str(news.act.facts["observation"]))
    return db.session().scalars(chosen).one()


def _author(observation: Observation) -> list[Recipient]:
    if observation.person_id is not None:
        return people([observation.person_id])
    return [Recipient(None, observation.email, observation.language)] if observation.email else []


def _link(observation: Observation) -> str:
    # Whoever has an account is known by it; a mailed link is the key of everybody else.
    own = "" if observation.person_id is not None else f"/key/{codes.token_of(observation.code)}"
    return f"/observations/{observation.code}{own}"


def _tell_author(news: News, title: W, body: tuple[W, ...]) -> None:
    observation = _of(news)
    tell(news, _author(observation), Mail("E08", title, body, _link(observation)))
