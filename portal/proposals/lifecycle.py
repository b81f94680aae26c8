"""The life of a proposal, from a draft to its acceptance for co-design."""

from __future__ import annotations

from enum import StrEnum

from portal.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where a proposal is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SUPPLEMENT_ASKED = "supplement_asked"
    REFUSAL_NOTICED = "refusal_noticed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    MERGED = "merged"


class Verb(StrEnum):
    """What can be done with a proposal."""

    FILL = "fill"
    SUBMIT = "submit"
    ASSIGN = "assign"
    ASSESS = "assess"
    ASK_SUPPLEMENT = "ask_supplement"
    SUPPLY = "supply"
    EXTEND = "extend"
    ACCEPT = "accept"
    NOTICE_REFUSAL = "notice_refusal"
    REPLY = "reply"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    MERGE = "merge"


LIFE = Lifecycle(
    Move(Verb.FILL, (State.DRAFT,), State.DRAFT),
    Move(Verb.SUBMIT, (State.DRAFT,), State.SUBMITTED),
    # Taking a case and looking at it leave it where it is.
    Move(Verb.ASSIGN, (State.SUBMITTED,), State.SUBMITTED),
    Move(Verb.ASSIGN, (State.SUPPLEMENT_ASKED,), State.SUPPLEMENT_ASKED),
    Move(Verb.ASSIGN, (State.REFUSAL_NOTICED,), State.REFUSAL_NOTICED),
    Move(Verb.ASSESS, (State.SUBMITTED,), State.SUBMITTED),
    Move(Verb.ASSESS, (State.SUPPLEMENT_ASKED,), State.SUPPLEMENT_ASKED),
    Move(Verb.ASSESS, (State.REFUSAL_NOTICED,), State.REFUSAL_NOTICED),
    Move(Verb.ASK_SUPPLEMENT, (State.SUBMITTED,), State.SUPPLEMENT_ASKED),
    Move(Verb.SUPPLY, (State.SUPPLEMENT_ASKED,), State.SUBMITTED),
    # Only while the clock runs: who waits for the group has time enough.
    Move(Verb.EXTEND, (State.SUBMITTED,), State.SUBMITTED),
    Move(Verb.ACCEPT, (State.SUBMITTED, State.REFUSAL_NOTICED), State.ACCEPTED),
    Move(Verb.NOTICE_REFUSAL, (State.SUBMITTED,), State.REFUSAL_NOTICED),
    Move(Verb.REPLY, (State.REFUSAL_NOTICED,), State.REFUSAL_NOTICED),
    Move(Verb.REFUSE, (State.REFUSAL_NOTICED,), State.REFUSED),
    Move(
        Verb.WITHDRAW,
        (State.DRAFT, State.SUBMITTED, State.SUPPLEMENT_ASKED, State.REFUSAL_NOTICED),
        State.WITHDRAWN,
    ),
    Move(Verb.LAPSE, (State.DRAFT, State.SUPPLEMENT_ASKED), State.LAPSED),
    # It goes on as a part of another, which stays where it is.
    Move(Verb.MERGE, (State.SUBMITTED,), State.MERGED),
)
