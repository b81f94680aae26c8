"""The verbs of a pact, the only writers: opening, texts, agreements, signing, reports, later lives, desk."""

from portal.pacts import waiting
from portal.pacts.actions.agreements import agree, reopen
from portal.pacts.actions.answers import answer_suggestion, counter, remark, withdraw_suggestion
from portal.pacts.actions.deciding import (
    Prepared,
    against_publishing,
    give_up_decision,
    hold_decision,
    publish_decision,
    release_decision,
)
from portal.pacts.actions.desk import drop_view, end_absence, enter_absence, hand, keep_view, new_calendar
from portal.pacts.actions.lives import conclude, resume, suspend, terminate
from portal.pacts.actions.opening import open_from
from portal.pacts.actions.prescriptions import meet_prescription, not_follow_prescription
from portal.pacts.actions.reports import Outcome, ReportContent, return_report, send_report, validate_report
from portal.pacts.actions.sending import send_version
from portal.pacts.actions.signing import missing_for_signing, open_signing, sign
from portal.pacts.actions.texts import change_terms, suggest

# Whoever changes a case changes its row on the desk.
ROWS = waiting

__all__ = [
    "ROWS",
    "Outcome",
    "Prepared",
    "ReportContent",
    "against_publishing",
    "agree",
    "answer_suggestion",
    "change_terms",
    "conclude",
    "counter",
    "drop_view",
    "end_absence",
    "enter_absence",
    "give_up_decision",
    "hand",
    "hold_decision",
    "keep_view",
    "meet_prescription",
    "missing_for_signing",
    "new_calendar",
    "not_follow_prescription",
    "open_from",
    "open_signing",
    "publish_decision",
    "release_decision",
    "remark",
    "reopen",
    "resume",
    "return_report",
    "send_report",
    "send_version",
    "sign",
    "suggest",
    "suspend",
    "terminate",
    "validate_report",
    "withdraw_suggestion",
]
