"""The forms with which officers judge and offices advise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask_wtf.file import FileField
from wtforms import BooleanField, FieldList, FormField, HiddenField
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError

from portal.city import HIGHEST_SCORE, Criterion
from portal.people.forms import is_address
from portal.proposals.assessment.actions.judging import LONGEST
from portal.proposals.assessment.actions.notes import LONGEST as LONGEST_NOTE
from portal.proposals.assessment.actions.opinions import (
    AT_CLAUSE,
    LONGEST_PRESCRIPTION,
    LONGEST_QUESTION,
    MOST_PRESCRIPTIONS,
)
from portal.proposals.assessment.prescriptions import clauses_for
from portal.proposals.assessment.rules import OUTCOME_WORDS
from portal.proposals.forms import fields
from portal.proposals.profiles import profile_of
from portal.proposals.shapes import LONGEST_TEXT
from portal.web import Form
from portal.words import W

if TYPE_CHECKING:
    from portal.proposals.models import Proposal

# So many rows for prescriptions are on the page at first, and come with each press for more.
BLANK_ROWS, MORE = 3, "more"
_WHICH_CLAUSE = W("For which clause of the text")
_NO_CLAUSE = W("No clause: for the whole text")
NONE, SOME = "none", "some"
INTERESTS = [
    (NONE, W("I have no conflict of interest in this case")),
    (SOME, W("I have one, so a colleague must look at it")),
]


def _is_address(form: Any, field: Any) -> None:
    if field.data:
        is_address(form, field)


class InterestForm(Form):
    """Whether there is a conflict of interest, and which."""

    interest = fields.choice(W("Your statement"), INTERESTS, W("Say whether you have a conflict of interest"))
    which = fields.text(W("Which one, if there is one"), LONGEST)


class ScoresForm(Form):
    """A score and a reason for each criterion; made by `scores_form`."""

    criteria: tuple[Criterion, ...] = ()
    finish = BooleanField(W("The assessment is finished"))

    def found(self) -> dict[str, tuple[int | None, str]]:
        """Return (score, reason) by criterion."""
        return {
            one.id: (
                int(self[f"score_{one.id}"].data) if self[f"score_{one.id}"].data else None,
                self[f"reason_{one.id}"].data or "",
            )
            for one in self.criteria
        }


def scores_form(criteria: tuple[Criterion, ...], kept: Mapping[str, Any], language: str) -> ScoresForm:
    """Return the form of a city's criteria, with what was saved last."""
    made: dict[str, Any] = {"criteria": criteria}
    typed: dict[str, Any] = {}
    for one in criteria:
        choices = [
            (str(score), f"{score} – {one.scale[score][language]}") for score in range(HIGHEST_SCORE + 1)
        ]
        made[f"score_{one.id}"] = fields.choice(W(one.question[language]), choices)
        made[f"reason_{one.id}"] = fields.text(W("Reason"), LONGEST)
        row = kept.get(one.id) or {}
        typed[f"score_{one.id}"] = "" if row.get("score") is None else str(row["score"])
        typed[f"reason_{one.id}"] = row.get("reason", "")
    form: ScoresForm = type("ScoresForm", (ScoresForm,), made)(data=typed)
    return form


class AskForm(Form):
    """A question to an office."""

    office = fields.choice(W("Which office"), [], W("Choose an office"))
    question = fields.text(W("What do you want to know?"), LONGEST_QUESTION, W("Write what you want to know"))
    address = fields.line(W("Address of somebody outside, who has no account here"), 254, None, _is_address)


class AddressForm(Form):
    """Where a new link goes."""

    address = fields.line(
        W("Address for a new link"), 254, W("Enter an e-mail address, like anna@example.org"), _is_address
    )


class GoOnForm(Form):
    """Why the city goes on without an opinion or against it."""

    went_on_because = fields.text(W("Why the city goes on"), LONGEST_TEXT, W("Say why the city goes on"))


class PrescriptionRow(PlainForm):
    """One prescription, and the clause it is for, where it is for one."""

    words = fields.text(W("What must be observed"), LONGEST_PRESCRIPTION)
    clause = fields.pick(_WHICH_CLAUSE, [])

    class Meta(Form.Meta):
        """The token stands once, in the form around it."""

        csrf = False

    def validate_words(self, field: Any) -> None:
        """Refuse a clause without a word on it beside the row."""
        if self.clause.data and not field.data:
            raise ValidationError(str(AT_CLAUSE))


class OpinionForm(Form):
    """What an office says; made with the clauses it can name by `opinion_form`."""

    outcome = fields.choice(
        W("What does your office say?"), [(str(key), words) for key, words in OUTCOME_WORDS.items()]
    )
    reason = fields.text(W("Reasons"), LONGEST_TEXT)
    prescriptions = FieldList(FormField(PrescriptionRow), max_entries=MOST_PRESCRIPTIONS)
    document = FileField(W("A PDF with the whole opinion"))
    # What was chosen before, sealed, while the form comes back for more rows or with a fault.
    kept = HiddenField()
    kept_file: Any = None
    interest = fields.choice(
        W("Have you a conflict of interest?"), INTERESTS, W("Say whether you have a conflict of interest")
    )
    which = fields.text(W("Which one, if there is one"), LONGEST)


class OutsideOpinionForm(OpinionForm):
    """The same from somebody without an account."""

    name = fields.line(W("Your name and office"), 120)


def opinion_form(
    base: type[OpinionForm], proposal: Proposal, language: str, *, typed: bool = True
) -> OpinionForm:
    """Return the form with the clauses that a prescription on this proposal can name, and some empty rows."""
    found = clauses_for(profile_of(proposal), proposal.kind)
    offered = [("", _NO_CLAUSE), *((one.id, one.heading[language]) for one in found)]
    row = type("PrescriptionRow", (PrescriptionRow,), {"clause": fields.pick(_WHICH_CLAUSE, offered)})
    rows = FieldList(FormField(row), min_entries=BLANK_ROWS, max_entries=MOST_PRESCRIPTIONS)
    kind: type[OpinionForm] = type(base.__name__, (base,), {"prescriptions": rows})
    return kind() if typed else kind(formdata=None)


def add_rows(form: OpinionForm) -> None:
    """Give room for more prescriptions."""
    for _ in range(min(BLANK_ROWS, MOST_PRESCRIPTIONS - len(form.prescriptions))):
        form.prescriptions.append_entry()


class PreferForm(Form):
    """Which of several proposals is preferred, and why."""

    preferred = fields.choice(W("Which one is preferred?"), [], W("Choose the one that is preferred"))
    reason = fields.text(W("Public reason"), LONGEST_TEXT, W("Give the reason that everybody will read"))


class NoteForm(Form):
    """A note for colleagues, and one of them to be told."""

    words = fields.text(W("Note"), LONGEST_NOTE, W("Write the note"))
    mention = fields.pick(W("Tell a colleague"), [])
