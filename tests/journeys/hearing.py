"""How neighbours are heard: a dated period, words without an account, an answer beside each of them."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

from tests.journeys.deciding import case_page
from tests.journeys.proposing import TITLE

if TYPE_CHECKING:
    from tests.journeys.live import LivePortal
    from tests.journeys.main_job import MainJob
    from tests.journeys.window import Window

SAID = "The gate is too narrow for a wheelchair. Could it be a hand wider?"
OBJECTION = "I live on the ground floor: not before nine in the morning, please."
HELD = "Look how they did it: https://example.org/gate"
ANSWER = "Yes: the new gate is 120 cm wide."
DAYS = 15
SECONDS = 2_500  # milliseconds that a quick hand needs for the form


def publish_for_observations(job: MainJob) -> None:
    """Too few days are refused with the rule that asks for more; then everybody can speak."""
    giulia = job.window("giulia")
    publish(giulia, job.live, job.code, keep=True)
    giulia.sees("Open for observations: day 1 of 15")
    giulia.keep("case, open for observations")
    stranger = job.window("stranger")
    stranger.open(f"/en/proposals/{job.code}")
    stranger.sees("Open for observations: day 1 of 15", "Nobody has said anything yet")
    stranger.keep("proposal, open for observations")


def publish(officer: Window, live: LivePortal, code: str, *, keep: bool = False) -> None:
    """Publish a period of the days that the rules ask for, from today."""
    case_page(officer, code)
    officer.press("Publish for observations")
    if keep:
        officer.write({"Last day": f"{live.today() + timedelta(days=3):%d/%m/%Y}"})
        officer.press("Show the preview")
        officer.keep("period, preview")
        officer.press("Publish", status=422)
        officer.sees("at least 15 days")
        officer.keep("period, with errors")
        officer.write({"Last day": f"{live.today() + timedelta(days=DAYS - 1):%d/%m/%Y}"})
        officer.press("Show the preview")
    officer.press("Publish")


def speak(job: MainJob) -> None:
    """A neighbour says something without an account, and gets a code and the date of the answer."""
    stranger = job.window("stranger")
    stranger.press("Make an observation")
    stranger.press("Send", status=422)
    stranger.sees("Choose what it is", "Write what you want to say")
    stranger.keep("observation, with errors")
    stranger.choose("Something worries me")
    stranger.write({"What do you want to say?": SAID, "Your e-mail address": "neighbour@example.org"})
    stranger.page.wait_for_timeout(SECONDS)
    stranger.press("Send")
    stranger.sees("We have your observation", "Keep this link", SAID)
    stranger.keep("observation, sent")
    job.observation = re.search(r"OS-\w{4}-\w{2}", stranger.page.url)[0]  # type: ignore[index]
    job.live.run("record", "reactions", "mail")
    assert job.observation in job.live.mails()[-1].read_text(errors="replace")
    eve = job.window("eve")
    eve.open(f"/en/proposals/{job.code}/observations")
    eve.sees(SAID, "Waiting for the answer")
    eve.keep("observations of a proposal")
    eve.press(job.observation)
    eve.does_not_see("Keep this link")
    eve.keep("observation, to everybody")
    eve.press("Report this observation")
    eve.keep("observation, report")
    eve.choose("It has nothing to do with the subject")
    eve.press("Report it")
    eve.keep("observation, reported")


def object_by_name(job: MainJob) -> None:
    """An objection has a name, which the public does not see."""
    eve = job.window("eve")
    eve.open(f"/en/proposals/{job.code}/observations/new")
    eve.choose("I object")
    eve.write({"What do you want to say?": OBJECTION, "Your name": ""})
    eve.page.wait_for_timeout(SECONDS)
    eve.press("Send", status=422)
    eve.sees("the city must know who objects")
    eve.write({"Your name": "Eve Moro"})
    eve.press("Send")
    eve.sees("We have your observation")
    stranger = job.window("stranger")
    stranger.open(f"/en/proposals/{job.code}")
    stranger.sees(OBJECTION, "name not shown")
    stranger.does_not_see("Eve Moro")
    stranger.keep("proposal, with observations")


def look_at_what_is_held(job: MainJob) -> None:
    """A link of somebody unknown waits for a person, who lets it appear or hides it with a reason."""
    stranger = job.window("stranger")
    stranger.open(f"/en/proposals/{job.code}/observations/new")
    stranger.choose("I have a better idea")
    stranger.write({"What do you want to say?": HELD})
    stranger.page.wait_for_timeout(SECONDS)
    stranger.press("Send")
    stranger.sees("A person of the city reads it before it appears")
    job.held = re.search(r"OS-\w{4}-\w{2}", stranger.page.url)[0]  # type: ignore[index]
    marco = job.window("marco")
    marco.open("/en/desk/moderation")
    marco.sees(job.held, job.observation, "Who is it?")
    marco.keep("observations to look at")
    marco.press(job.held)
    marco.sees("it holds a link")
    marco.keep("observation, held")
    marco.page.get_by_text("Take it out of sight, with a reason").click()
    marco.press("Hide it", status=422)
    marco.keep("observation, hide with errors")
    marco.choose("It is advertising or was sent to many places")
    marco.write({"What is wrong, for the author alone": "It is a shop."})
    marco.press("Hide it")
    marco.keep("observation, hidden")


def ask_for_a_second_person(job: MainJob) -> None:
    """Its author asks for somebody else than who hid it; everybody sees that it was hidden, not its words."""
    stranger = job.window("stranger")
    stranger.open(f"/en/observations/{job.held}")
    stranger.sees("It is a shop.", "Ask for a second person")
    stranger.keep("observation, hidden, to its author")
    stranger.write({"Why should it be seen?": "It is the maker of our gate."})
    stranger.press("Ask for a second person")
    giulia = job.window("giulia")
    giulia.open(f"/en/desk/observations/{job.held}")
    giulia.sees("It is the maker of our gate.")
    giulia.keep("observation, appeal")
    giulia.choose("Keep it hidden")
    giulia.write({"The reason, for the author alone": "The maker's page sells things."})
    giulia.press("Decide")
    eve = job.window("eve")
    eve.open(f"/en/proposals/{job.code}/observations")
    eve.sees("This observation is hidden", "A second person has confirmed it")
    eve.does_not_see(HELD)
    eve.keep("observations, one hidden")


def answer(job: MainJob) -> None:
    """The period passes; each one is answered before the city goes on."""
    job.live.pass_days(DAYS)
    giulia = job.window("giulia")
    case_page(giulia, job.code)
    giulia.sees("2 observations have no answer")
    giulia.keep("case, observations without an answer")
    giulia.press(job.observation)
    giulia.press("Publish the answer", status=422)
    giulia.keep("observation, answer with errors")
    giulia.choose("Accepted")
    giulia.write({"The reason, for everybody to read": ANSWER})
    giulia.press("Publish the answer")
    giulia.keep("observation, answered")
    case_page(giulia, job.code)
    giulia.sees("1 observation has no answer")
    answer_all(giulia, job.code)
    giulia.sees("Accept for co-design")


def answer_all(officer: Window, code: str) -> None:
    """Pass over whatever has no answer yet, and look who objects."""
    case_page(officer, code)
    rows = officer.page.locator("section[aria-labelledby=observed] tr", has_text="No answer yet")
    for href in [one.get_attribute("href") for one in rows.locator("th a").all()]:
        officer.open(str(href))
        if officer.offers("Note it"):
            officer.choose("Showed a document at the counter")
            officer.press("Note it")
        officer.choose("Passed over, with a reason")
        officer.write({"The reason, for everybody to read": "The pact says so already."})
        officer.press("Publish the answer")
    case_page(officer, code)


def read_the_answer(job: MainJob) -> None:
    """The author is told by mail, and says whether it was an answer."""
    job.live.run("record", "reactions", "mail")
    mails = [message_from_bytes(one.read_bytes(), policy=policy.default) for one in job.live.mails()]
    told = next(one for one in mails if "observation was answered" in str(one["Subject"]))
    link = re.search(r"http://\S+/key/[0-9a-f]{64}", told.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert link
    reader = job.window("reader of the mail")
    reader.open(link[0])
    reader.sees(ANSWER, "Was this answered?")
    reader.keep("observation, answered, to its author")
    reader.choose("No")
    reader.press("Send")
    reader.sees("ombudsperson", "district", "051 000 005")
    reader.keep("observation, not answered")
    reader.sees(TITLE)
