"""The papers of the counter as frozen contexts: letters to be posted, the card to come back, the receipt."""

from portal.counter.papers.letters import LettersContext, OneLetter, letters

__all__ = ["LettersContext", "OneLetter", "letters"]
