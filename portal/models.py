"""All tables in one place, for migrations and tests; importing this loads every feature's models."""

from __future__ import annotations

from portal.commons import models as commons
from portal.counter import models as counter
from portal.db import Base
from portal.documents import models as documents
from portal.fences import models as fences
from portal.notices import models as notices
from portal.notices.letters import models as letters
from portal.observations import models as observations
from portal.organisations import models as organisations
from portal.pacts import models as pacts
from portal.pacts.meetings import models as meetings
from portal.people import models as people
from portal.proposals import models as proposals
from portal.record import models as record
from portal.residents import models as residents
from portal.schedule import models as schedule
from portal.search import models as search
from portal.support import models as support
from portal.support.checks import models as support_checks
from portal.support.legal import models as legal
from portal.support.payments import models as payments
from portal.support.servers import models as servers
from portal.support.spaces import models as spaces

metadata = Base.metadata


def is_described(name: str | None, _kind: str, _parents: object) -> bool:
    """Say whether the models describe this table, column or index; the search's own index they do not."""
    return not search.is_index(name)


__all__ = [
    "commons",
    "counter",
    "documents",
    "fences",
    "is_described",
    "legal",
    "letters",
    "meetings",
    "metadata",
    "notices",
    "observations",
    "organisations",
    "pacts",
    "payments",
    "people",
    "proposals",
    "record",
    "residents",
    "schedule",
    "search",
    "servers",
    "spaces",
    "support",
    "support_checks",
]
