"""How a group proposes: no account, a code and a word, a way back at any moment."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.journeys.main_job import MainJob

CODE = r"PR-[0-9A-Z]{4}-[0-9A-Z]{2}"
TITLE = "Garden of the old pump"
SUMMARY = "Neighbours look after the small garden by the old pump and keep its gate open to everybody."
MONEY_FOR = "Soil, seedlings and two benches"
FENCES_TASK = "Choose the promises that keep it open to all"


def look_around(job: MainJob) -> None:
    """A visitor reads the public pages before anything exists."""
    window = job.window("visitor")
    for name, path in (
        ("home, empty", "/en/"),
        ("pacts, empty", "/en/pacts"),
        ("proposals, empty", "/en/proposals"),
        ("check a document", "/en/verify"),
        ("sign in", "/en/sign-in"),
        ("join", "/en/join"),
        ("accessibility", "/en/accessibility"),
        ("privacy", "/en/privacy"),
        ("about", "/en/about"),
    ):
        window.open(path)
        window.keep(name)
    window.open("/en/nowhere", status=404)
    window.keep("no such page")
    window.open("/it/")
    window.keep("home in Italian")
    window.open("/en/sign-in")
    window.write({"E-mail address": "rosa@example.org", "Password": "not the word at all"})
    window.press("Sign in", within="main form", status=422)
    window.keep("sign in, wrong password")


def start(job: MainJob) -> None:
    """The draft gets a code, a word and a link from the first moment."""
    window = job.window("visitor")
    window.open("/en/propose")
    window.keep("propose: start")
    window.press("Start now")
    window.keep("propose: is it a pact")
    window.choose("No")
    window.press("Continue")
    window.sees("This looks like a repair request", "051 000 001")
    window.keep("propose: elsewhere")
    window.press("Change the answer")
    for answer in ("Yes", "Yes", "Yes", "No"):
        window.choose(answer)
        window.press("Continue")
    window.keep("propose: sounds like a pact")
    window.press("Begin the proposal")
    job.code = re.search(CODE, window.page.url)[0]  # type: ignore[index]
    window.sees(job.code, "word")
    window.keep("propose: task list, new")
    link = re.search(r"https?://\S*/propose/link/[\w.-]+", window.text())
    word = re.search(r"Word\s+(\S+)", window.text())
    assert link, "the page does not show the secret link"
    assert word, "the page does not show the word"
    job.link, job.word = link[0], word[1]


def save_and_leave(job: MainJob) -> None:
    """What lacks an answer is said beside it; saving for later asks for nothing."""
    window = job.window("visitor")
    window.press("Say what you want to look after")
    window.keep("propose: what")
    window.press("Save and continue", status=422)
    window.sees("There is a problem", "Choose what you want to look after")
    window.keep("propose: what, with errors")
    window.choose("Place")
    window.write({"Name": TITLE})
    window.press("Save and come back later")
    window.sees("saved")
    window.keep("propose: task list, saved")
    window.close()
    del job.windows["visitor"]


def come_back_with_code_and_word(job: MainJob) -> None:
    """Another device, the same draft; a wrong word opens nothing."""
    window = job.window("visitor")
    window.open(f"/en/propose/{job.code}", status=404)
    window.keep("propose: closed to strangers")
    window.open("/en/propose")
    window.write({"Code": job.code, "Word": "wrong-word"})
    window.press("Continue", status=422)
    window.keep("propose: wrong word")
    window.write({"Code": f" {job.code.lower()} ", "Word": f" {job.word.title()} "})
    window.press("Continue")
    assert window.path == f"/propose/{job.code}", window.path
    window.press("Say what you want to look after")
    assert window.box("Name").input_value() == TITLE
    window.write({"In short": SUMMARY})
    window.press("Save and continue")


def tell_the_rest(job: MainJob) -> None:
    """The other six sections, one page a question."""
    window = job.window("visitor")
    window.press("Say where it is")
    window.keep("propose: where")
    window.write({"Address or name of the place": "Via della Pompa 12", "District": "Savena"})
    window.press("Save and continue")
    window.keep("propose: particulars")
    window.choose("The city")
    window.write({"When will it be open to everybody? (optional)": "Every day from 8 to 20"})
    window.press("Save and continue")
    _group(job)
    _commitments(job)
    _asks(job)
    _fences(job)
    window.press("Say who else lives with it or uses it")
    window.keep("propose: touched")
    window.write({"Who else lives with it, uses it or could mind?": "The school next door and two cafés."})
    window.press("Save and continue")
    window.keep("propose: task list, done")


def _group(job: MainJob) -> None:
    window = job.window("visitor")
    window.press("Tell us who takes part")
    window.keep("propose: group")
    window.choose("A group without a legal form")
    window.write({"Name of the group": "Friends of the old pump", "Your name": "Rosa Neri"})
    window.write({"E-mail address": "rosa@example.org"})
    window.choose("Yes")
    window.press("Save and continue")


def _commitments(job: MainJob) -> None:
    window = job.window("visitor")
    window.press("Say what your group will do")
    window.keep("propose: commitments, empty")
    _promise(job, "Open the gate", "6", "mornings", "every week", "Opening log on the gate")
    window.press("Save and add another")
    window.keep("propose: commitments, one")
    _promise(job, "Free planting workshop", "2", "workshops", "every year", "Photos of the day")
    window.press("Save and continue")
    window.keep("propose: dates")
    # The fifteen days for observations pass before the pact is written.
    first = job.live.today() + timedelta(days=17)
    last = first + timedelta(days=730)
    window.write({"First day": f"{first.day}/{first.month}/{first.year}"})
    window.write({"Last day": f"{last.day}/{last.month}/{last.year}"})
    window.press("Save and continue")


def _promise(job: MainJob, *answers: str) -> None:
    labels = (
        "What will you do?",
        "How much?",
        "Of what?",
        "How often?",
        "How can people see that it was done?",
    )
    job.window("visitor").write(dict(zip(labels, answers, strict=True)))


def _asks(job: MainJob) -> None:
    window = job.window("visitor")
    window.press("Ask for money")
    window.keep("propose: asks")
    window.choose("Funding", "Server", "Legal help")
    window.press("Save and continue")
    window.keep("propose: funding")
    window.write({"How much money do you ask for?": "lots", "What is it for?": MONEY_FOR})
    window.press("Save and continue", status=422)
    window.keep("propose: funding, with errors")
    window.write({"How much money do you ask for?": "4,200"})
    window.press("Save and continue")
    window.keep("propose: server")
    window.choose("Small")
    window.write({"For how many months?": "12", "What will run on it?": "The calendar of the garden"})
    window.press("Save and continue")
    window.keep("propose: legal")
    window.write({"How many hours do you need, roughly?": "10", "What do you need help with?": "Insurance"})
    window.press("Save and continue")


def _fences(job: MainJob) -> None:
    window = job.window("visitor")
    window.press(FENCES_TASK)
    window.keep("propose: fences")
    window.press("Save and continue")
    if window.path.endswith("/limits"):
        window.keep("propose: limits")
        window.press("Save and continue")


def check_and_send(job: MainJob) -> None:
    """All answers on one page; sending twice sends once."""
    window = job.window("visitor")
    window.press("Check your answers and send")
    window.sees(TITLE, SUMMARY, "4,200", "Rosa Neri", "Friends of the old pump", "Open the gate")
    window.keep("propose: check")
    window.press("Accept and send")
    window.sees(job.code, "been sent")
    window.keep("propose: sent")
    window.page.reload()
    window.sees(job.code)
    job.live.run("record", "reactions", "receipts", "mail")
    window.open(f"/en/propose/{job.code}/sent")
    window.keep("propose: sent, with receipt")
    assert window.fetch(f"/en/track/{job.code}/receipt").startswith(b"%PDF")


def track(job: MainJob) -> None:
    """The code alone shows what everybody sees; names and addresses stay private."""
    window = job.window("visitor")
    window.open(f"/en/track/{job.code}")
    window.sees(TITLE)
    window.keep("track: sent, holder")
    stranger = job.window("stranger")
    stranger.open(f"/en/track/{job.code}")
    stranger.sees(TITLE)
    stranger.does_not_see("Rosa Neri", "rosa@example.org")
    stranger.keep("track: sent, stranger")
    stranger.open(f"/en/proposals/{job.code}")
    stranger.does_not_see("Rosa Neri", "rosa@example.org")
    stranger.keep("proposal, public page")
    stranger.open("/en/proposals")
    stranger.sees(TITLE)
    stranger.keep("proposals, one")
    stranger.open("/en/")
    stranger.keep("home, one proposal")
