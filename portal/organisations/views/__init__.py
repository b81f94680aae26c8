"""Pages of groups: registering, coming in, the members' room, mandates, and for whom one acts."""

from portal.organisations.views import acting, entering, joining, mandates, room
from portal.organisations.views.blueprint import organisations

__all__ = ["acting", "entering", "joining", "mandates", "organisations", "room"]
