"""Support that adds up: one signed pact gets a server, ten legal hours and money in two parts, without scripts.

The pact is brought to its signatures through the actions; everything after them is done in windows.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portal import db
from portal.organisations.actors import actor_for
from portal.pacts import actions as pacts
from portal.people import queries as people
from portal.support import actions as support
from portal.support import queries
from portal.support.payments import orders
from tests.conftest import CAST, PASSWORD
from tests.journeys import summing
from tests.journeys.checks import NARROW, WIDE
from tests.journeys.window import Window
from tests.pacts import journey

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from portal.policy import Actor
    from tests.journeys.live import LivePortal
    from tests.journeys.window import Seen

MONEY, HOURS, MONTHS = 4_000_00, 10, 12
HALF = "2,000"
IBAN = "IT60X0542811101000000123456"
TITLE = "Fountain of Via Larga"
DAYS = 31
WINDOWS = {"rosa": NARROW, "ivan": WIDE, "lea": NARROW, "tina": WIDE, "nuria": NARROW, "marco": WIDE}


class Town:
    """The cast of a portal that runs: whoever is named acts."""

    def __getattr__(self, name: str) -> Actor:
        with db.reading() as session:
            return actor_for(self.person(name, session), is_proved=True)

    def person(self, name: str, session: Any = None) -> Any:
        """Return somebody's account."""
        if session is not None:
            return session.scalars(people.by_email(CAST[name][1])).unique().one()
        with db.reading() as reading:
            return reading.scalars(people.by_email(CAST[name][1])).unique().one()

    def fresh(self, name: str) -> Actor:
        """Return somebody who proved a moment ago who they are."""
        return replace(getattr(self, name), is_fresh=True)


def signed_pact(live: LivePortal) -> str:
    """Return the code of a pact that was promised a server, ten hours and money, and signed by both sides."""
    town = Town()
    with live.inside():
        asked = journey.Asked(MONEY, HOURS, MONTHS)
        pact = journey.agreed(town, asked=asked, title=TITLE)
        _approve(town, pact)
        giulia = town.giulia
        with db.writing():
            pacts.open_signing(journey.here(pact), by=giulia)
        pact = journey.reload(pact)
        journey.sign(pact, town.rosa)
        return journey.sign(pact, town.nuria).code


def _approve(town: Town, pact: Any) -> None:
    giulia, tina = town.giulia, town.fresh("tina")
    with db.reading() as session:
        rows = session.scalars(queries.current(pact.key)).all()
    for row in rows:
        with db.writing() as session:
            pool = session.scalars(queries.pool(row.starts_on.year, row.kind)).one()
            one = session.scalars(queries.row(pact.key, row.row_key)).one()
            support.propose(one, pool, journey.REASON, by=giulia)
        with db.writing() as session:
            support.approve(session.scalars(queries.row(pact.key, row.row_key)).one(), by=tina)


class Supporting:
    """The people of the three kinds of support, their windows, and the figures they read."""

    def __init__(self, browser: Browser, live: LivePortal, seen: Seen) -> None:
        self.browser, self.live, self.seen = browser, live, seen
        self.windows: dict[str, Window] = {}
        self.code = signed_pact(live)

    def window(self, who: str) -> Window:
        """Return somebody's window, signed in, wide or narrow."""
        if who not in self.windows:
            self.windows[who] = window = Window(self.browser, self.live.base_url, self.seen, who)
            window.page.set_viewport_size({"width": WINDOWS.get(who, WIDE), "height": 900})
            if who in CAST:
                window.sign_in(CAST[who][1], self.live.code)
        return self.windows[who]

    def at(self, who: str, path: str) -> Window:
        """Return somebody's window at an address of the pact; `{code}` stands for its code."""
        window = self.window(who)
        window.open("/en" + path.format(code=self.code))
        return window

    def close(self) -> None:
        """Close all windows."""
        for window in self.windows.values():
            window.close()
        self.windows.clear()


