"""A passkey from its making to a signature under an act: with the device that Chromium plays for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import db
from portal.people.models import OpenSession
from tests.conftest import CAST, PASSWORD

if TYPE_CHECKING:
    from tests.journeys.live import LivePortal
    from tests.journeys.window import Window

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def walk(window: Window, live: LivePortal) -> None:
    """Add a passkey beside the app, then sign in with it as the second step, alone, and to confirm."""
    device = window.context.new_cdp_session(window.page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    email = CAST["tina"][1]
    window.sign_in(email, live.code)
    window.open("/en/account/factors")
    window.keep("second step, an app")
    window.press("Add a passkey")
    window.write({"Name of the device": "Office laptop"})
    window.keep("a new passkey")
    window.press("Make the passkey")
    window.sees("Office laptop")
    window.keep("second step, with a passkey")
    _as_second_step(window, email)
    _alone(window)
    _to_confirm(window, live)
    window.close()


def _sign_out(window: Window) -> None:
    window.press("Sign out", within="header")


def _as_second_step(window: Window, email: str) -> None:
    _sign_out(window)
    window.open("/en/sign-in")
    window.keep("sign in, with passkeys")
    window.write({"E-mail address": email, "Password": PASSWORD})
    window.press("Sign in", within="main form")
    window.press("Use a passkey")
    assert window.path == "/account", window.path


def _alone(window: Window) -> None:
    _sign_out(window)
    window.open("/en/sign-in")
    window.press("Sign in with a passkey")
    assert window.path == "/account", window.path
    window.open("/en/desk/pools")
    assert window.text()


def _to_confirm(window: Window, live: LivePortal) -> None:
    window.open("/en/account/factors")
    with live.inside(), db.writing() as session:
        for row in session.scalars(select(OpenSession)):
            row.content = {name: value for name, value in row.content.items() if name != "fresh_at"}
    window.press("Make new recovery codes", status=403)
    window.sees("Confirm that it is you")
    window.keep("confirm that it is you")
    window.press("Use a passkey instead")
    window.sees("they are not shown again")
    window.keep("recovery codes")
