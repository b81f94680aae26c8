"""The pages of people: joining, signing in, the account."""

from portal.people.views import (
    account,
    address,
    confirming,
    elsewhere,
    factors,
    joining,
    open_sessions,
    passkeys,
    second_step,
    signing_in,
)
from portal.people.views.blueprint import people

__all__ = [
    "account",
    "address",
    "confirming",
    "elsewhere",
    "factors",
    "joining",
    "open_sessions",
    "passkeys",
    "people",
    "second_step",
    "signing_in",
]
