"""Who is told what of a pact, its support, its fences and its reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import clock, db
from portal.fences import monitors
from portal.fences import queries as fences
from portal.notices.kinds import Kind
from portal.people.models import Person
from portal.policy import Role
from portal.record import Did
from portal.subscriptions.followers import case_of_pact, tell_followers
from portal.subscriptions.recipients import group, holding, pact_of, people
from portal.subscriptions.telling import Mail, News, tell
from portal.support.amounts import Amount
from portal.support.subjects import code_of
from portal.words import W

if TYPE_CHECKING:
    from portal.fences.models import Fence
    from portal.notices.actions import Recipient
    from portal.pacts.models import Pact

# A sealed agreement is news for so long after its last signature.
STILL_NEWS = timedelta(days=60)
# Who may approve what a colleague proposed.
SECOND_PERSONS = (Role.TREASURER, Role.LEGAL, Role.INFRASTRUCTURE)


def reopened(news: News) -> None:
    """Tell both sides that the text is open again."""
    pact = pact_of(news.code)
    body = (
        W(
            "The text of the pact “%(title)s” is open again. Agreements and signatures are void.",
            title=pact.title,
        ),
        W("The reason: %(reason)s", reason=str(news.act.facts.get("reason", ""))),
    )
    mail = Mail("E05", W("The text is open again"), body, f"/pacts/{pact.code}/co-design")
    tell(news, [*group(pact), *people([pact.owner_id])], mail)


def agreed(news: News) -> None:
    """Tell both sides that they agree."""
    pact = pact_of(news.code)
    body = (W("Both sides agree to the same text of the pact “%(title)s”.", title=pact.title),)
    mail = Mail("E05", W("Both sides agree to the text"), body, f"/pacts/{pact.code}/co-design")
    tell(news, [*group(pact), *people([pact.owner_id])], mail)


def support_proposed(news: News) -> None:
    """Tell the second persons."""
    body = (W("An allocation of support waits for a second person to approve it."),)
    sheet = f"/desk/allocate/{code_of(news.act.subject)}"
    mail = Mail("E24", W("An allocation waits for approval"), body, sheet)
    # Whoever proposed is told nothing of their own act.
    proposer = db.session().scalar(select(Person.id).where(Person.pseudonym == news.act.actor))
    approvers = [to for role in SECOND_PERSONS for to in holding(role, without=proposer)]
    tell(news, approvers, mail)


def signing_opened(news: News) -> None:
    """Tell who signs."""
    pact = pact_of(news.code)
    body = (W("The pact “%(title)s” is ready to be signed.", title=pact.title),)
    mail = Mail("E09", W("Ready to sign"), body, f"/pacts/{pact.code}/signature")
    tell(news, [*group(pact), *holding(Role.SIGNATORY)], mail)


def paper_issued(news: News) -> None:
    """Tell all parties, and followers, that the pact is sealed."""
    facts = news.act.facts
    if not (facts.get("kind") == "agreement" and facts.get("edition") == "original"):
        return
    pact = pact_of(news.code)
    if pact.signed_at is None or news.act.at - pact.signed_at > STILL_NEWS:
        return  # taken over from older files, or drawn again: nobody waits for it
    body = (
        W(
            "The agreement of the pact “%(title)s” is sealed. It binds from its first day on.",
            title=pact.title,
        ),
        W("Content hash: %(hash)s", hash=pact.agreed_hash),
    )
    mail = Mail("E10", W("The agreement is signed and sealed"), body, f"/pacts/{pact.code}", pact.title)
    tell(news, [*group(pact), *people([pact.owner_id])], mail)
    tell_followers(news, case_of_pact(pact), replace(mail, sentences=body[:1]), widely=True)


def report_sent(news: News) -> None:
    """Give the group a receipt and tell the officer."""
    pact = pact_of(news.code)
    body = (W("A progress report about “%(title)s” arrived.", title=pact.title),)
    mail = Mail("E13", W("A progress report arrived"), body, f"/desk/cases/{pact.code}", pact.title)
    tell(news, people([pact.owner_id]), replace(mail, kind=Kind.ACT))
    thanks = (
        W("We have your progress report about “%(title)s”. We read it and tell you.", title=pact.title),
    )
    receipt = Mail(
        "E13", W("We have your progress report"), thanks, f"/pacts/{pact.code}/reports", pact.title
    )
    tell(news, group(pact), replace(receipt, is_receipt=True, kind=Kind.LEGAL))


def report_returned(news: News) -> None:
    """Tell the group what to change."""
    pact = pact_of(news.code)
    body = (W("Please change something in your progress report. The page says what."),)
    mail = Mail("E13", W("Please change your progress report"), body, f"/pacts/{pact.code}/reports")
    tell(news, group(pact), replace(mail, topic=pact.title, kind=Kind.ACT))


def report_validated(news: News) -> None:
    """Tell the group, and followers, that the report is public."""
    pact = pact_of(news.code)
    body = (W("Your progress report is accepted and public. Thank you."),)
    mail = Mail("E13", W("Your progress report is public"), body, f"/pacts/{pact.code}/reports", pact.title)
    tell(news, group(pact), mail)
    said = W("The group has reported on what became of its promises, and the city found it in order.")
    for_all = Mail("E13", W("A progress report is public"), (said,), f"/pacts/{pact.code}/reports")
    tell_followers(news, case_of_pact(pact), for_all)


def support_given(news: News) -> None:
    """Tell the group that support arrived; hours of a track are told on the pages of its groups."""
    if not _is_of_pact(news):
        return
    pact, facts = pact_of(news.code), news.act.facts
    part = Amount(int(facts["part"]), str(facts["unit"]))
    said = W("The city has entered what it gave for “%(title)s”: %(part)s.", title=pact.title, part=part)
    tell(news, group(pact), Mail("E11", W("Support was given"), (said,), f"/pacts/{pact.code}", pact.title))


def support_refused(news: News) -> None:
    """Tell the group that the city refuses a row of support, and what that means for the text."""
    said = W("The city refuses a part of the support that the text asks for.")
    then = W("This text cannot be signed. Write a new one together that leaves it out or asks otherwise.")
    _about_support(news, W("Support was refused"), said, then)


def support_answered(news: News) -> None:
    """Tell the group that its objection to a delivery has an answer."""
    said = W("The city has answered what you said about a delivery.")
    _about_support(news, W("Your objection has an answer"), said)


def support_ended(news: News) -> None:
    """Tell the group that something was taken back, or that a row of support was settled."""
    said = W("The city has entered what came back of the support, or how it ended.")
    _about_support(news, W("Support was settled"), said)


def _is_of_pact(news: News) -> bool:
    return news.act.subject.startswith("pact:")


def _about_support(news: News, title: W, *said: W) -> None:
    if not _is_of_pact(news):
        return
    pact = pact_of(news.code)
    tell(news, group(pact), Mail("E11", title, said, f"/pacts/{pact.code}/support", pact.title))


def support_objected(news: News) -> None:
    """Tell the officer of the case that the group objects to a delivery."""
    pact = pact_of(news.code)
    said = W("The group of “%(title)s” says that something is wrong with a delivery.", title=pact.title)
    mail = Mail("E24", W("The group objects to a delivery"), (said,), f"/desk/allocate/{pact.code}")
    tell(news, people([pact.owner_id]), mail)


def fence_measured(news: News) -> None:
    """Tell the parties, and followers, where a fence has come close to its limit or broke."""
    pact = pact_of(news.code)
    fence = db.session().scalars(fences.one(pact.key, str(news.act.facts["row"]))).one()
    # As it stood when this was entered: a late worker must not tell of another measure twice.
    known = [one for one in fence.measurements if one.entered_at <= news.act.at]
    on = clock.local(news.act.at).date()
    before, now = (monitors.status(fence, rows, on) for rows in (known[:-1], known))
    if now.state not in TOLD or now.state == before.state:
        return
    title = TOLD[now.state]
    for to in [*group(pact), *people([pact.owner_id])]:
        tell(
            news, [to], Mail("E15", title, _of_fence(pact, fence, now, to), f"/pacts/{pact.code}", pact.title)
        )
    for_all = W("The pact’s page shows what was promised and what was measured.")
    tell_followers(news, case_of_pact(pact), Mail("E15", title, (for_all,), f"/pacts/{pact.code}"))


TOLD = {
    monitors.State.BREACHED: W("A fence is breached"),
    monitors.State.CLOSE: W("A fence is close to its limit"),
}


def _of_fence(pact: Pact, fence: Fence, status: monitors.Status, to: Recipient) -> tuple[W, ...]:
    name = fence.title.get(to.language) or next(iter(fence.title.values()))
    return (
        W("It is about “%(promise)s” in the pact “%(title)s”.", promise=name, title=pact.title),
        status.because,
    )


MOVED = {
    Did.PACT_SUSPENDED: W("The pact is suspended"),
    Did.PACT_RESUMED: W("The pact goes on"),
    Did.PACT_CONCLUDED: W("The pact has run its course"),
    Did.PACT_TERMINATED: W("The pact was ended early"),
}


def life_moved(news: News) -> None:
    """Tell the parties, and followers, that a pact was suspended, goes on or ended."""
    pact, title = pact_of(news.code), MOVED[Did(news.act.verb)]
    reason = W("The reason: %(reason)s", reason=str(news.act.facts.get("reason", "")))
    mail = Mail(
        "E18", title, (W("It is about “%(title)s”.", title=pact.title), reason), f"/pacts/{pact.code}"
    )
    tell(news, [*group(pact), *people([pact.owner_id])], replace(mail, topic=pact.title))
    tell_followers(news, case_of_pact(pact), replace(mail, event="E17"))