def prove(window: Window) -> None:
    """Give the password where the page asks for it before something that binds."""
    if window.page.locator("main").get_by_label("Your password").count():
        window.write({"Your password": PASSWORD})
        window.press("Confirm")


def attach(window: Window, name: str, kind: str, content: bytes) -> None:
    """Choose a file in the one box for files of the page."""
    file: Any = {"name": name, "mimeType": kind, "buffer": content}
    window.page.locator("main input[type=file]").set_input_files(file)


def arrange(job: Supporting) -> None:
    """The group asks and proposes a time; the legal officer accepts it."""
    day = job.live.today() + timedelta(days=DAYS - 1)
    rosa = job.at("rosa", "/pacts/{code}/legal")
    rosa.choose("Contracts and insurance")
    rosa.write({"Your question": "Who answers for the fountain when somebody slips?"})
    rosa.press("Ask", within="main form")
    rosa.page.get_by_text("Propose a time").click()
    rosa.write({"Day": f"{day:%d/%m/%Y}", "From": "15:00", "Until": "17:00", "How": "In person"})
    rosa.write({"Where, the number to call": "Piazza Maggiore 6, room 12"})
    rosa.press("Propose", within="main details form")
    lea = job.at("lea", "/desk/legal")
    lea.press(job.code)
    lea.press("Contracts and insurance", within="main table")
    lea.follow(lea.page.locator("main aside .results a").first)
    lea.press("Accept this time")
    lea.sees("Agreed")
    job.close()
    job.live.pass_days(DAYS)


def give_the_server(job: Supporting) -> None:
    """The infrastructure officer sets the server up by hand, the group confirms what arrived."""
    ivan = job.at("ivan", "/desk/servers")
    ivan.sees(job.code)
    ivan.follow(ivan.page.locator("main li", has_text=job.code).get_by_role("button"))
    rosa = job.at("rosa", "/pacts/{code}/server")
    rosa.page.get_by_text("Write down the particulars").click()
    rosa.write({"Name in the Internet": "fountain.example.org"})
    rosa.choose("The city", "Every day")
    rosa.write({"What is handed over at the end?": "The database and all files", "In which format?": "SQL"})
    rosa.press("Save the particulars")
    rosa.page.get_by_text("Name an administrator").click()
    rosa.write({"Name": "Teo Galli", "Mail address": "teo@example.org"})
    rosa.press("Name them")
    rosa.keep("our server, prepared")
    ivan.page.reload()
    ivan.press("Request it by hand")
    ivan.press("I am setting it up")
    for _ in range(4):
        ivan.write({"What shows it?": "Ticket 4711"})
        ivan.press("Tick this step")
    ivan.keep("server, being set up")
    ivan.write({"Where is it reached?": "203.0.113.7"})
    ivan.press("It is running")
    ivan.sees("Running", "203.0.113.7")
    accept(job)


def accept(job: Supporting) -> None:
    """The group says of everything that waits that it arrived like this."""
    rosa = job.at("rosa", "/pacts/{code}/support")
    while rosa.offers("It arrived like this"):
        rosa.press("It arrived like this")


def give_the_hours(job: Supporting) -> None:
    """The legal officer enters ten hours of work for the appointment; the group confirms them."""
    lea = job.at("lea", "/pacts/{code}/legal/1")
    form = "main form[action$='/work']"
    lea.write({"Day": f"{job.live.today():%d/%m/%Y}", "Minutes": "600"}, within=form)
    lea.write({"What kind of work": "Written advice"}, within=form)
    lea.page.locator("#appointment").select_option(index=1)
    lea.press("Enter it")
    lea.sees("10 h")
    lea.keep("legal matter, with work")
    rosa = job.at("rosa", "/pacts/{code}/legal/1")
    rosa.press("Written advice")
    rosa.press("Confirm")
    rosa.open(f"/en/pacts/{job.code}/legal")
    accept(job)


