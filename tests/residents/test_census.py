"""A census is read however an office exports it, kept as hashes alone, and tells nobody who is in it."""

from __future__ import annotations

import gc
import random
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal import city, clock, crypto, db
from portal.errors import Invalid, WrongState
from portal.people.models import Tally
from portal.residents import actions, census, jobs, keys
from portal.residents.census import Fault, Row
from portal.residents.documents import check_letter
from portal.residents.models import CensusEntry, CensusFile, Conflict, Residency
from tests.browser import Browser
from tests.conftest import CAST, Cast
from tests.people.letters import acts
from tests.residents.people import NINA, ROSA, TEO, rows, verified

RULES = city.profile("bologna").residents
HERE = "/en/account/residence/census"
LINES = [
    "codice_fiscale;data_nascita;cap;cognome",
    f"{ROSA};1980-01-01;40121;Neri",
    f" {TEO.lower()} ;12/02/1975;40 122;Gàlli",
    f"{NINA};15.04.1968;40123;Costa",
]
OF_ROSA = Row(ROSA, date(1980, 1, 1), "40121")
TYPED = {"number": ROSA, "born_on": "1/1/1980", "postcode": "40121"}


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    """Write a file as an office exports it."""

    def write(lines: list[str] = LINES, *, encoding: str = "utf-8", ends: str = "\r\n") -> Path:
        path = tmp_path / "anagrafe.csv"
        path.write_bytes(ends.join(lines).encode(encoding))
        return path

    return write


def taken_in(path: Path, **options: Any) -> jobs.Taken:
    return jobs.import_census(path, RULES, **options)


def found(row: Row) -> bool:
    with db.reading():
        return actions.is_in_census(row)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
@pytest.mark.parametrize("ends", ["\r\n", "\n"])
def test_any_export_is_read(export: Callable[..., Path], encoding: str, mark: str, ends: str) -> None:
    path = export([line.replace(";", mark) for line in LINES], encoding=encoding, ends=ends)
    assert list(census.read(path, RULES)) == [
        OF_ROSA,
        Row(TEO, date(1975, 2, 12), "40122"),
        Row(NINA, date(1968, 4, 15), "40123"),
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("NRERSO80A42A944R;1980-01-01;40121", "One of the signs"),
        (f"{ROSA};1980-02-30;40121", "no day of birth"),
        (f"{ROSA};;40121", "no day of birth"),
        (f"{ROSA};1980-01-01 later;40121", "no day of birth"),
        (f"{ROSA};0080-01-01;40121", "no day of birth"),
        (f"{ROSA};1980-01-01;", "no postcode"),
        (f"{ROSA};1980-01-01;'; DROP TABLE", "no postcode"),
        (f"{ROSA};1980-01-01", "too short"),
        ("=HYPERLINK(1);1980-01-01;40121", "16 letters"),
        ("\x00;1980-01-01;40121", "16 letters"),
    ],
)
def test_a_faulty_row_is_named_by_its_line_and_nothing_else(
    export: Callable[..., Path], row: str, words: str
) -> None:
    path = export([LINES[0], LINES[1], "", row, LINES[3]])
    assert [one for one in census.read(path, RULES) if isinstance(one, Fault)] == [
        Fault(4, next(fault.words for fault in census.read(path, RULES) if isinstance(fault, Fault)))
    ]
    fault = next(one for one in census.read(path, RULES) if isinstance(one, Fault))
    assert words in str(fault.words)
    assert "NRERSO" not in str(fault.words)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "names no column"),
        (["a;b;c", "1;2;3"], "names no column for the document"),
        (["codice_fiscale;cap", "x;y"], "names no column for the day of birth"),
        (["codice_fiscale;data_nascita", "x;y"], "names no column for the postcode"),
        ([LINES[0], '"' + "x" * 200_000], "no readable CSV from line 2"),
        ([LINES[0]], "holds no rows"),
    ],
)
def test_what_is_no_census_changes_nothing(
    database: db.Database, export: Callable[..., Path], lines: list[str], words: str
) -> None:
    taken_in(export())
    with pytest.raises(Invalid, match=words):
        taken_in(export(lines))
    assert found(OF_ROSA)
    assert [file.state for file in rows(CensusFile)] == ["current"]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "odd.csv"
    path.write_bytes(LINES[0].encode() + b"\n" + content)
    try:
        list(census.read(path, RULES))
    except Invalid as refused:
        assert refused.words  # noqa: PT017 - a refusal is one of the two right answers


def test_with_faulty_rows_nothing_changes_unless_they_are_left_out(
    database: db.Database, export: Callable[..., Path]
) -> None:
    path = export([*LINES, LINES[1], "mistyped;1980-01-01;40121"])
    taken = taken_in(path)
    assert (taken.key_name, taken.faulty, taken.doubled) == ("", 1, 1)
    assert rows(CensusFile) == []
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(CensusEntry)) == 0
    taken = taken_in(path, leave_out=True)
    assert (taken.key_name, taken.rows) == (keys.name(), 3)
    assert found(OF_ROSA)


