"""Show by a letter with a code: whoever opens the letter lives where it was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from portal import clock, crypto, db, policy
from portal.errors import Invalid, WrongState
from portal.notices import letters
from portal.notices.actions import Recipient, Text
from portal.notices.letters.actions import address_lines
from portal.people.actions.keys import person_key
from portal.policy import Can
from portal.record import Did, record
from portal.residents import keys, queries
from portal.residents.actions.standing import Proof, hold, known, settle_as
from portal.residents.census import postal
from portal.residents.documents import RULES
from portal.residents.models import CodeLetter, Way
from portal.words import W

if TYPE_CHECKING:
    from portal.city import Residents
    from portal.people.models import Person
    from portal.policy import Actor
    from portal.residents.models import Conflict, Residency

EVENT = "E53"
# 32 signs, twelve times: 60 bits, against a handful of tries.
CODE_SIGNS, GROUP, MOST_TRIES = 12, 4, 8
# So many letters in so many days: to one person as the city says, to one address whoever asks.
WITHIN, MOST_TO_ADDRESS = timedelta(days=30), 8
KEPT = timedelta(days=60)

NOT_HERE = W("This postcode is not in the city, so a letter there cannot show that you live here.")
ENOUGH = W("You have asked for enough letters in these days. Come to the counter, or use another way.")
ENOUGH_THERE = W("Enough letters went to this address in these days. Come to the counter with your document.")
NO_LETTER = W("No letter of yours is open: its time is over, or the code was mistyped too often. Ask anew.")
WRONG = W("This is not the code of your newest letter. Compare each sign.")


@dataclass(frozen=True)
class Home:
    """Where a letter goes: the name on the letter box, street, postcode and town."""

    name: str
    street: str
    postcode: str
    town: str

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the address below the name, as it stands on the envelope."""
        return (self.street, f"{self.postcode} {self.town}")

    @property
    def mark(self) -> str:
        """Return what is kept to count the letters to this address: a keyed hash of it in one form."""
        told = "".join(sign for sign in " ".join(self.lines).casefold() if sign.isalnum())
        return crypto.keyed_hash(f"address:{told}", keys.PURPOSE)


def ask_letter(
    person: Person, typed: str, home: Home, *, rules: Residents, link: str, by: Actor
) -> CodeLetter:
    """Queue a letter with a code; the older one is void. `typed` is the number of the person's document.

    Refuses with Invalid a mistyped number or an address elsewhere, with WrongState where there were enough.
    """
    policy.check(by, Can.RESIDENCE_SHOW)
    number = RULES[rules.document](typed)
    if not any(fnmatchcase(postal(home.postcode), one) for one in rules.postcodes):
        raise Invalid(NOT_HERE, field="postcode")
    letters_to = address_lines("\n".join(home.lines))
    resident = known(number)
    hold(person.id)
    _refuse_more(person, home, rules)
    _void(person)
    code, now = crypto.new_code(CODE_SIGNS), clock.real()
    letter = CodeLetter(
        person_id=person.id,
        resident_id=resident.id,
        code_hash=_hash(person, code),
        address_hash=home.mark,
        tries_left=MOST_TRIES,
        asked_at=now,
        expires_at=now + timedelta(days=rules.letter_days),
    )
    db.session().add(letter)
    db.session().flush()
    to = Recipient(None, "", person.language, name=home.name, postal=letters_to)
    letters.write(EVENT, f"residence:{letter.id}", to, _text(rules, link), secret=_in_groups(code))
    record(Did.RESIDENCE_LETTER_ASKED, person_key(person), by=by)
    return letter


def _text(rules: Residents, link: str) -> Text:
    sentences = [
        W("Somebody with an account in the portal of the pacts says that they live at this address."),
        W("If it was you: sign in, open the page below and type the code."),
        W("The code holds for %(days)s days.", days=rules.letter_days),
        W("If it was not you: throw this letter away. Without the code nothing happens."),
    ]
    return Text(W("Your code as a resident"), sentences, link)


def _refuse_more(person: Person, home: Home, rules: Residents) -> None:
    session, since = db.session(), clock.real() - WITHIN
    if (session.scalar(queries.letters_to(person.id, since)) or 0) >= rules.letters_most:
        raise WrongState(ENOUGH)
    if (session.scalar(queries.letters_at(home.mark, since)) or 0) >= MOST_TO_ADDRESS:
        raise WrongState(ENOUGH_THERE)


def _void(person: Person) -> None:
    mine = update(CodeLetter).where(CodeLetter.person_id == person.id, CodeLetter.state == "open")
    db.session().execute(mine.values(state="void"))


def _in_groups(code: str) -> str:
    return "-".join(code[place : place + GROUP] for place in range(0, len(code), GROUP))


def _hash(person: Person, code: str) -> str:
    return crypto.keyed_hash(f"code:{person.id}:{code}", keys.PURPOSE)


def take_try(person: Person) -> None:
    """Count a try of the code; refuses with WrongState where no letter is open or no try is left.

    Runs in a short transaction of its own, before the request's: a try counts although it is refused.
    """
    mine = update(CodeLetter).where(
        CodeLetter.person_id == person.id,
        CodeLetter.state == "open",
        CodeLetter.tries_left > 0,
        CodeLetter.expires_at > clock.real(),
    )
    with db.aside() as session:
        taken = session.execute(mine.values(tries_left=CodeLetter.tries_left - 1))
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise WrongState(NO_LETTER)


def show_by_letter(person: Person, typed: str, *, rules: Residents, by: Actor) -> Residency | Conflict:
    """Give the status to whoever has the code; it works once. Whoever calls has taken the try.

    Refuses with Invalid a wrong code, with WrongState where no letter is open.
    """
    policy.check(by, Can.RESIDENCE_SHOW)
    session = db.session()
    letter = session.scalar(queries.open_letter_of(person.id, clock.real()))
    if letter is None:
        raise WrongState(NO_LETTER)
    code = "".join(sign for sign in typed.upper() if sign.isascii() and sign.isalnum())
    hashes = crypto.keyed_hashes(f"code:{person.id}:{code}", keys.PURPOSE)
    if not any(crypto.same(letter.code_hash, one) for one in hashes):
        raise Invalid(WRONG, field="code")
    outcome = settle_as(person, letter.resident_id, Proof(Way.LETTER), months=rules.valid_months, by=by)
    used = update(CodeLetter).where(CodeLetter.id == letter.id, CodeLetter.state == "open")
    if session.execute(used.values(state="used")).rowcount != 1:  # type: ignore[attr-defined]
        raise WrongState(NO_LETTER)
    return outcome


def forget_old_letters() -> int:
    """Void letters whose time is over, and drop those that count for nothing any more; return how many."""
    now, session = clock.real(), db.session()
    over = update(CodeLetter).where(CodeLetter.state == "open", CodeLetter.expires_at <= now)
    session.execute(over.values(state="void"))
    gone = session.execute(
        delete(CodeLetter).where(CodeLetter.state != "open", CodeLetter.asked_at < now - KEPT)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]
