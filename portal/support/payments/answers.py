"""What a bank answers: pain.002 (accepted or rejected) and camt.054 (booked), read without trusting the file.

Only what is final counts: settled is paid, rejected is rejected, everything else is still on its way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from typing import Any

from portal.errors import Invalid
from portal.support.payments.strictness import check, decimal, every, first
from portal.words import W

MOST_BYTES = 5_000_000
MOST_ANSWERS = 5_000
_SETTLED, _REJECTED = frozenset({"ACSC", "ACCC"}), "RJCT"
_KIND = re.compile(r"urn:iso:std:iso:20022:tech:xsd:((?:pain\.002|camt\.054)\.001\.\d\d)")
# Whatever begins like a declaration, wherever it stands: no bank needs one.
_DECLARED = re.compile(r"<!(?!--|\[CDATA\[)")
_HEAD = re.compile(r"\A\s*<\?xml[^>]*\?>")
_FOREIGN = W("This is no answer of a bank that we read: pain.002 or camt.054, as XML")
_TOO_MANY = W(
    "This file speaks of more than %(most)s payments. Ask the bank for smaller ones.", most=MOST_ANSWERS
)
_TOO_LARGE = W("This file is larger than any answer of a bank we know. Send 5 MB at most.")


class Outcome(StrEnum):
    """What the bank says of one payment."""

    PAID = "paid"
    REJECTED = "rejected"
    SENT_BACK = "sent_back"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bank says of one payment; `message_id` alone speaks of all payments of that message."""

    outcome: Outcome
    end_to_end: str = ""
    message_id: str = ""
    reason_code: str = ""
    on: date | None = None
    amount: Decimal | None = None
    currency: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Original:
    """The message of which a status report speaks, with what it says of its size."""

    message_id: str
    count: int | None
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class Read:
    """A file of the bank: its kind and everything final in it."""

    kind: str
    answers: tuple[Answer, ...]
    original: Original | None = None


def read(content: bytes) -> Read:
    """Return the answers of a file. Refuses with Invalid whatever is none, and declarations of any kind."""
    from lxml import etree

    if len(content) > MOST_BYTES:
        raise Invalid(_TOO_LARGE, field="file")
    root = _root(content)
    found = _KIND.fullmatch(etree.QName(root).namespace or "")
    if found is None or etree.QName(root).localname != "Document":
        raise Invalid(_FOREIGN, field="file")
    check(root, found[1])
    each = _statuses(root) if found[1].startswith("pain") else _bookings(root)
    answers = tuple(islice(each, MOST_ANSWERS + 1))
    if len(answers) > MOST_ANSWERS:
        raise Invalid(_TOO_MANY, field="file")
    return Read(found[1], answers, _original(root))


def _original(root: Any) -> Original | None:
    """Return the message of ours of which a status report speaks."""
    found = every(root, "CstmrPmtStsRpt/OrgnlGrpInfAndSts")
    if not found:
        return None
    count, total = first(found[0], "OrgnlNbOfTxs"), first(found[0], "OrgnlCtrlSum")
    return Original(first(found[0], "OrgnlMsgId"), int(count) if count else None, decimal(total))


def _root(content: bytes) -> Any:
    from lxml import etree

    # Only UTF-8, and no document type: without one there is no entity to multiply and no address to fetch.
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(_FOREIGN, field="file") from error
    if _DECLARED.search(text):
        raise Invalid(_FOREIGN, field="file")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        encoding="utf-8",
        remove_comments=True,
    )
    try:
        return etree.fromstring(_HEAD.sub("", text).encode(), parser)
    except etree.XMLSyntaxError as error:
        raise Invalid(_FOREIGN, field="file") from error


def _every(node: Any, name: str) -> list[Any]:
    return list(node.xpath(f".//*[local-name()='{name}']"))


def _statuses(root: Any) -> Iterator[Answer]:
    message_id = next((one.text or "" for one in _every(root, "OrgnlMsgId")), "")
    rows = _every(root, "TxInfAndSts")
    for one in rows:
        yield Answer(
            _outcome(first(one, "TxSts")),
            end_to_end=first(one, "OrgnlEndToEndId"),
            reason_code=first(one, "StsRsnInf/Rsn/Cd") or first(one, "StsRsnInf/Rsn/Prtry"),
            on=_day(first(one, "FctvIntrBkSttlmDt/Dt") or first(one, "AccptncDtTm")),
            reference=first(one, "AcctSvcrRef") or message_id,
        )
    if rows:
        return
    for level in ("OrgnlPmtInfAndSts", "OrgnlGrpInfAndSts"):
        for one in _every(root, level):
            status = first(one, "PmtInfSts") or first(one, "GrpSts")
            code = first(one, "StsRsnInf/Rsn/Cd")
            yield Answer(_outcome(status), message_id=message_id, reason_code=code, reference=message_id)


def _outcome(status: str) -> Outcome:
    if status in _SETTLED:
        return Outcome.PAID
    return Outcome.REJECTED if status == _REJECTED else Outcome.PENDING


def _bookings(root: Any) -> Iterator[Answer]:
    for entry in _every(root, "Ntry"):
        is_booked = (first(entry, "Sts") or first(entry, "Sts/Cd")) == "BOOK" or first(
            entry, "Sts/Cd"
        ) == "BOOK"
        goes_out = first(entry, "CdtDbtInd") == "DBIT"
        on = _day(first(entry, "BookgDt/Dt") or first(entry, "BookgDt/DtTm"))
        rows = _every(entry, "TxDtls")
        whole = first(entry, "AcctSvcrRef")
        for one in rows:
            name = first(one, "Refs/EndToEndId")
            came_back = first(one, "RtrInf/Rsn/Cd") or first(one, "RtrInf/Rsn/Prtry")
            outcome = Outcome.SENT_BACK if came_back else Outcome.PAID
            amounts = one.xpath("./*[local-name()='Amt']")
            yield Answer(
                outcome if is_booked and (goes_out or came_back) else Outcome.PENDING,
                end_to_end=name,
                reason_code=came_back,
                on=on,
                amount=decimal(amounts[0].text) if amounts else None,
                currency=amounts[0].get("Ccy", "") if amounts else "",
                reference=first(one, "Refs/AcctSvcrRef") or (f"{name} {whole}" if len(rows) > 1 else whole),
            )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
