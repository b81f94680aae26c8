"""A clerk helps somebody from the first question to the receipt, without scripts."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal import clock, db
from portal.counter.models import Connection, Help, Helped, SignedScan
from portal.errors import NotAllowed
from portal.notices.letters.jobs import secret_of
from portal.people import actions as people
from portal.people.models import Grant
from portal.policy import SYSTEM, Role
from portal.proposals import actions
from portal.proposals.models import Proposal
from portal.proposals.shapes import Group
from portal.record import Act
from tests.browser import Browser
from tests.conftest import CAST
from tests.counter.conftest import all_letters
from tests.proposals import steps
from tests.proposals.test_journey import MAIL, NAME, fill_all, started

ANNA = {
    "name": "Anna Verdi",
    "born_on": "3/4/1941",
    "way": "letter",
    "postal": "Via San Donato 12\n40127 Bologna",
    "phone": "",
    "language": "it",
}
BERTA = {**ANNA, "name": "Berta Rossi", "born_on": "5/6/1950", "postal": "Via Lunga 3\n40100 Bologna"}


def help_newcomer(browser: Browser, who: dict[str, str] = ANNA) -> None:
    browser.get("/en/counter")
    answer = browser.post("/en/counter/people", who)
    assert answer.request.path == "/en/counter", browser.page
    assert f"You are helping {who['name']}" in browser.page


def begin(browser: Browser) -> str:
    browser.get("/en/counter")
    answer = browser.post("/en/propose", {"email": ""}, follow=False)
    assert answer.status_code == 303
    code = str(answer.headers["Location"]).rpartition("/")[2]
    browser.get(f"/en/propose/{code}")
    return code


def the(code: str) -> Proposal:
    with db.reading() as session:
        return session.scalars(select(Proposal).where(Proposal.code == code)).one()


def helps() -> list[Help]:
    with db.reading() as session:
        return list(session.scalars(select(Help).order_by(Help.id)))


def let_half_an_hour_pass() -> None:
    past = clock.real() - timedelta(seconds=1)
    with db.writing() as session:
        session.execute(update(Help).values(started_at=past - timedelta(minutes=30), until=past))


def test_from_the_first_question_to_the_receipt(enter: Any, work: Any, cast: Any) -> None:
    carla = enter("carla")
    help_newcomer(carla)
    code = begin(carla)
    assert "Note these three things" not in carla.page
    fill_all(carla, code)
    carla.get(f"/en/propose/{code}/check")
    assert "Read the answers aloud" in carla.page
    carla.get(f"/en/counter/cases/{code}/summary")
    assert "I, Anna Verdi, have heard or read these answers" in carla.page
    work("slips")
    assert carla.get(f"/en/counter/cases/{code}/card.pdf").mimetype == "application/pdf"
    assert carla.get(f"/en/counter/cases/{code}/receipt.pdf").status_code == 404
    for _ in range(2):
        answer = carla.post(f"/en/propose/{code}/submission", at=f"/en/propose/{code}/check")
        assert answer.request.path.endswith("/sent")
    work("slips", "record", "reactions")
    assert carla.get(f"/en/counter/cases/{code}/receipt.pdf").data.startswith(b"%PDF")
    carla.post("/en/counter/finish", at="/en/counter")
    assert "You are helping" not in carla.page
    found = the(code)
    assert (found.person_id, found.entered_by_id) == (None, cast.carla.person_id)
    assert (found.contact_name, found.contact_email) == (NAME, MAIL)


def test_a_person_without_mail_is_told_by_letter_and_answers_at_any_counter(
    enter: Any, work: Any, cast: Any
) -> None:
    carla = enter("carla")
    help_newcomer(carla)
    code = begin(carla)
    found = the(code)
    assert (found.contact_name, found.contact_postal, found.contact_way) == (
        ANNA["name"],
        ANNA["postal"],
        "letter",
    )
    assert found.language == "it"
    send_for(code, cast)
    steps.do(code, lambda one: actions.ask_supplement(one, "Who owns it?", by=cast.giulia))
    work("record", "reactions")
    assert {one.addressee for one in all_letters()} == {"Anna Verdi"}
    assert {one.language for one in all_letters()} == {"it"}
    carla.post("/en/counter/finish", at="/en/counter")
    dario = enter("dario")
    dario.get("/en/counter")
    dario.post("/en/counter/case", {"code": code.lower(), "born_on": "03/04/1941"})
    assert "You are helping Anna Verdi" in dario.page
    dario.post(f"/en/track/{code}/supplement", {"answer": "The city."}, at=f"/en/track/{code}")
    assert the(code).state == "submitted"
    assert set(the(code).entered_ids) == {cast.carla.person_id, cast.dario.person_id}


def send_for(code: str, cast: Any) -> None:
    """Write and send the draft, as the clerk who helps Anna does."""
    own = the(code)
    by = replace(cast.carla, helps=own.entered_for, behalf=own.entered_for, keys=frozenset({own.key}))

    def write(proposal: Any) -> None:
        steps.write_whole(proposal, by)
        alone = Group("citizen", contact_name="Anna Verdi", contact_postal=ANNA["postal"], is_adult=True)
        actions.save_group(proposal, alone, by=by)
        actions.submit(proposal, by=by)

    steps.do(code, write)


def test_the_record_says_who_entered_it_and_for_whom_and_names_nobody(enter: Any, cast: Any) -> None:
    carla = enter("carla")
    help_newcomer(carla)
    code = begin(carla)
    send_for(code, cast)
    with db.reading() as session:
        acts = session.scalars(select(Act).where(Act.subject == f"proposal:{code}")).all()
        helped = session.scalars(select(Helped)).one()
        said = " ".join(one.canonical.decode() for one in session.scalars(select(Act)))
    assert {(one.actor, one.behalf) for one in acts} == {(cast.carla.pseudonym, helped.pseudonym)}
    # As a day is written: the four digits alone may stand in a hash by chance.
    for word in ("Verdi", "1941-", "/1941", "Donato"):
        assert word not in said


def test_whoever_entered_it_decides_nothing_on_it(enter: Any, cast: Any) -> None:
    with db.writing():
        people.grant(cast.person("carla"), Role.OFFICER, by=SYSTEM)
    carla = enter("carla")
    help_newcomer(carla)
    code = begin(carla)
    send_for(code, cast)
    assert carla.get(f"/en/desk/cases/{code}").status_code == 403  # helping, she is no officer
    carla.post("/en/counter/finish", at="/en/counter")
    assert carla.get(f"/en/desk/cases/{code}").status_code == 200
    answer = carla.post(f"/en/desk/cases/{code}/owner")
    assert answer.status_code == 403
    assert "entered this case for somebody" in carla.page
    for verb in (
        lambda one: actions.assign(one, by=cast.carla),
        lambda one: actions.ask_supplement(one, "What?", by=cast.carla),
        lambda one: actions.save_completeness(one, {}, by=cast.carla),
        lambda one: actions.notice_refusal(one, "No.", "art. 1", by=cast.carla),
        lambda one: actions.accept_for_codesign(one, "Yes.", by=cast.carla),
    ):
        with pytest.raises(NotAllowed, match="entered"):
            steps.do(code, verb)
    steps.do(code, lambda one: actions.assign(one, by=cast.giulia))


def test_two_tabs_never_mix_two_people(enter: Any, cast: Any) -> None:
    carla = enter("carla")
    help_newcomer(carla)
    anna = begin(carla)
    carla.get(f"/en/propose/{anna}/what")
    token = carla.token()
    typed = {"kind": "place", "title": "Anna's garden", "summary": "Typed in the first tab."}
    carla.post("/en/counter/finish", at="/en/counter")
    help_newcomer(carla, BERTA)
    berta = begin(carla)
    # The first tab sends what was typed for Anna: it goes nowhere, and can be copied.
    for address in (f"/en/propose/{anna}/what", f"/en/propose/{berta}/what", "/en/propose"):
        answer = carla.client.post(address, data={**typed, "csrf_token": token})
        assert answer.status_code in {400, 404}
        assert "Typed in the first tab." in answer.get_data(as_text=True)
    # Nor does a page of Anna open while Berta is helped.
    for path in (f"propose/{anna}", f"counter/cases/{anna}/summary", f"counter/cases/{anna}/card.pdf"):
        assert carla.get(f"/en/{path}").status_code == 404
    assert [the(one).title for one in (anna, berta)] == ["", ""]
    with db.reading() as session:
        assert len(session.scalars(select(Proposal)).all()) == 2


def test_helping_somebody_else_ends_the_help_before(enter: Any) -> None:
    first, second = enter("carla"), enter("carla")
    help_newcomer(first)
    code = begin(first)
    help_newcomer(second, BERTA)
    first.get(f"/en/propose/{code}")
    assert f"Saved as {code}. Nobody is helped now." in first.page
    assert [one.ended_how for one in helps()] == ["another", ""]


def test_after_half_an_hour_the_draft_is_kept_and_nobody_is_helped(enter: Any, cast: Any) -> None:
    carla = enter("carla")
    help_newcomer(carla)
    code = begin(carla)
    carla.get(f"/en/propose/{code}/what")
    let_half_an_hour_pass()
    answer = carla.post(
        f"/en/propose/{code}/what", {"kind": "place", "title": "Too late", "summary": "Typed and kept."}
    )
    assert answer.status_code in {400, 404}
    assert "Typed and kept." in carla.page
    assert f"Saved as {code}. Nobody is helped now." in carla.page
    assert the(code).title == ""
    assert carla.get(f"/en/propose/{code}").status_code == 404
    carla.get("/en/counter")
    assert "Nobody is helped now" not in carla.page
    carla.post("/en/counter/case", {"code": code, "born_on": "3/4/1941"})
    assert carla.get(f"/en/propose/{code}").status_code == 200


def test_a_form_sent_after_the_end_begins_nothing_for_the_clerk(enter: Any) -> None:
    carla = enter("carla")
    help_newcomer(carla)
    carla.get("/en/counter")
    let_half_an_hour_pass()
    assert carla.post("/en/propose", {"email": ""}).status_code == 400
    with db.reading() as session:
        assert session.scalars(select(Proposal)).all() == []


def test_the_clock_ends_a_help_once_on_the_record_too(enter: Any, work: Any) -> None:
    carla = enter("carla")
    help_newcomer(carla)
    let_half_an_hour_pass()
    work("helps", "helps")
    assert [one.ended_how for one in helps()] == ["time"]
    with db.reading() as session:
        ended = session.scalars(select(Act).where(Act.verb == "counter:ended")).all()
    assert [one.facts["how"] for one in ended] == ["time"]


def _like(browser: Browser) -> Browser:
    """Return the same browser before another node, or a thief's, with the cookies of now."""
    other = Browser(browser.app)
    for cookie in browser.client._cookies.values():
        other.client.set_cookie(cookie.key, cookie.value, domain=cookie.domain, path=cookie.path)
    return other


