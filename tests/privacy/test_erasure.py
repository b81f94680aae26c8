"""Erasing somebody: what identifies goes from every table, what the law needs stays and says so, all else holds."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import JSON, Date, LargeBinary, String, insert, select

from portal import city, clock, db, models
from portal.db import UtcDateTime
from portal.documents.models import ReleasedFile
from portal.documents.refusals import NotStored
from portal.documents.store import FolderStore
from portal.errors import NotAllowed, NotFresh, WrongState
from portal.organisations import actions as organisations
from portal.organisations.models import Kind, Mandate, Membership
from portal.people import queries as people_queries
from portal.people.models import OpenSession, Person
from portal.policy import SYSTEM
from portal.privacy import actions, handing_out, jobs, queries, registry
from portal.privacy.registry import Erase
from portal.proposals.models import Proposal
from portal.record import Act, Did
from portal.record import actions as record
from portal.record.verifying import verify
from portal.schedule import actions as schedule
from tests.browser import Browser
from tests.pacts import journey
from tests.proposals.steps import begin, do, send

PROFILE = city.profile("bologna")
TIMES = queries.times_of(PROFILE)
CANARY = "zz-canary"


def person_of(name_or_id):
    return db.session().scalars(people_queries.by_id(name_or_id)).one()


def erase(person_id, by=SYSTEM):
    with db.writing():
        return actions.erase(person_of(person_id), times=TIMES, by=by)


def everything_there():
    """Return every value of every table as one text, without the record's own pseudonyms."""
    found = []
    with db.reading() as session:
        for table in models.metadata.sorted_tables:
            found += [str(tuple(row)) for row in session.execute(select(table))]
    return "\n".join(found)


KINDS = (
    (String, lambda column, number: f"{CANARY}-{number}"[: column.type.length or 40]),
    (JSON, lambda _column, number: {CANARY: number}),
    (LargeBinary, lambda _column, _number: CANARY.encode()),
    (UtcDateTime, lambda _column, _number: clock.now()),
    (Date, lambda _column, _number: date(2026, 1, 1)),
    (object, lambda _column, _number: 1),
)


def _value(column, number):
    if column.foreign_keys or column.name in {"id", "person_id"}:
        return 1
    return next(make for kind, make in KINDS if isinstance(column.type, kind))(column, number)


# A life that is over: no reason keeps anything.
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
SETTLED = {
    "proposal": {"state": "withdrawn", "code": "PR-2222-22"},
    "pact": {"state": "terminated", "ended_at": LONG_AGO, "signed_at": LONG_AGO},
    "person": {"erased_at": None, "suspended_at": None},
    "role_grant": {"until": LONG_AGO},
    "letter": {"subject_key": "proposal:PR-2222-22"},
    "payee": {"entered_at": LONG_AGO},
    "cost_line": {"spent_on": LONG_AGO.date()},
}


@pytest.fixture
def filled(database):
    """A row of one person in every registered table and in what these hang on, with a canary in each column."""
    needed = [registry.table(held) for held in registry.REGISTRY]
    names = {table.name for table in needed}
    for _ in range(4):
        names |= {
            key.column.table.name
            for name in names
            for column in models.metadata.tables[name].columns
            for key in column.foreign_keys
        }
    with db.writing() as session:
        session.connection().exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        for number, table in enumerate(one for one in models.metadata.sorted_tables if one.name in names):
            row = {column.name: _value(column, number) for column in table.columns}
            session.execute(insert(table).values(row | SETTLED.get(table.name, {})))
    return 1


def test_no_personal_column_of_any_table_survives(filled):
    with db.writing() as session:
        session.connection().exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        outcome = actions.erase(person_of(filled), times=TIMES, by=SYSTEM)
    found_by = {held.table for held in registry.REGISTRY if held.owner or held.case}
    # Sessions end before anything else.
    assert found_by - outcome.destroyed.keys() == {"open_session"}
    assert outcome.kept == []
    with db.reading() as session:
        for held in registry.REGISTRY:
            table = registry.table(held)
            erased = [one for one in registry.personal_columns(table) if one.name not in held.stays]
            rows = session.execute(select(*(erased or table.columns))).all()
            if held.table in found_by:
                assert CANARY not in str(rows), held.table
                assert held.erase is Erase.EMPTY or rows == []