def test_a_person_is_found_by_all_answers_and_by_no_other(
    database: db.Database, export: Callable[..., Path]
) -> None:
    taken_in(export())
    assert found(OF_ROSA)
    for other in (
        replace(OF_ROSA, number=TEO),
        replace(OF_ROSA, born_on=date(1980, 1, 2)),
        replace(OF_ROSA, postcode="40122"),
        Row("RSSMRA80A01H501U", date(1980, 1, 1), "40121"),
    ):
        assert not found(other)


def test_nothing_of_the_plain_census_is_kept(both: db.Database, export: Callable[..., Path]) -> None:
    taken_in(export())
    with db.reading() as session:
        kept = session.execute(select(CensusEntry.document_hash, CensusEntry.answer_hash)).all()
        dump = repr([session.execute(table.select()).all() for table in CensusEntry.metadata.sorted_tables])
    for word in (ROSA, TEO, "1980-01-01", "40121", "Neri"):
        assert word not in dump
    guesses = {bytes.fromhex(crypto.sha256_hex(text.encode())) for text in (ROSA, OF_ROSA.answer)}
    assert not guesses & {value for row in kept for value in row}
    crypto.use_secret("the key of a thief, who has the database alone")
    stolen = keys.census_hashes(ROSA, OF_ROSA.answer, keys.name())
    assert not set(stolen) & {value for row in kept for value in row}


def test_the_next_census_takes_the_place_of_the_one_before(
    both: db.Database, export: Callable[..., Path]
) -> None:
    taken_in(export())
    taken_in(export([LINES[0], LINES[2]]))
    assert not found(OF_ROSA)
    assert [(file.state, file.rows) for file in rows(CensusFile)] == [("replaced", 3), ("current", 1)]
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(CensusEntry)) == 1
    assert [act.facts["rows"] for act in acts("census:imported")] == [3, 1]
    assert jobs.tidy() == 0  # what is gone is not looked for every night


def test_a_census_is_hashed_under_a_key_that_can_be_changed(
    database: db.Database, export: Callable[..., Path]
) -> None:
    path = export()
    crypto.use_own_secret(keys.PURPOSE, "a first key for residents, of some length")
    taken_in(path)
    first = rows(CensusFile)[0].key_name
    assert first == keys.name()
    crypto.use_own_secret(keys.PURPOSE, "a second key", ["a first key for residents, of some length"])
    assert found(OF_ROSA)
    crypto.use_own_secret(keys.PURPOSE, "a second key")
    with pytest.raises(WrongState, match="cannot be asked just now"):
        found(OF_ROSA)
    taken_in(path)
    assert found(OF_ROSA)
    assert rows(CensusFile)[-1].key_name not in {first, ""}


def test_whoever_stops_an_import_leaves_the_census_as_it_was(
    database: db.Database, export: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_in(export())
    monkeypatch.setattr(jobs, "BATCH", 1)

    def stop(count: int) -> None:
        if count == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        taken_in(export([LINES[0], LINES[2], LINES[3]]), tell=stop)
    assert found(OF_ROSA)
    assert [file.state for file in rows(CensusFile)] == ["current"]


def test_what_a_dead_import_left_is_tidied_away(database: db.Database) -> None:
    with db.writing():
        file_id = actions.begin_census()
        actions.add_to_census(file_id, [OF_ROSA])
    assert jobs.tidy() == 0  # it may be at work
    with db.writing() as session:
        session.get_one(CensusFile, file_id).begun_at = clock.real() - 2 * jobs.DEAD_AFTER
    assert jobs.tidy() == 1
    assert rows(CensusFile) == []


def test_two_imports_at_once_leave_one_in_use(both: db.Database, tmp_path: Path) -> None:
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path, line in zip(paths, LINES[1:], strict=False):
        path.write_text("\n".join([LINES[0], line]))
    start = Barrier(2)

    def take(path: Path) -> Any:
        start.wait(5)
        try:
            return taken_in(path).rows
        except Exception as error:
            return type(error).__name__

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(take, paths))
    assert 1 in done
    states = [file.state for file in rows(CensusFile)]
    assert states.count("current") == 1
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(CensusEntry)) == 1


def _many(count: int) -> Iterator[str]:
    chance = random.Random(7)
    yield "codice_fiscale,data_nascita,cap\n"
    for number in range(count):
        first = f"{_letters(number)}{chance.randrange(10, 99)}A{chance.randrange(10, 31)}A944"
        yield f"{first}{check_letter(first)},1980-01-{chance.randrange(10, 29)},40121\n"