@pytest.mark.parametrize("ending", ["/en/counter/finish", "/en/sign-out"])
def test_nothing_goes_on_elsewhere_after_the_end(enter: Any, ending: str) -> None:
    carla = enter("carla")
    help_newcomer(carla)
    code = begin(carla)
    elsewhere = _like(carla)
    assert elsewhere.get(f"/en/propose/{code}").status_code == 200
    carla.post(ending, at="/en/counter")
    for browser in (elsewhere, carla):
        assert browser.get(f"/en/propose/{code}").status_code == 404
    enter("carla").get("/en/counter")
    assert carla.get(f"/en/propose/{code}").status_code == 404


def test_signing_in_again_helps_nobody(enter: Any) -> None:
    carla = enter("carla")
    help_newcomer(carla)
    code = begin(carla)
    again = enter("carla")
    again.get("/en/counter")
    assert "You are helping" not in again.page
    assert again.get(f"/en/propose/{code}").status_code == 404


def test_a_clerk_whose_role_ends_helps_nobody_any_more(enter: Any, cast: Any) -> None:
    carla = enter("carla")
    help_newcomer(carla)
    code = begin(carla)
    with db.writing() as session:
        session.execute(
            update(Grant)
            .where(Grant.person_id == cast.carla.person_id)
            .values(until=clock.now() - timedelta(seconds=1), starts_at=clock.now() - timedelta(days=1))
        )
    assert carla.get(f"/en/propose/{code}").status_code == 404


