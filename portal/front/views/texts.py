"""What the portal promises about itself: what a pact is, privacy, accessibility."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.front.views.room import front
from portal.web import public, render
from portal.web.chrome import profile
from portal.words import W, current_language

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.city import Retention

    Parts = list[tuple[W | str, list[W | str]]]


@front.get("/about")
@public
def about() -> ResponseReturnValue:
    """Say what a pact is, how one comes about, and what this portal promises."""
    parts: Parts = [
        (
            "",
            [
                W(
                    "A collaboration pact is a deal between people and the city about something shared: "
                    "a garden, a building, a piece of software, a pool of data."
                ),
                W("It says what each side does, what the city gives, and what keeps it open to everybody."),
            ],
        ),
        (
            W("How a pact comes about"),
            [
                W("You propose. An officer checks that nothing is missing and answers in time."),
                W(
                    "You and the city write the text together, clause by clause, "
                    "until both agree to the same words."
                ),
                W("The city promises servers, legal hours or money, two officials deciding together."),
                W("Everybody signs. The portal seals the agreement, and from then on the pact is in force."),
                W("The group reports on what was done, and everybody can read it."),
            ],
        ),
        (
            W("What this portal promises"),
            [
                W("To propose, you need no account. Nothing you typed is lost."),
                W("Every act stands in a record that nobody can rewrite."),
                W(
                    "Every promise, all the money and every fence is public; "
                    "names and addresses of private people are not."
                ),
            ],
        ),
    ]
    return render("front/text.html", title=str(W("About this portal")), parts=parts)


@front.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Say what is kept of whom, why, and for how long."""
    parts: Parts = [
        (
            W("What we keep"),
            [
                W(
                    "Of a proposal without an account: the name, address and phone number you gave, "
                    "to answer you."
                ),
                W("Of an account: name, e-mail address, language, and the hash of the password."),
                W(
                    "Of a signature: the name and role of who signed, "
                    "in the private original of the agreement."
                ),
            ],
        ),
        (
            W("What is public"),
            [W("What you propose and promise, and your group's name. Never how to reach you.")],
        ),
        (
            W("Cookies"),
            [W("One, of our own, while you fill in a form or are signed in. Nothing is sent to others.")],
        ),
        (W("How long"), [_why(item) for item in profile().retention]),
        (
            W("Your rights"),
            [
                W("With an account: your account shows all that is kept of you, to download or to erase."),
                W("To see, correct or erase what we keep of you, write to us or come to the counter."),
            ],
        ),
    ]
    return render("front/text.html", title=str(W("Privacy")), parts=parts)


def _why(kept: Retention) -> W:
    return W("%(why)s (%(days)s days)", why=kept.why[current_language()], days=kept.days)


@front.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """Say how accessible the portal is and what to do about a barrier."""
    parts: Parts = [
        (
            "",
            [
                W("We aim at WCAG 2.2, level AA, and at EN 301 549 v3.2.1."),
                W("Every page works with the keyboard, without scripts, at 320 pixels and at 200 % zoom."),
                W("The papers are PDF/UA: a screen reader reads them in order."),
            ],
        ),
        (
            W("Known limits"),
            [W("The overview map cannot be read by everybody: the list of pacts says the same.")],
        ),
        (
            W("Tell us"),
            [W("If something stops you, call or write to us (below); we answer within ten days.")],
        ),
    ]
    return render("front/text.html", title=str(W("Accessibility statement")), parts=parts)
