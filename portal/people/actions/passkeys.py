"""Bind passkeys to accounts and take their answers (WebAuthn, user verification); an answer counts once."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from portal import clock, crypto, db, policy
from portal.errors import Invalid, WrongState
from portal.people.actions.factors import added, first_codes, lock, refuse_last, removed
from portal.people.factors import from_web_safe, web_safe
from portal.people.held import passkey_of
from portal.people.models import Passkey, Person
from portal.policy import Actor, Can
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterable

    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    from portal.people.factors import Site

log = logging.getLogger("portal.passkeys")
MOST_PASSKEYS = 20
# An answer holds a key, a signature and an attestation, no more.
LONGEST_ANSWER = 20_000
NOT_TAKEN = W("The passkey was not accepted. Try again, or use another way.")
_TOO_MANY = W("You have twenty passkeys. Remove one that you do not use any more.")


def _broken() -> tuple[type[Exception], ...]:
    """Return what the library meets an answer with that may be anything: a browser has sent it."""
    from webauthn.helpers.exceptions import WebAuthnException

    return (WebAuthnException, ValueError, TypeError, KeyError)


def registration_options(person: Person, known: Iterable[Passkey], *, site: Site, question: bytes) -> str:
    """Return what the browser needs to make a passkey, as JSON."""
    # The library and what it stands on take 6 MB: a web process where nobody uses a passkey goes without.
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.host,
        user_id=_handle(person),
        user_name=person.email,
        user_display_name=person.name,
        challenge=question,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_described(known),
    )
    return options_to_json(options)


def answer_options(known: Iterable[Passkey], *, site: Site, question: bytes) -> str:
    """Return what the browser needs to answer with one of these passkeys, or with any where none is named."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=site.host,
        challenge=question,
        allow_credentials=_described(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def _described(known: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    return [PublicKeyCredentialDescriptor(id=from_web_safe(one.credential_id)) for one in known]


def _handle(person: Person) -> bytes:
    # The device keeps it beside the key: it must tell nothing about the person.
    return bytes.fromhex(crypto.keyed_hash(str(person.id), "passkey handle"))


def add_passkey(
    person: Person, name: str, answer: str, *, question: bytes, site: Site, by: Actor, keep: str
) -> list[str]:
    """Bind a new passkey to the account; return new recovery codes where it is the first factor.

    Refuses with Invalid what another site made, or what answers another question.
    """
    from webauthn import verify_registration_response

    policy.check(by, Can.ACCOUNT_SECURE)
    try:
        made = verify_registration_response(
            credential=answer[:LONGEST_ANSWER],
            expected_challenge=question,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _broken() as error:
        log.warning("a passkey was not taken: %s", type(error).__name__)
        raise Invalid(NOT_TAKEN, field="passkey") from error
    held = lock(person)
    if len(held.passkeys) >= MOST_PASSKEYS:
        raise WrongState(_TOO_MANY)
    key = Passkey(
        person_id=person.id,
        credential_id=web_safe(made.credential_id),
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name,
        added_at=clock.now(),
    )
    db.session().add(key)
    db.session().flush()
    added(person, "passkey", W("A passkey is now a second step for signing in."), by=by)
    return [] if held.any else first_codes(person, keep)


def remove_passkey(person: Person, passkey_id: int, *, by: Actor) -> None:
    """Remove one of the person's own passkeys; whoever holds a city role keeps at least one factor."""
    policy.check(by, Can.ACCOUNT_SECURE)
    own = {one.id for one in lock(person).passkeys}
    refuse_last(person, is_there=passkey_id in own)
    db.session().execute(delete(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == person.id))
    removed(person, "passkey", W("A passkey is no longer a second step of your account."), by=by)


def use_passkey(answer: str, *, question: bytes | None, site: Site | None) -> int | None:
    """Return whose passkey answered this question, once; None where it did not.

    A counter that went back is the sign of a copied key (WebAuthn, 6.1.1) and is refused. Runs in a short
    transaction of its own, before the request's.
    """
    if question is None or site is None:
        return None
    try:
        key = passkey_of(str(json.loads(answer[:LONGEST_ANSWER])["id"]))
        return None if key is None else _verified(key, answer, question, site)
    except _broken() as error:
        log.warning("a passkey was not taken: %s: %s", type(error).__name__, error)
        return None


def _verified(key: Passkey, answer: str, question: bytes, site: Site) -> int | None:
    from webauthn import verify_authentication_response

    found = verify_authentication_response(
        credential=answer,
        expected_challenge=question,
        expected_rp_id=site.host,
        expected_origin=site.origin,
        credential_public_key=key.public_key,
        credential_current_sign_count=key.sign_count,
        require_user_verification=True,
    )
    answered = crypto.token_hash(web_safe(question))
    take = update(Passkey).where(
        Passkey.id == key.id, Passkey.sign_count == key.sign_count, Passkey.last_challenge != answered
    )
    values = {"sign_count": found.new_sign_count, "last_challenge": answered, "used_at": clock.now()}
    with db.aside() as session:
        taken = session.execute(take.values(**values)).rowcount == 1  # type: ignore[attr-defined]
    return key.person_id if taken else None
