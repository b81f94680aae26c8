"""How the text comes about: both sides write, both agree to the same version, and both sign it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.conftest import CAST, PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.journeys.main_job import MainJob
    from tests.journeys.window import Window

WHY = "Our newest neighbours read neither the old nor the new name."


def room(window: Window, pact: str) -> None:
    """Open the room where the text is written."""
    window.open(f"/en/pacts/{pact}/co-design")


def _unfold(section: Locator) -> None:
    for words in ("Suggest", "Own words"):
        folded = section.locator("summary", has_text=words)
        if folded.count() and folded.locator("..").get_attribute("open") is None:
            folded.click()


def suggest_a_change(job: MainJob) -> None:
    """The group, still without an account, suggests other words for a clause."""
    stranger = job.window("stranger")
    stranger.open(f"/en/pacts/{job.pact}/co-design", status=404)
    visitor = job.window("visitor")
    room(visitor, job.pact)
    visitor.keep("co-design, the group")
    visitor.open(f"/en/pacts/{job.pact}/co-design/clauses/object")
    clause = visitor.page.locator("#suggest")
    _unfold(clause)
    for box in clause.locator("textarea[name^=text-]").all():
        box.fill(box.input_value() + "\n\n- The gate has a bell that everybody can reach.")
    clause.locator("[name=comment]").fill(WHY)
    visitor.press("Suggest this change", within="#suggest")
    visitor.sees("The community suggests", "Waiting for an answer", WHY)
    visitor.keep("co-design, suggested")
    visitor.open(f"/en/pacts/{job.pact}/co-design/terms")
    visitor.keep("terms, the group")


def accept_the_change(job: MainJob) -> None:
    """The officer accepts, and settles what the text still lacks."""
    giulia = job.window("giulia")
    room(giulia, job.pact)
    giulia.sees("It is your turn", "To answer: 1")
    giulia.keep("co-design, to answer")
    giulia.open(f"/en/pacts/{job.pact}/co-design/clauses/object")
    giulia.sees("Waiting for an answer")
    giulia.keep("co-design, a clause to answer")
    giulia.press("Send the answer", status=422)
    giulia.keep("co-design, answer with errors")
    giulia.choose("Accept: it becomes the next version")
    giulia.press("Send the answer")
    giulia.sees("Accepted", "version 2")
    room(giulia, job.pact)
    _settle(giulia, job)
    giulia.open(f"/en/pacts/{job.pact}/co-design/terms")
    giulia.keep("terms, the city")


def _settle(giulia: Window, job: MainJob) -> None:
    """The officer fills what only the city knew; the group, asked in turn, accepts it."""
    giulia.sees("Still to settle", "First day covered")
    giulia.keep("co-design, still to settle")
    giulia.open(f"/en/pacts/{job.pact}/co-design/clauses/insurance")
    insurance = giulia.page.locator("#suggest")
    _unfold(insurance)
    covered = job.live.today()
    blanks = {
        "Policy or policies": "The city's policy for civic volunteers, number 4471",
        "First day covered": f"{covered:%d/%m/%Y}",
        "Last day covered": f"{covered + timedelta(days=1100):%d/%m/%Y}",
    }
    giulia.write({**blanks, "First day covered": "soon"}, within="#suggest")
    giulia.press("Suggest this change", within="#suggest", status=422)
    giulia.sees("Enter a day, like 30/11/2026")
    giulia.keep("co-design, suggestion with errors")
    giulia.write(blanks, within="#suggest")
    giulia.press("Suggest this change", within="#suggest")
    visitor = job.window("visitor")
    room(visitor, job.pact)
    visitor.keep("co-design, the group to answer")
    visitor.open(f"/en/pacts/{job.pact}/co-design/clauses/insurance")
    visitor.choose("Accept: it becomes the next version")
    visitor.press("Send the answer")
    room(visitor, job.pact)
    visitor.does_not_see("Still to settle")


def agree(job: MainJob) -> None:
    """Both sides agree to the same hash."""
    giulia = job.window("giulia")
    room(giulia, job.pact)
    giulia.press("Agree to this version")
    giulia.sees("You have agreed to this version")
    visitor = job.window("visitor")
    room(visitor, job.pact)
    visitor.press("Agree to this version")
    visitor.sees("Both sides agreed to this text")
    visitor.keep("co-design, both agreed")
    visitor.press("Read it whole")
    visitor.keep("version of the text")
    job.live.run("record", "reactions", "mail")


def open_signing(job: MainJob) -> None:
    """With the support approved, the officer makes the text ready to sign."""
    giulia = job.window("giulia")
    giulia.open(f"/en/desk/cases/{job.pact}")
    giulia.keep("case, agreed and resourced")
    giulia.sees("A prescription is not answered")
    giulia.press("What the offices prescribed")
    giulia.press("Keep the answer", status=422)
    giulia.keep("prescriptions, with errors")
    giulia.choose("A version meets it")
    giulia.press("Keep the answer")
    giulia.sees("All answered")
    giulia.keep("prescriptions, answered")
    giulia.open(f"/en/desk/cases/{job.pact}")
    giulia.press("Prepare for signature")
    giulia.sees("Go to the signatures")
    giulia.keep("case, signing")
    job.live.run("record", "reactions", "mail")


def sign(job: MainJob) -> None:
    """Rosa signs with her account and her password, then the signatory of the city does."""
    stranger = job.window("stranger")
    stranger.open(f"/en/pacts/{job.pact}")
    stranger.keep("pact, signing")
    assert not stranger.page.locator("main").get_by_role("link", name="Sign", exact=True).count(), (
        "strangers see Sign"
    )
    visitor = job.window("visitor")
    visitor.open(f"/en/pacts/{job.pact}/signature")
    visitor.sees("Signing needs an account")
    visitor.keep("signature, without an account")
    visitor.press("Sign in to sign")
    visitor.write({"E-mail address": CAST["rosa"][1], "Password": PASSWORD})
    visitor.press("Sign in", within="main form")
    assert visitor.path == f"/pacts/{job.pact}/signature", visitor.path
    visitor.who = "rosa"
    visitor.keep("signature, rosa")
    visitor.write({"Your password": "not the password"})
    visitor.press("Sign", within="main form", status=422)
    visitor.sees("That is not your password")
    visitor.keep("signature, wrong password")
    visitor.write({"Your password": PASSWORD})
    visitor.press("Confirm")
    visitor.sees("You have signed")
    visitor.keep("signature, rosa has signed")
    giulia = job.window("giulia")
    giulia.open(f"/en/pacts/{job.pact}/signature")
    giulia.keep("signature, not for the officer")
    _sign_for_the_city(job)


def _sign_for_the_city(job: MainJob) -> None:
    nuria = job.window("nuria")
    nuria.open("/en/desk?who=signature")
    nuria.sees(job.pact)
    nuria.keep("desk, waiting for a signature")
    nuria.open(f"/en/pacts/{job.pact}/signature")
    nuria.write({"Your password": PASSWORD})
    nuria.press("Sign", within="main form")
    nuria.sees("Everybody has signed")
    nuria.keep("signature, everybody has signed")