def plan_the_money(job: Supporting) -> None:
    """The treasurer plans an advance and a second part; the group's account is read back to her."""
    today = f"{job.live.today():%d/%m/%Y}"
    tina = job.at("tina", "/desk/payments")
    tina.press(job.code)
    tina.keep("payments, to be planned")
    tina.write({"Advance": HALF, "Paid on": today})
    tina.box("Amount", within="main fieldset:has(legend:text('Part 1'))").fill(HALF)
    tina.press("Keep this plan")
    tina.sees("on accepted costs")
    rosa = job.at("rosa", "/pacts/{code}/funding")
    rosa.press("Enter or change the account")
    prove(rosa)
    rosa.write({"Name of the account's holder": "Rosa Neri", "Account (IBAN)": IBAN})
    rosa.write({"The same account again": IBAN})
    rosa.press("Enter the account")
    prove(rosa)
    rosa.sees("account ending in 3456")
    tina.open("/en/desk/payments")
    tina.press(job.code, within="main ul")
    tina.write({"Last six signs": IBAN[-6:]})
    tina.press("Confirm the account")
    prove(tina)
    tina.sees("Confirmed")


def pay(job: Supporting) -> bytes:
    """One prepares, another releases; the file fits the bank's schema, and the bank's answer is read."""
    tina = job.at("tina", "/desk/payments")
    tina.keep("payments, one is due")
    tina.press("Prepare these payments")
    number = tina.path.rpartition("/")[2]
    nuria = job.at("nuria", f"/desk/payments/batches/{number}")
    nuria.press("Release these payments")
    prove(nuria)
    nuria.keep("batch, released")
    file = nuria.download("Download the file for the bank")
    orders.check(file)
    (name,) = re.findall(r"<EndToEndId>([^<]+)<", file.decode())
    tina.open("/en/desk/payments")
    (message,) = re.findall(r"<MsgId>([^<]+)<", file.decode())
    attach(tina, "answer.xml", "application/xml", status(name, message))
    tina.press("Read the file")
    tina.sees(name)
    return file


def spend(job: Supporting) -> None:
    """The group hands in its receipts; one official checks them, and another approves."""
    rosa = job.at("rosa", "/pacts/{code}/funding")
    rosa.press("Enter costs")
    number = rosa.path.rpartition("/")[2]
    papers = (
        ("scan.jpg", "image/jpeg", rosa.page.screenshot(type="jpeg")),
        ("bill.pdf", "application/pdf", rosa.page.pdf()),
    )
    for name, kind, paper in papers:
        rosa.write({"What was bought?": f"Pump parts, {name}", "Number of the receipt": name})
        rosa.write({"Who issued the receipt?": "Ferramenta Bassi S.r.l.", "Amount": HALF})
        rosa.page.locator("main [name=category]").select_option("materials")
        rosa.write({"Day on the receipt": f"{job.live.today():%d/%m/%Y}"})
        attach(rosa, name, kind, paper)
        rosa.press("Enter this cost")
    rosa.keep("statement of costs, two receipts")
    rosa.press("Accept and send")
    marco = job.at("marco", f"/desk/payments/statements/{{code}}/{number}")
    marco.keep("statement, to check")
    marco.press("Keep what is accepted")
    tina = job.at("tina", f"/desk/payments/statements/{{code}}/{number}")
    tina.press("Approve")
    prove(tina)
    tina.sees("Decision taken")


def status(name: str, message: str) -> bytes:
    """Return a bank's answer (pain.002) that says of one payment: it is settled."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10">'
        "<CstmrPmtStsRpt><GrpHdr><MsgId>A1</MsgId><CreDtTm>2026-01-02T09:30:00+01:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
        f"</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>{message}-1</OrgnlPmtInfId>"
        f"<TxInfAndSts><OrgnlEndToEndId>{name}</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>"
        "</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


STEPS = (arrange, give_the_server, give_the_hours, plan_the_money, pay, spend, pay, accept, summing.compare)
