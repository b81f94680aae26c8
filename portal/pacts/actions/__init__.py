"""The verbs of a pact, the only writers: opening, texts, agreements, signing, reports, later lives."""

from portal.pacts.actions.agreements import agree, reopen
from portal.pacts.actions.lives import conclude, resume, suspend, terminate
from portal.pacts.actions.opening import open_from
from portal.pacts.actions.reports import Outcome, ReportContent, return_report, send_report, validate_report
from portal.pacts.actions.signing import missing_for_signing, open_signing, sign
from portal.pacts.actions.texts import answer_suggestion, change_terms, suggest, withdraw_suggestion

__all__ = [
    "Outcome",
    "ReportContent",
    "agree",
    "answer_suggestion",
    "change_terms",
    "conclude",
    "missing_for_signing",
    "open_from",
    "open_signing",
    "reopen",
    "resume",
    "return_report",
    "send_report",
    "sign",
    "suggest",
    "suspend",
    "terminate",
    "validate_report",
    "withdraw_suggestion",
]
