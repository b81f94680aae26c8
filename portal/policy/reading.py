"""The permissions that allow looking and nothing else."""

from __future__ import annotations

from portal.policy.permissions import Can

# No address that changes anything may be declared under one of these.
READING = frozenset(
    {
        Can.READ_PUBLIC,
        Can.RECORD_READ,
        Can.RECORD_READ_ALL,
        Can.DESK_READ,
        Can.CASE_READ,
        Can.CASE_NOTES,
        Can.OPINION_READ,
        Can.OBSERVATIONS_READ,
        Can.RATINGS_READ,
        Can.PACT_ROOM,
        Can.PACT_READ_ORIGINAL,
        Can.POOL_READ,
        Can.SERVER_READ,
        Can.SERVER_ROOM,
        Can.PAYMENTS_READ,
        Can.COSTS_READ,
        Can.LEGAL_READ,
        Can.LEGAL_DESK,
        Can.SUPPORT_FILE,
        Can.COUNTER_AUDIT,
        Can.SCAN_READ,
        Can.LETTERS_READ,
        Can.JOBS_READ,
        Can.PEOPLE_READ,
        Can.ORGANISATION_ROOM,
        Can.ORGANISATION_DESK,
        Can.MANDATE_DOCUMENT,
        Can.RESIDENCE_READ,
    }
)
