"""The bank's files: what is final is booked once, what is unclear is for a person, and no file does harm."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal import db, faults
from portal.errors import Invalid, WrongState
from portal.support.payments import actions, answers
from portal.support.payments.models import Payment, PaymentBatch

PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"


HEAD = "<GrpHdr><MsgId>B1</MsgId><CreDtTm>2026-01-02T09:30:00+01:00</CreDtTm></GrpHdr>"


def sent(name: str) -> str:
    """Return the message in which a payment went to the bank."""
    with db.reading() as session:
        payment = session.scalars(select(Payment).where(Payment.end_to_end == name)).first()
        return session.get_one(PaymentBatch, payment.batch_id).message_id if payment else "M"


def status(*rows: tuple[str, str, str], group: str = "", message: str = "", more: str = "") -> bytes:
    message = message or sent(rows[0][0])
    each = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{name}</OrgnlEndToEndId><TxSts>{said}</TxSts>"
        + (f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn></StsRsnInf>" if code else "")
        + "</TxInfAndSts>"
        for name, said, code in rows
    )
    whole = f"<GrpSts>{group}</GrpSts>" if group else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{PAIN}"><CstmrPmtStsRpt>{HEAD}'
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
        f"{more}{whole}</OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{message}-1</OrgnlPmtInfId>{each}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


def booking(
    name: str, amount: str, *, side: str = "DBIT", code: str = "", currency: str = "EUR", whole: str = ""
) -> bytes:
    back = f"<RtrInf><Rsn><Cd>{code}</Cd></Rsn></RtrInf>" if code else ""
    return (
        f'<Document xmlns="{CAMT}"><BkToCstmrDbtCdtNtfctn>{HEAD}<Ntfctn><Id>N1</Id>'
        f'<Ntry><Amt Ccy="{currency}">{whole or amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
        "<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-01-02</Dt></BookgDt><NtryDtls><TxDtls><Refs>"
        f"<AcctSvcrRef>B-1</AcctSvcrRef><EndToEndId>{name}</EndToEndId></Refs>"
        f'<Amt Ccy="{currency}">{amount}</Amt>{back}</TxDtls></NtryDtls></Ntry></Ntfctn>'
        "</BkToCstmrDbtCdtNtfctn></Document>"
    ).encode()


@pytest.fixture
def released(purse):
    purse.planned()
    purse.with_account()
    return purse.released()


def read(content, by):
    with db.writing():
        return actions.read_bank_file(content, by=by)


def test_what_is_final_is_booked_and_what_is_not_stays(released, purse, cast):
    (payment,) = released.payments
    name, tina = payment.end_to_end, cast.tina
    assert read(status((name, "ACTC", "")), tina).pending == [name]
    assert purse.plan().ordered == 200_000
    assert read(booking(name, "2000.00"), tina).paid == [name]
    assert (purse.plan().paid, purse.plan().ordered) == (200_000, 0)
    # The other kind of file says the same again, a later one the contrary: neither changes anything.
    assert read(status((name, "ACSC", "")), tina).known == [name]
    assert read(status((name, "RJCT", "AC01")), tina).unclear == [name]
    assert purse.plan().paid == 200_000
    assert purse.desk.allocation(purse.plan().allocation_id).delivered == 200_000


def test_another_sum_or_currency_is_for_a_person(released, purse, cast):
    name, tina = released.payments[0].end_to_end, cast.tina
    assert read(booking(name, "2000.01"), tina).unclear == [name]
    assert read(booking(name, "2000.00", currency="USD"), tina).unclear == [name]
    assert read(booking("BO-1999-001-1-1-1", "5"), tina).unclear == ["BO-1999-001-1-1-1"]
    assert purse.plan().ordered == 200_000
    # A message that is rejected whole rejects its payments, once.
    content = status(group="RJCT", message=released.message_id)
    assert read(content, tina).rejected == [name]
    with pytest.raises(WrongState, match="read already"):
        read(content, tina)
    assert (purse.plan().ordered, purse.plan().paid) == (0, 0)


def test_a_crash_while_a_file_is_read_leaves_nothing_half(released, purse, cast, monkeypatch):
    content, tina = status((released.payments[0].end_to_end, "ACSC", "")), cast.tina

    def crash(name: str) -> None:
        if name == "bank-file-read":
            raise RuntimeError(name)

    monkeypatch.setattr(faults, "reach", crash)
    with pytest.raises(RuntimeError):
        read(content, tina)
    assert (purse.plan().ordered, purse.plan().paid) == (200_000, 0)
    monkeypatch.undo()
    assert read(content, tina).paid


BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>"""
HIDDEN = f'<?a <!-- ?><!DOCTYPE Document SYSTEM "file:///etc/passwd"><?b --> ?><Document xmlns="{PAIN}"/>'