def _letters(number: int) -> str:
    return "".join(chr(ord("A") + number // 26**place % 26) for place in range(6))


def test_a_long_file_is_read_in_flat_memory(database: db.Database, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("w") as file:
        file.writelines(_many(30_000))
    gc.collect()
    tracemalloc.start()
    count = sum(1 for _ in census.read(path, RULES))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 30_000
    assert most < 4_000_000  # a piece of the file, and one row


@pytest.fixture
def rosa(client: Browser, cast: Cast, export: Callable[..., Path]) -> Browser:
    """Rosa's browser, in a city with a census."""
    taken_in(export())
    cast.person("rosa")
    client.sign_in(CAST["rosa"][1])
    client.get(HERE)
    return client


def test_whoever_is_in_the_census_is_verified_at_once(rosa: Browser, cast: Cast) -> None:
    rosa.post(HERE, {"number": "nre rso 80a41 a944r", "born_on": "01/01/1980", "postcode": " 40121 "})
    assert "verified resident now" in rosa.page
    assert verified(cast.person("rosa"))
    assert rows(Residency)[0].way == "census"


def test_the_answer_is_the_same_whatever_is_wrong(rosa: Browser, cast: Cast) -> None:
    pages = set()
    for wrong in ({"number": "RSSMRA80A01H501U"}, {"born_on": "2/1/1980"}, {"postcode": "40199"}):
        assert rosa.post(HERE, {**TYPED, **wrong}).status_code == 422
        assert "do not find you" in rosa.page
        page = rosa.page
        for value in ({**TYPED, **wrong}).values():
            page = page.replace(value, "…")
        pages.add(page.replace(rosa.token(), "…"))
    assert len(pages) == 1
    assert not verified(cast.person("rosa"))


@pytest.mark.parametrize("name", ["number", "born_on", "postcode"])
def test_what_is_missing_or_mistyped_says_so_and_costs_no_try(rosa: Browser, name: str) -> None:
    for value in ("", "x", "💥", "x" * 90):
        for _ in range(3):
            assert rosa.post(HERE, {**TYPED, name: value}).status_code == 422
            assert "do not find you" not in rosa.page
    rosa.post(HERE, TYPED)
    assert "verified resident now" in rosa.page


def test_nobody_probes_the_census_from_one_account(rosa: Browser) -> None:
    answers = [rosa.post(HERE, {**TYPED, "born_on": f"{day}/3/1980"}).status_code for day in range(1, 8)]
    assert answers == [422] * 5 + [429] * 2
    # The right answer among them is not told either.
    assert rosa.post(HERE, TYPED).status_code == 429


def test_nobody_probes_one_number_from_many_accounts(
    rosa: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = []
    for name in ("eve", "teo", "nina"):
        cast.person(name)
        browser = Browser(rosa.app)
        browser.sign_in(CAST[name][1])
        browser.get(HERE)
        answers += [
            browser.post(HERE, {**TYPED, "born_on": f"{day}/3/1980"}).status_code for day in range(1, 6)
        ]
    assert answers == [422] * 10 + [429] * 5


def test_the_table_of_tries_does_not_say_who_was_asked_for(rosa: Browser) -> None:
    rosa.post(HERE, {**TYPED, "born_on": "2/1/1980"})
    with db.reading() as session:
        tallies = " ".join(session.scalars(select(Tally.key)))
    assert "census-number" in tallies
    assert crypto.token_hash(ROSA)[:32] not in tallies


def test_right_tries_are_given_back(rosa: Browser, cast: Cast) -> None:
    for _ in range(8):
        assert rosa.post(HERE, TYPED, follow=False).status_code == 303
    assert [row.state for row in rows(Residency)].count("valid") == 1


def test_a_person_of_the_census_who_is_verified_elsewhere_waits_for_staff(rosa: Browser, cast: Cast) -> None:
    rosa.post(HERE, TYPED)
    cast.person("eve")
    eve = Browser(rosa.app)
    eve.sign_in(CAST["eve"][1])
    eve.get(HERE)
    eve.post(HERE, TYPED)
    assert "in use in another account" in eve.page
    assert len(rows(Conflict)) == 1


def test_without_a_census_the_way_is_not_there(client: Browser, cast: Cast) -> None:
    cast.person("rosa")
    client.sign_in(CAST["rosa"][1])
    client.get("/en/account/residence")
    assert "census" not in client.page.split("<main")[1].split("</main>")[0]
    assert client.get(HERE).status_code == 404
    assert client.post(HERE, TYPED).status_code == 404


def test_the_verb_itself_asks_the_census(cast: Cast, export: Callable[..., Path]) -> None:
    taken_in(export())
    rosa = cast.person("rosa")
    with pytest.raises(Invalid, match="do not find you"), db.writing():
        actions.show_by_census(rosa, replace(OF_ROSA, postcode="1"), rules=RULES, by=cast.rosa)
    assert not verified(rosa)
