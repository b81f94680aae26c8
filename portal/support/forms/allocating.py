"""What officials type about a pact's support: a proposal for its rows, a reason to send back, a delivery."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast

from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from portal.fences.forms import DayField, choice
from portal.support import bars, said
from portal.support.amounts import Amount
from portal.support.forms.pools import LONGEST_REASON, amount_of
from portal.support.ledger import Kind
from portal.support.models import Allocation, Pool
from portal.web import Form
from portal.words import W

LONGEST_EVIDENCE = 300


class ReasonForm(Form):
    """Why something is proposed or goes back."""

    reason = TextAreaField(W("Reason (public)"))

    def validate_reason(self, field: Field) -> None:
        """Refuse a reason that nobody would read to its end."""
        if len(field.data or "") > LONGEST_REASON:
            raise ValidationError(str(W("Shorten this to %(most)s characters or fewer", most=LONGEST_REASON)))

    def chosen(self, rows: Iterable[Allocation], pools: Iterable[Pool]) -> list[tuple[Allocation, Pool]]:
        """Return the rows for which a pool was chosen, each with its pool."""
        by_key = {pool.key: pool for pool in pools}
        picked = ((row, self._fields[pool_field_of(row)].data) for row in rows)
        return [(row, by_key[key]) for row, key in picked if key in by_key]


class DeliveryForm(Form):
    """What arrived, when, and what shows it."""

    delivered_on = DayField(W("When did it arrive?"))
    evidence = StringField(W("What shows it?"))

    unit = ""
    number: int = 0

    @property
    def day(self) -> date:
        """Return the day of a valid form."""
        return cast("date", self.delivered_on.data)

    def validate_amount(self, field: Field) -> None:
        """Read the amount into `number`, in the unit's smallest step."""
        self.number = amount_of(field, self.unit)

    def validate_evidence(self, field: Field) -> None:
        """Refuse what does not fit its line."""
        if len(field.data or "") > LONGEST_EVIDENCE:
            raise ValidationError(
                str(W("Shorten this to %(most)s characters or fewer", most=LONGEST_EVIDENCE))
            )


def proposal_form(rows: Sequence[Allocation], pools: Sequence[Pool], today: date) -> ReasonForm:
    """Return the form that asks a pool for each row, and one public reason for all of them.

    `pools` are those of these kinds, with their further measures.
    """
    fields: dict[str, Any] = {pool_field_of(row): _pool_field(row, pools, today) for row in rows}
    before = next((row.reason for row in rows if row.reason), "")
    fields["reason"] = TextAreaField(W("Reason (public)"), default=before)
    return cast("ReasonForm", type("ProposalForm", (ReasonForm,), fields)())


def pool_field_of(row: Allocation) -> str:
    """Return the name of the field that asks the pool of a row."""
    return f"pool_{row.row_key}"


def _pool_field(row: Allocation, pools: Sequence[Pool], today: date) -> SelectField:
    fitting = [pool for pool in pools if pool.is_head and bars.unfit(pool, row, today) is None]
    enough = [pool for pool in fitting if _has_room(pool, pools, row)]
    before = next((pool for pool in enough if pool.id == row.pool_id), None)
    first = before or next(iter(enough), None)
    choices = [choice("", W("Not now")), *(choice(pool.key, _with_rest(pool)) for pool in fitting)]
    label = W("%(kind)s: %(amount)s", kind=said.KINDS[Kind(row.kind)], amount=Amount(row.amount, row.unit))
    return SelectField(label, choices=choices, default=first.key if first else "", description=row.what)


def _has_room(pool: Pool, measured: Sequence[Pool], row: Allocation) -> bool:
    rows = [one for one in measured if pool.id in {one.id, one.head_id}]
    return all(row.measures.get(one.unit, 0) <= one.left for one in rows)


def _with_rest(pool: Pool) -> W:
    return W("%(pool)s, %(left)s left", pool=f"{pool.name} {pool.year}", left=Amount(pool.left, pool.unit))


def return_form(row: Allocation) -> ReasonForm:
    """Return the form that asks why a proposal goes back; its ids are the row's own."""
    field = TextAreaField(W("What should change?"), id=f"reason-{row.row_key}")
    return cast("ReasonForm", type("ReturnForm", (ReasonForm,), {"reason": field})())


def delivery_form(row: Allocation) -> DeliveryForm:
    """Return the form that asks what arrived; its ids are the row's own."""
    fields: dict[str, Any] = {
        "amount": StringField(W("How much arrived?"), id=f"amount-{row.row_key}"),
        "delivered_on": DayField(W("When did it arrive?"), id=f"delivered-on-{row.row_key}"),
        "evidence": StringField(W("What shows it?"), id=f"evidence-{row.row_key}"),
        "unit": row.unit,
    }
    return cast("DeliveryForm", type("DeliveryIn", (DeliveryForm,), fields)())