def test_without_anything_to_keep_the_account_is_only_a_pseudonym(cast):
    rosa, code = cast.rosa, send(cast.rosa)
    do(code, lambda one: one.__setattr__("state", "withdrawn"))
    erase(rosa.person_id)
    text = everything_there()
    for told in ("Rosa Neri", "rosa@example.org", "Rosa Privata", "rosa.privata@example.org", "051 123 4567"):
        assert told not in text
    assert rosa.pseudonym in text
    assert "Courtyard garden" in text  # what was proposed in public stays


def test_of_a_draft_nothing_stays(cast):
    code = begin(cast.rosa)
    erase(cast.rosa.person_id)
    with db.reading() as session:
        assert session.scalars(select(Proposal).where(Proposal.code == code)).all() == []


def test_an_open_case_keeps_how_the_city_answers_and_says_so(cast):
    code = send(cast.rosa)
    outcome = erase(cast.rosa.person_id)
    assert {held.table for held, _ in outcome.kept} == {"proposal"}
    assert "still dealing with it" in str(outcome.kept[0][1].words)
    with db.reading() as session:
        proposal = session.scalars(select(Proposal).where(Proposal.code == code)).one()
        assert proposal.contact_name == "Rosa Privata"
        person = session.get_one(Person, proposal.person_id)
        assert (person.name, person.is_active) == (registry.GONE, False)


def _forget(store=None):
    with db.writing():
        run = schedule.claim("forgetting", clock.real().isoformat(), due_at=clock.now())
    assert run is not None
    jobs.forget(SimpleNamespace(config=SimpleNamespace(city="bologna"), store=store), run)


def _mandate(cast, name, file_hash):
    with db.writing() as session:
        group = organisations.found(f"Amici {name} {file_hash[:6]}", Kind.ASSOCIATION, by=SYSTEM)
        session.flush()
        made = Mandate(
            organisation_id=group.id,
            person_id=cast.person(name).id,
            scope="everything",
            media_type="application/pdf",
            starts_at=clock.now(),
            given_at=clock.now(),
            decided_by="Verbale del 3 marzo",
            file_hash=file_hash,
        )
        session.add(made)


def test_a_document_goes_from_the_store_with_the_last_row_that_names_it(cast, tmp_path):
    cast.person("rosa"), cast.person("teo")
    store = FolderStore(tmp_path)
    own, shared = store.put(b"own statute"), store.put(b"the same statute")
    _mandate(cast, "rosa", own)
    _mandate(cast, "rosa", shared)
    _mandate(cast, "teo", shared)
    erase(cast.person("rosa").id)
    _forget(store)
    assert store.read(own)  # somebody may be keeping the same bytes within this hour
    for path in tmp_path.rglob("*"):
        os.utime(path, (0, 0))
    _forget(store)
    with pytest.raises(NotStored):
        store.read(own)
    assert store.read(shared)
    erase(cast.person("teo").id)
    _forget(store)
    with pytest.raises(NotStored):
        store.read(shared)
    with db.reading() as session:
        assert session.scalars(select(ReleasedFile)).all() == []


def test_what_had_to_stay_goes_by_itself_when_its_reason_ends(cast, move_clock):
    code = send(cast.rosa)
    erase(cast.rosa.person_id)
    _forget()
    assert "Rosa Privata" in everything_there()
    do(code, lambda one: one.__setattr__("state", "lapsed"))
    _forget()
    assert "Rosa Privata" not in everything_there()
    _forget()


def test_a_signed_pact_names_who_signed_until_claims_are_over(cast, move_clock):
    pact = journey.signed(cast)
    outcome = erase(cast.rosa.person_id)
    assert {"signature", "party"} <= {held.table for held, _ in outcome.kept}
    with db.writing() as session:
        row = session.get_one(type(pact), pact.id)
        row.state, row.ended_at = "concluded", clock.now()
    move_clock(timedelta(days=TIMES.pact_days - 1))
    _forget()
    with db.reading():
        assert "Rosa Neri" in {one.signer_name for one in journey.reload(pact).signatures}
    move_clock(timedelta(days=3))
    _forget()
    with db.reading():
        assert registry.GONE in {one.signer_name for one in journey.reload(pact).signatures}


