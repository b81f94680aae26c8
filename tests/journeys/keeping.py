"""How a pact is kept: its sealed agreement, its public page, its first report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journeys.proposing import TITLE

if TYPE_CHECKING:
    from tests.journeys.main_job import MainJob

HALF_A_YEAR = 200


def issue_the_agreement(job: MainJob) -> None:
    """The worker draws, seals and keeps the agreement; everybody is told."""
    stranger = job.window("stranger")
    stranger.open(f"/en/pacts/{job.pact}")
    stranger.sees("Everybody has signed")
    stranger.keep("pact, signed, not yet issued")
    job.live.run("record", "reactions", "agreements", "record", "reactions", "mail")
    assert any(job.pact in mail.read_text(errors="replace") for mail in job.live.mails())


def show_the_pact(job: MainJob) -> None:
    """Three days later the pact is in force, and its page shows it whole."""
    job.live.pass_days(3)
    stranger = job.window("stranger")
    stranger.open(f"/en/pacts/{job.pact}")
    stranger.sees(
        "Active", TITLE, "Life line", "Who does what", "Open the gate", "Support from the city", "4,200"
    )
    stranger.sees("Fences that keep this a commons", "Take it with you", "Sealed agreement")
    main = stranger.page.locator("main")
    for drawing in ("ol.life-line, ol[class*=life]", "svg", "table"):
        assert main.locator(drawing).count(), f"no {drawing} on the page of the pact"
    stranger.does_not_see("Rosa Neri", "rosa@example.org")
    stranger.keep("pact, in force")
    stranger.open(f"/en/p/{int(job.pact.rpartition('-')[2])}")
    assert stranger.path == f"/pacts/{job.pact}"
    for name, path in (
        ("pacts, one", "/en/pacts"),
        ("home, one pact", "/en/"),
        ("home in Italian, one pact", "/it/"),
    ):
        stranger.open(path)
        stranger.sees(TITLE)
        stranger.keep(name)
    stranger.open(f"/it/pacts/{job.pact}")
    stranger.keep("pact in Italian")


def check_the_paper(job: MainJob) -> None:
    """The public edition is the city's; one changed byte is found; the original is for the parties."""
    stranger = job.window("stranger")
    stranger.open(f"/en/pacts/{job.pact}")
    paper = stranger.download("Sealed agreement")
    assert paper.startswith(b"%PDF-")
    _check(job, paper)
    stranger.sees("Genuine and intact")
    stranger.keep("check: genuine")
    middle = len(paper) // 2
    _check(job, paper[:middle] + bytes([paper[middle] ^ 1]) + paper[middle + 1 :])
    stranger.does_not_see("Genuine")
    stranger.keep("check: changed")
    stranger.open("/en/verify")
    stranger.press("Check", within="main form", status=422)
    stranger.keep("check, with errors")
    stranger.write({"Code or content hash": "ABCDEFGHJK"})
    stranger.press("Check", within="main form", status=404)
    stranger.keep("check: no such code")
    address = f"/en/pacts/{job.pact}/agreement.pdf?edition=original"
    assert not stranger.context.request.get(job.live.base_url + address).ok
    assert job.window("visitor").fetch(address).startswith(b"%PDF-")


def _check(job: MainJob, content: bytes) -> None:
    stranger = job.window("stranger")
    stranger.open("/en/verify")
    stranger.page.locator("main input[type=file]").set_input_files(
        {"name": "agreement.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    stranger.press("Check", within="main form")


def send_a_report(job: MainJob) -> None:
    """After half a year the group tells what was kept."""
    job.live.pass_days(HALF_A_YEAR)
    rosa = job.window("visitor")
    rosa.open(f"/en/pacts/{job.pact}")
    rosa.press("Send a progress report")
    rosa.keep("report, to write")
    rosa.press("Send report", status=422)
    rosa.keep("report, with errors")
    rosa.write(
        {
            "What was this period for?": "Open the gate and prepare the beds.",
            "What was done?": "We opened the gate on 150 mornings.\n\n- One planting workshop\n- Two benches mended",
            "What came of it?": "About forty people come by on a normal day.",
            "Money spent": "1,850.50",
            "Hours given by volunteers": "320",
            "People who took part": "41",
        }
    )
    for outcome in rosa.page.locator("main input[type=radio][value=kept]").all():
        outcome.check()
    rosa.page.locator("main input[type=radio][value=late]").nth(1).check()
    rosa.press("Send report")
    rosa.sees("being checked")
    rosa.keep("reports, one sent")


def validate_the_report(job: MainJob) -> None:
    """The officer reads it and finds it in order."""
    stranger = job.window("stranger")
    stranger.open(f"/en/pacts/{job.pact}/reports/1", status=404)
    giulia = job.window("giulia")
    giulia.open(f"/en/desk/cases/{job.pact}")
    giulia.keep("case, a report to check")
    giulia.press("Read report 1")
    giulia.sees("320", "1,850.50")
    giulia.keep("report, being checked")
    giulia.open(f"/en/desk/cases/{job.pact}")
    giulia.press("Find in order and publish")
    giulia.keep("case, report published")


def issue_the_report(job: MainJob) -> None:
    """The worker issues the report as a sealed paper, linked where everybody finds it."""
    job.live.run("record", "reactions", "progress_reports", "record", "mail")
    stranger = job.window("stranger")
    stranger.open(f"/en/pacts/{job.pact}")
    stranger.sees("Progress report")
    stranger.keep("pact, with a report")
    stranger.press("Report 1")
    stranger.sees("We opened the gate on 150 mornings")
    stranger.keep("report, published")
    assert stranger.download("Sealed progress report").startswith(b"%PDF-")
    stranger.open(f"/en/pacts/{job.pact}/reports")
    stranger.keep("reports, public")


def look_behind(job: MainJob) -> None:
    """What whoever checks can open: the history, the jobs, one's own messages and sessions."""
    stranger = job.window("stranger")
    stranger.open(f"/en/pacts/{job.pact}/history")
    stranger.does_not_see("Rosa Neri")
    stranger.keep("history")
    rosa = job.window("visitor")
    for name, path in (
        ("account", "/en/account"),
        ("messages", "/en/account/messages"),
        ("sessions", "/en/account/sessions"),
    ):
        rosa.open(path)
        rosa.keep(name)
    ada = job.window("ada")
    ada.open("/en/desk/jobs")
    ada.keep("jobs")
    giulia = job.window("giulia")
    giulia.open("/en/desk")
    giulia.keep("desk, later")
