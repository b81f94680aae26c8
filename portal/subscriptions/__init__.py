"""When this happened, do that: who is told of which act, and who is reminded of what is due."""

from portal.subscriptions.reactions import react
from portal.subscriptions.reminders import remind
from portal.subscriptions.residences import remind_residents

__all__ = ["react", "remind", "remind_residents"]
