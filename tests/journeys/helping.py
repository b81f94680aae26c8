"""The clerk's journey without scripts, and the rooms of groups, residents and readers: seen, and kept for the checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import city
from portal.residents import jobs
from tests.conftest import CAST
from tests.journeys.window import Window

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.journeys.live import LivePortal
    from tests.journeys.window import Seen

ANNA, BORN = "Anna Verdi", "03/04/1941"
CENSUS = "codice_fiscale;data_nascita;cap\nNRERSO80A41A944R;1980-01-01;40121\n"
GROUP = "Amici del pozzo"
OF_CARLA = ("/desk/residents", "/desk/organisations", "/desk/organisations/new", "/desk/letters")
OF_GIULIA = ("/desk/moderation", "/desk/calls", "/desk/calls/new")
OF_ROSA = (
    "/account/groups",
    "/account/residence",
    "/account/residence/census",
    "/account/residence/letter",
    "/account/privacy",
    "/account/privacy/erasure",
    "/account/following",
)
OF_ALL = ("/privacy", "/follow", "/organisations", "/connect")


def _keep(window: Window, *paths: str) -> None:
    for path in paths:
        window.open(f"/en{path}")
        window.keep(path)


def at_the_counter(browser: Browser, live: LivePortal, seen: Seen) -> None:
    """Carla helps Anna from the first question to the printed receipt; nothing of it needs a script."""
    carla = Window(browser, live.base_url, seen, "carla at the counter")
    carla.sign_in(CAST["carla"][1], live.code)
    carla.open("/en/counter")
    carla.keep("counter")
    carla.press("Begin to help", status=422)
    carla.keep("counter, with errors")
    carla.write({"Name and surname": ANNA, "Postal address": "Via San Donato 118\n40127 Bologna BO"})
    carla.page.locator("main form").first.get_by_label("Birth date").fill(BORN)
    carla.press("Begin to help")
    carla.sees(ANNA)
    carla.keep("counter, helping")
    _writes(carla, live)
    carla.open("/en/counter/leave")
    carla.keep("counter, before the person goes")
    carla.open("/en/counter")
    carla.press("Finish", within="body")
    _keep(carla, *OF_CARLA)
    carla.open("/en/desk/residents")
    carla.write({"E-mail address": CAST["rosa"][1]})
    carla.press("Find the account")
    carla.sees("Check a document")
    carla.keep("resident at the counter")
    carla.close()


def _writes(carla: Window, live: LivePortal) -> None:
    carla.press("Begin a proposal")
    carla.press("Start now")
    carla.press("Go straight to the proposal")
    code = carla.path.rpartition("/")[2]
    carla.press("Say what you want to look after")
    carla.choose("Place")
    carla.write({"Name": "Benches in the shade", "In short": "We keep the benches clean."})
    carla.press("Save and continue")
    carla.open(f"/en/counter/cases/{code}/summary")
    carla.sees("have heard or read these answers", "up to 10 MB")
    carla.keep("counter, summary to sign")
    live.run("record", "slips")
    assert carla.fetch(f"/en/counter/cases/{code}/card.pdf").startswith(b"%PDF-")
    carla.open("/en/counter")
    carla.keep("counter, with a case")


def in_the_rooms(browser: Browser, live: LivePortal, seen: Seen) -> None:
    """Rosa's group and account, Giulia's desk, and what everybody opens."""
    path = live.folder / "census.csv"
    path.write_text(CENSUS, encoding="utf-8")
    with live.inside():
        jobs.import_census(path, city.profile("bologna").residents)
    rosa = Window(browser, live.base_url, seen, "rosa in her rooms")
    rosa.sign_in(CAST["rosa"][1], live.code)
    _founds(rosa)
    _keep(rosa, *OF_ROSA)
    rosa.close()
    giulia = Window(browser, live.base_url, seen, "giulia at her desk")
    giulia.sign_in(CAST["giulia"][1], live.code)
    _keep(giulia, *OF_GIULIA)
    giulia.close()
    anybody = Window(browser, live.base_url, seen, "anybody")
    _keep(anybody, *OF_ALL)
    anybody.close()


def _founds(rosa: Window) -> None:
    rosa.open("/en/organisations/join")
    rosa.keep("group, to be entered")
    rosa.write({"Name of the group": GROUP})
    rosa.choose("Informal group")
    rosa.press("Register the group")
    rosa.sees(GROUP)
    where = rosa.path.removesuffix("/members")
    _keep(rosa, f"{where}/members", f"{where}/mandates/new", f"{where}/entry")
    rosa.open(f"/en{where}/leaving")
    rosa.keep("group, leaving")
    rosa.open("/en/propose")
    rosa.press("Start now")
    rosa.press("Go straight to the proposal")
    rosa.open(f"/en{rosa.path}/co-authors")
    rosa.keep("co-authors")
