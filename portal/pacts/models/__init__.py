"""The tables of a pact: the pact and its parties, its texts and suggestions, its promises and reports."""

from portal.pacts.models.deciding import HeldDecision
from portal.pacts.models.desk import NO_DAY, Absence, DeskCalendar, DeskCase, DeskView
from portal.pacts.models.pacts import Agreement, Pact, Party, Signature
from portal.pacts.models.reports import KeptPromise, Promise, Report
from portal.pacts.models.texts import PactVersion, PrescriptionAnswer, Remark, Suggestion

__all__ = [
    "NO_DAY",
    "Absence",
    "Agreement",
    "DeskCalendar",
    "DeskCase",
    "DeskView",
    "HeldDecision",
    "KeptPromise",
    "Pact",
    "PactVersion",
    "Party",
    "PrescriptionAnswer",
    "Promise",
    "Remark",
    "Report",
    "Signature",
    "Suggestion",
]
