"""The configuration: read once from the environment, checked whole, every fault named at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from portal import hardening
from portal.hardening import SHORTEST_SECRET
from portal.support.servers import reaching

PREFIX = "PORTAL_"
FILE_SUFFIX = "_FILE"
KNOWN = frozenset(
    {
        "MODE", "CITY", "BASE_URL", "TRUSTED_HOSTS", "SECRET_KEY", "DATABASE_URL", "DATA_DIR", "STORE_URL",
        "REDIS_URL", "MAIL_URL", "MAIL_REPLY_TO", "MAIL_BOUNCES", "REPLY_DOMAIN",
        "SEAL_FILE", "SEAL_PASSPHRASE", "RECORD_KEY", "TSA_URL", "NOW",
        "OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME", "OIDC_ACR_VALUES",
        "BACKUP_DIR", "BACKUP_PASSPHRASE",
        "RESIDENTS_KEY", "RESIDENTS_KEY_FALLBACKS",
        "SECRET_KEY_FALLBACKS", "PROXY_HOPS", "METRICS_TOKEN", "LOG", "DATABASE_CONNECTIONS", "FETCH_HOSTS",
        "SERVERS_URL", "SERVERS_SECRET", "SERVERS_NETWORKS",
    }
)  # fmt: skip
# An address in a header: nothing that could end the line or begin another one.
MAILBOX = r"([\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9.-]+)?"
DOMAIN = r"([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+)?"
# Read by the set-up and the tests, not by the portal.
FOREIGN = ("TEST_",)
# Lets a worker die at a named place: see portal/faults.py.
FAULT = PREFIX + "TEST_FAULT"
DEMO_SECRET = "demonstration-only-this-key-is-public-knowledge"  # noqa: S105 - refused in production


class ConfigError(Exception):
    """The environment cannot be used; `faults` names everything that is wrong."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Config:
    """Everything that differs between installations."""

    mode: Literal["demo", "production"]
    city: str
    base_url: str
    trusted_hosts: tuple[str, ...]
    secret_key: str
    database_url: str
    data_dir: Path
    store_url: str
    redis_url: str
    mail_url: str
    seal_file: Path | None
    seal_passphrase: str
    record_key: str
    tsa_url: str
    clock_offset: timedelta
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = ""
    oidc_acr_values: str = ""
    backup_dir: Path | None = None
    backup_passphrase: str = ""
    secret_key_fallbacks: tuple[str, ...] = ()
    residents_key: str = ""
    residents_key_fallbacks: tuple[str, ...] = ()
    proxy_hops: int = 0
    metrics_token: str = ""
    log: str = "text"
    database_connections: int = 5
    mail_reply_to: str = ""
    reply_domain: str = ""
    mail_bounces: str = ""
    # Whose publiccode.yml may be fetched, and whose pages looked for; with none the portal asks nobody.
    fetch_hosts: tuple[str, ...] = ()
    # The city's automation of servers: where messages go, the secrets of today and before, inner networks.
    servers_url: str = ""
    servers_secrets: tuple[str, ...] = ()
    servers_networks: tuple[str, ...] = ()

    @property
    def is_demo(self) -> bool:
        """Say whether this is a demonstration."""
        return self.mode == "demo"

    @property
    def is_https(self) -> bool:
        """Say whether people reach the portal over TLS."""
        return self.base_url.startswith("https://")

    @classmethod
    def from_env(cls, env: Mapping[str, str], *, starts: bool = False) -> Config:
        """Read the PORTAL_* names; raise ConfigError with all faults.

        `starts` asks also for what a portal needs that serves people: keys that are there and kept close.
        """
        return _Reader(env, starts=starts).read()


