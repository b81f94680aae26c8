"""What the machine brings along: settings, libraries, typefaces, certificate, time zones, disks."""

from __future__ import annotations

import importlib
import os
import shutil
import sqlite3
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config import Config, ConfigError
from portal import city
from portal import clock as clocks
from portal.cli.doctor.findings import Finding, fault, good, warning
from portal.documents import checking
from portal.documents.opening import sealer_for, store_for
from portal.operations.backups.databases import sqlite_path
from portal.operations.backups.files import folder_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.cli.opening import Opened
    from portal.documents.seal import Sealer

EXPIRES_SOON = timedelta(days=60)
LITTLE_BYTES, TOO_LITTLE_BYTES = 2 << 30, 200 << 20
PANGO = (
    "Papers cannot be drawn: install Pango (Debian, Ubuntu: apt install libpango-1.0-0 libpangoft2-1.0-0)."
)
# SQLite's journal needs memory that all processes share: no network disk has that.
NETWORK_DISKS = ("nfs", "cifs", "smb", "fuse.sshfs", "9p", "ceph", "glusterfs")


def configuration(config: Config) -> Iterator[Finding]:
    """Say what would keep this configuration from serving people, though the command can use it."""
    try:
        Config.from_env(os.environ, starts=True)
    except ConfigError as error:
        yield from (fault("configuration", sentence) for sentence in error.faults)
    else:
        yield good("configuration", f"{config.mode}, {config.city}, {config.base_url}")


def libraries() -> Iterator[Finding]:
    """Load what draws and seals papers."""
    try:
        importlib.import_module("portal.documents.drawing")
    except (OSError, ImportError) as error:
        yield fault("libraries", f"{PANGO} ({error})")
        return
    names = ("weasyprint", "pyhanko", "cryptography", "sqlalchemy")
    yield good("libraries", ", ".join([*(f"{one} {version(one)}" for one in names), _sqlite()]))


def _sqlite() -> str:
    return f"SQLite {sqlite3.sqlite_version}"


def papers(opened: Opened) -> Iterator[Finding]:
    """Say whether papers could be issued now: typefaces, certificate, store."""
    config = opened.config
    missing = checking.papers(_sealer(config), store_for(config.store_url))
    yield (
        fault("papers", missing) if missing else good("papers", "typefaces, certificate and store are there")
    )


def _sealer(config: Config) -> Sealer:
    return sealer_for(
        config.seal_file,
        config.seal_passphrase,
        tsa_url=config.tsa_url,
        demo_dir=config.data_dir if config.is_demo else None,
    )


def certificate(opened: Opened) -> Iterator[Finding]:
    """Say until when the seal's certificate holds, and whether its key belongs to it."""
    found = _sealer(opened.config).certificate()
    left = found.until - clocks.real()
    said = f"{found.name}, until {found.until:%Y-%m-%d}"
    if not found.is_own_key:
        yield fault("certificate", f"{said}: the key beside it belongs to another. Export both again.")
    elif left <= timedelta(0):
        yield fault("certificate", f"{said}: it has expired, papers wait. Put the renewed one in its place.")
    elif left <= EXPIRES_SOON:
        yield warning("certificate", f"{said}: {left.days} days left. Ask for the next one now.")
    else:
        yield good("certificate", said)


def record_key(config: Config) -> Iterator[Finding]:
    """Say whether the record can be signed."""
    if config.record_key:
        yield good("record key", "set")
    elif config.is_demo:
        yield good("record key", "a demonstration makes its own")
    else:
        yield fault("record key", "PORTAL_RECORD_KEY is not set: the record cannot be signed.")


def city_profile(config: Config) -> Iterator[Finding]:
    """Name every fault of the city's profile."""
    faults = city.check(config.city)
    yield fault("city profile", "; ".join(faults)) if faults else good("city profile", config.city)


def time_zones() -> Iterator[Finding]:
    """Say whether the city's clock can be told."""
    zone = str(clocks.zone())
    try:
        ZoneInfo(zone)
    except ZoneInfoNotFoundError:
        yield fault("time zones", f"{zone} is unknown here: install the package tzdata.")
    else:
        yield good("time zones", f"{zone}, tzdata {version('tzdata')}")


def storage(config: Config) -> Iterator[Finding]:
    """Say whether the folders can be written, have room, and stand on a disk that fits them."""
    for name, folder in _folders(config).items():
        yield _folder(name, folder)
    if not config.is_demo and config.data_dir.stat().st_mode & 0o007:
        yield warning("storage", f"{config.data_dir} can be read by everybody on this machine: chmod o-rwx.")
    kind = _disk(config.data_dir)
    if config.database_url.startswith("sqlite") and kind.startswith(NETWORK_DISKS):
        yield fault(
            "storage", f"SQLite on a network disk ({kind}) loses writes: use a local disk or PostgreSQL."
        )


def _folders(config: Config) -> dict[str, Path]:
    found = {"data folder": config.data_dir, "store": folder_of(config.store_url)}
    if config.database_url.startswith("sqlite"):
        found["database folder"] = sqlite_path(config.database_url).parent
    if config.backup_dir:
        found["backup folder"] = config.backup_dir
    return found


def _folder(name: str, folder: Path) -> Finding:
    there = folder
    while not there.exists():  # made when it is first needed
        there = there.parent
    if not os.access(there, os.W_OK | os.X_OK):
        return fault(name, f"{folder} cannot be written: give it to the user that the portal runs as.")
    free = shutil.disk_usage(there).free
    said = f"{folder}, {free >> 20} MiB free"
    if free < TOO_LITTLE_BYTES:
        return fault(name, f"{said}: make room now.")
    return warning(name, f"{said}: make room soon.") if free < LITTLE_BYTES else good(name, said)


def _disk(folder: Path) -> str:
    """Return the kind of the file system a folder stands on, empty where the machine does not tell."""
    try:
        rows = [line.split()[1:3] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    except OSError:
        return ""
    over = [(at, kind) for at, kind in rows if folder.is_relative_to(at)]
    return max(over, key=lambda row: len(row[0]))[1] if over else ""
