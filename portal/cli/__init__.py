"""The `portal` command."""

from portal.cli.main import main
from portal.cli.opening import open_portal

__all__ = ["main", "open_portal"]
