"""The key that signs the record: from the configuration, or made once by a demonstration for itself."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from portal import crypto
from portal.errors import Unready
from portal.record.notes import Signer, name_for
from portal.words import W

if TYPE_CHECKING:
    from pathlib import Path

    from config import Config

DEMO_FILE = "demo-record.key"
NO_KEY = W("The record cannot be signed: set PORTAL_RECORD_KEY to a random secret of its own.")


def signer_for(config: Config) -> Signer:
    """Return who signs this portal's record; refuses with Unready where there is no key."""
    secret = config.record_key
    if not secret and config.is_demo:
        secret = _made(config.data_dir / DEMO_FILE)
    if not secret:
        raise Unready(NO_KEY)
    return Signer(name_for(config.base_url), crypto.signing_seed(secret))


def _made(path: Path) -> str:
    """Return the key in the file, made where there is none; two processes at once make one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    if not path.exists():
        part.touch(mode=0o600)  # before there is anything in it to read
        part.write_text(crypto.new_token() + "\n", encoding="ascii")
        try:
            os.link(part, path)  # fails where somebody was faster, and never shows half a file
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return path.read_text(encoding="ascii").strip()
