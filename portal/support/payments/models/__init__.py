"""Plans of payment and their parts, statements of costs, accounts, batches, payments, the bank's files."""

from portal.support.payments.models.bank import BankFile, MoneyBack, Payee, Payment, PaymentBatch
from portal.support.payments.models.plans import CostLine, CostStatement, PaymentPlan, Tranche, standing

__all__ = [
    "BankFile",
    "CostLine",
    "CostStatement",
    "MoneyBack",
    "Payee",
    "Payment",
    "PaymentBatch",
    "PaymentPlan",
    "Tranche",
    "standing",
]
