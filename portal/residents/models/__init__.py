"""The tables of residents: who is known by a document, which account has the status, and the census."""

from portal.residents.models.census import CensusEntry, CensusFile
from portal.residents.models.conflicts import Conflict, Decision
from portal.residents.models.letters import CodeLetter
from portal.residents.models.residencies import Residency, Resident, State, Way

__all__ = [
    "CensusEntry",
    "CensusFile",
    "CodeLetter",
    "Conflict",
    "Decision",
    "Residency",
    "Resident",
    "State",
    "Way",
]
