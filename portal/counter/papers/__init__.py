"""The papers of the counter as frozen contexts: letters to be posted, the card to come back, the receipt."""

from portal.counter.papers.letters import LettersContext, OneLetter, letters
from portal.counter.papers.slips import CARD, RECEIPT, SlipContext, slip

__all__ = ["CARD", "RECEIPT", "LettersContext", "OneLetter", "SlipContext", "letters", "slip"]
