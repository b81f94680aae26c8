"""The verbs of the counter: meet a person, help for half an hour, keep what was signed, connect."""

from portal.counter.actions.connecting import connect, offer_connection
from portal.counter.actions.helping import begin, end_overdue, finish
from portal.counter.actions.people import find_by_case, find_by_name, how_to_reach, meet, recognise
from portal.counter.actions.scans import keep_scan

__all__ = [
    "begin",
    "connect",
    "end_overdue",
    "find_by_case",
    "find_by_name",
    "finish",
    "how_to_reach",
    "keep_scan",
    "meet",
    "offer_connection",
    "recognise",
]