def test_the_same_person_is_entered_once_and_found_by_name(enter: Any, cast: Any) -> None:
    carla = enter("carla")
    help_newcomer(carla, {**ANNA, "name": "Anna Łódź-Verdì"})
    carla.post("/en/counter/finish", at="/en/counter")
    help_newcomer(carla, {**ANNA, "name": "anna lodz verdi"} | {"name": "Anna Łódź-Verdì"})
    carla.post("/en/counter/finish", at="/en/counter")
    with db.reading() as session:
        helped = session.scalars(select(Helped)).one()
    carla.post("/en/counter/search", {"name": "lodz ann"}, at="/en/counter")
    assert "Anna Łódź-Verdì" in carla.page
    assert "1941" not in carla.page
    values = {"person": helped.pseudonym, "born_on": "4/4/1941"}
    assert carla.post("/en/counter/birth", values).status_code == 422
    carla.post("/en/counter/birth", {**values, "born_on": "3/4/1941"}, at="/en/counter")
    assert "You are helping Anna" in carla.page


@pytest.mark.parametrize("typed", ["", "an", "%", "__ _", "\u200b\u200b\u200b", "'; drop table help; --"])
def test_odd_names_find_nobody_and_break_nothing(enter: Any, typed: str) -> None:
    carla = enter("carla")
    help_newcomer(carla)
    carla.post("/en/counter/finish", at="/en/counter")
    answer = carla.post("/en/counter/search", {"name": typed}, at="/en/counter")
    assert answer.status_code in {200, 422}
    assert "Anna Verdi" not in carla.page


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "name"),
        ("name", "\u200b", "name"),
        ("born_on", "", "birth date"),
        ("born_on", "1/1/2199", "a day in the past"),
        ("born_on", "30/2/1941", "no such day"),
        ("way", "pigeon", "list"),
        ("postal", "", "Letters need an address"),
        ("postal", "x" * 500, "two to six lines"),
        ("language", "tlh", "list"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(enter: Any, field: str, typed: str, sentence: str) -> None:
    carla = enter("carla")
    answer = carla.post("/en/counter/people", {**ANNA, field: typed}, at="/en/counter")
    assert answer.status_code == 422
    assert sentence in carla.page
    if field != "name":
        assert 'value="Anna Verdi"' in carla.page
    with db.reading() as session:
        assert session.scalars(select(Helped)).all() == []


def test_a_clerk_who_browses_is_stopped(enter: Any) -> None:
    carla = enter("carla")
    carla.get("/en/counter")
    statuses = {carla.post("/en/counter/search", {"name": "anna"}).status_code for _ in range(62)}
    assert statuses == {200, 429}


def test_a_new_address_holds_for_the_cases_too(enter: Any) -> None:
    carla = enter("carla")
    help_newcomer(carla)
    code = begin(carla)
    new = {"way": "phone", "postal": "Via Nuova 1\n40100 Bologna", "phone": "051 222 333"}
    carla.post("/en/counter/reach", new, at="/en/counter")
    found = the(code)
    assert (found.contact_postal, found.contact_phone, found.contact_way) == (
        new["postal"],
        new["phone"],
        "phone",
    )


PDF = b"%PDF-1.4\nscan\n%%EOF\n"


def test_a_signed_scan_is_kept_once_sealed_and_for_the_two_sides_only(enter: Any, cast: Any) -> None:
    carla = enter("carla")
    help_newcomer(carla)
    code = begin(carla)
    for _ in range(2):
        carla.get(f"/en/counter/cases/{code}/summary")
        carla.post(f"/en/counter/cases/{code}/scans", {"scan": (io.BytesIO(PDF), "a.exe")})
    with db.reading() as session:
        (number,) = session.scalars(select(SignedScan.id))
        assert PDF not in bytes(session.scalars(select(SignedScan.sealed_file)).one())
    answer = carla.get(f"/en/counter/scans/{number}")
    assert (answer.data, answer.headers["Cache-Control"]) == (PDF, "no-store")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    # A draft is read by nobody of the city, so its signed answers are not either.
    assert enter("giulia").get(f"/en/counter/scans/{number}").status_code == 404
    send_for(code, cast)
    assert enter("giulia").get(f"/en/counter/scans/{number}").data == PDF
    for name in ("eve", "dario"):
        assert enter(name).get(f"/en/counter/scans/{number}").status_code in {403, 404}
    carla.post("/en/counter/finish", at="/en/counter")
    assert carla.get(f"/en/counter/scans/{number}").status_code in {403, 404}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.4 no end",
        b"\xff\xd8\xff\xe0 broken",
    ],
)
def test_what_is_no_scan_is_refused(enter: Any, content: bytes) -> None:
    carla = enter("carla")
    help_newcomer(carla)
    code = begin(carla)
    carla.get(f"/en/counter/cases/{code}/summary")
    answer = carla.post(f"/en/counter/cases/{code}/scans", {"scan": (io.BytesIO(content), "a.pdf")})
    assert answer.status_code == 422
    with db.reading() as session:
        assert session.scalars(select(SignedScan.id)).all() == []


