"""Add, use and remove what is asked after the password; a code opens once, and the database decides which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyotp
from sqlalchemy import delete, select, update

from portal import clock, crypto, db, policy
from portal.errors import Invalid, WrongState
from portal.notices.actions import Recipient, Text, post
from portal.people import factors
from portal.people.actions.keys import as_actor, person_key
from portal.people.actions.signing_in import end_sessions
from portal.people.held import Held, held_by, look
from portal.people.models import CodeApp, Passkey, Person, RecoveryCode
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Sequence

WRONG_CODE = W("This code is not right, or it was used already. Wait for the next one and type that.")
REASONS = {
    "lost": W("The device is lost or broken"),
    "taken": W("Somebody else may have the device"),
    "left": W("The device was given back"),
}
_STILL_NEEDED = W("A city role needs a second step: add another one before you remove this one.")
_NONE_HELD = W("There is no second step to remove: somebody was faster, or it was never there.")
_NOT_YOU = W("If it was not you: write to the help desk at once.")


def new_secret() -> str:
    """Return a fresh secret for an app, of 160 bits."""
    return str(pyotp.random_base32())


def add_app(person: Person, secret: str, typed: str, *, by: Actor, keep: str) -> list[str]:
    """Bind an app to the account once it shows the right code; a first factor brings recovery codes.

    `keep` is the hash of this browser's session: the others were opened without the app, so they end.
    """
    policy.check(by, Can.ACCOUNT_SECURE)
    step = factors.matching_step(secret, typed, clock.real(), after=0)
    if step is None:
        raise Invalid(WRONG_CODE, field="one_time_code")
    is_first = not lock(person).any
    _put_app(person, secret, step)
    added(person, "app", W("An app with codes is now your second step for signing in."), by=by)
    return first_codes(person, keep) if is_first else []


def enter_app(person: Person, secret: str) -> None:
    """Bind an app to an account without asking for a code; for the demonstration's seeds."""
    _put_app(person, secret, 0)
    record(Did.FACTOR_ADDED, person_key(person), by=as_actor(person), kind="app")


def _put_app(person: Person, secret: str, step: int) -> None:
    values = {
        "sealed_secret": crypto.seal(secret, f"app:{person.id}"),
        "last_step": step,
        "added_at": clock.now(),
    }
    insert = db.insert(CodeApp).values(person_id=person.id, **values)
    db.session().execute(insert.on_conflict_do_update(index_elements=[CodeApp.person_id], set_=values))


def first_codes(person: Person, keep: str) -> list[str]:
    """Return recovery codes for the first factor of an account, and end the sessions opened without it."""
    end_sessions(person, but=keep)
    return _put_codes(person)


def secret_of(person_id: int) -> tuple[str, int] | None:
    """Return the secret of a person's app and the last stretch used; None where there is none to open."""
    app = look(person_id).app
    secret = crypto.unseal(app.sealed_secret, f"app:{person_id}") if app else None
    return (secret, app.last_step) if app and secret else None


def use_code(person: Person, typed: str) -> bool:
    """Take a code of the app or a recovery code, and say whether it was right; each is taken once.

    Runs in a short transaction of its own, before the request's: a code is used even where the act fails.
    """
    return _use_app(person, typed) if factors.is_app_code(typed) else _use_recovery(person, typed)


def _use_app(person: Person, typed: str) -> bool:
    held = secret_of(person.id)
    step = factors.matching_step(held[0], typed, clock.real(), after=held[1]) if held else None
    if step is None:
        return False
    # Two nodes may have read the same last step: only one of them moves it on.
    take = update(CodeApp).where(CodeApp.person_id == person.id, CodeApp.last_step < step)
    with db.aside() as session:
        return bool(session.execute(take.values(last_step=step)).rowcount == 1)  # type: ignore[attr-defined]


def _use_recovery(person: Person, typed: str) -> bool:
    code = factors.plain(typed)
    if len(code) != factors.RECOVERY_LENGTH:
        return False
    take = update(RecoveryCode).where(
        RecoveryCode.person_id == person.id,
        RecoveryCode.code_hash.in_(crypto.keyed_hashes(_salted(person, code), "recovery")),
        RecoveryCode.used_at.is_(None),
    )
    with db.aside() as session:
        taken = bool(session.execute(take.values(used_at=clock.now())).rowcount)  # type: ignore[attr-defined]
        if taken:
            record(Did.RECOVERY_USED, person_key(person), by=as_actor(person))
            tell(person, W("A recovery code was used"), [W("A recovery code was used to sign in."), _NOT_YOU])
    return taken


