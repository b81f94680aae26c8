"""The journeys in a real browser: the main job without scripts, software with scripts, and every page seen.

One file, so that one process walks them all: the pages are looked at after the walk.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.journeys import booking, deciding, hearing, helping, passkeys, proposing, supporting
from tests.journeys.checks import Gallery, as_text, faults_of
from tests.journeys.main_job import STEPS, MainJob, Step
from tests.journeys.window import Sight, Window

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.journeys.live import LivePortal
    from tests.journeys.window import Seen

PARTS = 4
TITLE = "Bike counter"
SUMMARY = "A small program that counts bicycles from the sensors that neighbours build themselves."


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_the_main_job(main_job: MainJob, step: Step) -> None:
    main_job.through(step)


def test_nothing_is_asked_of_another_host(main_job: MainJob) -> None:
    main_job.through(STEPS[-1])
    assert not main_job.seen.foreign


def test_the_browser_blocks_nothing(main_job: MainJob) -> None:
    main_job.through(STEPS[-1])
    assert not main_job.seen.complaints


def test_the_web_process_reports_no_error(main_job: MainJob) -> None:
    main_job.through(STEPS[-1])
    assert "Traceback" not in main_job.live.log()


def test_software_is_proposed_and_accepted(live: LivePortal, browser: Browser, seen: Seen) -> None:
    window = Window(browser, live.base_url, seen, "visitor with scripts", scripts=True)
    window.open("/en/propose")
    window.press("Start now")
    window.press("Go straight to the proposal")
    code = window.path.rpartition("/")[2]
    _what(window)
    _where(window)
    _rest(window, live)
    window.press("Check your answers and send")
    window.sees(TITLE, "AGPL-3.0-or-later", "Small")
    window.keep("software: check")
    window.press("Accept and send")
    window.sees(code)
    window.keep("software: sent")
    window.close()
    _decide(Window(browser, live.base_url, seen, "marco with scripts", scripts=True), live, code)


def _what(window: Window) -> None:
    window.press("Say what you want to look after")
    window.press("Save and continue", status=422)
    assert window.page.evaluate("document.activeElement.matches('.errors')"), "the summary has no focus"
    window.choose("Software")
    window.write({"Name": TITLE, "In short": SUMMARY})
    window.sees(f"{150 - len(SUMMARY)} characters left")
    window.keep("software: what, counted")
    window.press("Save and continue")


def _where(window: Window) -> None:
    window.press("Say where it is")
    window.keep("software: where")
    window.write({"Address of the code": "code.example.org"})
    window.press("Save and continue", status=422)
    window.keep("software: where, with errors")
    window.write({"Address of the code": "https://code.example.org/bikes/counter", "Licence": "CC-BY-NC-4.0"})
    window.press("Save and continue")
    window.keep("software: particulars")
    window.choose("Two to four people")
    window.press("Save and continue")
    window.press("Say where it is")
    window.keep("software: where, advice")
    window.write({"Licence": "AGPL-3.0-or-later"})
    window.press("Save and continue")


def _rest(window: Window, live: LivePortal) -> None:
    window.press("Tell us who takes part")
    window.choose("One person", "Yes")
    window.write({"Your name": "Teo Galli", "Phone number": "051 000 111"})
    window.press("Save and continue")
    window.press("Say what your group will do")
    window.write({"What will you do?": "Publish a version", "How much?": "4", "How often?": "every year"})
    window.press("Save and continue")
    first = live.today() + timedelta(days=30)
    window.write({"First day": f"{first:%d/%m/%Y}", "Last day": f"{first + timedelta(days=364):%d/%m/%Y}"})
    window.press("Save and continue")
    window.press("Ask for money")
    window.choose("Server")
    window.press("Save and continue")
    window.choose("Small")
    window.write({"For how many months?": "12"})
    window.press("Save and continue")
    window.press(proposing.FENCES_TASK)
    window.keep("software: fences")
    window.press("Save and continue")
    if window.path.endswith("/limits"):
        window.press("Save and continue")
    window.press("Say who else lives with it or uses it")
    window.press("Save and continue")


def _decide(marco: Window, live: LivePortal, code: str) -> None:
    marco.sign_in("marco@city.example", live.code)
    deciding.case_page(marco, code)
    marco.press("Take the case")
    deciding.check_all(marco)
    deciding.judge(marco, code)
    hearing.publish(marco, live, code)
    live.pass_days(hearing.DAYS)
    deciding.case_page(marco, code)
    marco.page.locator("main [name=pact_class]").first.check()
    marco.write({"Public reason": deciding.REASON})
    marco.press("Accept for co-design")
    marco.sees(TITLE)
    marco.keep("software: case, in co-design")
    marco.press("Public page")
    marco.sees(TITLE)
    marco.close()


def test_a_passkey_is_made_and_opens_the_account(live: LivePortal, browser: Browser, seen: Seen) -> None:
    passkeys.walk(Window(browser, live.base_url, seen, "tina with a passkey", scripts=True), live)


def test_a_clerk_helps_somebody_from_the_first_question_to_the_card(
    live: LivePortal, browser: Browser, seen: Seen
) -> None:
    helping.at_the_counter(browser, live, seen)


def test_groups_residents_and_readers_have_their_rooms(
    live: LivePortal, browser: Browser, seen: Seen
) -> None:
    helping.in_the_rooms(browser, live, seen)


def test_a_pact_gets_a_server_hours_money_and_rooms_and_every_page_tells_the_same_sums(
    live: LivePortal, browser: Browser, seen: Seen
) -> None:
    job = supporting.Supporting(browser, live, seen)
    for step in (*supporting.STEPS, *booking.STEPS):
        step(job)
    job.close()


@pytest.fixture(scope="module")
def gallery(browser: Browser) -> Iterator[Gallery]:
    """The pages as they were answered."""
    shown = Gallery(browser)
    yield shown
    shown.close()


# Each line is wrong in its own way: wide or narrow, light or dark.
FAULTY = """<!doctype html><html lang="en"><head><title>A page</title></head><body><a href="#main" class="skip">Skip</a>
<main id="main"><h1>Page</h1><section class="help">Help</section><h3>Deep</h3><p>None, given_by</p>
<p class="pale">Pale by day</p><p class="dark">Pale by night</p><p class="dark">And again</p><p class="tiny">Tiny</p>
<button class="button low">Low</button><a href="/x"></a><input><div class="wide">Wide</div></main>
<link rel="stylesheet" href="data:text/css,
  body{font:16px serif} .skip{color:black} .pale{color:%23eee;background:white} .tiny{font-size:9px}
  .low{height:9px;color:black;background:white} .wide{width:380px}
  @media (prefers-color-scheme: dark){.pale,.dark{color:%23111;background:white} .dark{color:%23eee}}"></body></html>"""


def test_a_faulty_page_is_found_out(gallery: Gallery, live: LivePortal) -> None:
    sight = Sight("a faulty page", f"{live.base_url}/en/faulty", "nobody", 200, FAULTY)
    found = "\n".join(faults_of(gallery, sight))
    by_day, by_night = "at 1280 px: ", "at 390 px, dark: "
    faults = (
        "H3 “Deep” after H1",
        "raw words: None",
        "raw words: given_by",
        *(by_day + fault for fault in ("color-contrast: .pale", "link-name", "label", "tiny text: Tiny")),
        *(by_night + fault for fault in ("color-contrast: .dark", "link-name", "small button: Low")),
        "at 320 px: ",
    )
    assert [fault for fault in faults if fault not in found] == [], found


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_sound(main_job: MainJob, gallery: Gallery, part: int) -> None:
    main_job.through(STEPS[-1])
    sights = list(main_job.seen.sights.values())[part::PARTS]
    found = {f"{sight.name} ({sight.who}, {sight.url})": list(faults_of(gallery, sight)) for sight in sights}
    faults = {name: some for name, some in found.items() if some}
    assert not faults, as_text(faults)
