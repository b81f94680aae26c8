"""The verbs of servers, the only writers: begin, request, run, change, measure, end; messages both ways."""

from portal.support.servers.actions.changing import (
    ask_change,
    grant,
    refuse_change,
    second,
    write_note,
)
from portal.support.servers.actions.ending import deletable_on, delete, hand_over, wind_down
from portal.support.servers.actions.hearing import Unsigned, hear
from portal.support.servers.actions.living import (
    HAND,
    WEBHOOK,
    begin_setting_up,
    call_off,
    do_step,
    fail,
    request,
    run,
)
from portal.support.servers.actions.measuring import Sample, enter_use, shares_of
from portal.support.servers.actions.messages import send_again
from portal.support.servers.actions.opening import (
    Particulars,
    Runner,
    add_runner,
    begin,
    missing,
    prepare,
    remove_runner,
)

__all__ = [
    "HAND",
    "WEBHOOK",
    "Particulars",
    "Runner",
    "Sample",
    "Unsigned",
    "add_runner",
    "ask_change",
    "begin",
    "begin_setting_up",
    "call_off",
    "deletable_on",
    "delete",
    "do_step",
    "enter_use",
    "fail",
    "grant",
    "hand_over",
    "hear",
    "missing",
    "prepare",
    "refuse_change",
    "remove_runner",
    "request",
    "run",
    "second",
    "send_again",
    "shares_of",
    "wind_down",
    "write_note",
]
