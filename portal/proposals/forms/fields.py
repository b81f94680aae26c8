"""Fields that read what people really type, and say how to write it when they cannot."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation

from portal.errors import Invalid
from portal.money import parse_cents
from portal.notices.letters.actions import address_lines
from portal.typed import YEARS
from portal.words import W

# Characters that count as letters or symbols although nothing can be seen of them.
_BLANK = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0\ufffd"), " ")
_DAY = re.compile(r"([0-9]{1,2})[ ./-]+([0-9]{1,2})[ ./-]+([0-9]{4})")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_WHOLE = re.compile(r"[0-9]{1,9}")
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:[.,][0-9]{1,12})?")
_EMAIL = re.compile(r"[^@\s<>\"',;:]{1,64}@[^@\s<>\"',;:.]+(?:\.[^@\s<>\"',;:.]+)+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{3,38}")
_WEB = re.compile(r"https?://[^\s/\"'<>]+\.[^\s\"'<>]+")
MICRO = 1_000_000


def one_line(text: str | None) -> str:
    """Return the text without line ends and without characters that cannot be seen."""
    return re.sub(r"\s+", " ", (text or "").translate(_BLANK)).strip()


def some_lines(text: str | None) -> str:
    """Return the text without trailing blanks; nothing where nothing can be seen."""
    shown = (text or "").translate(_BLANK).strip()
    has_more = any(unicodedata.category(c)[0] not in "MZC" for c in shown)
    return shown if has_more else ""


class Needed:
    """Ask for an answer, unless the person saves to come back later."""

    def __init__(self, sentence: W) -> None:
        self.sentence = sentence

    def __call__(self, form: Any, field: Any) -> None:
        if field.data in {None, ""}:
            if getattr(form, "is_partial", False):
                raise StopValidation
            raise StopValidation(str(self.sentence))


class AtMost:
    """Refuse a text of more characters than the city reads; one that was kept longer before may stay."""

    def __init__(self, most: int, *, keeps_longer: bool = False) -> None:
        self.most, self.keeps_longer = most, keeps_longer

    def __call__(self, _form: Any, field: Any) -> None:
        over = len(field.data or "") - self.most
        if over > 0 and not (self.keeps_longer and field.data == field.object_data):
            counts = {"most": self.most, "over": over}
            raise StopValidation(
                str(
                    W("Shorten this to %(most)s characters or fewer; characters too many: %(over)s", **counts)
                )
            )


class Shaped:
    """Refuse a text that is there but does not have the shape."""

    def __init__(self, pattern: re.Pattern[str], sentence: W) -> None:
        self.pattern, self.sentence = pattern, sentence

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data and not self.pattern.fullmatch(field.data):
            raise StopValidation(str(self.sentence))


class OneOf:
    """Refuse a choice that was not offered."""

    def __init__(self, offered: Collection[str]) -> None:
        self.offered = offered

    def __call__(self, _form: Any, field: Any) -> None:
        chosen = field.data if isinstance(field.data, list) else [field.data or ""]
        if any(one and one not in self.offered for one in chosen):
            raise StopValidation(str(W("Choose from the list")))


def options(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Return (value, label) pairs as a choice holds them."""
    return [SelectChoice(value, label) for value, label in pairs]


def line(label: W, most: int, needed: W | None = None, *more: Any) -> StringField:
    """Return a field of one line."""
    asked = [Needed(needed)] if needed else []
    return StringField(label, filters=[one_line], validators=[*asked, AtMost(most), *more])


def text(label: W, most: int, needed: W | None = None, *, keeps_longer: bool = False) -> TextAreaField:
    """Return a field of several lines."""
    asked = [Needed(needed)] if needed else []
    most_of_all = AtMost(most, keeps_longer=keeps_longer)
    return TextAreaField(label, filters=[some_lines], validators=[*asked, most_of_all])


def choice(label: W, choices: list[tuple[str, Any]], needed: W | None = None) -> RadioField:
    """Return a choice of one, shown as buttons."""
    return RadioField(
        label,
        choices=options(choices),
        validate_choice=False,
        validators=[*([Needed(needed)] if needed else []), OneOf({value for value, _ in choices})],
    )


