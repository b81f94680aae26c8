"""What a bank's file must say before anything in it is believed.

No light library ships the schemas of pain.002 and camt.054 that banks use, see decision 0013.
So what we rest on is checked by hand: the version, the head, each status, the sums, and that nothing in the
file contradicts something else in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from lxml import etree

from portal.errors import Invalid
from portal.words import W

# The body of each kind, and the versions whose elements stand where we look for them.
BODIES = {"pain.002": "CstmrPmtStsRpt", "camt.054": "BkToCstmrDbtCdtNtfctn"}
VERSIONS = {"pain.002": range(3, 15), "camt.054": range(2, 14)}
_STATUS = re.compile(r"[A-Z]{4}")
_ID, _SUM, _COUNT = (
    re.compile(r"\S.{0,34}"),
    re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,5})?"),
    re.compile(r"[0-9]{1,15}"),
)
_CURRENCY = re.compile(r"[A-Z]{3}")
_TAKEN = frozenset({"ACSC", "ACCC"})


def first(node: Any, path: str) -> str:
    """Return the words of the first element down this path, whatever the version's namespace."""
    found = every(node, path)
    return (found[0].text or "").strip() if found else ""


def every(node: Any, path: str) -> list[Any]:
    """Return the elements down this path."""
    return list(node.xpath("/".join(f"*[local-name()='{step}']" for step in path.split("/"))))


def decimal(text: str | None) -> Decimal | None:
    """Return an amount as the standard writes it, or nothing."""
    return Decimal(text) if text and _SUM.fullmatch(text) else None


def check(root: Any, kind: str) -> None:
    """Refuse with Invalid a file that is not whole, or that contradicts itself; the sentence says where."""
    name, _, version = kind.partition(".001.")
    if int(version) not in VERSIONS[name]:
        raise _wrong(W("We do not read the version %(kind)s.", kind=kind))
    bodies = list(root)
    if [etree.QName(one).localname for one in bodies] != [BODIES[name]]:
        raise _wrong(W("It does not hold one %(name)s.", name=BODIES[name]))
    _one_language(root)
    body = bodies[0]
    _head(body)
    _RULES[name](body)


def _wrong(why: W) -> Invalid:
    return Invalid(
        W("The file of the bank is not as its standard says, and nothing was booked. %(why)s", why=why),
        field="file",
    )


def _one_language(root: Any) -> None:
    """Refuse elements of another namespace; only what is enclosed for others may have its own."""
    mine = etree.QName(root).namespace
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if etree.QName(node).namespace != mine:
            raise _wrong(W("%(name)s is of another standard.", name=etree.QName(node).localname))
        if etree.QName(node).localname != "SplmtryData":
            waiting.extend(one for one in node if isinstance(one.tag, str))


def _head(body: Any) -> None:
    _needed(body, "GrpHdr/MsgId", _ID.fullmatch)
    _needed(body, "GrpHdr/CreDtTm", _is_instant)


def _needed(node: Any, path: str, fits: Callable[[str], object], *, may_lack: bool = False) -> str:
    """Return what stands there once; refuse what is missing, there twice, or not as it must be."""
    found = every(node, path)
    said = first(node, path)
    if may_lack and not found:
        return ""
    if len(found) != 1 or not fits(said):
        raise _wrong(W("%(name)s is missing, or is not as it must be.", name=path.replace("/", " › ")))
    return said


def _is_instant(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return "T" in text


def _statuses(body: Any) -> None:
    group = every(body, "OrgnlGrpInfAndSts")
    if len(group) != 1:
        raise _wrong(W("%(name)s is missing, or is not as it must be.", name="OrgnlGrpInfAndSts"))
    _needed(group[0], "OrgnlMsgId", _ID.fullmatch)
    _needed(group[0], "OrgnlMsgNmId", lambda text: text.startswith("pain.001"))
    _needed(group[0], "OrgnlNbOfTxs", _COUNT.fullmatch, may_lack=True)
    _needed(group[0], "OrgnlCtrlSum", _SUM.fullmatch, may_lack=True)
    whole = _needed(group[0], "GrpSts", _STATUS.fullmatch, may_lack=True)
    for payments in every(body, "OrgnlPmtInfAndSts"):
        _needed(payments, "OrgnlPmtInfId", _ID.fullmatch)
        part = _needed(payments, "PmtInfSts", _STATUS.fullmatch, may_lack=True)
        for one in every(payments, "TxInfAndSts"):
            _needed(one, "OrgnlEndToEndId", _ID.fullmatch)
            _agree(_needed(one, "TxSts", _STATUS.fullmatch), part, whole)
        _agree(part, whole)


def _agree(status: str, *above: str) -> None:
    """Refuse a payment that is settled in a message that is rejected whole, and the contrary."""
    for one in above:
        if (status in _TAKEN and one == "RJCT") or (status == "RJCT" and one in _TAKEN):
            raise _wrong(W("It says %(one)s of the whole and %(other)s of a part.", one=one, other=status))


def _bookings(body: Any) -> None:
    notices = every(body, "Ntfctn")
    if not notices:
        raise _wrong(W("%(name)s is missing, or is not as it must be.", name="Ntfctn"))
    for notice in notices:
        _needed(notice, "Id", _ID.fullmatch)
        entries = every(notice, "Ntry")
        for entry in entries:
            _entry(entry)
        _totals(notice, entries)


def _entry(entry: Any) -> None:
    whole = decimal(_needed(entry, "Amt", _SUM.fullmatch))
    currency = every(entry, "Amt")[0].get("Ccy", "")
    if not _CURRENCY.fullmatch(currency):
        raise _wrong(W("An amount has no currency."))
    _needed(entry, "CdtDbtInd", {"CRDT", "DBIT"}.__contains__)
    if not (first(entry, "Sts/Cd") or first(entry, "Sts")):
        raise _wrong(W("%(name)s is missing, or is not as it must be.", name="Ntry › Sts"))
    parts = list(_amounts(entry, currency))
    if parts and None not in parts and sum(one for one in parts if one is not None) != whole:
        raise _wrong(W("The parts of a booking do not add up to it."))


def _amounts(entry: Any, currency: str) -> Iterator[Decimal | None]:
    """Yield what each part of a booking says it is, or nothing where it does not, or in another currency."""
    for one in every(entry, "NtryDtls/TxDtls"):
        amounts = every(one, "Amt")
        is_alike = len(amounts) == 1 and amounts[0].get("Ccy") == currency
        yield decimal((amounts[0].text or "").strip()) if is_alike else None


def _totals(notice: Any, entries: list[Any]) -> None:
    count = _needed(notice, "TxsSummry/TtlNtries/NbOfNtries", _COUNT.fullmatch, may_lack=True)
    total = _needed(notice, "TxsSummry/TtlNtries/Sum", _SUM.fullmatch, may_lack=True)
    if count and int(count) != len(entries):
        raise _wrong(
            W("It holds %(count)s bookings and says it holds %(said)s.", count=len(entries), said=count)
        )
    if total and decimal(total) != sum(decimal(first(one, "Amt")) or Decimal(0) for one in entries):
        raise _wrong(W("Its bookings do not add up to the sum that it says."))


_RULES: dict[str, Callable[[Any], None]] = {"pain.002": _statuses, "camt.054": _bookings}