def _salted(person: Person, code: str) -> str:
    return f"{person.id}:{code}"


def renew_codes(person: Person, *, by: Actor) -> list[str]:
    """Return ten new recovery codes, to be shown once; the old ones are void."""
    policy.check(by, Can.ACCOUNT_SECURE)
    if not lock(person).any:
        raise WrongState(_NONE_HELD)
    codes = _put_codes(person)
    record(Did.RECOVERY_RENEWED, person_key(person), by=by)
    tell(
        person, W("New recovery codes"), [W("New recovery codes were made; the old ones are void."), _NOT_YOU]
    )
    return codes


def _put_codes(person: Person) -> list[str]:
    codes = [crypto.new_code(factors.RECOVERY_LENGTH) for _ in range(factors.RECOVERY_CODES)]
    session = db.session()
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    hashes = [crypto.keyed_hash(_salted(person, code), "recovery") for code in codes]
    rows = [{"person_id": person.id, "code_hash": one, "used_at": None} for one in hashes]
    session.execute(db.insert(RecoveryCode), rows)
    return [factors.readable(code) for code in codes]


def remove_app(person: Person, *, by: Actor) -> None:
    """Remove the person's own app; whoever holds a city role keeps at least one factor."""
    policy.check(by, Can.ACCOUNT_SECURE)
    refuse_last(person, is_there=lock(person).app is not None)
    db.session().execute(delete(CodeApp).where(CodeApp.person_id == person.id))
    removed(person, "app", W("The app with codes is no longer a second step of your account."), by=by)


def refuse_last(person: Person, *, is_there: bool) -> None:
    """Refuse to remove what is gone already, or the last factor of somebody with a city role."""
    if not is_there:
        raise WrongState(_NONE_HELD)
    if (
        factors.is_obliged((one.until for one in person.grants), clock.now())
        and held_by(person.id).count == 1
    ):
        raise WrongState(_STILL_NEEDED)


def remove_all(person: Person, reason: str, *, by: Actor) -> None:
    """Remove every factor of somebody who lost the device, as the administrator; their sessions end."""
    policy.check(by, Can.FACTORS_REMOVE, person)
    if reason not in REASONS:
        raise Invalid(W("Choose a reason"), field="reason")
    if not lock(person).any:
        raise WrongState(_NONE_HELD)
    for table in (CodeApp, Passkey, RecoveryCode):
        db.session().execute(delete(table).where(table.person_id == person.id))
    end_sessions(person)
    record(Did.FACTOR_REMOVED, person_key(person), by=by, kind="all", reason=reason)
    sentences = [W("The city's administrator removed your second step for signing in:"), REASONS[reason]]
    tell(person, W("Your second step was removed"), [*sentences, _NOT_YOU])


def removed(person: Person, kind: str, sentence: W, *, by: Actor) -> None:
    """Remember and tell that a factor is gone; with the last one the recovery codes go too."""
    if not held_by(person.id).any:
        db.session().execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    record(Did.FACTOR_REMOVED, person_key(person), by=by, kind=kind)
    tell(person, W("A second step was removed"), [sentence, _NOT_YOU])


def added(person: Person, kind: str, sentence: W, *, by: Actor) -> None:
    """Remember and tell that there is one factor more."""
    record(Did.FACTOR_ADDED, person_key(person), by=by, kind=kind)
    tell(person, W("A second step was added"), [sentence, _NOT_YOU])


def tell(person: Person, title: W, sentences: Sequence[W]) -> None:
    """Write to the person, so that nobody changes the account unseen."""
    to = Recipient(person.id, person.email, person.language)
    post("E50", f"factor:{crypto.new_code(16)}", to, Text(title, sentences))


def lock(person: Person) -> Held:
    """Let nobody else change this person's factors until this unit of work ends; return what there is."""
    db.session().execute(select(Person.id).where(Person.id == person.id).with_for_update())
    return held_by(person.id)
