"""Anybody follows something, by account or by mail alone; nobody learns who does, and one press ends it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.notices import links, queries
from portal.notices.actions import MOST_FOLLOWS, Recipient, Text, Wish, follow, post, reader_of
from portal.notices.links import Purpose
from portal.notices.models import Follow, Message, Reader, What
from portal.subscriptions.reminders import follows as yearly
from portal.words import W
from tests.browser import Browser
from tests.conftest import CAST, Cast
from tests.pacts import journey
from tests.people.letters import link, mails

BASE = "https://x.example"
ANNA = "anna@example.org"


@pytest.fixture
def code(cast: Cast) -> str:
    return journey.checked(cast).code


def _ask(browser: Browser, code: str, email: str = ANNA, choice: str = "case") -> Any:
    at = f"/en/follow?what=proposal&target={code}"
    values = {"what": "proposal", "target": code, "choice": choice, "email": email}
    return browser.post("/en/follow", values, at=at)


def _rows(table: type) -> list[Any]:
    with db.reading() as session:
        return list(session.scalars(select(table).order_by(table.id)))


def _token(purpose: Purpose, address: str = ANNA) -> str:
    with db.writing():
        return links.token_for(reader_of(None, address, "en").handle, purpose)


def _followed(browser: Browser, code: str) -> str:
    """Follow by mail, confirm, and return the path of the reader's page."""
    _ask(browser, code)
    path = link(ANNA)
    browser.get(path)
    return str(browser.post(path, follow=False).headers["Location"].partition("?")[0])


def test_by_mail_nothing_counts_before_the_link_was_opened(app: Any, code: str) -> None:
    browser = Browser(app)
    assert "Look into your mail" in _ask(browser, code).get_data(as_text=True)
    (row,) = _rows(Follow)
    assert row.confirmed_at is None
    browser.get(link(ANNA))
    assert _rows(Follow)[0].confirmed_at is None  # a scanner that opens links confirms nothing
    browser.post(link(ANNA))
    assert _rows(Follow)[0].confirmed_at is not None
    assert "Your address is confirmed" in browser.page
    assert browser.get(link(ANNA)).status_code == 404


def test_a_link_is_over_after_three_days(app: Any, code: str) -> None:
    browser = Browser(app)
    _ask(browser, code)
    browser.get(link(ANNA))
    clock.set_offset(timedelta(days=3, minutes=1))
    assert browser.post(link(ANNA)).status_code == 404
    assert _rows(Follow)[0].confirmed_at is None


def test_the_answer_is_the_same_whoever_has_the_address(app: Any, code: str, cast: Cast) -> None:
    cast.person("eve")
    _followed(Browser(app), code)
    answers = set()
    for email in (ANNA, CAST["eve"][1], "nobody@example.org"):
        answer = _ask(Browser(app), code, email)
        answers.add((answer.status_code, answer.request.path, email in answer.get_data(as_text=True)))
    assert answers == {(200, "/en/follow/sent", False)}
    assert mails(ANNA)[-1].title == "Your list of what you follow"


def test_an_address_with_an_account_follows_in_the_account(app: Any, code: str, cast: Cast) -> None:
    eve = cast.person("eve")
    browser = Browser(app)
    _ask(browser, code, eve.email)
    path = link(eve.email)
    browser.get(path)
    browser.post(path)
    (reader,) = _rows(Reader)
    assert (reader.person_id, reader.address) == (eve.id, None)
    assert len(_rows(Follow)) == 1


def test_with_an_account_it_counts_at_once_and_ends_at_once(app: Any, code: str, cast: Cast) -> None:
    cast.person("eve")
    browser = Browser(app)
    browser.sign_in(CAST["eve"][1])
    values = {"what": "proposal", "target": code, "choice": "case"}
    browser.post("/en/follow", values, at=f"/en/follow?what=proposal&target={code}")
    browser.post("/en/follow", values)
    (row,) = _rows(Follow)
    assert row.confirmed_at
    assert "You follow this now." in browser.page
    browser.post("/en/account/following", {"choice": "daily"})
    assert _rows(Reader)[0].choice == "daily"
    browser.post("/en/account/following/removal", {"follow": row.id})
    assert _rows(Follow) == []


def test_a_foreign_follow_is_not_there(app: Any, code: str, cast: Cast) -> None:
    page = _followed(Browser(app), code)
    (row,) = _rows(Follow)
    eve = Browser(app)
    cast.person("eve")
    eve.sign_in(CAST["eve"][1])
    assert eve.post("/en/account/following/removal", {"follow": row.id}).status_code == 404
    other = _token(Purpose.PAGE, "other@example.org")
    assert eve.post(f"/en/following/{other}/removal", {"follow": row.id}).status_code == 404
    assert len(_rows(Follow)) == 1
    assert eve.get(page).status_code == 200


@pytest.mark.parametrize("wrong", ["x", "x.y", ".", "é.é", "a" * 5000])
def test_a_made_up_link_opens_nothing(app: Any, code: str, wrong: str) -> None:
    browser = Browser(app)
    _followed(browser, code)
    stop, page = _token(Purpose.STOP), _token(Purpose.PAGE)
    for token in (wrong, stop, page[:-1], page.swapcase()):
        assert browser.get(f"/en/following/{token}").status_code == 404
        assert browser.post(f"/en/following/{token}/end").status_code == 404
    assert browser.get(f"/unsubscribe/{page}").status_code == 404
    assert len(_rows(Reader)) == 2 - (len(_rows(Follow)) == 1)


