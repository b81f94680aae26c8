"""The life of a pact, of a suggestion on its clauses, and of a progress report."""

from __future__ import annotations

from enum import StrEnum

from portal.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where a pact is; "in force" is derived: signed, sealed agreement issued, within its dates."""

    CO_DESIGN = "co_design"
    AGREED = "agreed"
    SIGNING = "signing"
    SIGNED = "signed"
    SUSPENDED = "suspended"
    CONCLUDED = "concluded"
    TERMINATED = "terminated"


class Verb(StrEnum):
    """What can be done with a pact."""

    MAKE_VERSION = "make_version"
    AGREE_LAST = "agree_last"
    REOPEN = "reopen"
    OPEN_SIGNING = "open_signing"
    SIGN = "sign"
    CONCLUDE_SIGNING = "conclude_signing"
    SUSPEND = "suspend"
    RESUME = "resume"
    CONCLUDE = "conclude"
    TERMINATE = "terminate"


LIFE = Lifecycle(
    Move(Verb.MAKE_VERSION, (State.CO_DESIGN,), State.CO_DESIGN),
    Move(Verb.AGREE_LAST, (State.CO_DESIGN,), State.AGREED),
    Move(Verb.REOPEN, (State.AGREED, State.SIGNING), State.CO_DESIGN),
    Move(Verb.OPEN_SIGNING, (State.AGREED,), State.SIGNING),
    Move(Verb.SIGN, (State.SIGNING,), State.SIGNING),
    Move(Verb.CONCLUDE_SIGNING, (State.SIGNING,), State.SIGNED),
    Move(Verb.SUSPEND, (State.SIGNED,), State.SUSPENDED),
    Move(Verb.RESUME, (State.SUSPENDED,), State.SIGNED),
    Move(Verb.CONCLUDE, (State.SIGNED,), State.CONCLUDED),
    Move(Verb.TERMINATE, (State.SIGNED, State.SUSPENDED), State.TERMINATED),
)


class SuggestionState(StrEnum):
    """Where a suggestion on a clause is."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    COUNTERED = "countered"


class SuggestionVerb(StrEnum):
    """What can be done with a suggestion."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    COUNTER = "counter"
    OPEN_AGAIN = "open_again"


SUGGESTION_LIFE = Lifecycle(
    Move(SuggestionVerb.ACCEPT, (SuggestionState.OPEN,), SuggestionState.ACCEPTED),
    Move(SuggestionVerb.DECLINE, (SuggestionState.OPEN,), SuggestionState.DECLINED),
    Move(SuggestionVerb.WITHDRAW, (SuggestionState.OPEN,), SuggestionState.WITHDRAWN),
    Move(SuggestionVerb.COUNTER, (SuggestionState.OPEN,), SuggestionState.COUNTERED),
    # Whoever takes the other words back leaves the first ones without an answer.
    Move(SuggestionVerb.OPEN_AGAIN, (SuggestionState.COUNTERED,), SuggestionState.OPEN),
)


class ReportState(StrEnum):
    """Where a report is; that it is due is derived from the calendar."""

    SENT = "sent"
    RETURNED = "returned"
    VALIDATED = "validated"
    PUBLISHED = "published"


class ReportVerb(StrEnum):
    """What can be done with a report."""

    RESEND = "resend"
    RETURN = "return"
    VALIDATE = "validate"
    PUBLISH = "publish"


REPORT_LIFE = Lifecycle(
    Move(ReportVerb.RETURN, (ReportState.SENT,), ReportState.RETURNED),
    Move(ReportVerb.RESEND, (ReportState.RETURNED,), ReportState.SENT),
    Move(ReportVerb.VALIDATE, (ReportState.SENT,), ReportState.VALIDATED),
    Move(ReportVerb.PUBLISH, (ReportState.VALIDATED,), ReportState.PUBLISHED),
)
