"""The life of a pact, literally: every verb in every state either leads on or is refused."""

from __future__ import annotations

import pytest

from portal.errors import WrongState
from portal.pacts.lifecycle import (
    LIFE,
    REPORT_LIFE,
    SUGGESTION_LIFE,
    ReportState,
    ReportVerb,
    State,
    SuggestionState,
    SuggestionVerb,
    Verb,
)

PACT = {
    ("co_design", "make_version"): "co_design",
    ("co_design", "agree_last"): "agreed",
    ("agreed", "reopen"): "co_design",
    ("agreed", "open_signing"): "signing",
    ("signing", "reopen"): "co_design",
    ("signing", "sign"): "signing",
    ("signing", "conclude_signing"): "signed",
    ("signed", "suspend"): "suspended",
    ("signed", "conclude"): "concluded",
    ("signed", "terminate"): "terminated",
    ("suspended", "resume"): "signed",
    ("suspended", "terminate"): "terminated",
}
SUGGESTION = {
    ("open", "accept"): "accepted",
    ("open", "decline"): "declined",
    ("open", "withdraw"): "withdrawn",
    ("open", "counter"): "countered",
    ("countered", "open_again"): "open",
}
REPORT = {
    ("sent", "return"): "returned",
    ("returned", "resend"): "sent",
    ("sent", "validate"): "validated",
    ("validated", "publish"): "published",
}


@pytest.mark.parametrize(
    ("life", "states", "verbs", "table"),
    [
        (LIFE, State, Verb, PACT),
        (SUGGESTION_LIFE, SuggestionState, SuggestionVerb, SUGGESTION),
        (REPORT_LIFE, ReportState, ReportVerb, REPORT),
    ],
)
def test_the_table_and_nothing_else(life, states, verbs, table) -> None:
    for state in states:
        for verb in verbs:
            expected = table.get((state.value, verb.value))
            assert life.allows(state, verb) is (expected is not None)
            if expected is None:
                with pytest.raises(WrongState):
                    life.after(state, verb)
            else:
                assert life.after(state, verb) == expected
