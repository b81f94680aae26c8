"""The demonstration's own words: the present code of an account whose second step everybody may know."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from portal import clock, db
from portal.errors import NotFound, WrongState
from portal.people import queries
from portal.people.actions.factors import secret_of
from portal.people.factors import DRIFT_STEPS, STEP_SECONDS, code_at, seeded_secret, step_of
from portal.words import W

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from config import Config
    from portal.cli.opening import Opened

_ONLY_DEMO = W("There are no codes to print: this is no demonstration.")
_NOBODY = W("Nobody in the demonstration has an app with codes under this address.")
_OWN_APP = W("This account has an app of its own by now, so its codes stand only there.")


def add_words(
    words: argparse._SubParsersAction[argparse.ArgumentParser], opener: Callable[[], Opened]
) -> None:
    """Add `portal demo code EMAIL` to the command."""
    demo = words.add_parser("demo", help="the demonstration").add_subparsers(required=True, metavar="WHAT")
    code = demo.add_parser("code", help="print the present code of somebody's second step")
    code.add_argument("email")
    code.set_defaults(act=lambda chosen: _code(opener(), chosen.email))


def _code(opened: Opened, email: str) -> int:
    print(present_code(opened.config, email), flush=True)
    return 0


def present_code(config: Config, email: str) -> str:
    """Return a code that opens now, and wait for it where the ones at hand were used; production has none."""
    if not config.is_demo:
        raise WrongState(_ONLY_DEMO)
    secret, last = _held(email)
    now = step_of(clock.real())
    step = max(now, last + 1)
    if step > now + DRIFT_STEPS:
        _wait_for(step - DRIFT_STEPS)
    return code_at(secret, step)


def _held(email: str) -> tuple[str, int]:
    with db.reading() as session:
        person = session.scalar(queries.by_email(email))
    held = secret_of(person.id) if person else None
    if person is None or held is None:
        raise NotFound(_NOBODY)
    if held[0] != seeded_secret(person.email):
        raise WrongState(_OWN_APP)
    return held


def _wait_for(step: int) -> None:
    seconds = max(0.0, step * STEP_SECONDS - clock.real().timestamp())
    print(f"The present code was used already; the next one comes in {seconds:.0f} seconds.", file=sys.stderr)
    time.sleep(seconds)
