"""The bank's files: what is final is booked once, what is unclear is for a person, and no file does harm."""

from __future__ import annotations

import pytest

from portal import db, faults
from portal.errors import Invalid, WrongState
from portal.support.payments import actions, answers

PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"


def status(*rows: tuple[str, str, str], group: str = "", message: str = "M") -> bytes:
    each = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{name}</OrgnlEndToEndId><TxSts>{said}</TxSts>"
        + (f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn></StsRsnInf>" if code else "")
        + "</TxInfAndSts>"
        for name, said, code in rows
    )
    whole = f"<GrpSts>{group}</GrpSts>" if group else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{PAIN}"><CstmrPmtStsRpt>'
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId>{whole}</OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts>{each}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


def booking(name: str, amount: str, *, side: str = "DBIT", code: str = "", currency: str = "EUR") -> bytes:
    back = f"<RtrInf><Rsn><Cd>{code}</Cd></Rsn></RtrInf>" if code else ""
    return (
        f'<Document xmlns="{CAMT}"><BkToCstmrDbtCdtNtfctn><Ntfctn><Ntry><CdtDbtInd>{side}</CdtDbtInd>'
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
    content = status(("&file;", "ACSC", ""))
    with pytest.raises(Invalid):
        answers.read(content)
