"""A mandate that ends, and a check of who represents a group that runs out, are told of in time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select, func, select

from portal import clock, db
from portal.notices.actions import Text
from portal.notices.telling import tell
from portal.organisations.models import Check, Mandate, Organisation
from portal.organisations.said import last_day
from portal.subscriptions.about_groups import speakers
from portal.subscriptions.recipients import in_words, people
from portal.words import W

MANDATE_DAYS, CHECK_DAYS = 14, 30


def due() -> Select[int]:
    """Select the mandates that end within fourteen days."""
    now = clock.now()
    soon = (Mandate.until > now, Mandate.until <= now + timedelta(days=MANDATE_DAYS))
    return select(Mandate.id).where(Mandate.ended_at.is_(None), *soon).order_by(Mandate.id)


def remind_of(number: int, base_url: str) -> None:
    """Tell the person and the group; again only where the mandate was given anew."""
    with db.writing() as session:
        mandate = session.get_one(Mandate, number)
        group = session.get_one(Organisation, mandate.organisation_id)
        if mandate.ended_at is not None or mandate.until is None:
            return
        tos = {to.mark: to for to in [*people([mandate.person_id]), *speakers(group)]}
        for to in tos.values():
            day = in_words(last_day(mandate.until), to)
            body = [
                W("A mandate to sign for “%(name)s” ends on %(day)s.", name=group.name, day=day),
                W("If it shall go on, the group decides again and enters the new mandate."),
            ]
            link = f"{base_url}/{to.language}/organisations/{group.slug}/members"
            text = Text(W("A mandate is about to end"), body, link)
            tell(
                "E16",
                f"E16:mandate:{mandate.id}:{mandate.until:%Y-%m-%d}:{to.mark}",
                to,
                text,
                about=group.key,
            )


def checks_due() -> Select[int]:
    """Select the organisations whose newest check runs out within thirty days."""
    now, newest = clock.now(), func.max(Check.holds_until)
    found = select(Check.organisation_id).join(Mandate, Mandate.id == Check.mandate_id)
    found = found.where(Mandate.ended_at.is_(None)).group_by(Check.organisation_id)
    return found.having(newest > now, newest <= now + timedelta(days=CHECK_DAYS))


def remind_of_check(number: int, base_url: str) -> None:
    """Ask the group for a new extract or minutes before the city's check runs out."""
    with db.writing() as session:
        group = session.get_one(Organisation, number)
        until = session.scalars(
            select(func.max(Check.holds_until)).where(Check.organisation_id == group.id)
        ).one()
        for to in speakers(group):
            day = in_words(last_day(until), to)
            body = [
                W(
                    "The city checked who represents “%(name)s”; that holds until %(day)s.",
                    name=group.name,
                    day=day,
                ),
                W("Bring or send a new extract of the register, or minutes, so that it goes on."),
            ]
            link = f"{base_url}/{to.language}/organisations/{group.slug}/members"
            text = Text(W("Show again who represents your group"), body, link)
            tell("E32", f"E32:{group.slug}:{until:%Y-%m-%d}:{to.mark}", to, text, about=group.key)
