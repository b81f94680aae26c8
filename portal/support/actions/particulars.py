"""What belongs to a delivery of a kind: document, day of a loan, cover of a policy, rule of a waiver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, func, select

from portal import db
from portal.errors import Invalid
from portal.support.ledger import Kind
from portal.support.models import Allocation, Delivery
from portal.support.models.handing import Particulars
from portal.words import W


@dataclass(frozen=True, slots=True)
class Also:
    """What is entered beside amount, day and evidence; `due_back_on` makes it a loan."""

    file_hash: str = ""
    media_type: str = ""
    byte_size: int = 0
    condition: str = ""
    due_back_on: date | None = None
    policy: str = ""
    covered_from: date | None = None
    covered_until: date | None = None
    legal_basis: str = ""

    def of(self, delivery: Delivery) -> Particulars:
        """Return the row that is kept with the delivery."""
        return Particulars(
            delivery_id=delivery.id,
            lent=delivery.amount if self.due_back_on is not None else 0,
            **{name: getattr(self, name) for name in self.__slots__},
        )


NOTHING = Also()


def check_also(allocation: Allocation, also: Also | None, amount: int, on: date) -> None:
    """Refuse with Invalid what lacks something that its kind needs, or says what does not belong there."""
    also = also or NOTHING
    if allocation.kind == Kind.INSURANCE:
        _check_cover(allocation, also, is_last=amount == allocation.rest)
    if allocation.kind == Kind.WAIVERS and not also.legal_basis.strip():
        raise Invalid(W("Name the rule that allows the city to waive this fee"), field="legal_basis")
    if also.due_back_on is not None:
        _check_loan(allocation, also, on)


def _check_cover(allocation: Allocation, also: Also, *, is_last: bool) -> None:
    if not also.policy.strip():
        raise Invalid(W("Enter the number of the policy"), field="policy")
    if also.covered_from is None or also.covered_until is None or also.covered_until < also.covered_from:
        raise Invalid(W("Enter from when until when the policy covers the group"), field="covered_until")
    before = db.session().scalar(covered_until(allocation.id))
    if before is None and also.covered_from > allocation.starts_on:
        raise Invalid(W("The cover must begin with the pact, not after it"), field="covered_from")
    if before is not None and also.covered_from > before + timedelta(days=1):
        raise Invalid(
            W(
                "The cover before ends on %(day)s. This one must begin the day after, at the latest.",
                day=f"{before:%d/%m/%Y}",
            ),
            field="covered_from",
        )
    # While something is left a renewal can follow; what takes the rest has to reach the end.
    if is_last and allocation.ends_on is not None and also.covered_until < allocation.ends_on:
        raise Invalid(
            W(
                "The pact lasts until %(end)s, and this takes all that is left for its cover. "
                "Enter a policy that reaches that day, or keep a part of the sum for its renewal.",
                end=f"{allocation.ends_on:%d/%m/%Y}",
            ),
            field="covered_until",
        )


def covered_until(allocation_id: int) -> Select[date | None]:
    """Select the last day that the policies entered so far cover."""
    mine = Delivery.allocation_id == allocation_id
    return (
        select(func.max(Particulars.covered_until))
        .join(Delivery, Delivery.id == Particulars.delivery_id)
        .where(mine)
    )


def _check_loan(allocation: Allocation, also: Also, on: date) -> None:
    if allocation.kind != Kind.MATERIALS:
        raise Invalid(W("Only materials are lent"), field="due_back_on")
    if also.due_back_on is not None and also.due_back_on <= on:
        raise Invalid(W("Things are due back after the day on which they are lent"), field="due_back_on")
    if not also.condition.strip():
        raise Invalid(W("Say in which condition the things are lent"), field="condition")