def pick(label: W, choices: list[tuple[str, Any]]) -> SelectField:
    """Return a choice of one from a list."""
    offered = {value for value, _ in choices}
    return SelectField(label, choices=options(choices), validate_choice=False, validators=[OneOf(offered)])


def several(label: W, choices: list[tuple[str, Any]]) -> SelectMultipleField:
    """Return a choice of any number, shown as boxes."""
    offered = {value for value, _ in choices}
    return SelectMultipleField(
        label, choices=options(choices), validate_choice=False, validators=[OneOf(offered)]
    )


def email(label: W) -> StringField:
    """Return a field for an e-mail address."""
    return line(label, 254, None, Shaped(_EMAIL, W("Enter an e-mail address like name@example.org")))


def phone(label: W) -> StringField:
    """Return a field for a phone number."""
    return line(label, 40, None, Shaped(_PHONE, W("Enter a phone number like 051 000 000")))


class _PostalField(TextAreaField):
    """An address as it stands on an envelope; the blanks around its lines go."""

    data: Any

    def pre_validate(self, _form: Any) -> None:
        if not self.data:
            return
        try:
            self.data = "\n".join(address_lines(self.data))
        except Invalid as refusal:
            raise StopValidation(str(refusal.words)) from refusal


def postal(label: W, needed: W | None = None) -> TextAreaField:
    """Return a field for an address on paper: two to six short lines."""
    asked = [Needed(needed)] if needed else []
    return _PostalField(label, filters=[some_lines], validators=[*asked, AtMost(400)])


def web(label: W) -> StringField:
    """Return a field for an address on the web."""
    how = W("Enter an address that begins with https://, like https://code.example.org/group/tool")
    return line(label, 300, None, Shaped(_WEB, how))


class _Read(StringField):
    """A text that means a value; what was typed is shown again as it was."""

    value: Any = None

    def pre_validate(self, _form: Any) -> None:
        self.value = None
        if not self.data:
            return
        try:
            self.value = self.read(self.data)
        except Invalid as refusal:
            raise StopValidation(str(refusal.words)) from refusal

    def read(self, typed: str) -> Any:
        raise NotImplementedError


def read_day(typed: str) -> date:
    """Return the day that was typed; refuse with Invalid."""
    iso, plain = _ISO_DAY.fullmatch(typed), _DAY.fullmatch(typed)
    if not (iso or plain):
        raise Invalid(W("Enter a day like 1/12/2026"))
    year, month, day = iso.groups() if iso else reversed(plain.groups())  # type: ignore[union-attr]
    if int(year) not in YEARS:
        raise Invalid(W("Enter a day like 1/12/2026"))
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise Invalid(W("There is no such day. Enter a day like 1/12/2026")) from error


class DayField(_Read):
    """A day: 1/12/2026, 1 12 2026 or 2026-12-01."""

    def read(self, typed: str) -> date:
        """Return the day; refuse with Invalid."""
        return read_day(typed)


class MoneyField(_Read):
    """An amount in the city's currency; the value is in its smallest unit."""

    def read(self, typed: str) -> int:
        """Return the cents; refuse with Invalid."""
        return parse_cents(typed)


class WholeField(_Read):
    """A whole number."""

    def read(self, typed: str) -> int:
        """Return the number; refuse with Invalid."""
        if not _WHOLE.fullmatch(typed):
            raise Invalid(W("Enter a whole number, like 12"))
        return int(typed)


class DegreeField(_Read):
    """A latitude or longitude in degrees; the value is in millionths."""

    def __init__(self, *args: Any, most: int = 90, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most

    def read(self, typed: str) -> int:
        """Return the millionths of a degree; refuse with Invalid."""
        if not _DEGREES.fullmatch(typed):
            raise Invalid(W("Enter a number with decimals, like 44.4938"))
        micro = int((Decimal(typed.replace(",", ".")) * MICRO).to_integral_value())
        if abs(micro) > self.most * MICRO:
            raise Invalid(W("Enter a number with decimals, like 44.4938"))
        return micro


def needed(sentence: W) -> list[Any]:
    """Return the validators of a value that must be there."""
    return [Needed(sentence)]
