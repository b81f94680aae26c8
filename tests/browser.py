"""A client that behaves like a browser without scripts: follows forms, carries tokens, lints every page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from sqlalchemy import select, update

from portal import clock, db
from portal.people.factors import code_at, seeded_secret, step_of
from portal.people.models import CodeApp, Person

PASSWORD = "commons-demo-2026"
BARRED = re.compile(r"<script(?![^>]*\bsrc=)|\son[a-z]+=|\sstyle=|javascript:", re.IGNORECASE)


def unused_code(email: str) -> str:
    """Return a code of the seeded app that opens now.

    No test can wait half a minute for the next one, so the app forgets which code it showed last.
    """
    with db.writing() as session:
        person_id = session.scalars(select(Person.id).where(Person.email == email.strip().lower())).one()
        session.execute(update(CodeApp).where(CodeApp.person_id == person_id).values(last_step=0))
    return code_at(seeded_secret(email.strip().lower()), step_of(clock.real()))


class _Page(HTMLParser):
    """Collects what the tests ask of a page: ids, links, forms with their hidden values."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[str] = []
        self.forms: list[dict[str, Any]] = []
        self._in_form = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = {name: value or "" for name, value in attrs}
        if "id" in have:
            self.ids.append(have["id"])
        if tag == "a" and "href" in have:
            self.links.append(have["href"])
        if tag == "h1":
            self.headings.append(tag)
        if tag == "form":
            self.forms.append(
                {"action": have.get("action", ""), "method": have.get("method", "get"), "values": {}}
            )
            self._in_form = True
        if tag == "input" and self._in_form and have.get("type") == "hidden":
            self.forms[-1]["values"][have.get("name", "")] = have.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_form = False


class Browser:
    """One person's browser; `get` and `post` return the answer, `page` the last page's text."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.client = app.test_client()
        self.page = ""
        self.parsed = _Page()

    def get(self, path: str, *, follow: bool = True) -> Any:
        """Open an address."""
        return self._keep(self.client.get(path, follow_redirects=follow))

    def post(
        self, path: str, values: dict[str, Any] | None = None, *, follow: bool = True, at: str = ""
    ) -> Any:
        """Send a form; the token comes from the last page, or from the page `at`."""
        if at:
            self.get(at)
        content = {"csrf_token": self.token(), **(values or {})}
        return self._keep(self.client.post(path, data=content, follow_redirects=follow))

    def token(self) -> str:
        """Return the token of the last page, or of the sign-in page where it had no form."""
        for form in self.parsed.forms:
            if form["values"].get("csrf_token"):
                return str(form["values"]["csrf_token"])
        found = re.search(
            r'name="csrf_token"[^>]*value="([^"]+)"', self.client.get("/en/sign-in").get_data(as_text=True)
        )
        return found[1] if found else ""

    def sign_in(self, email: str, password: str = PASSWORD) -> Any:
        """Sign in by the form, and by the second one where a second step is asked."""
        self.get("/en/sign-in")
        answer = self.post("/en/sign-in", {"email": email, "password": password})
        if answer.request.path.endswith("/sign-in/second"):
            answer = self.post("/en/sign-in/second", {"one_time_code": unused_code(email)})
        return answer

    def confirm(self, email: str = "", password: str = PASSWORD) -> dict[str, str]:
        """Return what a form holds that asks once more who this is."""
        code = {"confirm-one_time_code": unused_code(email)} if email else {}
        return {"confirm-password": password, **code}

    def _keep(self, answer: Any) -> Any:
        if answer.mimetype == "text/html":
            self.page = answer.get_data(as_text=True).replace("\u00a0", " ")
            self.parsed = _Page()
            self.parsed.feed(self.page)
            self._lint(answer)
        return answer

    def _lint(self, answer: Any) -> None:
        if not self.page.lstrip().lower().startswith("<!doctype html"):
            return
        assert not BARRED.search(self.page), f"script or style in the page: {BARRED.search(self.page)}"
        assert len(self.parsed.headings) == 1, f"{answer.request.path}: {len(self.parsed.headings)} h1"
        doubled = {i for i in self.parsed.ids if self.parsed.ids.count(i) > 1}
        assert not doubled, f"{answer.request.path}: ids twice: {doubled}"