def test_a_scan_of_several_pages_is_taken_and_an_endless_one_is_not(enter: Any) -> None:
    carla = enter("carla")
    help_newcomer(carla)
    where = f"/en/counter/cases/{begin(carla)}"
    for size, status in ((9_000_000, 303), (10_600_000, 422), (11_600_000, 413)):
        carla.get(f"{where}/summary")
        token, pdf = carla.token().encode(), b"%PDF-1.4\n" + b"0" * size + b"\n%%EOF\n"
        body = (
            b'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + token + b"\r\n--b\r\n"
            b'Content-Disposition: form-data; name="scan"; filename="a.pdf"\r\n\r\n' + pdf + b"\r\n--b--\r\n"
        )
        kind = "multipart/form-data; boundary=b"
        assert carla.client.post(f"{where}/scans", data=body, content_type=kind).status_code == status
    assert "up to 10 MB" in carla.get(f"{where}/summary").text
    with db.reading() as session:
        assert len(session.scalars(select(SignedScan.id)).all()) == 1


def _offered(enter: Any) -> tuple[str, str]:
    carla = enter("carla")
    help_newcomer(carla)
    code = begin(carla)
    carla.post("/en/counter/connection", at="/en/counter")
    assert "The letter is written" in carla.page
    secret = secret_of(all_letters()[-1])
    assert secret
    assert secret not in carla.page
    return code, secret


