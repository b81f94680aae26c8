"""What a treasurer types about a pool: a new one, a change with its reason, an answer to a colleague."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast
from zlib import crc32

from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from portal.errors import Invalid
from portal.fences.forms import choice
from portal.organisations.actions import slug_of
from portal.support import said
from portal.support.amounts import Amount, read
from portal.support.changes import INTO_ANOTHER, Change, Wish
from portal.support.ledger import UNITS, Kind
from portal.support.models import Pool
from portal.typed import whole
from portal.web import Form
from portal.words import W

_YEAR = re.compile(r"20[0-9]{2}")
LONGEST_NAME = 120
LONGEST_REASON = 2000
FURTHER = UNITS[Kind.SERVER][1:]


def amount_of(field: Field, unit: str) -> int:
    """Return the typed amount in the unit's smallest step; refuses anything else beside the field."""
    try:
        return read(field.data or "", unit)
    except Invalid as refused:
        raise ValidationError(str(refused.words)) from refused


def _check_length(field: Field) -> None:
    if len(field.data or "") > LONGEST_REASON:
        raise ValidationError(str(W("Shorten this to %(most)s characters or fewer", most=LONGEST_REASON)))


class MeasuresForm(Form):
    """Boxes for the further measures of server space; an empty one is none."""

    memory_gb = StringField(W("Memory in GB"))
    storage_gb = StringField(W("Storage in GB"))
    traffic_gb = StringField(W("Traffic in GB a month"))
    reason = TextAreaField(W("Reason (public)"))

    @property
    def further(self) -> dict[str, int]:
        """Return the further measures of a valid form, by unit."""
        return {unit: read(self._fields[unit].data, unit) for unit in FURTHER if self._fields[unit].data}

    def validate_memory_gb(self, field: Field) -> None:
        """Refuse what is no whole number, if anything was typed."""
        if field.data:
            amount_of(field, field.short_name)

    validate_storage_gb = validate_traffic_gb = validate_memory_gb

    def validate_reason(self, field: Field) -> None:
        """Refuse a reason that nobody would read to its end."""
        _check_length(field)


class PoolForm(MeasuresForm):
    """A new pool."""

    name = StringField(W("Name of the fund"))
    kind = SelectField(
        W("What it gives"),
        choices=[choice(kind.value, words) for kind, words in said.KINDS.items()],
        id="new-kind",
    )
    office = SelectField(W("Office"), id="new-office", default="")
    year = StringField(W("Year"), id="new-year")
    capacity = StringField(W("How much in all"))

    amount: int = 0

    def offer(self, offices: Sequence[tuple[str, str]]) -> PoolForm:
        """Offer the city's offices, and none."""
        self.office.choices = [choice("", W("No office in particular")), *offices]
        return self

    @property
    def slug(self) -> str:
        """Return the name as it stands in an address; a name in another script gets a number instead."""
        name = self.name.data or ""
        if re.search(r"[A-Za-z0-9]", name):
            return slug_of(name)
        return f"{self.kind.data}-{crc32(name.encode()):x}"

    @property
    def facts(self) -> dict[str, Any]:
        """Return what is known of the pool of a valid form beside its amount."""
        return {
            "year": int(self.year.data or 0),
            "slug": self.slug,
            "kind": self.kind.data,
            "name": self.name.data or "",
            "office": self.office.data or "",
        }

    @property
    def wish(self) -> Wish:
        """Return how much is wished of a valid form, and why."""
        further = self.further if self.kind.data == Kind.SERVER else {}
        return Wish(self.amount, self.reason.data or "", further)

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
            self.amount = amount_of(field, UNITS[Kind(self.kind.data)][0])


class ChangeForm(MeasuresForm):
    """One change of one pool: only the boxes that this change needs are there."""

    unit = ""
    number: int = 0
    may_be_none = False

    @property
    def wish(self) -> Wish:
        """Return what is wished of a valid form."""
        other, entry = (self._fields.get(name) for name in ("other", "entry"))
        return Wish(
            amount=self.number,
            reason=self.reason.data or "",
            further=self.further if self.memory_gb else {},
            other_id=whole(other.data) if other else None,
            entry_id=whole(entry.data) if entry else None,
        )

    def validate_amount(self, field: Field) -> None:
        """Read the amount into `number`; where none is needed an empty box is none."""
        if field.data or not self.may_be_none:
            self.number = amount_of(field, self.unit)


AMOUNTS: Mapping[Change, W] = {
    Change.INCREASE: W("How much more?"),
    Change.DECREASE: W("How much less?"),
    Change.TRANSFER: W("How much goes to the other fund?"),
    Change.CARRY_OVER: W("How much of what is left goes along?"),
    Change.WRITE_OFF: W("How much is lost?"),
    Change.CORRECT: W("The right amount"),
}


def change_form(change: Change, pool: Pool, others: Sequence[Pool], unit: str = "") -> ChangeForm:
    """Return the form of one change; `others` are the pools that something may go to."""
    fields: dict[str, Any] = {"unit": unit or pool.unit}
    goes_on_whole = bool(pool.kept_for) and change is Change.CARRY_OVER
    if change in AMOUNTS and not goes_on_whole:
        fields["amount"] = StringField(AMOUNTS[change])
    has_measures = pool.kind == Kind.SERVER and change in AMOUNTS and change is not Change.CORRECT
    if not has_measures:
        fields |= dict.fromkeys(FURTHER)
    fields["may_be_none"] = has_measures or change is Change.CARRY_OVER
    if change in INTO_ANOTHER and not goes_on_whole:
        choices = [choice("", W("Choose a fund")), *(choice(str(one.id), _with_rest(one)) for one in others)]
        fields["other"] = SelectField(W("To which fund?"), choices=choices)
    if change is Change.CORRECT:
        fields["entry"] = HiddenField()
    return cast("ChangeForm", type("OneChangeForm", (ChangeForm,), fields)())


def _with_rest(pool: Pool) -> W:
    return W("%(pool)s, %(left)s left", pool=pool.title, left=Amount(pool.left, pool.unit))


class AnswerForm(Form):
    """Why a change is refused."""

    answer = TextAreaField(W("Why not?"))

    def validate_answer(self, field: Field) -> None:
        """Refuse an answer that nobody would read to its end."""
        _check_length(field)
