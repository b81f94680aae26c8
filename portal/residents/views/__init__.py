"""The pages on which people show that they live here."""

from portal.residents.views import standing
from portal.residents.views.blueprint import residents

__all__ = ["residents", "standing"]
