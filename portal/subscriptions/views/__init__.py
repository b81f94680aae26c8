"""Pages on which people follow something, choose how often they hear of it, and stop."""

from portal.subscriptions.views import account, offering, reader
from portal.subscriptions.views.blueprint import following
from portal.subscriptions.views.stopping import stopping

__all__ = ["account", "following", "offering", "reader", "stopping"]
