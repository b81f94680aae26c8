"""The pages of observations: without an account, nothing typed is lost, nothing hidden leaks."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from portal import db
from portal.observations import suspicion, views
from portal.observations.models import Observation
from portal.people.limits import Step
from tests.commons.test_photos import _bomb, _with_position
from tests.observations import steps

CODE = re.compile(r"OS-\w{4}-\w{2}")
SAID = {"kind": "worry", "text": "The gate is too narrow."}


def newest() -> Observation:
    with db.reading() as session:
        return session.scalars(select(Observation).order_by(Observation.id.desc())).first()


def send(browser: Any, code: str, **values: Any) -> Any:
    path = f"/en/proposals/{code}/observations/new"
    browser.get(path)
    opened = browser.parsed.forms[-1]["values"]["opened"]
    return browser.post(path, {"opened": opened, **SAID, **values})


def test_a_visitor_speaks_and_the_page_survives_a_bookmark(enter: Any, code: str) -> None:
    visitor, stranger = enter(), enter()
    assert send(visitor, code).status_code == 200
    assert "We have your observation" in visitor.page
    found = CODE.search(visitor.page)[0]  # type: ignore[index]
    link = re.search(r"/observations/OS[^\"]+/key/[0-9a-f]{64}", visitor.page)[0]  # type: ignore[index]
    visitor.get(f"/en/observations/{found}")
    assert "We have your observation" in visitor.page
    stranger.get(f"/en/observations/{found}")
    assert "Keep this link" not in stranger.page
    assert SAID["text"] in stranger.page
    # The link opens it on any device.
    phone = enter()
    phone.get(f"/en{link}" if not link.startswith("/en") else link)
    assert "Keep this link" in phone.page


def test_what_was_typed_is_kept_where_something_is_missing(enter: Any, code: str) -> None:
    visitor = enter()
    assert send(visitor, code, kind="", text="A long thought of mine.").status_code == 422
    assert "Choose what it is" in visitor.page
    assert "A long thought of mine." in visitor.page
    assert send(visitor, code, text="\u200b\u2800").status_code == 422
    assert send(visitor, code, email="no address").status_code == 422
    assert newest() is None


def test_a_photo_loses_where_it_was_taken_and_is_described(enter: Any, code: str) -> None:
    visitor, nina = enter(), enter("nina")
    photo = {"photo": (io.BytesIO(_with_position()), "home.jpg")}
    assert send(visitor, code, **photo).status_code == 422
    assert "Describe the photo" in visitor.page
    photo = {"photo": (io.BytesIO(_with_position()), "home.jpg"), "photo_words": "A narrow gate"}
    assert send(visitor, code, **photo).status_code == 200
    made = newest()
    assert (made.state, made.held_for) == ("received", ["photo"])
    file = f"/files/observation-{made.id}/large.webp"
    assert nina.client.get(file).status_code == 404
    giulia = enter("giulia")
    answer = giulia.client.get(file)
    assert answer.status_code == 200
    image = Image.open(io.BytesIO(answer.get_data()))
    assert not image.getexif()
    assert b"Fotocamera segreta" not in answer.get_data()
    giulia.get(f"/en/desk/observations/{made.code}")
    giulia.post(f"/en/desk/observations/{made.code}/publication")
    assert nina.client.get(file).status_code == 200


@pytest.mark.parametrize("content", [b"no picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", _bomb()])
def test_what_is_no_picture_or_a_bomb_is_refused(enter: Any, code: str, content: bytes) -> None:
    visitor = enter()
    photo = {"photo": (io.BytesIO(content), "x.jpg"), "photo_words": "x"}
    assert send(visitor, code, **photo).status_code == 422
    assert newest() is None


def test_a_photo_larger_than_the_form_may_be_is_refused_in_words(enter: Any, code: str) -> None:
    visitor = enter()
    path = f"/en/proposals/{code}/observations/new"
    visitor.get(path)
    values, announced = {"csrf_token": visitor.token(), **SAID}, {"CONTENT_LENGTH": str(13 * 1024 * 1024)}
    answer = visitor.client.post(
        path, data=values, content_type="multipart/form-data", environ_overrides=announced
    )
    assert answer.status_code == 413
    assert "The photo is too big" in answer.get_data(as_text=True)


def test_a_program_that_fills_every_field_or_hurries_is_held(
    enter: Any, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = enter()
    send(visitor, code, website="https://spam.example")
    assert newest().held_for == ["trap"]
    monkeypatch.setattr(suspicion, "LEAST_SECONDS", 2)
    send(visitor, code)
    assert newest().held_for == ["hurry"]
    send(visitor, code, opened="AAAA")
    assert newest().held_for == ["hurry"]
    assert "reads it before it appears" in visitor.page


def test_a_flood_from_one_network_is_stopped(enter: Any, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "WRITING", (Step(3, 900),))
    visitor = enter()
    assert [send(visitor, code).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_a_hidden_name_and_a_hidden_text_leak_nowhere(enter: Any, cast: Any, code: str) -> None:
    steps.publish(code, cast.giulia)
    steps.say(code, "I object.", kind="objection", name="Zelmira Canarina", email="zel@canarina.example")
    rude = steps.hide(
        steps.say(code, "Parolaccia canarina", name="Zelmira Canarina", shows_name=True), cast.giulia
    )
    visitor, eve = enter(), enter("eve")
    for browser in (visitor, eve):
        for path in (
            f"/en/proposals/{code}",
            f"/en/proposals/{code}/observations",
            f"/en/observations/{rude.code}",
            "/en/observations",
            "/en/record",
            "/feeds/record.atom",
        ):
            text = browser.client.get(path).get_data(as_text=True)
            for private in ("Canarina", "canarina"):
                assert private not in text, path
    visitor.get(f"/en/proposals/{code}/observations")
    assert "This observation is hidden" in visitor.page
    assert "name not shown" in visitor.page


def test_the_list_is_paged_and_says_what_came_late(enter: Any, cast: Any, code: str, move_clock: Any) -> None:
    steps.publish(code, cast.giulia)
    for n in range(21):
        steps.say(code, f"Thought number {n}.")
    visitor = enter()
    visitor.get(f"/en/proposals/{code}/observations")
    assert "Thought number 20." in visitor.page
    assert "Thought number 0." not in visitor.page
    older = next(link for link in visitor.parsed.links if "before=" in link)
    visitor.get(older)
    assert "Thought number 0." in visitor.page
    move_clock(timedelta(days=16))
    send(visitor, code)
    assert "no formal effect" in visitor.page
    visitor.get(f"/en/proposals/{code}/observations/new")
    assert "The formal period ended" in visitor.page


def test_what_is_open_now_stands_in_one_list(enter: Any, cast: Any, code: str, move_clock: Any) -> None:
    visitor = enter()
    visitor.get("/en/observations")
    assert "Nothing is open for observations" in visitor.page
    steps.publish(code, cast.giulia)
    visitor.get("/en/observations")
    assert "day 1 of 15" in visitor.page
    assert code in "".join(visitor.parsed.links)
    move_clock(timedelta(days=15))
    visitor.get("/en/observations")
    assert "Nothing is open for observations" in visitor.page


def test_a_resident_endorses_by_the_page(enter: Any, cast: Any, code: str) -> None:
    eve = enter("eve")
    eve.get(f"/en/proposals/{code}")
    assert eve.post(f"/en/proposals/{code}/endorsement").status_code == 403
    assert "Only people who live here" in eve.page
