"""The verbs of residents, the only writers."""

from portal.residents.actions.standing import Proof, give, revoke, settle, withdraw

__all__ = ["Proof", "give", "revoke", "settle", "withdraw"]