def test_the_letter_brings_the_case_into_an_account_and_the_stamp_stays(enter: Any, cast: Any) -> None:
    code, secret = _offered(enter)
    rosa = enter("rosa")
    answer = rosa.post(
        "/en/connect", {"code": code, "secret": secret.lower().replace("-", " ")}, at="/en/connect"
    )
    assert code in answer.request.path
    found = the(code)
    assert found.person_id == cast.rosa.person_id
    assert (found.entered_by_id, found.entered_ids) == (cast.carla.person_id, [cast.carla.person_id])
    assert rosa.get(f"/en/propose/{code}").status_code == 200
    nina = enter("eve")
    assert nina.post("/en/connect", {"code": code, "secret": secret}, at="/en/connect").status_code == 422
    assert the(code).person_id == cast.rosa.person_id


def test_a_code_is_worth_nothing_after_five_tries(enter: Any, cast: Any) -> None:
    code, secret = _offered(enter)
    rosa = enter("rosa")
    rosa.get("/en/connect")
    for _ in range(5):
        assert rosa.post("/en/connect", {"code": code, "secret": "2222-2222-2222"}).status_code == 422
    assert rosa.post("/en/connect", {"code": code, "secret": secret}).status_code == 422
    assert the(code).person_id is None


def test_an_old_code_and_the_code_before_it_open_nothing(enter: Any) -> None:
    code, first = _offered(enter)
    carla = enter("carla")
    carla.get("/en/counter")
    carla.post("/en/counter/case", {"code": code, "born_on": "3/4/1941"})
    carla.post("/en/counter/connection", at="/en/counter")
    second = secret_of(all_letters()[-1])
    rosa = enter("rosa")
    rosa.get("/en/connect")
    assert rosa.post("/en/connect", {"code": code, "secret": first}).status_code == 422
    with db.writing() as session:
        session.execute(update(Connection).values(expires_at=clock.real() - timedelta(seconds=1)))
    assert rosa.post("/en/connect", {"code": code, "secret": second}).status_code == 422
    assert the(code).person_id is None


def test_nobody_of_the_city_connects_a_case(enter: Any) -> None:
    code, secret = _offered(enter)
    giulia = enter("giulia")
    answer = giulia.post("/en/connect", {"code": code, "secret": secret}, at="/en/connect")
    assert answer.status_code == 403
    assert the(code).person_id is None


def test_a_draft_begun_at_home_is_taken_on_with_its_word(enter: Any, client: Any, cast: Any) -> None:
    code = started(client)
    word = re.search(r'code">([a-z]+-[a-z]+-[0-9]{4})<', client.page)[1]
    carla = enter("carla")
    help_newcomer(carla)
    assert carla.get(f"/en/propose/{code}").status_code == 404
    carla.post("/en/propose/resume", {"code": code, "word": word}, at="/en/propose")
    assert carla.get(f"/en/propose/{code}").status_code == 200
    carla.post("/en/counter/finish", at="/en/counter")
    assert carla.get(f"/en/propose/{code}").status_code == 404
    assert the(code).entered_by_id == cast.carla.person_id


@pytest.mark.parametrize("name", ["eve", "giulia", "ada"])
def test_the_counter_is_not_for_others(enter: Any, name: str) -> None:
    browser = enter(name)
    assert browser.get("/en/counter").status_code == 403
    assert browser.post("/en/counter/people", ANNA).status_code == 403
    assert browser.get("/en/desk/counter").status_code == 403


def test_the_auditor_sees_who_entered_what_and_no_names_of_the_helped(enter: Any) -> None:
    carla = enter("carla")
    help_newcomer(carla)
    code = begin(carla)
    carla.post("/en/counter/finish", at="/en/counter")
    aldo = enter("aldo")
    aldo.get("/en/desk/counter")
    assert code in aldo.page
    assert CAST["carla"][0] in aldo.page
    assert "Verdi" not in aldo.page
    assert aldo.get("/en/counter").status_code == 403
