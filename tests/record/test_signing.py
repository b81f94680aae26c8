"""Signing survives crashes, races and erasure, and sequencing gives nobody's place away."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, text, update

from portal import db
from portal.errors import Unready
from portal.policy import SYSTEM, Actor
from portal.record import Act, Did, Leaf, checkpoints, merkle, record, tree
from portal.record import actions as record_actions
from portal.record.keys import signer_for
from portal.record.models import TreeNode
from portal.record.notes import Signer
from portal.record.queries import LATE
from portal.record.repeating import differing, repeats
from portal.record.verifying import Sighting, verify, verify_since
from tests.conftest import Cast
from tests.record.test_tampering import remember, signed, unguarded
from tests.worker.dying import dies_at


@pytest.fixture
def signer(config: Any) -> Signer:
    return signer_for(config)


def _leaves() -> list[bytes]:
    with db.reading() as session:
        return list(session.scalars(select(Leaf.hash).order_by(Leaf.position)))


def test_who_dies_between_storing_and_signing_leaves_it_to_the_next(
    both: db.Database, signer: Signer
) -> None:
    remember(7)
    assert dies_at("read-back", lambda: checkpoints.sign(signer))
    with db.reading():
        assert checkpoints.newest() is None
    remember(2, 7)
    made = checkpoints.sign(signer)
    assert made is not None
    assert (made.size, made.root) == (9, merkle.root_of(_leaves()))
    assert verify(signer.key).fault is None


def test_two_who_sequence_and_sign_at_once_make_one_tree(both: db.Database, signer: Signer) -> None:
    with db.writing():
        for number in range(90):
            record(Did.PACT_SUGGESTED, f"pact:BO-{number}", by=SYSTEM, suggestion=number)
    barrier, failures = threading.Barrier(2), []

    def work() -> None:
        barrier.wait()
        try:
            while True:
                with db.writing():
                    if not record_actions.sequence():
                        break
            checkpoints.sign(signer)
        except Exception as error:
            failures.append(error)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert failures == []
    report = verify(signer.key)
    assert (report.fault, report.acts, report.checkpoints) == (None, 90, 1)
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(TreeNode)) == 90 - (90).bit_count()
        assert tree.root_at(90) == merkle.root_of(_leaves()) == report.root


def test_a_record_from_before_there_was_a_tree_grows_one(database: db.Database, signer: Signer) -> None:
    remember(11)
    with unguarded() as session:
        session.execute(delete(TreeNode))
        session.commit()
    with db.writing():
        assert record_actions.sequence() > 0
    with db.reading():
        assert tree.root_at(11) == merkle.root_of(_leaves())


def test_nobody_gets_the_place_of_an_act_that_was_lost(both: db.Database, signer: Signer) -> None:
    signed(signer)
    places = len(_leaves())
    with unguarded() as session:
        lost = session.scalars(select(Leaf.act_id).where(Leaf.position >= 9)).all()
        session.execute(delete(Leaf).where(Leaf.position >= 9))
        session.execute(delete(Act).where(Act.id.in_(lost)))
        session.commit()
    with db.writing():
        record(Did.PACT_SIGNED, "pact:BO-2026-001", by=SYSTEM)
    with pytest.raises(Unready, match="12 acts were signed, but only 9 are there"), db.writing():
        record_actions.sequence()
    assert places == 12
    assert len(_leaves()) == 9
    assert str(verify(signer.key).fault).startswith("one of the acts 9 to 11: the checkpoint was made of 12")


def test_an_act_put_among_the_older_ones_is_found(database: db.Database, signer: Signer) -> None:
    with db.writing() as session:
        act = record(Did.PACT_SIGNED, "pact:BO-2026-001", by=SYSTEM)
        session.flush()
        late = dict(session.execute(select(Act.__table__).where(Act.id == act.id)).one()._mapping)
    with unguarded() as session:
        session.execute(update(Act).values(id=act.id + LATE + 1))
        session.commit()
    with db.writing():
        assert record_actions.sequence() == 1
    assert verify(signer.key).fault is None
    with db.writing() as session:
        session.execute(insert(Act.__table__), [{**late, "id": 1}])
    with db.writing():
        assert record_actions.sequence() == 0
    assert "entry 1 was put among the older ones" in str(verify(signer.key).fault)


def test_who_is_erased_is_named_nowhere_and_the_record_still_holds(
    database: db.Database, cast: Cast, signer: Signer
) -> None:
    rosa, pseudonym = cast.person("rosa"), cast.rosa.pseudonym
    with db.writing():
        record(Did.PROPOSAL_SUBMITTED, "proposal:PR-1", by=cast.rosa, kind="place")
    with db.writing():
        record_actions.sequence()
    assert checkpoints.sign(signer) is not None
    with db.writing() as session:
        erased = "UPDATE person SET name = '', email = :nobody, password_hash = '', pseudonym = :gone WHERE id = :id"
        session.execute(text(erased), {"nobody": "erased-1", "gone": "p-ERASED", "id": rosa.id})
    report = verify(signer.key)
    assert report.fault is None
    with db.reading() as session:
        said = b"".join(session.scalars(select(Act.canonical)))
    assert pseudonym.encode() in said
    assert b"Rosa" not in said


def test_only_what_is_new_can_be_verified_alone(database: db.Database, signer: Signer) -> None:
    kept = signed(signer)
    remember(5, 12)
    report = verify_since(signer.key, kept)
    assert (report.fault, report.acts) == (None, 17)
    assert report.root == verify(signer.key).root == merkle.root_of(_leaves())
    forged = Sighting(5, b"\0" * 32, "a witness")
    assert "a witness of 5 acts was made of other ones" in str(verify_since(signer.key, [forged]).fault)
    assert "only 17 are there" in str(verify_since(signer.key, [Sighting(20, b"\0" * 32, "a witness")]).fault)
    with unguarded() as session:
        session.execute(update(Act).where(Act.subject == "proposal:PR-14").values(verb="forged"))
        session.commit()
    assert str(verify_since(signer.key).fault) == "act 14: its column verb does not say what was entered"


SAID: list[dict[str, Any]] = [
    {},
    {"b": "x, ", "a": ["y, ", 'z": ']},
    {"a": 'He said "no", "yes"', "b": "\\", "c": "è ☕ \U0001f600"},
    {"": "", ", ": ": ", "n": None, "t": True, "deep": {"z": 1, "a": [1, {"y": 2, "x": 3}]}},
    {"source": "Regolamento, art. 4", "number": -7},
]


@pytest.mark.parametrize("facts", SAID)
def test_columns_are_compared_with_the_bytes_whatever_stands_in_them(
    both: db.Database, signer: Signer, facts: dict[str, Any]
) -> None:
    odd = Actor(kind="person", pseudonym='p-"\\è', behalf='organisation:"orto", x')
    with db.writing():
        record(Did.PACT_SIGNED, 'pact:"x"', by=odd, **facts)
        record(Did.PACT_SIGNED, "pact:x", by=SYSTEM, **facts)
        record(Did.PERSON_SIGNED_IN, "person:x", by=SYSTEM, **facts)
    with db.writing():
        record_actions.sequence()
    assert verify(signer.key).fault is None


BYTES = (
    b'{"actor":"a","actor_kind":"person","at":"2026-01-01T00:00:00.000000Z","behalf":"",'
    b'"facts":{"n":1,"s":"x,"},"subject":"s","verb":"v"}'
)
ROW = (
    0,
    b"",
    BYTES,
    "2026-01-01 00:00:00.000000",
    "a",
    "person",
    "",
    '{"n": 1, "s": "x,"}',
    "s",
    "v",
)


@pytest.mark.parametrize(
    ("column", "value", "name"),
    [
        (7, '{"n": true, "s": "x,"}', "facts"),
        (7, '{"n": 1.0, "s": "x,"}', "facts"),
        (7, '{"n": 1, "s": "x, "}', "facts"),
        (7, '{"n": "1", "s": "x,"}', "facts"),
        (7, '{"n": 1, "s": "x,"} {}', "canonical"),
        (7, "7", "facts"),
        (7, 7, "canonical"),
        (7, None, "canonical"),
        (3, None, "canonical"),
        (3, "2026-01-01 00:00:00.000001", "at"),
        (4, 'a","actor_kind":"person', "actor"),
        (9, 'v","salt":"x', "verb"),
        (2, b"{}", "canonical"),
        (2, BYTES.replace(b',"subject"', b',"salt":"short","subject"'), "canonical"),
        (2, BYTES.replace(b',"subject"', b',"more":1,"subject"'), "canonical"),
        (2, b"\xff", "canonical"),
    ],
)
def test_nothing_that_differs_counts_as_the_same(column: int, value: Any, name: str) -> None:
    assert repeats(ROW)
    assert differing(ROW) == ""
    changed = (*ROW[:column], value, *ROW[column + 1 :])
    assert not repeats(changed)
    assert differing(changed) == name


def test_facts_in_another_order_and_a_salt_are_the_same() -> None:
    assert repeats((*ROW[:7], '{"s":"x,", "n": 1}', *ROW[8:]))
    assert repeats((*ROW[:7], '{"n":1,"s":"x,"}', *ROW[8:]))
    salt = ',"salt":"' + "A2" * 13 + '"'
    salted = BYTES.replace(b',"subject"', f'{salt},"subject"'.encode())
    assert not repeats((*ROW[:2], salted, *ROW[3:7], f'{{"n":1,"s":"x,"}}{salt}', *ROW[8:]))
    assert repeats((*ROW[:2], salted, *ROW[3:]))
    assert differing((*ROW[:2], salted, *ROW[3:])) == ""
