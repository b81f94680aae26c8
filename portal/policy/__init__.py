"""Who may do what: one table that a councillor can read (table.py), and the one question put to it."""

from portal.policy.actors import SYSTEM, VISITOR, Actor, Rel, Role, Thing
from portal.policy.asking import (
    FRESH_FIRST,
    NOT_YOURS,
    SIGN_IN_FIRST,
    allows,
    check,
    may_after_password,
    may_ever,
    refusal,
)
from portal.policy.permissions import Can
from portal.policy.reading import READING
from portal.policy.table import (
    CASE_STAFF,
    GIVEN_TO_YOURS,
    NOT_ASSESSED_BY_YOU,
    OWN_GROUP,
    RULES,
    STAFF,
    SUPPORT_STAFF,
    Rule,
)

__all__ = [
    "CASE_STAFF",
    "FRESH_FIRST",
    "GIVEN_TO_YOURS",
    "NOT_ASSESSED_BY_YOU",
    "NOT_YOURS",
    "OWN_GROUP",
    "READING",
    "RULES",
    "SIGN_IN_FIRST",
    "STAFF",
    "SUPPORT_STAFF",
    "SYSTEM",
    "VISITOR",
    "Actor",
    "Can",
    "Rel",
    "Role",
    "Rule",
    "Thing",
    "allows",
    "check",
    "may_after_password",
    "may_ever",
    "refusal",
]
