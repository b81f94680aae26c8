"""Rows as they are now, held by whoever is about to change them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, update

from portal import db
from portal.errors import NotAllowed, Stale
from portal.policy import SIGN_IN_FIRST, Actor
from portal.support.payments.models import PaymentPlan
from portal.words import W

MOVED_ON = W("Somebody else was faster: this has changed meanwhile, so nothing was done. Look again.")


def hold(chosen: Select[Any]) -> Any:
    """Return the one row selected, as it is now; no other unit of work changes it before this one ends."""
    entity = chosen.column_descriptions[0]["entity"]
    held = chosen.with_for_update(of=entity).execution_options(populate_existing=True)
    found = db.session().scalars(held).unique().one_or_none()
    if found is None:
        raise Stale(MOVED_ON)
    return found


def move_sums(plan: PaymentPlan, holds: ColumnElement[bool], **sums: Any) -> None:
    """Move figures of a plan by one conditional UPDATE; refuse with Stale where they do not allow it."""
    moved = db.session().scalar(
        update(PaymentPlan)
        .where(PaymentPlan.id == plan.id, holds)
        .values(sums)
        .returning(PaymentPlan.id)
        .execution_options(synchronize_session=False)
    )
    db.session().refresh(plan, ["approved", "ordered", "paid"])
    if moved is None:
        raise Stale(MOVED_ON)


def person(by: Actor) -> int:
    """Return the account of whoever acts; a visitor is asked to sign in."""
    if by.person_id is None:
        raise NotAllowed(SIGN_IN_FIRST)
    return by.person_id
