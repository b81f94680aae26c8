"""How the city answers: one officer's case from the desk to the acceptance, and two pairs of eyes on its support."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.journeys.proposing import TITLE

if TYPE_CHECKING:
    from tests.journeys.main_job import MainJob
    from tests.journeys.window import Window

REQUEST = "Please tell us who owns the pump and whether its water may be used."
ANSWER = "The city owns the pump; the water office allowed its use by letter of 3 March."
QUESTION = "Can the trees bear a pond beside them?"
CONDITION = "Dig no closer than three metres to a trunk."
REASON = (
    "It opens a closed garden to everybody and asks little; the neighbours have shown that they can do it."
)
SUPPORT_REASON = "Budget line for civic gardens; the garden opens a closed place to everybody."


def case_page(window: Window, code: str) -> None:
    """Open the page of a case."""
    window.open(f"/en/desk/cases/{code}")


def take_the_case(job: MainJob) -> None:
    """The desk shows what waits; a case gets its one owner."""
    visitor = job.window("visitor")
    visitor.open("/en/desk")
    assert visitor.path == "/sign-in"
    eve = job.window("eve")
    eve.open("/en/desk", status=403)
    eve.keep("desk, refused to a citizen")
    giulia = job.window("giulia")
    giulia.open("/en/desk")
    giulia.sees(job.code, TITLE, "Unassigned")
    giulia.keep("desk, one case")
    giulia.open("/en/desk?step=signing")
    giulia.sees("No cases match")
    giulia.keep("desk, nothing matches")
    giulia.open("/en/desk")
    giulia.press(job.code)
    giulia.sees("Rosa Neri", "rosa@example.org")
    giulia.keep("case, new")
    giulia.press("Take the case")
    giulia.sees("You have this case")
    marco = job.window("marco")
    case_page(marco, job.code)
    marco.sees("Giulia Bassi has this case")
    marco.keep("case, a colleague's")


def ask_for_a_supplement(job: MainJob) -> None:
    """One thing is missing: the officer asks once, and the clock stands still."""
    giulia = job.window("giulia")
    case_page(giulia, job.code)
    check_all(giulia, missing="The place belongs to the city or may be used")
    giulia.sees("Missing items")
    giulia.keep("case, one item missing")
    giulia.write({"What is missing, and how to send it": ""})
    giulia.press("Send the request", status=422)
    giulia.keep("case, request with errors")
    giulia.write({"What is missing, and how to send it": REQUEST})
    giulia.press("Send the request")
    giulia.sees("The clock stands still")
    giulia.keep("case, clock stopped")


def check_all(window: Window, *, missing: str = "") -> None:
    """Mark every item of the completeness check as in order, but one."""
    groups = window.page.locator("main fieldset", has=window.page.get_by_label("In order", exact=True))
    for group in groups.all():
        found = "Missing" if missing and missing in group.inner_text() else "In order"
        group.get_by_label(found, exact=True).check()
    window.press("Save the check")


def supply(job: MainJob) -> None:
    """The group reads what is missing, by mail and on its page, and answers."""
    job.live.run("record", "reactions", "mail")
    mail = job.live.mails()[-1].read_text(errors="replace")
    assert job.code in mail, mail
    visitor = job.window("visitor")
    visitor.open(f"/en/track/{job.code}")
    visitor.sees("We need something from you", REQUEST)
    visitor.keep("track: something is missing")
    stranger = job.window("stranger")
    stranger.open(f"/en/track/{job.code}")
    stranger.does_not_see(REQUEST)
    visitor.press("Send the answer", status=422)
    visitor.keep("track: answer with errors")
    visitor.write({"Your answer": ANSWER})
    visitor.press("Send the answer")
    visitor.sees("The city is reading this proposal")
    visitor.keep("track: supplied")


def find_it_complete(job: MainJob) -> None:
    """Everything is there."""
    giulia = job.window("giulia")
    case_page(giulia, job.code)
    giulia.sees(ANSWER)
    check_all(giulia)
    giulia.sees("Complete", "Accept it for co-design", "Publish this for observations first")
    giulia.keep("case, complete")


def judge(window: Window, code: str) -> None:
    """The officer states an interest first, then gives every criterion a score and a reason."""
    case_page(window, code)
    window.press("State it and assess by the criteria")
    assert not window.offers("Save the assessment")
    window.press("Keep the statement", status=422)
    window.keep("assessment, statement with errors")
    window.choose("I have no conflict of interest in this case")
    window.press("Keep the statement")
    window.keep("assessment, to be scored")
    groups = window.page.locator("main fieldset", has=window.page.locator("[name^=score_]"))
    for group in groups.all():
        group.locator("[value='3']").check()
    for box in window.page.locator("main textarea[name^=reason_]").all():
        box.fill("It is written down and can be checked.")
    window.page.get_by_label("The assessment is finished").check()
    window.press("Save the assessment")
    window.sees("21 of 28 points")
    window.keep("assessment, finished")


def assess(job: MainJob) -> None:
    """The proposal is judged by the city's criteria."""
    judge(job.window("giulia"), job.code)


