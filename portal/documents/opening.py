"""The tools of the papers as the configuration names them: the store, and the sealer with its certificate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from portal.documents.demo import DEMO_FILE, DEMO_PASSPHRASE
from portal.documents.store import FolderStore
from portal.errors import Unready
from portal.words import W

if TYPE_CHECKING:
    from portal.documents.seal import Sealer
    from portal.documents.store import Store


def store_for(url: str) -> Store:
    """Return the store of an address; refuses with Unready what this version cannot open."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        raise Unready(
            W("This version keeps papers in a folder: set PORTAL_STORE_URL to an address like file:///path.")
        )
    return FolderStore(Path(parts.path))


def sealer_for(seal_file: Path | None, passphrase: str, *, tsa_url: str, demo_dir: Path | None) -> Sealer:
    """Return the city's sealer; a demonstration without a certificate makes its own in its data folder."""
    # Loads what reads and signs PDF: a web process that checks no file goes without.
    from portal.documents.seal import Sealer, make_demo_certificate

    if seal_file is None and demo_dir is not None:
        made = demo_dir / DEMO_FILE
        return Sealer(
            made if made.exists() else make_demo_certificate(demo_dir), DEMO_PASSPHRASE, tsa_url=tsa_url
        )
    return Sealer(seal_file, passphrase, tsa_url=tsa_url)
