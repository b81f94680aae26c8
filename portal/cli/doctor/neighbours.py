"""What stands beside the portal: the mail server and Redis; both are greeted, nothing is sent."""

from __future__ import annotations

import smtplib
import ssl
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from redis import Redis, RedisError

from portal.cli.doctor.findings import Finding, fault, good, warning

if TYPE_CHECKING:
    from collections.abc import Iterator
    from urllib.parse import SplitResult

    from config import Config

TIMEOUT_SECONDS = 5
# RFC 5321, section 4.2.1: not now, or not at all.
REFUSING = 400
HERE = {"localhost", "127.0.0.1", "::1"}


def mail(config: Config) -> Iterator[Finding]:
    """Greet the mail server without sending anything."""
    parts = urlsplit(config.mail_url)
    if parts.scheme == "file":
        yield good("mail", f"mails are put into the folder {Path(parts.path)}")
        return
    try:
        yield _greeted(parts)
    except (OSError, smtplib.SMTPException) as error:
        yield fault("mail", f"{parts.hostname} does not answer ({error}): mails wait and go out later.")


def _greeted(parts: SplitResult) -> Finding:
    host, is_tls = parts.hostname or "localhost", parts.scheme == "smtps"
    port = parts.port or (465 if is_tls else 587)
    with _connection(host, port, is_tls=is_tls) as server:
        code, _said = server.ehlo()
        if code >= REFUSING:
            return fault("mail", f"{host}:{port} refuses to talk (EHLO {code}).")
        if not is_tls and host not in HERE and not server.has_extn("starttls"):
            return warning("mail", f"{host}:{port} offers no STARTTLS: mails would travel in clear.")
    return good("mail", f"{host}:{port} answers")


def _connection(host: str, port: int, *, is_tls: bool) -> smtplib.SMTP:
    if is_tls:
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)


def redis(config: Config) -> Iterator[Finding]:
    """Ask Redis whether it is there, where one is configured."""
    if not config.redis_url:
        return
    line = Redis.from_url(
        config.redis_url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
    )
    try:
        line.ping()
    except RedisError as error:
        yield warning("redis", f"no answer ({error}): limits are counted in the database until it is back.")
    else:
        yield good("redis", "answers")
    finally:
        line.close()
