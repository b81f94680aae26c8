"""The portal's keys in a backup: left out, sealed under a passphrase, or in clear for a demonstration."""

from __future__ import annotations

import base64
import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal import crypto
from portal.documents.demo import DEMO_FILE
from portal.operations.backups.bytes import write_new
from portal.operations.backups.manifest import BackupFailed
from portal.record.keys import DEMO_FILE as RECORD_FILE

if TYPE_CHECKING:
    from config import Config

IN_CLEAR, SEALED = "keys.json", "keys.sealed"
SHORTEST_PASSPHRASE = 12
# What a demonstration makes for itself in its data folder.
MADE = (DEMO_FILE, RECORD_FILE)
_MARK = "backup"


class Policy(StrEnum):
    """What becomes of the keys."""

    INCLUDE = "include"
    EXCLUDE = "exclude"
    SEALED = "sealed"


def usual(config: Config) -> Policy:
    """Return the policy where nobody chose one: a demonstration's keys protect nothing."""
    if config.is_demo:
        return Policy.INCLUDE
    return Policy.SEALED if config.backup_passphrase else Policy.EXCLUDE


def mark() -> str:
    """Return what tells the process's secret key from another without telling it."""
    return crypto.keyed_hash(_MARK, _MARK)


def put(config: Config, policy: Policy, passphrase: str, folder: Path) -> list[str]:
    """Write the keys into the backup as the policy says, and return the names of what was written.

    BackupFailed where the passphrase is too short or a key file cannot be read.
    """
    if policy is Policy.EXCLUDE:
        return []
    held = _held(config)
    content = json.dumps(held, indent=1, sort_keys=True).encode()
    if policy is Policy.INCLUDE:
        write_new(folder / IN_CLEAR, content)
        return _names(held)
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise BackupFailed(
            f"Sealing the keys needs a passphrase of {SHORTEST_PASSPHRASE} characters or more"
            " (--passphrase-file, or PORTAL_BACKUP_PASSPHRASE)."
        )
    write_new(folder / SEALED, crypto.lock(content, passphrase))
    return _names(held)


def _names(held: dict[str, dict[str, str]]) -> list[str]:
    return sorted([*held["settings"], *held["files"]])


def _held(config: Config) -> dict[str, dict[str, str]]:
    settings = {
        "SECRET_KEY": config.secret_key,
        "SECRET_KEY_FALLBACKS": " ".join(config.secret_key_fallbacks),
        "RESIDENTS_KEY": config.residents_key,
        "RESIDENTS_KEY_FALLBACKS": " ".join(config.residents_key_fallbacks),
        "SEAL_PASSPHRASE": config.seal_passphrase,
        "RECORD_KEY": config.record_key,
        "OIDC_CLIENT_SECRET": config.oidc_client_secret,
        "MAIL_URL": config.mail_url,
    }
    made = [config.data_dir / name for name in MADE] if config.is_demo else []
    files = [path for path in made if path.is_file()] + ([config.seal_file] if config.seal_file else [])
    return {
        "settings": {f"PORTAL_{name}": value for name, value in settings.items() if value},
        "files": {path.name: _encoded(path) for path in files},
    }


def _encoded(path: Path) -> str:
    try:
        return base64.b64encode(path.read_bytes()).decode()
    except OSError as error:
        raise BackupFailed(f"The key file {path} cannot be read ({error.strerror}).") from error


def opened(folder: Path, passphrase: str) -> dict[str, dict[str, str]]:
    """Return the keys of a backup, nothing where it has none; BackupFailed where the passphrase is wrong."""
    if (folder / IN_CLEAR).is_file():
        return _parsed((folder / IN_CLEAR).read_bytes())
    if not (folder / SEALED).is_file():
        return {"settings": {}, "files": {}}
    content = crypto.unlock((folder / SEALED).read_bytes(), passphrase)
    if content is None:
        raise BackupFailed("The passphrase does not open the backup's keys.")
    return _parsed(content)


def _parsed(content: bytes) -> dict[str, dict[str, str]]:
    found: Any = json.loads(content)
    return {"settings": dict(found["settings"]), "files": dict(found["files"])}


def lay(held: dict[str, dict[str, str]], config: Config) -> list[Path]:
    """Put the key files into the data folder, and the settings beside them; return what was written."""
    written = []
    private = config.data_dir / "keys"
    for name, content in held["files"].items():
        folder = config.data_dir if name in MADE else private
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A name that a stranger chose must not lead out of the folder.
        write_new(folder / Path(name).name, base64.b64decode(content))
        written.append(folder / Path(name).name)
    if held["settings"] and not config.is_demo:
        private.mkdir(mode=0o700, exist_ok=True)
        lines = "".join(f"{name}={value}\n" for name, value in sorted(held["settings"].items()))
        write_new(private / "settings.env", lines.encode())
        written.append(private / "settings.env")
    return written
