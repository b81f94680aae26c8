"""Others like one's own are shown before a draft goes on; joining one tells its group and nobody else."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from portal import clock, db
from portal.errors import WrongState
from portal.notices.models import Message
from portal.proposals import actions
from portal.proposals.models import JoinRequest
from portal.proposals.shapes import What, Where
from portal.record import actions as record
from portal.schedule import actions as schedule
from portal.subscriptions import reactions
from tests.browser import Browser
from tests.pacts import journey
from tests.proposals.steps import PRIVATE, begin, do, see, send

NEAR = Where(address="Via del Pratello 92", latitude_e6=44_495_100, longitude_e6=11_333_200)
FAR = Where(address="Via Arno", latitude_e6=44_457_500, longitude_e6=11_381_500)
WORDS = {"message": "Two of us would help on Saturdays.", "contact": "nina@example.net"}


@pytest.fixture
def cast(cast):
    cast.person("nina")
    return cast


def react() -> None:
    """Tell everybody concerned of what happened."""
    with db.writing():
        record.sequence()
    with db.writing():
        run = schedule.claim("reactions", clock.real().isoformat(), due_at=clock.now())
    assert run is not None
    reactions.react(run, base_url="https://x.example")


def drafted(cast, where=NEAR, title="Orchard behind the school", kind="place"):
    code = begin(cast.nina, whole=False)
    do(code, lambda p: actions.save_what(p, What(kind, title, "Fruit for the street."), by=cast.nina))
    do(code, lambda p: actions.save_where(p, where, by=cast.nina))
    return code


def test_what_lies_near_is_shown_once_before_going_on(client, database, cast):
    near, code = send(cast.rosa), drafted(cast)
    client.sign_in("nina@example.org")
    client.get(f"/en/propose/{code}/where")
    answer = client.post(
        f"/en/propose/{code}/where",
        {"address": "Via del Pratello 92", "latitude": "44.4951", "longitude": "11.3332"},
    )
    assert answer.request.path == f"/en/propose/{code}/others"
    assert near in client.page
    assert "metres away" in client.page
    assert not [text for text in PRIVATE if text in client.page]
    answer = client.post(f"/en/propose/{code}/others")
    assert answer.request.path == f"/en/propose/{code}/particulars"
    client.get(f"/en/propose/{code}/where")
    answer = client.post(f"/en/propose/{code}/where", {"address": "Via del Pratello 92"})
    assert answer.request.path != f"/en/propose/{code}/others"


def test_the_page_is_skipped_where_nothing_is_found(client, database, cast):
    code = drafted(cast, FAR)
    client.sign_in("nina@example.org")
    client.get(f"/en/propose/{code}/where")
    answer = client.post(f"/en/propose/{code}/where", {"address": "Via Arno"})
    assert answer.request.path == f"/en/propose/{code}/particulars"


def test_one_s_own_drafts_and_what_is_over_are_never_shown(client, database, cast):
    mine = send(cast.nina)
    draft_of_another = begin(cast.rosa)
    withdrawn = send(cast.rosa)
    do(withdrawn, lambda p: actions.withdraw(p, by=cast.rosa))
    code = drafted(cast, title="Courtyard garden for all")
    client.sign_in("nina@example.org")
    client.get(f"/en/propose/{code}/others")
    for other in (mine, draft_of_another, withdrawn):
        assert other not in client.page
    assert "We found nothing like your proposal" in client.page


def test_words_find_what_lies_elsewhere_and_what_became_a_pact(client, database, cast):
    with db.writing():
        pact = journey.accepted(cast, "software", title="Shared deliveries by bicycle")
    code = drafted(cast, Where(about="Routes"), title="Deliveries by bicycle, shared", kind="software")
    client.sign_in("nina@example.org")
    client.get(f"/en/propose/{code}/others")
    assert pact.code in client.page
    assert pact.proposal_code not in client.page


def test_joining_tells_the_group_what_was_written_and_no_more(client, database, cast):
    near, code = send(cast.rosa), drafted(cast)
    client.sign_in("nina@example.org")
    client.get(f"/en/propose/{code}/others/{near}")
    client.post(f"/en/propose/{code}/others/{near}", WORDS)
    assert "We tell the group" in client.page
    assert not [text for text in PRIVATE if text in client.page]
    react()
    with db.reading() as session:
        (told,) = session.scalars(select(Message).where(Message.event == "E14")).all()
    assert told.person_id == cast.rosa.person_id
    assert WORDS["message"] in told.body
    assert WORDS["contact"] in told.body
    assert "nina@example.org" not in told.body
    assert code not in told.body


def test_joining_a_pact_tells_its_group(client, database, cast):
    with db.writing():
        pact = journey.accepted(cast, "software", title="Shared deliveries by bicycle")
    code = drafted(cast, Where(about="Routes"), title="Deliveries by bicycle, shared", kind="software")
    client.sign_in("nina@example.org")
    client.get(f"/en/propose/{code}/others/{pact.code}")
    client.post(f"/en/propose/{code}/others/{pact.code}", WORDS)
    react()
    with db.reading() as session:
        told = select(Message.person_id).where(Message.event == "E14", Message.link.contains(pact.code))
        assert session.scalars(told).all() == [cast.rosa.person_id]


@pytest.mark.parametrize(
    ("field", "said"), [("message", "Write a few words"), ("contact", "how the group can answer")]
)
def test_what_cannot_be_answered_is_not_sent(client, database, cast, field, said):
    near, code = send(cast.rosa), drafted(cast)
    client.sign_in("nina@example.org")
    client.get(f"/en/propose/{code}/others/{near}")
    assert client.post(f"/en/propose/{code}/others/{near}", {**WORDS, field: " "}).status_code == 422
    assert said in client.page
    assert count() == 0


def count() -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(JoinRequest)) or 0


def test_a_group_is_asked_once(both, cast):
    near, code = send(cast.rosa), drafted(cast)
    do(code, lambda p: actions.ask_to_join(p, f"proposal:{near}", "Hello", "051 1", by=cast.nina))
    with pytest.raises(WrongState):
        do(code, lambda p: actions.ask_to_join(p, f"proposal:{near}", "Hello", "051 1", by=cast.nina))
    assert count() == 1


def test_only_what_was_shown_can_be_written_to(client, database, cast):
    code = drafted(cast, FAR)
    hidden = begin(cast.rosa)
    client.sign_in("nina@example.org")
    client.get(f"/en/propose/{code}/others")
    for other in (hidden, code, "BO-2026-999", "x"):
        assert client.post(f"/en/propose/{code}/others/{other}", WORDS).status_code == 404
    assert count() == 0


def test_many_requests_from_one_place_run_into_a_limit(client, database, cast):
    code = drafted(cast, FAR)
    client.sign_in("nina@example.org")
    client.get(f"/en/propose/{code}/others")
    statuses = {client.post(f"/en/propose/{code}/others/x", WORDS).status_code for _ in range(12)}
    assert statuses == {404, 429}


def test_an_outsider_sees_nobody_s_others(client, database, cast):
    send(cast.rosa)
    code = drafted(cast)
    stranger = Browser(client.app)
    assert stranger.get(f"/en/propose/{code}/others").status_code == 404
    assert stranger.post(f"/en/propose/{code}/others").status_code == 404
    assert "others" not in see(code, lambda p: p.saved_sections)
