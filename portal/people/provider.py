"""The city's or the state's OpenID provider: the way there, and what a verified answer says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from portal import clock, crypto
from portal.errors import NotAllowed, Unready
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config import Config

SCOPE = "openid profile email"
TIMEOUT_SECONDS = 8
# The provider's addresses and keys are asked for anew after this long, or when a key is unknown.
KEPT_SECONDS = 3600
# A token is at most this old or early: clocks differ a little.
LEEWAY_SECONDS = 60
# Only signatures with a public key: with a shared secret anyone who holds it could write tokens.
ALGORITHMS = ["RS256", "PS256", "ES256", "RS384", "RS512", "ES384", "ES512", "EdDSA"]
# Coming back counts as confirming who one is, so the proof there must not be older than one here may be.
MOST_SECONDS_AGO = 600
LONGEST_SUBJECT = 255
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

AWAY = W("The sign-in service does not answer just now. Try again later, or sign in with your password.")
NOT_THE_ANSWER = W("The answer of the sign-in service was not the one we waited for. Begin once more.")
GIVEN_UP = W("You did not finish signing in there. Begin once more, or use your password.")
TOO_WEAK = W("The city asks for a stronger sign-in than the one you used there. Begin once more with it.")


@dataclass(frozen=True)
class Identity:
    """Who somebody is at a provider: the issuer and the subject tell, never the address."""

    issuer: str
    subject: str
    name: str = ""
    # Only an address that the provider says it has verified.
    email: str = ""
    assurance: str = ""
    signed_in_at: datetime | None = None


@dataclass
class Provider:
    """One provider as configured; asks it for its addresses and keys when they are first needed."""

    issuer: str
    client_id: str
    client_secret: str
    acr_values: str = ""
    _known: dict[str, Any] = field(default_factory=dict)
    _known_until: float = 0.0

    def begin(self, back: str, *, scope: str = SCOPE, levels: str = "") -> tuple[str, dict[str, str]]:
        """Return the address to send the browser to, and what to keep until it comes back to `back`.

        `levels` are the assurances asked for (acr) where they are not those of signing in.
        State, nonce and a code challenge (PKCE, RFC 7636) tie the answer to this browser and this try.
        """
        from authlib.integrations.requests_client import OAuth2Session

        kept = {"state": crypto.new_token(), "nonce": crypto.new_token(), "verifier": crypto.new_token() * 2}
        client = OAuth2Session(self.client_id, scope=scope, redirect_uri=back, code_challenge_method="S256")
        acr_values = levels or self.acr_values
        wishes = {"acr_values": acr_values} if acr_values else {}
        address, _ = client.create_authorization_url(
            self._metadata()["authorization_endpoint"],
            state=kept["state"],
            nonce=kept["nonce"],
            code_verifier=kept["verifier"],
            # Makes the provider say when the person last proved who they are.
            max_age=str(MOST_SECONDS_AGO),
            **wishes,
        )
        return str(address), kept

    def finish(self, kept: Mapping[str, str], answer: Mapping[str, str], *, back: str) -> Identity:
        """Return who came back; refuses any answer that is not the one to our question, or is too weak."""
        claims = self.answered(kept, answer, back=back)
        if self.acr_values and claims.get("acr") not in self.acr_values.split():
            raise NotAllowed(TOO_WEAK)
        return self._identity(claims)

    def answered(self, kept: Mapping[str, str], answer: Mapping[str, str], *, back: str) -> Mapping[str, Any]:
        """Return what the verified answer says, whatever its level of assurance.

        Refuses another state or issuer (RFC 9207), a token for others, of others, too old, or replayed.
        """
        if not crypto.same(answer.get("state", ""), kept.get("state") or crypto.new_token()):
            raise NotAllowed(NOT_THE_ANSWER)
        if answer.get("iss", self.issuer) != self.issuer:
            raise NotAllowed(NOT_THE_ANSWER)
        if answer.get("error") or not answer.get("code"):
            raise NotAllowed(GIVEN_UP)
        return self._claims(self._token(kept, answer["code"], back), kept["nonce"])

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise NotAllowed(NOT_THE_ANSWER)
        proved_at = claims.get("auth_time")
        return Identity(
            issuer=self.issuer,
            subject=subject,
            name=_text(claims.get("name")),
            email=_text(claims.get("email"), 254).lower() if claims.get("email_verified") is True else "",
            assurance=_text(claims.get("acr")),
            signed_in_at=datetime.fromtimestamp(proved_at, UTC) if proved_at else None,
        )

    def _token(self, kept: Mapping[str, str], code: str, back: str) -> dict[str, Any]:
        from authlib.common.errors import AuthlibBaseError
        from authlib.integrations.requests_client import OAuth2Session
        from requests import RequestException

        client = OAuth2Session(self.client_id, self.client_secret, scope=SCOPE, redirect_uri=back)
        try:
            token: dict[str, Any] = client.fetch_token(
                self._metadata()["token_endpoint"],
                code=code,
                code_verifier=kept["verifier"],
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except RequestException as error:
            raise Unready(AWAY) from error
        except (AuthlibBaseError, ValueError) as error:
            raise NotAllowed(NOT_THE_ANSWER) from error
        return token

    def _claims(self, token: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        from authlib.oidc.core import CodeIDToken
        from joserfc.errors import JoseError

        try:
            decoded = self._decoded(str(token.get("id_token", "")))
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                {"iss": {"essential": True, "value": self.issuer}, "aud": {"essential": True}},
                {"nonce": nonce, "client_id": self.client_id, "max_age": MOST_SECONDS_AGO}
                | {"access_token": token.get("access_token")},
            )
            claims.validate(leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError) as error:
            raise NotAllowed(NOT_THE_ANSWER) from error
        if claims["auth_time"] < clock.real().timestamp() - MOST_SECONDS_AGO - LEEWAY_SECONDS:
            raise NotAllowed(NOT_THE_ANSWER)
        audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        # Exactly us: a token that is also meant for somebody else could come from there.
        if audience != [self.client_id]:
            raise NotAllowed(NOT_THE_ANSWER)
        return dict(claims)

    def _decoded(self, text: str) -> Any:
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError
        from joserfc.jwk import KeySet

        def decode() -> Any:
            keys = KeySet.import_key_set(self._metadata()["keys"])
            return jwt.decode(text, keys, algorithms=ALGORITHMS)

        try:
            return decode()
        except InvalidKeyIdError:
            self._known_until = 0.0  # the provider has new keys
            return decode()

    def _metadata(self) -> dict[str, Any]:
        if clock.real().timestamp() < self._known_until:
            return self._known
        known = self._ask(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if known.get("issuer") != self.issuer or not all(self._is_safe(known.get(name)) for name in wanted):
            raise Unready(AWAY)
        known["keys"] = self._ask(known["jwks_uri"])
        self._known, self._known_until = known, clock.real().timestamp() + KEPT_SECONDS
        return known

    def _is_safe(self, address: object) -> bool:
        parts = urlsplit(str(address or ""))
        return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)

    def _ask(self, address: str) -> dict[str, Any]:
        import requests

        try:
            answer = requests.get(address, timeout=TIMEOUT_SECONDS, allow_redirects=False)
            answer.raise_for_status()
            found = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise Unready(AWAY) from error
        if not isinstance(found, dict):
            raise Unready(AWAY)
        return found


def _text(value: object, longest: int = 120) -> str:
    text = value.strip() if isinstance(value, str) else ""
    return text if len(text) <= longest else ""


def provider_for(config: Config) -> Provider | None:
    """Return the provider of the configuration, or None where there is none."""
    if not config.oidc_issuer:
        return None
    return Provider(
        config.oidc_issuer, config.oidc_client_id, config.oidc_client_secret, config.oidc_acr_values
    )