def test_the_record_still_verifies(cast):
    send(cast.rosa)
    erase(cast.rosa.person_id)
    with db.writing():
        while record.sequence():
            pass
    with db.reading() as session:
        act = session.scalars(select(Act).where(Act.verb == Did.PERSON_ERASED)).one()
        assert act.facts == {"kept": ["proposal"]}
    report = verify("")  # nothing is signed yet, so no key is asked for
    assert report.fault is None
    assert report.acts > 0


def test_nobody_stays_a_member_without_an_account(cast):
    rosa = cast.rosa.person_id
    with db.writing():
        organisations.found("Amici del fiume", Kind.INFORMAL_GROUP, by=cast.rosa, speaker=person_of(rosa))
    erase(rosa)
    with db.reading() as session:
        assert [one.until for one in session.scalars(select(Membership))] != [None]


def test_whoever_works_for_the_city_is_not_erased_before_their_roles_end(cast):
    with pytest.raises(WrongState, match="You work for the city"):
        erase(cast.giulia.person_id)


def test_nobody_erases_or_reads_somebody_else_and_the_act_asks_again_who_it_is(cast):
    rosa = cast.rosa.person_id
    for actor in (cast.eve, cast.fresh("eve"), cast.fresh("giulia"), cast.fresh("nuria")):
        with pytest.raises(NotAllowed):
            erase(rosa, by=actor)
        with pytest.raises(NotAllowed), db.writing():
            handing_out.my_data(person_of(rosa), times=TIMES, language="en", by=actor)
    with pytest.raises(NotFresh):
        erase(rosa, by=cast.rosa)
    erase(rosa, by=cast.fresh("rosa"))
    with pytest.raises(WrongState, match="erased already"):
        erase(rosa)


def test_twice_at_once_is_once(both, cast):
    rosa = cast.rosa.person_id

    def once(_number):
        try:
            return erase(rosa)
        except WrongState:
            return None

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(once, range(4)))
    assert sum(one is not None for one in outcomes) == 1
    with db.reading() as session:
        assert len(session.scalars(select(Act).where(Act.verb == Did.PERSON_ERASED)).all()) == 1


def test_an_address_without_account_is_found_and_erased(cast):
    code = begin(cast.eve)
    do(code, lambda one: one.__setattr__("person_id", None))
    do(code, lambda one: one.__setattr__("contact_email", "nobody@example.org"))
    with db.writing():
        found = handing_out.address_data(" Nobody@example.org ", times=TIMES, by=SYSTEM)
        assert code in json.dumps(found)
        actions.erase_address("nobody@example.org", times=TIMES, by=SYSTEM)
    assert "nobody@example.org" not in everything_there()


def test_the_page_shows_hands_out_and_erases(app, cast):
    send(cast.rosa)
    rosa = Browser(app)
    rosa.sign_in("rosa@example.org")
    rosa.get("/en/account/privacy")
    assert "How the city reaches you about a proposal" in rosa.page
    answer = rosa.post("/en/account/privacy/download", rosa.confirm())
    assert answer.mimetype == "application/json"
    told = json.loads(answer.data)
    assert "Rosa Privata" in answer.get_data(as_text=True)
    assert {"person", "proposal"} <= {part["table"] for part in told["kept"]}
    assert "argon2" not in answer.get_data(as_text=True)
    assert "_hash" not in answer.get_data(as_text=True)
    rosa.get("/en/account/privacy/erasure")
    assert "still dealing with it" in rosa.page
    rosa.post("/en/account/privacy/erasure", rosa.confirm())
    assert "Your account is erased" in rosa.page
    assert rosa.get("/en/account", follow=False).status_code == 303
    rosa.sign_in("rosa@example.org")
    assert "Your account" not in rosa.page
    with db.reading() as session:
        assert session.scalars(select(OpenSession).where(OpenSession.person_id.is_not(None))).all() == []


def test_a_stranger_is_led_to_sign_in_and_an_official_is_told_why_not(app, client, cast):
    assert client.get("/en/account/privacy", follow=False).status_code == 303
    client.get("/en/sign-in")
    for verb in ("download", "erasure"):
        answer = client.post(f"/en/account/privacy/{verb}", follow=False)
        assert answer.status_code == 403, verb
        assert "Sign in first" in client.page
    giulia = Browser(app)
    giulia.sign_in("giulia@city.example")
    giulia.get("/en/account/privacy/erasure")
    assert "Ask an administrator to end your roles first" in giulia.page
    answer = giulia.post("/en/account/privacy/erasure", giulia.confirm("giulia@city.example"))
    assert answer.status_code == 422
