"""The configuration names all its faults at once, and production refuses what only a demonstration may do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import DEMO_SECRET, Config, ConfigError

GOOD_SECRET = "k3Jx9-vQ2mZr7Lw0pTf5Yb8Nc1Hd4Gs6"
PRODUCTION = {
    "PORTAL_MODE": "production",
    "PORTAL_BASE_URL": "https://commons.example.org",
    "PORTAL_SECRET_KEY": GOOD_SECRET,
    "PORTAL_MAIL_URL": "smtp://post.example.org:587",
}


def faults(**env: str) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        Config.from_env({f"PORTAL_{name}": value for name, value in env.items()})
    return refused.value.faults


def test_an_empty_environment_is_a_demonstration_on_this_machine() -> None:
    config = Config.from_env({})
    assert config.is_demo
    assert not config.is_https
    assert config.city == "bologna"
    assert config.base_url == "http://127.0.0.1:8000"
    assert config.database_url == f"sqlite:///{Path('var').absolute() / 'portal.db'}"
    assert config.mail_url.startswith("file:")
    assert config.clock_offset == timedelta(0)


def test_a_sound_production_is_taken() -> None:
    config = Config.from_env(PRODUCTION)
    assert not config.is_demo
    assert config.is_https
    assert config.trusted_hosts == ("commons.example.org",)


def test_all_faults_are_named_at_once() -> None:
    found = faults(
        MODE="prodution",
        CITY="../etc",
        BASE_URL="ftp://x",
        DATABASE_URL="mysql://x",
        STORE_URL="gopher:x",
        NOW="soon",
        COLOUR="red",
    )
    for name in ("MODE", "CITY", "BASE_URL", "DATABASE_URL", "STORE_URL", "NOW", "COLOUR"):
        assert [fault for fault in found if fault.startswith(f"PORTAL_{name}")], name


def test_an_unknown_name_is_refused_but_those_of_the_tests_are_not_ours() -> None:
    assert len(faults(DATABSE_URL="sqlite:///x")) == 1
    Config.from_env({"PORTAL_TEST_POSTGRES_URL": "x", "PATH": "/bin"})


def test_any_value_can_stand_in_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(GOOD_SECRET + "\n")
    env = {**PRODUCTION, "PORTAL_SECRET_KEY_FILE": str(secret)}
    del env["PORTAL_SECRET_KEY"]
    assert Config.from_env(env).secret_key == GOOD_SECRET


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    picture = tmp_path / "picture"
    picture.write_bytes(b"\xff\xd8\xff")
    assert "cannot read" in faults(SECRET_KEY_FILE=str(tmp_path / "nothing"))[0]
    assert "not text" in faults(SECRET_KEY_FILE=str(picture))[0]


def test_a_value_given_twice_is_a_fault(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(GOOD_SECRET)
    assert "twice" in faults(SECRET_KEY_FILE=str(secret), SECRET_KEY=GOOD_SECRET)[0]


@pytest.mark.parametrize("secret", ["", "short", "x" * 64, "abcabcabc" * 8, DEMO_SECRET])
def test_production_refuses_a_weak_secret(secret: str) -> None:
    with pytest.raises(ConfigError, match="SECRET_KEY"):
        Config.from_env({**PRODUCTION, "PORTAL_SECRET_KEY": secret})


def test_production_refuses_a_moved_clock_and_needs_mail() -> None:
    env = {**PRODUCTION, "PORTAL_NOW": "+30d", "PORTAL_MAIL_URL": ""}
    with pytest.raises(ConfigError) as refused:
        Config.from_env(env)
    assert {fault.split(":")[0] for fault in refused.value.faults} == {"PORTAL_NOW", "PORTAL_MAIL_URL"}


@pytest.mark.parametrize(
    "address", ["http:", "https://", "http://[::1", "http://host:port", "http://host:99999"]
)
def test_the_base_address_must_name_a_host(address: str) -> None:
    assert [fault for fault in faults(BASE_URL=address) if "BASE_URL" in fault]


@pytest.mark.parametrize(
    ("text", "distance"),
    [
        ("+30d", timedelta(days=30)),
        ("-2h", timedelta(hours=-2)),
        ("+90m", timedelta(minutes=90)),
        ("", timedelta(0)),
    ],
)
def test_the_clock_can_be_moved_by_a_distance(text: str, distance: timedelta) -> None:
    assert Config.from_env({"PORTAL_NOW": text}).clock_offset == distance


def test_the_clock_can_be_set_to_an_instant_with_its_zone() -> None:
    wanted = datetime.now(UTC) + timedelta(days=400)
    moved = Config.from_env({"PORTAL_NOW": wanted.isoformat()}).clock_offset
    assert abs(moved - timedelta(days=400)) < timedelta(seconds=5)
    assert faults(NOW="2027-01-01T09:00:00")


@pytest.mark.parametrize("text", ["+1000000d", "30d", "+d", "tomorrow", "+1w", "+٣d"])
def test_other_words_about_the_clock_are_refused(text: str) -> None:
    assert "PORTAL_NOW" in faults(NOW=text)[0]


def test_named_hosts_are_the_only_ones_trusted() -> None:
    config = Config.from_env({**PRODUCTION, "PORTAL_TRUSTED_HOSTS": "a.example.org, b.example.org"})
    assert config.trusted_hosts == ("a.example.org", "b.example.org")


RECORD_KEY = "8b1a9953c4611296a827abf8c47804d7f6b5c1e2"


@pytest.fixture
def seal(tmp_path: Path) -> Path:
    """A certificate's file that only the portal can read."""
    path = tmp_path / "seal.p12"
    path.write_bytes(b"certificate")
    path.chmod(0o600)
    return path


