"""The papers of a pact as frozen contexts: the agreement in two editions, the progress report, the plaque."""

from portal.documents.layout import to_sheet
from portal.pacts.papers.agreement import AgreementContext, Imprint, Party, Signature, agreement
from portal.pacts.papers.course import Course
from portal.pacts.papers.plaque import PlaqueContext, plaque
from portal.pacts.papers.progress import ProgressReportContext, progress_report
from portal.pacts.papers.reported import Deviation, Kept, Measured, Next, Period, Reported, Result, Used

__all__ = [
    "AgreementContext",
    "Course",
    "Deviation",
    "Imprint",
    "Kept",
    "Measured",
    "Next",
    "Party",
    "Period",
    "PlaqueContext",
    "ProgressReportContext",
    "Reported",
    "Result",
    "Signature",
    "Used",
    "agreement",
    "plaque",
    "progress_report",
    "to_sheet",
]
