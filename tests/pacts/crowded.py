"""A pact of sixty clauses with three hundred suggestions, written as rows."""

from __future__ import annotations

from typing import Any

from portal import crypto, db
from portal.pacts import queries
from portal.pacts.actions.texts import clause_of
from portal.pacts.models import Suggestion

CLAUSES, SUGGESTIONS = 60, 300
WORDS = {"it": "Il cancello apre alle nove.", "en": "The gate opens at nine."}


def fill(pact: Any) -> None:
    """Give the newest text clauses of the parties' own, and suggestions of both sides to all of its clauses."""
    with db.writing() as session:
        version = session.scalars(queries.version(pact.id, pact.last_version)).one()
        text = version.text
        there, row = text["clauses"], clause_of(text, "object")
        there += [{**row, "id": f"own-{n}", "number": n} for n in range(len(there), CLAUSES)]
        version.canonical = crypto.canonical(text)
        version.content_hash = crypto.sha256_hex(version.canonical)
        for n in range(SUGGESTIONS):
            stood = there[n % len(there)]
            session.add(
                Suggestion(
                    pact_id=pact.id,
                    clause_id=stood["id"],
                    base_version=version.number,
                    side=("city", "community")[n % 2],
                    change={"text": WORDS},
                    row_before=stood,
                    row_after={**stood, "text": WORDS},
                    suggested_at=version.made_at,
                )
            )
