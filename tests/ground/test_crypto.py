"""Canonical bytes are the same everywhere, and secrets are neither guessed nor misread."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import crypto

# The parts of RFC 8785's examples (3.2.2 and 3.2.3) without floats and without keys beyond ASCII.
VECTORS = [
    ({"b": 1, "a": 2}, b'{"a":2,"b":1}'),
    ({"literals": [None, True, False]}, b'{"literals":[null,true,false]}'),
    ({"string": '\u20ac$\u000f\nA\'B"\\\\"/'}, '{"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'.encode()),
    ({"1": {"f": {"f": "hi", "F": 5}, "\n": 56}, "10": {}}, b'{"1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{}}'),
    ({"": "empty", "A": {}, "a": []}, b'{"":"empty","A":{},"a":[]}'),
    ("\x7f\u2028\U0001f600", '"\x7f\u2028\U0001f600"'.encode()),
    ("\b\t\f\r\x00\x1f", b'"\\b\\t\\f\\r\\u0000\\u001f"'),
    ([9007199254740991, -9007199254740991, 0], b"[9007199254740991,-9007199254740991,0]"),
    ((1, "two"), b'[1,"two"]'),
]
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abcXYZ09_:", max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(("value", "expected"), VECTORS)
def test_canonical_bytes_follow_rfc_8785(value: object, expected: bytes) -> None:
    assert crypto.canonical(value) == expected


@given(PLAIN)
def test_canonical_bytes_say_the_same_and_ignore_the_order_of_keys(value: object) -> None:
    content = crypto.canonical(value)
    assert json.loads(content) == value
    assert crypto.canonical(json.loads(content)) == content


@pytest.mark.parametrize("value", [1.0, float("nan"), {"à": 1}, {1: 2}, {"a": {1}}, b"x", 2**53, object()])
def test_what_others_could_read_differently_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        crypto.canonical({"deep": [value]} if not isinstance(value, dict) else value)


def test_a_lone_surrogate_never_becomes_bytes() -> None:
    with pytest.raises(UnicodeEncodeError):
        crypto.canonical("\ud800")


def test_a_leaf_is_hashed_with_its_prefix() -> None:
    assert crypto.leaf_hash(b"") == bytes.fromhex(
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert crypto.leaf_hash(b"act") == hashlib.sha256(b"\x00act").digest()


def test_codes_can_be_read_aloud() -> None:
    assert len(crypto.CODE_ALPHABET) == 32
    assert not set("0O1I") & set(crypto.CODE_ALPHABET)
    codes = {crypto.new_code(6) for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 6 and set(code) <= set(crypto.CODE_ALPHABET) for code in codes)


def test_tokens_hold_256_bits_and_only_their_hash_is_kept() -> None:
    token = crypto.new_token()
    assert len(token) == 43
    assert crypto.token_hash(token) == hashlib.sha256(token.encode()).hexdigest()
    assert crypto.same(token, token)
    assert not crypto.same(token, crypto.new_token())
    assert not crypto.same("città", "citta")


def test_a_password_matches_itself_only() -> None:
    stored = crypto.hash_password("four words that differ")
    assert stored.startswith("$argon2id$")
    assert crypto.password_matches(stored, "four words that differ")
    assert not crypto.password_matches(stored, "four words that differ ")
    assert not crypto.password_matches("not a hash", "x")
    assert not crypto.password_matches("", "")
    assert not crypto.password_matches(crypto.nobody_hash(), "")


def test_the_same_password_is_stored_differently_each_time() -> None:
    assert crypto.hash_password("twice the same") != crypto.hash_password("twice the same")
