"""When this happened, do that: who is told of which act, and who is reminded of what is due."""

from portal.subscriptions.reactions import react
from portal.subscriptions.reminders import remind
from portal.subscriptions.residences import attend_residents, remind_residents

__all__ = ["attend_residents", "react", "remind", "remind_residents"]
