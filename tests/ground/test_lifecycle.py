"""Every life is a table of moves, and every other move is refused."""

from __future__ import annotations

from enum import StrEnum

import pytest

from portal.errors import WrongState
from portal.lifecycle import Lifecycle, Move


class Verb(StrEnum):
    SEND = "send"
    RETURN = "return"


class State(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    RETURNED = "returned"


LIFE = Lifecycle(
    Move(Verb.SEND, (State.DRAFT, State.RETURNED), State.SENT),
    Move(Verb.RETURN, (State.SENT,), State.RETURNED),
)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", Verb)
def test_the_table_says_all(state: State, verb: Verb) -> None:
    allowed = {
        (State.DRAFT, Verb.SEND): State.SENT,
        (State.RETURNED, Verb.SEND): State.SENT,
        (State.SENT, Verb.RETURN): State.RETURNED,
    }
    assert LIFE.allows(state, verb) is ((state, verb) in allowed)
    if (state, verb) in allowed:
        assert LIFE.after(state, verb) is allowed[state, verb]
    else:
        with pytest.raises(WrongState, match="moved on"):
            LIFE.after(state, verb)


def test_a_state_may_come_as_the_text_of_its_column() -> None:
    assert LIFE.after("draft", Verb.SEND) is State.SENT
    with pytest.raises(WrongState):
        LIFE.after("unknown", Verb.SEND)


def test_a_table_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="share a verb"):
        Lifecycle(
            Move(Verb.SEND, (State.DRAFT,), State.SENT),
            Move(Verb.SEND, (State.DRAFT, State.SENT), State.RETURNED),
        )
