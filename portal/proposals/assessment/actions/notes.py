"""Write a note for colleagues; whoever is mentioned is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from portal import clock, db, policy
from portal.errors import Invalid
from portal.policy import Can
from portal.proposals.fitting import fits
from portal.proposals.models import CaseNote
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from portal.policy import Actor
    from portal.proposals.models import Proposal

LONGEST = 2000
_NAME = re.compile(r"@([^\W\d_]+)")


def named_in(words: str, colleagues: Mapping[str, str]) -> list[str]:
    """Return the pseudonyms of the colleagues whose first name stands in the text after an @."""
    called = {name.casefold() for name in _NAME.findall(words)}
    return [pseudonym for pseudonym, name in colleagues.items() if name.split()[0].casefold() in called]


def note(proposal: Proposal, words: str, mentioned: Iterable[str] = (), *, by: Actor) -> CaseNote:
    """Keep a note on the case and mention colleagues by their pseudonyms. Refuses with Invalid."""
    policy.check(by, Can.CASE_NOTE, proposal)
    if not words:
        raise Invalid(W("Write the note"), field="words")
    fits(words, LONGEST, field="words")
    told = sorted(set(mentioned) - {by.pseudonym})
    made = CaseNote(
        proposal_id=proposal.id, author_id=by.person_id, words=words, mentioned=told, written_at=clock.now()
    )
    db.session().add(made)
    db.session().flush()
    record(Did.CASE_NOTED, proposal.case_key, by=by, note=made.id, mentioned=told)
    return made