@pytest.mark.parametrize(
    "content",
    [
        b"", b"plain words", b"<html/>", b"\xff\xfe<\x00a\x00>", BOMB, HIDDEN.encode(),
        BOMB.decode().encode("utf-16"), f'<Document xmlns="{PAIN}">'.encode(), b"x" * (answers.MOST_BYTES + 1),
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"/>',
    ],
)  # fmt: skip
def test_foreign_files_are_refused_in_words(content):
    with pytest.raises(Invalid) as refused:
        answers.read(content)
    assert refused.value.field == "file"


def test_an_entity_is_never_read():
    content = status(("&file;", "ACSC", ""), message="M")
    with pytest.raises(Invalid):
        answers.read(content)


ONE = ("E-1", "ACSC", "")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (status(ONE, message="M").replace(b"002.001.10", b"002.001.99"), "do not read the version pain.002.001.99"),
        (status(ONE, message="M").replace(b"<MsgId>B1</MsgId>", b""), "GrpHdr › MsgId is missing"),
        (status(ONE, message="M").replace(b"T09:30:00+01:00", b""), "GrpHdr › CreDtTm is missing"),
        (status(ONE, message=" "), "OrgnlMsgId is missing"),
        (status(ONE, message="M").replace(b"pain.001", b"pain.008"), "OrgnlMsgNmId is missing"),
        (status(ONE, message="M", group="paid"), "GrpSts is missing, or"),
        (status(("E-1", "", ""), message="M"), "TxSts is missing"),
        (status(("", "ACSC", ""), message="M"), "OrgnlEndToEndId is missing"),
        (status(ONE, message="M", group="RJCT"), "says RJCT of the whole and ACSC of a part"),
        (status(("E-1", "RJCT", "AC01"), message="M", group="ACSC"), "says ACSC of the whole"),
        (status(ONE, message="M", more="<x xmlns='urn:other'>1</x>"), "x is of another standard"),
        (status(ONE, message="M", more="<OrgnlCtrlSum>1e9</OrgnlCtrlSum>"), "OrgnlCtrlSum is missing, or"),
        (booking("E-1", "Infinity"), "Amt is missing"),
        (booking("E-1", "-5.00"), "Amt is missing"),
        (booking("E-1", "٣"), "Amt is missing"),
        (booking("E-1", "5.00", currency="euro"), "no currency"),
        (booking("E-1", "5.00", side="OUT"), "CdtDbtInd is missing"),
        (booking("E-1", "5.00", whole="6.00"), "do not add up"),
        (booking("E-1", "5.00").replace(b"<Id>N1</Id>", b""), "Id is missing"),
        (booking("E-1", "5.00").replace(b"Ntfctn>", b"Stmt>"), "does not hold one"),
        (
            booking("E-1", "5.00").replace(
                b"<Ntry>", b"<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries></TxsSummry><Ntry>"
            ),
            "holds 1 bookings and says it holds 2",
        ),
        (
            booking("E-1", "5.00").replace(
                b"<Ntry>", b"<TxsSummry><TtlNtries><Sum>7</Sum></TtlNtries></TxsSummry><Ntry>"
            ),
            "do not add up to the sum",
        ),
    ],
)  # fmt: skip
def test_a_file_that_is_not_whole_or_contradicts_itself_is_refused_and_says_where(content, sentence):
    with pytest.raises(Invalid) as refused:
        answers.read(content)
    assert sentence in str(refused.value.words)
    assert refused.value.field == "file"


def test_a_report_on_another_message_books_nothing(released, purse, cast):
    name, tina = released.payments[0].end_to_end, cast.tina
    mine = released.message_id
    for content, sentence in (
        (status((name, "ACSC", ""), message="OTHER"), "which the city did not send"),
        (status((name, "ACSC", ""), ("BO-1", "ACSC", ""), message=mine), "other payments"),
        (status((name, "ACSC", ""), more="<OrgnlNbOfTxs>2</OrgnlNbOfTxs>"), "other payments"),
        (status((name, "ACSC", ""), more="<OrgnlCtrlSum>2000.01</OrgnlCtrlSum>"), "other payments"),
    ):
        with pytest.raises(Invalid, match=sentence):
            read(content, tina)
    assert (purse.plan().ordered, purse.plan().paid) == (200_000, 0)
    sizes = "<OrgnlNbOfTxs>1</OrgnlNbOfTxs><OrgnlCtrlSum>2000.00</OrgnlCtrlSum>"
    assert read(status((name, "ACSC", ""), more=sizes), tina).paid == [name]


def test_more_answers_than_a_city_has_payments_are_refused_whole(monkeypatch):
    monkeypatch.setattr(answers, "MOST_ANSWERS", 1)
    with pytest.raises(Invalid, match="more than"):
        answers.read(status(ONE, ("E-2", "ACSC", ""), message="M"))
