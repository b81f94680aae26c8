"""`portal doctor`: one line for each thing the portal stands on, with what to do where it is not sound."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from config import ConfigError
from portal.cli.doctor import base, duties, machine, neighbours
from portal.cli.doctor.findings import Finding, Grade, Look, fault, of
from portal.cli.opening import open_portal

if TYPE_CHECKING:
    import argparse

    from portal.cli.opening import Opened


def add(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the word `doctor`."""
    doctor = words.add_parser("doctor", help="check everything the portal stands on, and say what to do")
    doctor.add_argument("--json", action="store_true", help="for a program")
    doctor.set_defaults(act=_doctor)


def _doctor(chosen: argparse.Namespace) -> int:
    try:
        found = examine(open_portal())
    except ConfigError as error:
        if not chosen.json:
            raise
        found = [fault("configuration", sentence) for sentence in error.faults]
    if chosen.json:
        print(json.dumps([one.as_json() for one in found], indent=1, ensure_ascii=False))
    else:
        print(*(one.line() for one in found), sep="\n")
    return 1 if any(one.grade is Grade.FAULT for one in found) else 0


def examine(opened: Opened) -> list[Finding]:
    """Look at everything, one thing after the other, whatever is wrong with the ones before."""
    config = opened.config
    looks: dict[str, Look] = {
        "configuration": partial(machine.configuration, config),
        "libraries": machine.libraries,
        "papers": partial(machine.papers, opened),
        "certificate": partial(machine.certificate, opened),
        "record key": partial(machine.record_key, config),
        "city profile": partial(machine.city_profile, config),
        "time zones": machine.time_zones,
        "storage": partial(machine.storage, config),
        "mail": partial(neighbours.mail, config),
        "redis": partial(neighbours.redis, config),
        "backups": partial(duties.backups, config),
        "database": base.reachable,
    }
    found = [one for name, look in looks.items() for one in of(look, name)]
    if any(one.name == "database" and one.grade is Grade.FAULT for one in found):
        return found
    deeper: dict[str, Look] = {
        "migrations": base.migrations,
        "record triggers": base.triggers,
        "rights": base.rights,
        "clock": base.clock,
        "worker": duties.worker,
        "jobs": duties.jobs,
    }
    return [*found, *(one for name, look in deeper.items() for one in of(look, name))]


__all__ = ["add", "examine"]
