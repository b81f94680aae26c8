"""The tables of residents: who is known by a document, which account has the status, and contested ones."""

from portal.residents.models.conflicts import Conflict, Decision
from portal.residents.models.residencies import Residency, Resident, State, Way

__all__ = ["Conflict", "Decision", "Residency", "Resident", "State", "Way"]
