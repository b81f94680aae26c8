"""The task list of a draft: its sections, what there is to do in each, and how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for

from portal.proposals import particulars, sections
from portal.proposals.sections import Section, Status
from portal.words import W

if TYPE_CHECKING:
    from portal.proposals.models import Proposal

TASKS = {
    Section.WHAT: (("what", W("Say what you want to look after")),),
    Section.WHERE: (
        ("where", W("Say where it is")),
        ("particulars", W("Answer a few questions about it")),
    ),
    Section.GROUP: (("group", W("Tell us who takes part")),),
    Section.COMMITMENTS: (("commitments", W("Say what your group will do, and from when to when")),),
    Section.ASKS: (("asks", W("Ask for money, a server, legal help or something else")),),
    Section.FENCES: (("fences", W("Choose the promises that keep it open to all")),),
    Section.TOUCHED: (
        ("touched", W("Say who else lives with it or uses it")),
        ("photos", W("Add photos, if you have some")),
    ),
}


def task_sections(proposal: Proposal, *, photo_count: int) -> list[dict[str, Any]]:
    """Return the task list: a section, its tasks, how far each is, and last the sending."""
    found = [
        {
            "title": sections.TITLES[section],
            "tasks": [
                {
                    "label": label,
                    "href": url_for("proposals.question", code=proposal.code, page=page),
                    "status": _status(proposal, section, page, photo_count).value,
                    "hint": _hint(proposal, section, page),
                }
                for page, label in TASKS[section]
            ],
        }
        for section in Section
    ]
    return [*found, {"title": W("Check and send"), "tasks": [_sending(proposal)]}]


def _status(proposal: Proposal, section: Section, page: str, photo_count: int = 0) -> Status:
    whole = sections.status(proposal, section)
    if page == "photos":
        return Status.DONE if photo_count else Status.TODO
    if section is not Section.WHERE or whole is Status.BLOCKED:
        return whole
    is_begun = proposal.particulars is not None if page == "particulars" else whole is not Status.TODO
    if not is_begun:
        return Status.TODO
    return Status.DOING if _open_on(proposal, section, page) else Status.DONE


def _open_on(proposal: Proposal, section: Section, page: str) -> list[W]:
    if page == "particulars":
        return particulars.missing(proposal.kind, proposal.particulars)
    return sections.missing_place(proposal) if page == "where" else sections.missing(proposal, section)


def _hint(proposal: Proposal, section: Section, page: str) -> W | str:
    status = _status(proposal, section, page)
    if status is Status.BLOCKED:
        return W("First say what you want to look after: the questions depend on it.")
    return _open_on(proposal, section, page)[0] if status is Status.DOING else ""


def _sending(proposal: Proposal) -> dict[str, Any]:
    whole = sections.is_complete(proposal)
    return {
        "label": W("Check your answers and send"),
        "href": url_for("proposals.check", code=proposal.code),
        "status": "todo" if whole else "blocked",
        "hint": "" if whole else W("You can send when every section is completed."),
    }
