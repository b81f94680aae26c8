"""The file that a bank is given: pain.001.001.09 where SEPA is the means, a plain list elsewhere.

Everything in it was decided before: the same batch always makes the same bytes.
"""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from importlib import resources
from typing import TYPE_CHECKING, Any

from lxml import etree
from sepaxml import SepaTransfer

from portal.errors import Unready
from portal.money import decimals
from portal.support.payments import accounts
from portal.web.sheets import safe_cell
from portal.words import W

if TYPE_CHECKING:
    from portal.city import Profile
    from portal.support.payments.models import Payment, PaymentBatch

SCHEMA = "pain.001.001.09"
_NOT_VALID = W(
    "The payment file does not fit the banks' rules, so nothing was released. Tell the administrator."
)


class _Transfer(SepaTransfer):
    """The library's transfer with our own names and instant, where it would draw lots and read the clock."""

    def __init__(self, config: dict[str, Any], batch: PaymentBatch) -> None:
        self._of = batch
        super().__init__(config, schema=SCHEMA, clean=False)

    def _finalize_batch(self) -> None:
        super()._finalize_batch()
        self._say("GrpHdr/MsgId", self._of.message_id)
        self._say("GrpHdr/CreDtTm", f"{self._of.prepared_at:%Y-%m-%dT%H:%M:%SZ}")
        self._say("PmtInf/PmtInfId", f"{self._of.message_id}-1")

    def _say(self, path: str, words: str) -> None:
        (node,) = self._xml.findall(f"CstmrCdtTrfInitn/{path}")
        node.text = words


def file_of(batch: PaymentBatch, profile: Profile) -> bytes:
    """Return the bytes for the bank; Unready where they do not fit the schema of ISO 20022."""
    return _sepa(batch, profile) if batch.means == "sepa" else _plain_list(batch)


def _sepa(batch: PaymentBatch, profile: Profile) -> bytes:
    payer = profile.paying
    config = {
        "name": accounts.plain(payer.payer_name),
        "IBAN": payer.payer_account,
        "batch": True,
        "currency": batch.currency,
    }
    transfer = _Transfer(config, batch)
    for one in sorted(batch.payments, key=lambda payment: payment.end_to_end):
        transfer.add_payment(_line(one, batch))
    content: bytes = transfer.export(validate=False)
    check(content)
    return content


def _line(payment: Payment, batch: PaymentBatch) -> dict[str, Any]:
    return {
        "name": accounts.plain(payment.payee.holder),
        "IBAN": accounts.opened(payment.payee.sealed_account),
        "amount": payment.amount,
        "execution_date": batch.execute_on,
        "endtoend_id": payment.end_to_end,
        "description": described(payment),
    }


def described(payment: Payment) -> str:
    """Return what the payee reads on the account: the pact, the part, the codes that trace public money."""
    plan = payment.tranche.plan
    codes = [f"CUP {plan.project_code}"] if plan.project_code else []
    codes += [f"CIG {plan.tender_code}"] if plan.tender_code else []
    return accounts.plain(" ".join([plan.code, str(payment.tranche.number), *codes]), accounts.LONGEST_TEXT)


def check(content: bytes) -> None:
    """Hold a file against the official schema (ISO 20022, pain.001.001.09); refuse with Unready."""
    path = resources.files("sepaxml") / "schemas" / f"{SCHEMA}.xsd"
    schema = etree.XMLSchema(etree.fromstring(path.read_bytes()))
    if not schema.validate(etree.fromstring(content)):
        raise Unready(_NOT_VALID)


def _plain_list(batch: PaymentBatch) -> bytes:
    file = io.StringIO(newline="")
    rows = csv.writer(file)
    rows.writerow(["id", "execution_date", "holder", "account", "amount", "currency", "description"])
    for one in sorted(batch.payments, key=lambda payment: payment.end_to_end):
        account, holder = accounts.opened(one.payee.sealed_account), one.payee.holder
        cells = [one.end_to_end, batch.execute_on.isoformat(), safe_cell(holder), safe_cell(account)]
        rows.writerow(
            [*cells, f"{Decimal(one.amount).scaleb(-decimals()):f}", batch.currency, described(one)]
        )
    return file.getvalue().encode()
