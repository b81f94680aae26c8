"""What officials type: a pool, a proposal for rows of support, a reason to send back, a delivery."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast
from zlib import crc32

from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from portal.errors import Invalid
from portal.fences.forms import DayField, choice
from portal.organisations.actions import slug_of
from portal.support import ledger, said
from portal.support.amounts import Amount, read
from portal.support.ledger import UNITS, Kind
from portal.support.models import Allocation, Pool
from portal.web import Form
from portal.words import W

_YEAR = re.compile(r"20[0-9]{2}")
LONGEST_NAME = 120
LONGEST_REASON = 2000
LONGEST_EVIDENCE = 300


class PoolForm(Form):
    name = StringField(W("Name of the fund"))
    kind = SelectField(
        W("What it gives"), choices=[choice(kind.value, words) for kind, words in said.KINDS.items()]
    )
    year = StringField(W("Year"))
    capacity = StringField(W("How much in all"))

    amount: int = 0

    @property
    def slug(self) -> str:
        """Return the name as it stands in an address; a name in another script gets a number instead."""
        name = self.name.data or ""
        if re.search(r"[A-Za-z0-9]", name):
            return slug_of(name)
        return f"{self.kind.data}-{crc32(name.encode()):x}"

    def validate_name(self, field: Field) -> None:
        """Refuse a name that does not fit its line or that nobody could say."""
        name = field.data or ""
        if not any(map(str.isalnum, name)) or len(name) > LONGEST_NAME:
            raise ValidationError(str(W("Enter a name with letters or digits, like Digital fund")))

    def validate_year(self, field: Field) -> None:
        """Refuse what is not a year of this century."""
        if not _YEAR.fullmatch(field.data or ""):
            raise ValidationError(str(W("Enter a year with four digits, like 2027")))

    def validate_capacity(self, field: Field) -> None:
        """Read the capacity into `amount`, in the smallest step of the kind's unit."""
        if self.kind.data in set(Kind):
            self.amount = _amount(field, UNITS[Kind(self.kind.data)])


class ReasonForm(Form):
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
        self.number = _amount(field, self.unit)

    def validate_evidence(self, field: Field) -> None:
        """Refuse what does not fit its line."""
        if len(field.data or "") > LONGEST_EVIDENCE:
            raise ValidationError(
                str(W("Shorten this to %(most)s characters or fewer", most=LONGEST_EVIDENCE))
            )


def proposal_form(rows: Sequence[Allocation], pools: Sequence[Pool], today: date) -> ReasonForm:
    """Return the form that asks a pool for each row, and one public reason for all of them."""
    fields: dict[str, Any] = {pool_field_of(row): _pool_field(row, pools, today) for row in rows}
    before = next((row.reason for row in rows if row.reason), "")
    fields["reason"] = TextAreaField(W("Reason (public)"), default=before)
    return cast("ReasonForm", type("ProposalForm", (ReasonForm,), fields)())


def pool_field_of(row: Allocation) -> str:
    """Return the name of the field that asks the pool of a row."""
    return f"pool_{row.row_key}"


def _pool_field(row: Allocation, pools: Sequence[Pool], today: date) -> SelectField:
    fitting = [pool for pool in pools if ledger.unfit(pool, row, today) is None]
    enough = [pool for pool in fitting if pool.left >= row.amount]
    before = next((pool for pool in enough if pool.id == row.pool_id), None)
    first = before or next(iter(enough), None)
    choices = [choice("", W("Not now")), *(choice(pool.key, _with_rest(pool)) for pool in fitting)]
    label = W("%(kind)s: %(amount)s", kind=said.KINDS[Kind(row.kind)], amount=Amount(row.amount, row.unit))
    return SelectField(label, choices=choices, default=first.key if first else "", description=row.what)


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


def _amount(field: Field, unit: str) -> int:
    try:
        return read(field.data or "", unit)
    except Invalid as refused:
        raise ValidationError(str(refused.words)) from refused
