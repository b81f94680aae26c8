"""The verbs of observations: periods, writing, answering, moderating."""

from portal.observations.actions.answering import answer, identify, judge
from portal.observations.actions.endorsing import endorse, fold, take_back
from portal.observations.actions.moderating import (
    contest,
    hide,
    publish,
    report,
    restore,
    settle_reports,
    uphold,
)
from portal.observations.actions.periods import end_period, extend_period, open_period
from portal.observations.actions.writing import Told, write

__all__ = [
    "Told",
    "answer",
    "contest",
    "end_period",
    "endorse",
    "extend_period",
    "fold",
    "hide",
    "identify",
    "judge",
    "open_period",
    "publish",
    "report",
    "restore",
    "settle_reports",
    "take_back",
    "uphold",
    "write",
]
