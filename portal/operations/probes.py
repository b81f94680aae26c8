"""Addresses for machines that watch the portal: alive, ready, measures."""

from __future__ import annotations

from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST

from portal import crypto
from portal.operations import readiness
from portal.operations.measures import OfDatabase
from portal.web.metrics import exposition

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from config import Config

probes = Blueprint("probes", __name__)
# A proxy adds one of these: whoever comes with one is not on this machine.
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


def for_machines(view: Callable[[], ResponseReturnValue]) -> Callable[[], ResponseReturnValue]:
    """Declare that no account is asked for, and that no answer is ever kept or taken from a cache."""
    view.permission = "public"  # type: ignore[attr-defined]
    return view


@probes.get("/healthz")
@for_machines
def alive() -> ResponseReturnValue:
    """Say that this process answers; asks no database."""
    return Response("ok\n", mimetype="text/plain")


@probes.get("/readyz")
@for_machines
def ready() -> ResponseReturnValue:
    """Say whether pages can be answered; 503 with the reasons in single words where not."""
    found = readiness.look(current_app.extensions["store"])
    answer = jsonify(ready=not found.reasons, reasons=found.reasons, **found.about)
    answer.status_code = HTTPStatus.SERVICE_UNAVAILABLE if found.reasons else HTTPStatus.OK
    answer.headers["Cache-Control"] = "no-store"
    return answer


@probes.get("/metrics")
@for_machines
def measures() -> ResponseReturnValue:
    """Show the measures to whoever may read them; for all others there is no such page."""
    if not _may_read_measures(current_app.config["PORTAL"]):
        abort(404)
    answer = Response(exposition(OfDatabase()), content_type=CONTENT_TYPE_LATEST)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _may_read_measures(config: Config) -> bool:
    """Say whether this request knows the token; without one only a demonstration's own machine may read."""
    if config.metrics_token:
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        return kind.lower() == "bearer" and crypto.same(given.strip(), config.metrics_token)
    return config.is_demo and _is_this_machine() and not any(name in request.headers for name in FORWARDED)


def _is_this_machine() -> bool:
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
