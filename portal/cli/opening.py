"""Open the portal of this environment: configuration, database, and what hangs on them."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from config import Config, ConfigError
from portal import city, clock, crypto, db
from portal.app import create_app
from portal.city.living import live_by
from portal.cli import starting
from portal.residents import keys as residents

if TYPE_CHECKING:
    from portal.app import Portal
    from portal.db import Patience
    from portal.worker import Tools

# Lies in the data folder while a restore is at work, and stays where it did not end.
UNFINISHED_RESTORE = "restore-unfinished"


@dataclass(frozen=True)
class Opened:
    """A portal whose database is open."""

    config: Config

    @cached_property
    def app(self) -> Portal:
        """Return the web application."""
        return create_app(self.config)

    def tools(self) -> Tools:
        """Return what the jobs work with."""
        from portal.worker import Tools

        profile = city.profile(self.config.city)
        return Tools(self.config, city=profile.body, sender=profile.contact.mail)


def open_portal(*, starts: bool = False, patience: Patience = db.JOBS) -> Opened:
    """Read the environment and open the database; raises ConfigError with all faults.

    `starts` asks for all that a portal needs which serves people; `patience` is how long it waits.
    """
    config = Config.from_env(os.environ, starts=starts)
    faults = _faults_of_surroundings(config)
    if faults:
        raise ConfigError(faults)
    db.use(db.Database(config.database_url, replace(patience, connections=config.database_connections)))
    if starts and not config.is_demo and (found := starting.demonstration()):
        raise ConfigError([found])
    crypto.use_secret(config.secret_key, config.secret_key_fallbacks)
    residents.use(config)
    clock.set_offset(config.clock_offset)
    live_by(city.profile(config.city))
    return Opened(config)


def _faults_of_surroundings(config: Config) -> list[str]:
    found = []
    try:
        config.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        found.append(f"PORTAL_DATA_DIR: cannot make {config.data_dir} ({error.strerror}).")
    if (config.data_dir / UNFINISHED_RESTORE).exists():
        found.append(
            f"PORTAL_DATA_DIR: a restore into {config.data_dir} was begun and did not end: empty folder and"
            " database, then restore again."
        )
    try:
        city.profile(config.city)
    except city.ProfileFaulty as error:
        found += [f"PORTAL_CITY: {fault}" for fault in error.faults]
    return found
