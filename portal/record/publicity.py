"""Which acts everybody may read: those about public things. Of the others the fingerprint alone is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.record.models import Did
from portal.words import W

# What is the business of one person, or of nobody but the staff.
PRIVATE = {
    "person": W("It concerns a person's account."),
    "factor": W("It concerns a person's account."),
    "denied": W("Somebody tried what they may not do."),
    "job": W("It concerns the city's own work."),
}
NOT_SENT = W("It concerns a draft that nobody has sent.")
# A proposal taken back is public where it had been sent; a draft that was never sent is not.
SENT = Did.PROPOSAL_WITHDRAWN.value


def why_private(verb: str, facts: Mapping[str, Any]) -> W | None:
    """Return why the act is not public, or None where everybody may read it; what is unknown is private."""
    if verb not in PUBLIC:
        return PRIVATE.get(verb.partition(":")[0], NOT_SENT)
    return NOT_SENT if verb == SENT and not facts.get("was_sent") else None


PUBLIC = frozenset(
    did.value for did in Did if did.value.partition(":")[0] not in PRIVATE and did is not Did.PROPOSAL_STARTED
)
