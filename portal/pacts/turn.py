"""Whose turn it is in the co-design room, in one sentence."""

from __future__ import annotations

from dataclasses import dataclass

from portal.words import W


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the text stands for one side: what waits for its answer or the other's, and what is missing."""

    waits_for_us: int
    waits_for_them: int
    to_settle: int
    we_agree: bool
    they_agree: bool


def whose_turn(one: Standing) -> W:
    """Return what is to be done next, and by whom; answers come before gaps, gaps before agreeing."""
    if one.waits_for_us:
        return W(
            "It is your turn. Suggestions of the other side that wait for your answer: %(count)s.",
            count=one.waits_for_us,
        )
    if one.waits_for_them:
        return W(
            "It is the other side’s turn. Suggestions of yours that wait for an answer: %(count)s.",
            count=one.waits_for_them,
        )
    if one.to_settle:
        return W("Either side can go on: what is still to settle stands below, each with its place.")
    if one.we_agree:
        return W("It is the other side’s turn: you agree to this version, and it does not yet.")
    if one.they_agree:
        return W("It is your turn: the other side agrees to this version. Agree too, or suggest a change.")
    return W("The text is complete. Either side can agree to it now, or suggest another change.")
