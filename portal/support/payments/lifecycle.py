"""The lives of a statement of costs, of an account, of a batch of payments and of each payment in it."""

from __future__ import annotations

from enum import StrEnum

from portal.lifecycle import Lifecycle, Move


class Costs(StrEnum):
    """Where a statement of costs is."""

    DRAFT = "draft"
    SENT = "sent"
    RETURNED = "returned"
    CHECKED = "checked"
    DECIDED = "decided"


class CostsVerb(StrEnum):
    """What can be done with a statement of costs."""

    SEND = "send"
    RETURN = "return"
    CHECK = "check"
    DECIDE = "decide"


COSTS_LIFE = Lifecycle(
    Move(CostsVerb.SEND, (Costs.DRAFT, Costs.RETURNED), Costs.SENT),
    Move(CostsVerb.RETURN, (Costs.SENT, Costs.CHECKED), Costs.RETURNED),
    Move(CostsVerb.CHECK, (Costs.SENT,), Costs.CHECKED),
    Move(CostsVerb.DECIDE, (Costs.CHECKED,), Costs.DECIDED),
)
WRITABLE = frozenset({Costs.DRAFT.value, Costs.RETURNED.value})


class Account(StrEnum):
    """Where the account of a group is."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    REPLACED = "replaced"
    FAILED = "failed"


class AccountVerb(StrEnum):
    """What can be done with an account."""

    CONFIRM = "confirm"
    REFUSE = "refuse"
    REPLACE = "replace"
    FAIL = "fail"


ACCOUNT_LIFE = Lifecycle(
    Move(AccountVerb.CONFIRM, (Account.ASKED,), Account.CONFIRMED),
    Move(AccountVerb.REFUSE, (Account.ASKED,), Account.REFUSED),
    Move(AccountVerb.REPLACE, (Account.ASKED, Account.CONFIRMED), Account.REPLACED),
    # The bank says that there is no such account: nothing more goes there.
    Move(AccountVerb.FAIL, (Account.CONFIRMED,), Account.FAILED),
)


class Batch(StrEnum):
    """Where a batch of payments is; that all of it was answered is derived."""

    PREPARED = "prepared"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


class BatchVerb(StrEnum):
    """What can be done with a batch."""

    RELEASE = "release"
    WITHDRAW = "withdraw"


BATCH_LIFE = Lifecycle(
    Move(BatchVerb.RELEASE, (Batch.PREPARED,), Batch.RELEASED),
    Move(BatchVerb.WITHDRAW, (Batch.PREPARED,), Batch.WITHDRAWN),
)


class Paid(StrEnum):
    """Where one attempt to pay is."""

    PREPARED = "prepared"
    RELEASED = "released"
    PAID = "paid"
    REJECTED = "rejected"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"


class PaidVerb(StrEnum):
    """What happens to an attempt to pay."""

    RELEASE = "release"
    WITHDRAW = "withdraw"
    PAY = "pay"
    REJECT = "reject"
    SEND_BACK = "send_back"


PAID_LIFE = Lifecycle(
    Move(PaidVerb.RELEASE, (Paid.PREPARED,), Paid.RELEASED),
    Move(PaidVerb.WITHDRAW, (Paid.PREPARED,), Paid.WITHDRAWN),
    Move(PaidVerb.PAY, (Paid.RELEASED,), Paid.PAID),
    Move(PaidVerb.REJECT, (Paid.RELEASED,), Paid.REJECTED),
    # It was booked as paid, and days later the other bank sent it back.
    Move(PaidVerb.SEND_BACK, (Paid.PAID,), Paid.SENT_BACK),
)
LIVE = (Paid.PREPARED.value, Paid.RELEASED.value)
