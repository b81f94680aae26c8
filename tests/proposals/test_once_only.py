"""What is known is not asked again, and however often a proposal is sent there is one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from portal import db
from portal.proposals import actions
from portal.proposals.models import Proposal
from portal.proposals.sections import Section, Status, status
from portal.record import Act, Did
from tests.proposals.steps import PRIVATE, PROFILE, begin, do, see, send

AT_ONCE = 20


def test_a_second_proposal_knows_who_proposes(client, database, cast):
    send(cast.rosa)
    client.sign_in("rosa@example.org")
    client.get("/en/propose")
    code = client.post("/en/propose", {"email": ""}).request.path.rpartition("/")[2]
    assert see(code, lambda p: status(p, Section.GROUP)) is Status.DONE
    client.get(f"/en/propose/{code}/group")
    for text in (*PRIVATE, "Pratello gardeners"):
        assert text in client.page
    changed = {
        "group_kind": "citizen",
        "contact_name": "Rosa",
        "contact_phone": "051 1",
        "contact_email": "",
        "is_adult": "yes",
    }
    client.post(f"/en/propose/{code}/group", changed)
    assert see(code, lambda p: (p.contact_name, p.contact_email)) == ("Rosa", "")


def test_what_was_typed_at_the_start_counts_more(database, cast):
    send(cast.rosa)
    with db.writing():
        second = actions.start(by=cast.rosa, profile=PROFILE, language="en", email="new@example.org").proposal
        assert second.contact_email == "new@example.org"
        assert second.contact_name == PRIVATE[0]


def test_a_draft_never_sent_and_somebody_else_s_are_no_source(database, cast):
    begin(cast.rosa)
    send(cast.rosa)
    with db.writing():
        assert actions.start(by=cast.eve, profile=PROFILE, language="en").proposal.contact_name == ""


def test_twenty_sendings_at_once_send_one(both, cast):
    code = begin(cast.rosa)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = list(pool.map(lambda _n: _send(code, cast.rosa), range(AT_ONCE)))
    assert outcomes == [""] * AT_ONCE
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Proposal)) == 1
        sent = select(func.count()).select_from(Act).where(Act.verb == Did.PROPOSAL_SUBMITTED)
        assert session.scalar(sent) == 1


def _send(code, by):
    try:
        do(code, lambda proposal: actions.submit(proposal, by=by))
    except Exception as error:
        return repr(error)
    return ""
