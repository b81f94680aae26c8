"""The life of a proposal as a literal table: every verb in every state."""

from __future__ import annotations

import pytest

from portal.errors import WrongState
from portal.proposals.lifecycle import LIFE, State, Verb

TABLE = """
verb             draft      submitted         supplement_asked  refusal_noticed  accepted refused withdrawn lapsed merged
fill             draft      -                 -                 -                -        -       -         -      -
submit           submitted  -                 -                 -                -        -       -         -      -
assign           -          submitted         supplement_asked  refusal_noticed  -        -       -         -      -
assess           -          submitted         supplement_asked  refusal_noticed  -        -       -         -      -
extend           -          submitted         -                 -                -        -       -         -      -
ask_supplement   -          supplement_asked  -                 -                -        -       -         -      -
supply           -          -                 submitted         -                -        -       -         -      -
accept           -          accepted          -                 accepted         -        -       -         -      -
notice_refusal   -          refusal_noticed   -                 -                -        -       -         -      -
reply            -          -                 -                 refusal_noticed  -        -       -         -      -
refuse           -          -                 -                 refused          -        -       -         -      -
withdraw         withdrawn  withdrawn         withdrawn         withdrawn        -        -       -         -      -
lapse            lapsed     -                 lapsed            -                -        -       -         -      -
merge            -          merged            -                 -                -        -       -         -      -
"""
_HEAD, *_ROWS = (line.split() for line in TABLE.strip().splitlines())
CASES = [(row[0], state, target) for row in _ROWS for state, target in zip(_HEAD[1:], row[1:], strict=True)]


@pytest.mark.parametrize(("verb", "state", "target"), CASES)
def test_every_verb_in_every_state(verb, state, target):
    if target == "-":
        with pytest.raises(WrongState):
            LIFE.after(State(state), Verb(verb))
    else:
        assert LIFE.after(State(state), Verb(verb)) == State(target)


def test_the_table_knows_every_verb_and_state():
    assert {row[0] for row in _ROWS} == set(Verb)
    assert set(_HEAD[1:]) == set(State)