def test_one_press_from_outside_stops_all_news_and_nothing_legal(app: Any, code: str) -> None:
    _followed(Browser(app), code)
    stop = f"/unsubscribe/{_token(Purpose.STOP)}"
    outside = app.test_client(use_cookies=False)
    assert outside.get(stop).status_code == 200
    assert _rows(Reader)[0].choice == "weekly"
    body = {"List-Unsubscribe": "One-Click"}
    elsewhere = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
    assert outside.post(stop, data={"x": "y"}).status_code == 400
    assert outside.post(stop, data=body, headers=elsewhere).status_code == 200
    assert outside.post(stop, data=body).status_code == 200
    assert _rows(Reader)[0].choice == "off"
    with db.writing():
        to = Recipient(None, ANNA, "en")
        post("E17", "E17:1", to, Text(W("News"), [W("x")]))
        post("E02", "E02:1", to, Text(W("A decision"), [W("x")]))
    assert [one.event for one in mails(ANNA)][-1] == "E02"
    assert "E17" not in {one.event for one in _rows(Message)}


def test_only_the_stop_of_all_news_and_the_signed_word_of_servers_take_posts_from_elsewhere(app: Any) -> None:
    open_ones = {name for name, view in app.view_functions.items() if getattr(view, "from_anywhere", False)}
    assert open_ones == {"stopping.stop", "servers_api.status"}


def test_the_reader_forgets_everything_with_one_press(app: Any, code: str) -> None:
    browser = Browser(app)
    page = _followed(browser, code)
    browser.get(page)
    browser.post(f"{page}/end")
    assert (_rows(Reader), _rows(Follow)) == ([], [])
    assert browser.get(page).status_code == 404


@pytest.mark.parametrize(
    "email",
    [
        "",
        "anna",
        "anna@example.org\r\nBcc: eve@example.org",
        "anna@exa mple.org",
        "a@b",
        "<script>@x.org",
        "\u202eanna",
    ],
)
def test_a_bad_address_is_refused_and_kept(app: Any, code: str, email: str) -> None:
    answer = _ask(Browser(app), code, email)
    assert answer.status_code == 422
    assert _rows(Follow) == []
    assert mails() == [] or all(one.address != ANNA for one in mails())


@pytest.mark.parametrize(
    "query",
    [
        "what=pact&target=BO-2026-999",
        "what=proposal&target=PR-AAAA-AA",
        "what=commons&target=x",
        "what=district&target=x",
        "what=point&target=x",
        "what=point&target=91,181",
        "what=nothing&target=x",
    ],
)
def test_what_is_not_public_cannot_be_followed(app: Any, query: str) -> None:
    assert Browser(app).get(f"/en/follow?{query}").status_code == 404


def test_a_draft_cannot_be_followed(app: Any, cast: Cast) -> None:
    browser = Browser(app)
    browser.get("/en/propose")
    started = browser.post("/en/propose", {"email": ""}, follow=False).headers["Location"]
    code = started.rpartition("/")[2]
    assert browser.get(f"/en/follow?what=proposal&target={code}").status_code == 404


def test_a_letter_box_is_not_filled_by_strangers(app: Any, code: str) -> None:
    browser = Browser(app)
    found = [_ask(browser, code).status_code for _ in range(6)]
    assert found == [200] * 5 + [429]


def test_nobody_follows_a_thousand_things(database: db.Database, cast: Cast) -> None:
    eve = cast.eve
    with db.writing():
        for number in range(MOST_FOLLOWS):
            follow(Wish(What.PACT, f"BO-{number}", "x"), "en", by=eve)
    with pytest.raises(Exception, match="You follow 100 things already"), db.writing():
        follow(Wish(What.PACT, "BO-one-more", "x"), "en", by=eve)
    with db.writing():
        follow(Wish(What.PACT, "BO-1", "x"), "en", by=eve)
    assert len(_rows(Follow)) == MOST_FOLLOWS


def test_after_a_year_we_ask_once_and_then_end_kindly(app: Any, code: str) -> None:
    page = _followed(Browser(app), code)

    def run(days: int) -> list[str]:
        clock.set_offset(timedelta(days=days))
        with db.reading() as session:
            found = session.scalars(yearly.due()).all()
        for one in found:
            yearly.remind_of(one, BASE)
        return [one.title for one in mails(ANNA)][1:]

    assert run(364) == []
    assert run(366) == run(380) == ["Shall we go on writing to you?"]
    browser = Browser(app)
    browser.get(page)
    assert "Yes, go on" in browser.page
    browser.post(f"{page}/on")
    assert run(400) == ["Shall we go on writing to you?"]
    assert len(run(770)) == 2
    assert run(801)[-1] == "We stop writing to you"
    assert (_rows(Reader), _rows(Follow)) == ([], [])


def test_addresses_nobody_needs_are_forgotten(app: Any, code: str) -> None:
    _ask(Browser(app), code)
    clock.set_offset(timedelta(days=5))
    with db.reading() as session:
        (found,) = session.scalars(yearly.due()).all()
    yearly.remind_of(found, BASE)
    assert (_rows(Reader), _rows(Follow)) == ([], [])


def test_whoever_follows_stands_on_no_page_and_in_no_record(app: Any, code: str, cast: Cast) -> None:
    _followed(Browser(app), code)
    cast.person("aldo")
    aldo = Browser(app)
    aldo.sign_in(CAST["aldo"][1])
    paths = (f"/en/proposals/{code}", f"/en/desk/cases/{code}", "/feeds/record.atom", "/record/export.jsonl")
    for path in (*paths, "/feeds/proposals.atom", "/en/desk/undelivered", "/en/desk/jobs"):
        answer = aldo.get(path)
        assert answer.status_code == 200, path
        assert ANNA not in answer.get_data(as_text=True), path
    with db.reading() as session:
        assert session.scalars(queries.unreached()).all() == []
