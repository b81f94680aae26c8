"""The pages on which people show that they live here."""

from portal.residents.views import census, elsewhere, letter, standing
from portal.residents.views.blueprint import residents

__all__ = ["census", "elsewhere", "letter", "residents", "standing"]