class _Reader:
    """Collects faults while it reads, so that one try shows all of them."""

    def __init__(self, env: Mapping[str, str], *, starts: bool) -> None:
        self.env = env
        self.starts = starts
        self.faults: list[str] = []
        self.values: dict[str, str] = {}
        for name, value in env.items():
            self._take(name, value)

    def _take(self, name: str, value: str) -> None:
        if not name.startswith(PREFIX) or name.removeprefix(PREFIX).startswith(FOREIGN):
            return
        short = name.removeprefix(PREFIX)
        if short in KNOWN:
            self.values[short] = value
        elif short.endswith(FILE_SUFFIX) and short.removesuffix(FILE_SUFFIX) in KNOWN:
            self._take_file(short.removesuffix(FILE_SUFFIX), value)
        else:
            self.faults.append(f"{name} is not a setting of the portal: correct the name or remove it.")

    def _take_file(self, short: str, path: str) -> None:
        if PREFIX + short in self.env:
            self._fault(short, f"is set twice, by itself and by {PREFIX}{short}{FILE_SUFFIX}: remove one.")
            return
        try:
            self.values[short] = Path(path).read_text().strip()
            self.values[f"{short}{FILE_SUFFIX}"] = path
        except OSError as error:
            self.faults.append(f"{PREFIX}{short}{FILE_SUFFIX}: cannot read {path} ({error.strerror}).")
        except UnicodeDecodeError:
            self.faults.append(f"{PREFIX}{short}{FILE_SUFFIX}: {path} is not text.")

    def read(self) -> Config:
        mode = self._choice("MODE", ("demo", "production"), "demo")
        data_dir = Path(self.values.get("DATA_DIR", "var")).absolute()
        base_url = self._address("BASE_URL", "http://127.0.0.1:8000", ("http", "https")).rstrip("/")
        host = self._host(base_url)
        config = Config(
            mode="production" if mode == "production" else "demo",
            city=self._checked("CITY", "bologna", r"[a-z][a-z0-9_-]*", "a folder name under seeds/cities"),
            base_url=base_url,
            trusted_hosts=self._hosts(host, mode),
            secret_key=self._secret_key(mode),
            database_url=self._database(data_dir),
            data_dir=data_dir,
            store_url=self._address("STORE_URL", f"file://{data_dir / 'store'}", ("file", "s3")),
            redis_url=self._address("REDIS_URL", "", ("redis", "rediss", "unix")),
            mail_url=self._mail(mode, data_dir),
            seal_file=Path(self.values["SEAL_FILE"]) if self.values.get("SEAL_FILE") else None,
            seal_passphrase=self.values.get("SEAL_PASSPHRASE", ""),
            record_key=self.values.get("RECORD_KEY", ""),
            tsa_url=self._address("TSA_URL", "", ("http", "https")),
            clock_offset=self._offset(mode),
            oidc_issuer=self._oidc_issuer(),
            oidc_client_id=self.values.get("OIDC_CLIENT_ID", ""),
            oidc_client_secret=self.values.get("OIDC_CLIENT_SECRET", ""),
            oidc_name=self.values.get("OIDC_NAME", ""),
            oidc_acr_values=self.values.get("OIDC_ACR_VALUES", ""),
            backup_dir=Path(self.values["BACKUP_DIR"]).absolute() if self.values.get("BACKUP_DIR") else None,
            backup_passphrase=self.values.get("BACKUP_PASSPHRASE", ""),
            secret_key_fallbacks=self._several("SECRET_KEY_FALLBACKS"),
            residents_key=self.values.get("RESIDENTS_KEY", ""),
            residents_key_fallbacks=self._several("RESIDENTS_KEY_FALLBACKS"),
            proxy_hops=self._number("PROXY_HOPS", 0, range(10)),
            metrics_token=self.values.get("METRICS_TOKEN", ""),
            log=self._choice("LOG", ("text", "json"), "text" if mode == "demo" else "json"),
            database_connections=self._number("DATABASE_CONNECTIONS", 5, range(1, 101)),
            mail_reply_to=self._checked("MAIL_REPLY_TO", "", MAILBOX, "a mail address"),
            reply_domain=self._checked("REPLY_DOMAIN", "", DOMAIN, "a domain name, in small letters"),
            mail_bounces=self._checked("MAIL_BOUNCES", "", MAILBOX, "a mail address"),
            fetch_hosts=self._fetch_hosts(),
            servers_url=self._address("SERVERS_URL", "", ("http", "https")),
            servers_secrets=self._several("SERVERS_SECRET"),
            servers_networks=self._several("SERVERS_NETWORKS"),
        )
        self._check(config, mode, host)
        if self.faults:
            raise ConfigError(self.faults)
        return config

    def _check(self, config: Config, mode: str, host: str) -> None:
        for name, sentence in reaching.faults(
            config.servers_url, config.servers_secrets, config.servers_networks, is_demo=mode == "demo"
        ):
            self._fault(name, sentence)
        if mode == "production":
            self._no_places_to_die()
            for name, sentence in hardening.faults(self.values, host, config.secret_key_fallbacks):
                self._fault(name, sentence)
            if self.starts:
                for name, sentence in hardening.missing_keys(self.values):
                    self._fault(name, sentence)

    def _several(self, name: str) -> tuple[str, ...]:
        return tuple(filter(None, re.split(r"[\s,]+", self.values.get(name, ""))))

    def _fault(self, name: str, sentence: str) -> None:
        self.faults.append(f"{PREFIX}{name}: {sentence}")

    def _choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.values.get(name, default)
        if value not in choices:
            self._fault(name, f"'{value}' is not one of {', '.join(choices)}.")
        return value

    def _no_places_to_die(self) -> None:
        if FAULT in self.env:
            self.faults.append(f"{FAULT}: production has no places to die at: remove it.")

    def _checked(self, name: str, default: str, pattern: str, what: str) -> str:
        value = self.values.get(name, default)
        if not re.fullmatch(pattern, value):
            self._fault(name, f"'{value}' is not {what}.")
        return value

    def _address(self, name: str, default: str, schemes: tuple[str, ...]) -> str:
        value = self.values.get(name, default)
        if value and value.partition(":")[0] not in schemes:
            self._fault(name, f"'{value}' must begin with one of {', '.join(s + ':' for s in schemes)}.")
        return value

    def _oidc_issuer(self) -> str:
        issuer = self._address("OIDC_ISSUER", "", ("http", "https"))
        if issuer:
            for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME"):
                if not self.values.get(name):
                    self._fault(name, "is missing, and a sign-in through another service needs it.")
            parts = urlsplit(issuer)
            if parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "localhost"}:
                self._fault("OIDC_ISSUER", f"'{issuer}' must begin with https: identities travel there.")
        return issuer

    def _host(self, base_url: str) -> str:
        try:
            parts = urlsplit(base_url)
            host, _port = parts.hostname, parts.port
        except ValueError:
            host = None
        if not host:
            self._fault("BASE_URL", f"'{base_url}' must name a host, like https://commons.example.org.")
        return host or "127.0.0.1"

    def _hosts(self, host: str, mode: str) -> tuple[str, ...]:
        text = self.values.get("TRUSTED_HOSTS", "")
        named = tuple(part.strip() for part in text.split(",") if part.strip())
        if named:
            return named
        return (host, "127.0.0.1", "localhost") if mode == "demo" else (host,)

    def _fetch_hosts(self) -> tuple[str, ...]:
        named = [
            part.strip().lower() for part in self.values.get("FETCH_HOSTS", "").split(",") if part.strip()
        ]
        for one in named:
            # A name, never an address: what it leads to is checked each time.
            if not re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", one):
                self._fault("FETCH_HOSTS", f"'{one}' is not the name of a host, like code.example.org.")
        return tuple(named)

    def _number(self, name: str, default: int, allowed: range) -> int:
        text = self.values.get(name, str(default))
        value = int(text) if re.fullmatch(r"[0-9]{1,4}", text) else -1
        if value not in allowed:
            self._fault(name, f"'{text}' is not a whole number from {allowed[0]} to {allowed[-1]}.")
        return value

    def _secret_key(self, mode: str) -> str:
        value = self.values.get("SECRET_KEY") or (DEMO_SECRET if mode == "demo" else "")
        if mode == "production" and (hardening.is_weak(value, SHORTEST_SECRET) or value == DEMO_SECRET):
            self._fault(
                "SECRET_KEY",
                f"production needs a random secret of its own, {SHORTEST_SECRET} characters or more.",
            )
        return value

    def _database(self, data_dir: Path) -> str:
        value = self._address(
            "DATABASE_URL",
            f"sqlite:///{data_dir / 'portal.db'}",
            ("sqlite", "postgresql", "postgresql+psycopg"),
        )
        return value.replace("postgresql://", "postgresql+psycopg://", 1)

    def _mail(self, mode: str, data_dir: Path) -> str:
        value = self._address(
            "MAIL_URL", f"file://{data_dir / 'mail'}" if mode == "demo" else "", ("smtp", "smtps", "file")
        )
        if not value:
            self._fault("MAIL_URL", "production needs a mail server, like smtp://user:password@host:587.")
        return value

    def _offset(self, mode: str) -> timedelta:
        text = self.values.get("NOW", "")
        if not text:
            return timedelta(0)
        if mode == "production":
            self._fault("NOW", "the clock cannot be moved in production.")
        offset = _parse_offset(text)
        if offset is None:
            self._fault(
                "NOW",
                f"'{text}' is neither an instant like 2026-12-01T09:00:00+01:00 nor a distance like +30d.",
            )
        return offset or timedelta(0)


_UNITS: Mapping[str, Callable[[int], timedelta]] = {
    "d": lambda n: timedelta(days=n),
    "h": lambda n: timedelta(hours=n),
    "m": lambda n: timedelta(minutes=n),
}


def _parse_offset(text: str) -> timedelta | None:
    moved = re.fullmatch(r"([+-][0-9]{1,5})([dhm])", text)
    if moved:
        return _UNITS[moved[2]](int(moved[1]))
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if instant.tzinfo is None else instant.astimezone(UTC) - datetime.now(UTC)
