"""The city's desk: what waits, by urgency; one case whole, in parts; and the officer's verbs on a pact."""

from portal.pacts.desk import absences, case, deciding, handing, keeping, table, verbs
from portal.pacts.desk.doors import pacts_desk

__all__ = ["absences", "case", "deciding", "handing", "keeping", "pacts_desk", "table", "verbs"]
