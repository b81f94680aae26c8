"""The address to which the city's automation tells what became of a server; for machines only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, jsonify, request

from portal.errors import NotFound, Refused
from portal.people import limits
from portal.policy import Can
from portal.support.servers import actions, signing
from portal.web import needs
from portal.web.access import NO_SUCH_PAGE, from_anywhere
from portal.web.chrome import profile
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from config import Config

servers_api = Blueprint("servers_api", __name__)

MOST_BYTES = 64 * 1024
# A network tells of all its servers within a minute, and no stranger can use up another network's tries.
MOST_A_MINUTE = 120
TOO_LARGE = W("A message of servers holds 64 kB at most. Send fewer days at a time.")


class TooLarge(Refused):
    """A message that is longer than any we understand."""

    status = 413


@servers_api.post("/api/v1/servers/status")
@needs(Can.SERVER_REPORT)
@from_anywhere
def status() -> ResponseReturnValue:
    """Take a signed message of the automation; without a secret in the configuration this is no page."""
    settings: Config = current_app.config["PORTAL"]
    if not settings.servers_secrets:
        raise NotFound(NO_SUCH_PAGE)
    network = limits.network_of(request.remote_addr)
    limits.spend("servers-status", network, most=MOST_A_MINUTE, seconds=limits.MINUTE)
    if (request.content_length or 0) > MOST_BYTES:
        raise TooLarge(TOO_LARGE)
    content = request.stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise TooLarge(TOO_LARGE)
    answer = actions.hear(_stamp(), content, settings.servers_secrets, profile().servers.warn_percent)
    return jsonify(answer)


def _stamp() -> signing.Stamp:
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return signing.Stamp(*(request.headers.get(name, "") for name in names))
