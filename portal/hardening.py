"""What a demonstration may do and a production may not: weak, shared, missing or open keys, plain http."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SHORTEST_SECRET, SHORTEST_PASSPHRASE = 32, 12
# A random text of that length has more different signs than this; `xxxx...` has one.
FEWEST_SIGNS = 8
# No two of them may be the same: whoever learns one must not hold the other.
SECRETS = (
    "SECRET_KEY",
    "RECORD_KEY",
    "RESIDENTS_KEY",
    "SEAL_PASSPHRASE",
    "METRICS_TOKEN",
    "OIDC_CLIENT_SECRET",
    "BACKUP_PASSPHRASE",
    "SERVERS_SECRET",
)
# Containers hand secrets over here, readable for everybody inside, who is only the portal.
CONTAINER_SECRETS = Path("/run/secrets")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
FOR_EVERYBODY = 0o7

# The name of a setting, and a sentence that says what to do.
Fault = tuple[str, str]


def is_weak(secret: str, shortest: int) -> bool:
    """Say whether the secret is shorter than `shortest` characters, or hardly more than one repeated."""
    return len(secret) < shortest or len(set(secret)) < FEWEST_SIGNS


def faults(values: Mapping[str, str], host: str, fallbacks: Sequence[str]) -> Iterator[Fault]:
    """Yield what is wrong with the values of a production, by the names of settings without their prefix."""
    if not values.get("BASE_URL", "").startswith("https:") and host not in LOOPBACK:
        yield "BASE_URL", "passwords would travel in the clear: it must begin with https://."
    for name, secrets, shortest in (
        ("SECRET_KEY_FALLBACKS", fallbacks, SHORTEST_SECRET),
        ("METRICS_TOKEN", [values.get("METRICS_TOKEN", "")], SHORTEST_SECRET),
        ("RESIDENTS_KEY", [values.get("RESIDENTS_KEY", "")], SHORTEST_SECRET),
        ("RECORD_KEY", [values.get("RECORD_KEY", "")], SHORTEST_SECRET),
        ("SEAL_PASSPHRASE", [values.get("SEAL_PASSPHRASE", "")], SHORTEST_PASSPHRASE),
    ):
        if any(secret and is_weak(secret, shortest) for secret in secrets):
            yield name, f"must be random, {shortest} characters or more."
    if values.get("SECRET_KEY") in fallbacks:
        yield "SECRET_KEY_FALLBACKS", "holds the present key: it is for those before it."
    yield from _shared(values)


def _shared(values: Mapping[str, str]) -> Iterator[Fault]:
    holders: dict[str, str] = {}
    for name in SECRETS:
        secret = values.get(name, "")
        if secret and secret in holders:
            yield name, f"is the same as PORTAL_{holders[secret]}: make one of its own."
        holders.setdefault(secret, name)


def missing_keys(values: Mapping[str, str]) -> Iterator[Fault]:
    """Yield the keys that people's own portal cannot do without, and those that lie open on the machine."""
    if not values.get("RECORD_KEY"):
        yield "RECORD_KEY", "production signs its record with a key of its own: make one, and set it."
    if not values.get("SEAL_FILE"):
        yield "SEAL_FILE", "production seals its papers: name the city's certificate (PKCS#12)."
    elif not Path(values["SEAL_FILE"]).is_file():
        yield "SEAL_FILE", f"there is no file {values['SEAL_FILE']}."
    elif not values.get("SEAL_PASSPHRASE"):
        yield "SEAL_PASSPHRASE", "the certificate needs one: protect it, and set its passphrase."
    for name, path in values.items():
        if name.endswith("_FILE") and _lies_open(Path(path)):
            yield name, f"everybody on this machine can read {path}: chmod o-rwx {path}"


def _lies_open(path: Path) -> bool:
    if not path.is_file() or CONTAINER_SECRETS in path.absolute().parents:
        return False
    return bool(path.stat().st_mode & FOR_EVERYBODY)