def named(env: dict[str, str], *, starts: bool = False) -> set[str]:
    with pytest.raises(ConfigError) as refused:
        Config.from_env(env, starts=starts)
    return {fault.split(":")[0].removeprefix("PORTAL_") for fault in refused.value.faults}


def test_a_production_that_serves_people_needs_its_keys_and_names_all_faults_at_once(seal: Path) -> None:
    whole = {
        **PRODUCTION,
        "PORTAL_RECORD_KEY": RECORD_KEY,
        "PORTAL_SEAL_FILE": str(seal),
        "PORTAL_SEAL_PASSPHRASE": "lamp tide oven moss",
    }
    assert Config.from_env(whole, starts=True).record_key == RECORD_KEY
    assert named(PRODUCTION, starts=True) == {"RECORD_KEY", "SEAL_FILE"}
    everything = {
        **PRODUCTION,
        "PORTAL_BASE_URL": "http://commons.example.org",
        "PORTAL_SECRET_KEY": DEMO_SECRET,
        "PORTAL_SECRET_KEY_FALLBACKS": "short",
        "PORTAL_SEAL_FILE": "/nowhere/seal.p12",
        "PORTAL_METRICS_TOKEN": "public",
        "PORTAL_PROXY_HOPS": "-1",
        "PORTAL_LOG": "xml",
        "PORTAL_DATABASE_CONNECTIONS": "0",
    }
    assert named(everything, starts=True) == {
        "BASE_URL",
        "SECRET_KEY",
        "SECRET_KEY_FALLBACKS",
        "SEAL_FILE",
        "METRICS_TOKEN",
        "PROXY_HOPS",
        "LOG",
        "DATABASE_CONNECTIONS",
        "RECORD_KEY",
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RECORD_KEY", "ab" * 32),
        ("RECORD_KEY", "short"),
        ("RECORD_KEY", GOOD_SECRET),  # the same as the secret key
        ("METRICS_TOKEN", GOOD_SECRET),
        ("SEAL_PASSPHRASE", "commons"),
        ("SEAL_PASSPHRASE", "aaaaaaaaaaaaaaaa"),
        ("SECRET_KEY_FALLBACKS", GOOD_SECRET),
        ("SECRET_KEY_FALLBACKS", f"{RECORD_KEY} short"),
        ("BASE_URL", "http://commons.example.org"),
    ],
)
def test_production_refuses_keys_that_are_weak_or_do_two_things(name: str, value: str) -> None:
    assert named({**PRODUCTION, f"PORTAL_{name}": value}) == {name}


def test_a_production_on_this_machine_may_go_without_tls() -> None:
    assert not Config.from_env({**PRODUCTION, "PORTAL_BASE_URL": "http://127.0.0.1:8000"}).is_https


def test_a_key_that_everybody_on_the_machine_can_read_is_refused(seal: Path, tmp_path: Path) -> None:
    secret = tmp_path / "record-key"
    secret.write_text(RECORD_KEY)
    env = {
        **PRODUCTION,
        "PORTAL_RECORD_KEY_FILE": str(secret),
        "PORTAL_SEAL_FILE": str(seal),
        "PORTAL_SEAL_PASSPHRASE": "lamp tide oven moss",
    }
    for path in (secret, seal):
        secret.chmod(0o640)
        seal.chmod(0o640)
        Config.from_env(env, starts=True)
        path.chmod(0o644)
        with pytest.raises(ConfigError, match=f"chmod o-rwx {path}"):
            Config.from_env(env, starts=True)
        Config.from_env(env)  # the command line still opens, so that the doctor can be asked


def test_older_keys_are_believed_and_the_new_one_signs() -> None:
    older = "q9Zt4-xW1nKp8Rv3sLd6Mb2Hc7Jf5Gy0"
    config = Config.from_env({**PRODUCTION, "PORTAL_SECRET_KEY_FALLBACKS": f"{older}, {RECORD_KEY}"})
    assert config.secret_key_fallbacks == (older, RECORD_KEY)


def test_postgresql_is_spoken_to_through_psycopg() -> None:
    config = Config.from_env({"PORTAL_DATABASE_URL": "postgresql://u@h/d"})
    assert config.database_url == "postgresql+psycopg://u@h/d"
