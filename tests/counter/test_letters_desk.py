"""A clerk works through the letters without scripts; nobody else sees them."""

from __future__ import annotations

from typing import Any

import pytest

from portal import clock, db
from portal.notices import letters
from portal.notices.actions import Recipient, Text
from portal.notices.letters.models import Letter
from portal.proposals import actions
from portal.proposals.shapes import Group
from portal.words import W
from tests.counter.conftest import ANNA, all_batches, all_letters, do, write
from tests.proposals import steps


def test_from_the_queue_to_the_post_and_back_again(enter: Any, work: Any) -> None:
    write(secret="7QK4-MM2P")
    write("two")
    carla = enter("carla")
    carla.get("/en/desk/letters")
    assert "Anna Verdi" in carla.page
    carla.post("/en/desk/letters/batches")
    assert "being drawn" in carla.page
    assert carla.get("/en/desk/letters/batches/1.pdf").status_code == 404
    carla.post("/en/desk/letters/batches", at="/en/desk/letters")
    assert len(all_batches()) == 1
    work("letters")
    file = carla.get("/en/desk/letters/batches/1.pdf")
    assert (file.mimetype, file.headers["Cache-Control"]) == ("application/pdf", "no-store")
    assert b"7QK4-MM2P" in file.data
    carla.get("/en/desk/letters/batches/1")
    assert "7QK4" not in carla.page
    for _ in range(2):
        assert carla.post("/en/desk/letters/batches/1/posting", {"posted_on": "2026-1-1"}).status_code == 422
    day = f"{clock.today():%d/%m/%Y}"
    for _ in range(2):
        carla.post("/en/desk/letters/batches/1/posting", {"posted_on": day})
    assert {one.state for one in all_letters()} == {"posted"}
    assert carla.get("/en/desk/letters/batches/1.pdf").status_code == 404
    plain = all_letters()[1].id
    carla.post(f"/en/desk/letters/{plain}/return", {"returned_on": day, "why": "unknown here"})
    carla.get("/en/desk/letters")
    assert "unknown here" in carla.page
    answer = carla.post(f"/en/desk/letters/{plain}/copy", {"postal": "Via Nuova 1"})
    assert answer.status_code == 422
    assert "Via Nuova 1" in carla.page
    for _ in range(2):
        carla.post(f"/en/desk/letters/{plain}/copy", {"postal": "Via Nuova 1\n40100 Bologna"})
    assert [one.state for one in all_letters()] == ["posted", "returned", "waiting"]


@pytest.mark.parametrize("name", ["eve", "rosa", "giulia"])
def test_letters_are_not_for_others(enter: Any, name: str) -> None:
    write()
    browser = enter(name)
    for path in ("/en/desk/letters", "/en/desk/letters/1", "/en/desk/letters/batches/1"):
        assert browser.get(path).status_code == 403
        assert "Verdi" not in browser.page
    assert browser.post("/en/desk/letters/batches").status_code == 403
    assert all_batches() == []


def test_the_auditor_reads_and_sends_nothing(enter: Any, work: Any) -> None:
    write()
    enter("carla").post("/en/desk/letters/batches", at="/en/desk/letters")
    work("letters")
    aldo = enter("aldo")
    assert aldo.get("/en/desk/letters").status_code == 200
    assert aldo.get("/en/desk/letters/batches/1").status_code == 200
    assert "Mark as posted" not in aldo.page
    assert aldo.get("/en/desk/letters/batches/1.pdf").status_code == 403
    assert aldo.post("/en/desk/letters/batches/1/posting", {"posted_on": "1/1/2026"}).status_code == 403


@pytest.mark.parametrize("path", ["99", "batches/99", "batches/99.pdf"])
def test_a_letter_that_is_none_is_not_there(enter: Any, path: str) -> None:
    assert enter("carla").get(f"/en/desk/letters/{path}").status_code == 404


@pytest.mark.parametrize("typed", ["", "yesterday", "31/2/2026", "1/1/2999", "٣/٣/٢٠٢٦", "\u200b"])
def test_odd_days_are_refused_and_kept(enter: Any, work: Any, typed: str) -> None:
    write()
    carla = enter("carla")
    carla.post("/en/desk/letters/batches", at="/en/desk/letters")
    work("letters")
    answer = carla.post(
        "/en/desk/letters/batches/1/posting", {"posted_on": typed}, at="/en/desk/letters/batches/1"
    )
    assert answer.status_code == 422
    assert all_batches()[0].state == "drawn"


def test_a_letter_told_by_phone_is_ticked_off(enter: Any) -> None:
    write("p", Recipient(None, "", "it", name="Anna Verdi", phone="051 123 123", way="phone"))
    carla = enter("carla")
    carla.get("/en/desk/letters/1")
    assert "051 123 123" in carla.page
    values = carla.parsed.forms[-1]
    assert values["action"].endswith("/giving")
    day = carla.page.partition('name="posted_on" value="')[2].partition('"')[0]
    carla.post(values["action"], {"posted_on": day})
    assert all_letters()[0].state == "posted"


def test_a_holder_without_mail_is_told_on_paper(cast: Any, work: Any) -> None:
    rosa, postal = cast.rosa, "Via San Donato 12\n40127 Bologna"
    code = steps.begin(rosa)
    alone = Group("citizen", contact_name="Anna Verdi", contact_postal=postal, is_adult=True)

    def hand_over(proposal: Any) -> None:
        actions.save_group(proposal, alone, by=rosa)
        actions.submit(proposal, by=rosa)
        proposal.person_id = None

    steps.do(code, hand_over)
    work("record", "reactions", "reactions")
    (letter,) = all_letters()
    assert (letter.event, letter.addressee, letter.postal) == ("E02", "Anna Verdi", postal)
    assert letter.language == "en"
    assert code in letter.body
    with db.reading():
        assert letter.link.endswith(f"/track/{code}")


def test_whoever_left_nothing_gets_nothing(cast: Any, work: Any) -> None:
    rosa = cast.rosa
    code = steps.begin(rosa)
    unreachable = Group("citizen", contact_name="Anna Verdi", contact_phone="051 123 123", is_adult=True)

    def hand_over(proposal: Any) -> None:
        actions.save_group(proposal, unreachable, by=rosa)
        actions.submit(proposal, by=rosa)
        proposal.person_id = None

    steps.do(code, hand_over)
    work("record", "reactions")
    assert all_letters() == []


def test_its_holder_reads_on_the_page_of_the_case_what_went_out_on_paper(enter: Any, cast: Any) -> None:
    code = steps.send(cast.rosa)
    with db.writing():
        letters.write(
            "E04", "gone", ANNA, Text(W("Somebody has your case"), (W("Yes"),), ""), about=f"proposal:{code}"
        )
        letters.write(
            "E04", "waits", ANNA, Text(W("It waits still"), (W("Yes"),), ""), about=f"proposal:{code}"
        )
    do(all_letters()[0].id, _post, Letter)
    rosa, eve = enter("rosa"), enter("eve")
    rosa.get(f"/en/track/{code}")
    assert "We sent you this by letter on" in rosa.page
    assert "It waits still" not in rosa.page
    eve.get(f"/en/track/{code}")
    assert "by letter on" not in eve.page


def _post(letter: Letter) -> None:
    letter.state, letter.posted_on = "posted", clock.today()