def ask_an_office(job: MainJob) -> None:
    """Somebody of another office answers through a mailed link, without an account; its conditions bind."""
    giulia = job.window("giulia")
    giulia.open(f"/en/desk/cases/{job.code}/opinions")
    giulia.press("Ask, to be answered within", status=422)
    giulia.keep("opinions, question with errors")
    giulia.choose("Urban green department")
    giulia.write(
        {"What do you want to know?": QUESTION, "Address of somebody outside": "verde@office.example"}
    )
    giulia.press("Ask, to be answered within")
    giulia.sees("link sent to v…@office.example")
    giulia.keep("opinions, asked")
    job.live.run("record", "reactions", "mail")
    mail = job.live.mails()[-1].read_text(errors="replace").replace("=\n", "")
    link = re.search(r"https?://[^\s\"<]+(/it/opinions/[\w-]+)", mail)
    assert link is not None, mail
    adviser = job.window("adviser")
    adviser.open(link[1].replace("/it/", "/en/"))
    adviser.sees(QUESTION, TITLE)
    adviser.keep("opinion, asked for by a link")
    adviser.press("Send the opinion", status=422)
    adviser.keep("opinion, with errors")
    adviser.choose("I have no conflict of interest in this case", "In favour, with prescriptions")
    adviser.write({"Reasons": "The roots can bear it.", "Prescription 1": CONDITION})
    adviser.press("Room for more prescriptions")
    adviser.sees("Prescription 6")
    adviser.write({"Your name and office": "Urban green"})
    adviser.press("Send the opinion")
    adviser.keep("opinion, given")
    giulia.open(f"/en/desk/cases/{job.code}/opinions")
    giulia.sees(CONDITION)
    giulia.keep("opinions, given")


def accept(job: MainJob) -> None:
    """The proposal becomes a numbered pact; the reason is public."""
    giulia = job.window("giulia")
    case_page(giulia, job.code)
    giulia.press("Accept for co-design", status=422)
    giulia.keep("case, acceptance with errors")
    giulia.page.locator("main [name=pact_class]").first.check()
    giulia.write({"Public reason": REASON})
    giulia.press("Accept for co-design")
    job.pact = re.search(r"BO-\d{4}-\d{3,}", giulia.page.url)[0]  # type: ignore[index]
    giulia.keep("case, a pact in co-design")
    job.live.run("record", "reactions", "mail")
    stranger = job.window("stranger")
    stranger.open(f"/en/proposals/{job.code}")
    stranger.sees(REASON, job.pact)
    stranger.keep("proposal, accepted")
    stranger.open(f"/en/pacts/{job.pact}")
    stranger.sees(TITLE)
    stranger.keep("pact, in co-design")
    visitor = job.window("visitor")
    visitor.open(f"/en/track/{job.code}")
    visitor.sees(REASON)
    visitor.keep("track: accepted")


def propose_support(job: MainJob) -> None:
    """The treasurer proposes an allocation for each kind of support, with a public reason."""
    tina = job.window("tina")
    tina.open("/en/desk/pools")
    tina.sees(job.pact, "Fund for commons")
    tina.keep("pools")
    tina.press(job.pact)
    tina.sees("4,200")
    tina.keep("allocation, asked")
    tina.write({"Reason (public)": ""})
    tina.press("Check and propose allocation", status=422)
    tina.keep("allocation, with errors")
    tina.write({"Reason (public)": SUPPORT_REASON})
    tina.press("Check and propose allocation")
    tina.sees("You proposed this allocation, so somebody else must approve it")
    assert not tina.offers("Approve")
    tina.keep("allocation, proposed by me")


def approve_support(job: MainJob) -> None:
    """A second official looks at the same page and approves every row."""
    ivan = job.window("ivan")
    ivan.open(f"/en/desk/allocate/{job.pact}")
    ivan.keep("allocation, to approve")
    for _ in range(3):
        ivan.press("Approve")
    assert not ivan.offers("Approve")
    ivan.sees("Approved")
    ivan.keep("allocation, approved")
    ivan.open(f"/en/desk/pools/{job.live.today().year}/funding")
    ivan.sees(job.pact, "4,200")
    ivan.keep("pool, its ledger")
