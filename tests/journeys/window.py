"""One person's browser window: acts by names that people read, and keeps every distinct page that was seen."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from tests.conftest import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Request, Response

# As the set-up looks for it. The shell draws no window that nobody sees: pages take it less.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = Path(next(filter(None, map(shutil.which, NAMES)), "/usr/bin/chromium"))
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    # Threads that compile and clear ahead take more than they save where every processor is at work.
    "--disable-gpu-compositing", "--js-flags=--single-threaded",
)  # fmt: skip
PATIENCE_MS = 30_000


@dataclass(frozen=True)
class Sight:
    """A page as somebody saw it: its address, who looked, what the server answered."""

    name: str
    url: str
    who: str
    status: int
    html: str


@dataclass
class Seen:
    """All distinct pages of the journeys, and everything that no page may do."""

    sights: dict[str, Sight] = field(default_factory=dict)
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open the machine's Chromium."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def is_there() -> bool:
    """Say whether this machine has the browser."""
    return CHROMIUM.exists() and os.access(CHROMIUM, os.X_OK)


class Window:
    """A window of its own, with its own cookies; scripts are off unless asked for."""

    def __init__(
        self, browser: Browser, base_url: str, seen: Seen, who: str, *, scripts: bool = False
    ) -> None:
        self.base_url, self.seen, self.who = base_url, seen, who
        self.context = browser.new_context(
            java_script_enabled=scripts, locale="en-GB", viewport={"width": 1280, "height": 900}
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self.context.new_page()
        self.page.on("request", self._watch)
        self.page.on("console", lambda message: self._complain(message.text))
        self.page.on("pageerror", lambda error: self.seen.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._remember)
        self.status = 0

    def _watch(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob", "about"} and parts.netloc != urlsplit(self.base_url).netloc:
            self.seen.foreign.append(f"{self.page.url} asks {request.url}")

    def _complain(self, text: str) -> None:
        # A refusal's status is written to the console too; only what the browser blocked is a fault.
        if "Security Policy" in text:
            self.seen.complaints.append(f"{self.page.url}: {text}")

    def _remember(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.frame == self.page.main_frame:
            self.status = response.status

    # Look

    def open(self, path: str, *, status: int = 200) -> None:
        """Go to an address of the portal."""
        self.page.goto(path if path.startswith("http") else f"{self.base_url}{path}")
        assert self.status == status, f"{self.who} at {path}: {self.status}\n{self.text()[:1500]}"

    def text(self) -> str:
        """Return what stands in the main part of the page."""
        return str(self.page.locator("main").first.inner_text())

    def sees(self, *words: str) -> None:
        """Fail unless the page says this."""
        text = " ".join(self.text().split())
        for said in words:
            assert said.lower() in text.lower(), (
                f"{self.who} at {self.page.url} does not see {said!r}:\n{self.text()[:3000]}"
            )

    def does_not_see(self, *words: str) -> None:
        """Fail where the page says this."""
        text = " ".join(self.text().split())
        for said in words:
            assert said.lower() not in text.lower(), f"{self.who} at {self.page.url} sees {said!r}"

    def keep(self, name: str) -> None:
        """Keep this page for the checks of every page."""
        if name not in self.seen.sights:
            self.seen.sights[name] = Sight(name, self.page.url, self.who, self.status, self.page.content())

    @property
    def path(self) -> str:
        """Return the present address without the language."""
        return re.sub(r"^/[a-z]{2}(?=/)", "", urlsplit(self.page.url).path)

    # Act

    def box(self, label: str, *, within: str = "main") -> Locator:
        """Return the box of a label, as exactly as the label is given."""
        found = self.page.locator(within).get_by_label(label, exact=True)
        if found.count() == 0:
            found = self.page.locator(within).get_by_label(label)
        assert found.count(), f"{self.who} at {self.page.url} finds no box {label!r} among {self.labels()}"
        return found.first

    def labels(self) -> list[str]:
        """Return the labels and buttons of the page, for the messages of failures."""
        return [
            " ".join(text.split())
            for text in self.page.locator("main :is(label, legend, button)").all_inner_texts()
        ]

    def write(self, values: dict[str, Any], *, within: str = "main") -> None:
        """Fill boxes by label: text, a choice of a list, or True and False for boxes to tick."""
        for label, value in values.items():
            box = self.box(label, within=within)
            if isinstance(value, bool):
                box.set_checked(value)
            elif box.evaluate("e => e.tagName") == "SELECT":
                box.select_option(label=str(value))
            else:
                box.fill(str(value))

    def choose(self, *labels: str, within: str = "main") -> None:
        """Choose radios or tick boxes by their label."""
        for label in labels:
            self.box(label, within=within).check()

    def press(self, name: str, *, within: str = "main", status: int = 200, nth: int = 0) -> None:
        """Press a button or follow a link by its name, and wait for the page it leads to."""
        place = self.page.locator(within)
        for role in ("button", "link"):
            for exact in (True, False):
                found = place.get_by_role(role, name=name, exact=exact)  # type: ignore[arg-type]
                if found.count() > nth:
                    self.follow(found.nth(nth))
                    assert self.status == status, (
                        f"{self.who} pressed {name!r}: {self.status} at {self.page.url}\n{self.text()[:2500]}"
                    )
                    return
        links = [" ".join(text.split()) for text in place.locator("a").all_inner_texts()]
        msg = f"{self.who} at {self.page.url} finds no {name!r} among {self.labels()} and {links}"
        raise AssertionError(msg)

    def follow(self, where: Locator) -> None:
        """Press what has no name of its own, and wait for the page it leads to."""
        with self.page.expect_navigation():
            where.click()

    def offers(self, name: str) -> bool:
        """Say whether there is a button or link of this name."""
        place = self.page.locator("main")
        return bool(
            place.get_by_role("button", name=name).count() or place.get_by_role("link", name=name).count()
        )

    def sign_in(self, email: str, code: Callable[[str], str]) -> None:
        """Sign in by the form, and by the second one where a second step is asked."""
        self.open("/en/sign-in")
        self.write({"E-mail address": email, "Password": PASSWORD})
        self.press("Sign in", within="main form")
        if self.path == "/sign-in/second":
            self.keep("second step")
            self.write({"Code": code(email)})
            self.press("Go on")

    def download(self, name: str) -> bytes:
        """Follow a link to a file, with this window's cookies, and return the file."""
        href = self.page.get_by_role("link", name=name).first.get_attribute("href")
        assert href, f"no address on {name!r}"
        return self.fetch(href)

    def fetch(self, path: str) -> bytes:
        """Return the file at an address, with this window's cookies."""
        answer = self.context.request.get(path if path.startswith("http") else f"{self.base_url}{path}")
        assert answer.ok, f"{path}: {answer.status}"
        return bytes(answer.body())

    def close(self) -> None:
        """Close the window."""
        self.context.close()
