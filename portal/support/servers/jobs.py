"""What the worker does for servers: begin those that were promised, and send the messages that are due."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from portal import city, db
from portal.errors import WrongState
from portal.policy import SYSTEM
from portal.schedule.said import NOTHING, Said
from portal.support.models import Allocation
from portal.support.servers import actions, queries
from portal.support.servers.actions import messages
from portal.support.servers.posting import Automation

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Config
    from portal.schedule.actions import Run


def keep(run: Run, config: Config) -> Said:
    """Begin every server that was promised and send what is due; each again or by two does it once."""
    with db.reading() as session:
        unopened = [one.id for one in session.scalars(queries.unopened())]
    items: list[tuple[str, Callable[[], object]]] = [
        (f"begin {one}", partial(_begin, one, config.city)) for one in unopened
    ]
    items += messages.due(automation_of(config))
    return run.each(items) if items else NOTHING


def automation_of(config: Config) -> Automation:
    """Return the automation of the configuration."""
    return Automation(config.servers_url, config.servers_secrets, config.servers_networks)


def _begin(allocation_id: int, city_name: str) -> None:
    with db.writing() as session:
        allocation = session.get_one(Allocation, allocation_id, with_for_update=True)
        if session.scalar(queries.of_allocation(allocation_id)) is not None:
            return
        try:
            actions.begin(allocation, city.profile(city_name), by=SYSTEM)
        except WrongState:
            return  # given back in the meantime
