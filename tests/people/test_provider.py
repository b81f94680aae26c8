"""An answer from the sign-in service is believed only when it answers our question, to us, now, and is signed by it."""

from __future__ import annotations

import base64
import hmac
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc.jwk import RSAKey

from portal.errors import NotAllowed, Refused, Unready
from portal.people.provider import Identity, Provider
from tests.people.openid import CLIENT_ID, CLIENT_SECRET, OpenId

BACK = "http://127.0.0.1:8000/sign-in/elsewhere/back"
KEY = RSAKey.generate_key(2048, {"kid": "k1"})


@pytest.fixture
def openid() -> Iterator[OpenId]:
    running = OpenId(key=KEY).start()
    yield running
    running.stop()


@pytest.fixture
def provider(openid: OpenId) -> Provider:
    return Provider(openid.issuer, CLIENT_ID, CLIENT_SECRET)


def there_and_back(openid: OpenId, provider: Provider) -> Identity:
    address, kept = provider.begin(BACK)
    answer = dict(parse_qsl(urlsplit(openid.sign_in(address)).query))
    return provider.finish(kept, answer, back=BACK)


def test_somebody_goes_there_and_comes_back(openid: OpenId, provider: Provider) -> None:
    openid.person |= {"email": "Rosa@Example.org", "email_verified": True, "acr": "L2"}
    found = there_and_back(openid, provider)
    assert (found.issuer, found.subject, found.name) == (openid.issuer, "s-1", "Rosa Neri")
    assert (found.email, found.assurance) == ("rosa@example.org", "L2")
    assert found.signed_in_at is not None
    asked = openid.asked[0]
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    assert len(asked["state"]) >= 40
    assert len(asked["nonce"]) >= 40


@pytest.mark.parametrize("said", [False, None, "true", 1])
def test_an_address_that_is_not_verified_is_no_address(openid: OpenId, provider: Provider, said: Any) -> None:
    openid.person |= {"email": "rosa@example.org", "email_verified": said}
    assert there_and_back(openid, provider).email == ""


def forged(text: str, secret: bytes) -> str:
    """Return the token signed with a secret that others know, as the algorithm of its header says."""
    header = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"k1"}').rstrip(b"=").decode()
    signed = f"{header}.{text.split('.')[1]}"
    signature = hmac.digest(secret, signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


OTHER = RSAKey.generate_key(2048, {"kid": "k1"})
LIES: dict[str, dict[str, Any]] = {
    "another issuer": {"claims": {"iss": "http://127.0.0.1:1"}},
    "no issuer": {"claims": {"iss": None}},
    "the issuer with a slash": {"claims": {"iss": "http://127.0.0.1/"}},
    "for somebody else": {"claims": {"aud": "another-portal"}},
    "for us and somebody else": {"claims": {"aud": [CLIENT_ID, "another-portal"], "azp": CLIENT_ID}},
    "given to somebody else": {"claims": {"azp": "another-portal"}},
    "for nobody": {"claims": {"aud": None}},
    "another question": {"claims": {"nonce": "x" * 43}},
    "no question": {"claims": {"nonce": None}},
    "over": {"claims": {"exp": int(time.time()) - 3600}},
    "without an end": {"claims": {"exp": None}},
    "from tomorrow": {"claims": {"iat": int(time.time()) + 86400}},
    "not yet": {"claims": {"nbf": int(time.time()) + 86400}},
    "nobody": {"claims": {"sub": None}},
    "a number": {"claims": {"sub": 7}},
    "an endless name": {"claims": {"sub": "s" * 256}},
    "when is not said": {"claims": {"auth_time": None}},
    "signed with another key": {"key": OTHER},
    "signed with the shared secret": {"token": lambda text: forged(text, CLIENT_SECRET.encode())},
    "signed with the public key": {"token": lambda text: forged(text, KEY.as_pem(private=False))},
    "not signed": {"token": lambda text: text.rpartition(".")[0] + "."},
    "signed by nobody": {
        "token": lambda text: "eyJhbGciOiJub25lIn0." + text.split(".")[1] + "."
    },
    "no token": {"token": lambda _: ""},
    "no token at all": {"token": lambda _: "a.b.c"},
    "another state": {"answer": {"state": "x" * 43}},
    "no state": {"answer": {"state": ""}},
    "mixed up": {"answer": {"iss": "http://127.0.0.1:1"}},
    "a code of somebody else": {"answer": {"code": "made-up"}},
    "a refusal": {"answer": {"error": "access_denied"}},
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_anything_else_is_refused(openid: OpenId, provider: Provider, lie: dict[str, Any]) -> None:
    openid.twist = lie
    with pytest.raises(NotAllowed):
        there_and_back(openid, provider)


def test_an_answer_serves_once(openid: OpenId, provider: Provider) -> None:
    address, kept = provider.begin(BACK)
    answer = dict(parse_qsl(urlsplit(openid.sign_in(address)).query))
    provider.finish(kept, answer, back=BACK)
    with pytest.raises(NotAllowed):
        provider.finish(kept, answer, back=BACK)


def test_an_answer_serves_only_the_browser_that_asked(openid: OpenId, provider: Provider) -> None:
    address, _ = provider.begin(BACK)
    _, kept_elsewhere = provider.begin(BACK)
    answer = dict(parse_qsl(urlsplit(openid.sign_in(address)).query))
    with pytest.raises(NotAllowed):
        provider.finish({**kept_elsewhere, "state": answer["state"]}, answer, back=BACK)


def test_the_level_that_the_city_asks_for_is_asked_for_and_checked(openid: OpenId) -> None:
    provider = Provider(openid.issuer, CLIENT_ID, CLIENT_SECRET, acr_values="L2 L3")
    openid.person["acr"] = "L3"
    assert there_and_back(openid, provider).assurance == "L3"
    assert openid.asked[0]["acr_values"] == "L2 L3"
    for weak in ("L1", "", None, "L2 L3"):
        openid.person["acr"] = weak
        with pytest.raises(NotAllowed, match="stronger sign-in"):
            there_and_back(openid, provider)


def test_new_keys_of_the_provider_are_fetched(openid: OpenId, provider: Provider) -> None:
    there_and_back(openid, provider)
    openid.key = RSAKey.generate_key(2048, {"kid": "k2"})
    assert there_and_back(openid, provider).subject == "s-1"


def test_a_provider_that_is_away_is_said_to_be_away(openid: OpenId) -> None:
    openid.is_away = True
    with pytest.raises(Unready, match="does not answer"):
        Provider(openid.issuer, CLIENT_ID, CLIENT_SECRET).begin(BACK)


@pytest.mark.parametrize("said", ["http://127.0.0.1:1", "", None])
def test_a_provider_that_names_another_issuer_is_not_asked_further(openid: OpenId, said: Any) -> None:
    openid.twist = {"metadata_issuer": said}
    with pytest.raises(Refused):
        Provider(openid.issuer, CLIENT_ID, CLIENT_SECRET).begin(BACK)
