"""Measures of the running web processes, by endpoint and never by path, for Prometheus and its relatives.

Several processes serve one portal: where `portal web` names a folder, each writes there, and any one adds up.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector

from portal import db

if TYPE_CHECKING:
    from prometheus_client.registry import Collector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
# A made-up method must not become a measure of its own.
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})

_own = CollectorRegistry()
REQUESTS = Histogram(
    "portal_request_seconds",
    "Time to answer, by endpoint, method and class of status",
    ["endpoint", "method", "status"],
    buckets=SECONDS,
    registry=_own,
)
WAITS = Histogram(
    "portal_database_wait_seconds",
    "Time waited for a line to the database, or to be its one writer",
    ["kind"],
    buckets=SECONDS,
    registry=_own,
)
TROUBLES = Counter("portal_database_troubles", "Answers that told of a trouble", ["kind"], registry=_own)


def share(folder: str) -> None:
    """Let this process and those it starts write into the folder; call it before anything is measured."""
    os.environ[FOLDER] = folder
    # The library chose when it was imported, which was before the folder was known.
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]


def watch_database() -> None:
    """Measure how long the database lets wait; once per process."""
    if _waited not in db.waits:
        db.waits.append(_waited)


def _waited(kind: str, seconds: float) -> None:
    _waits(kind).observe(seconds)


@cache
def _waits(kind: str) -> Histogram:
    return WAITS.labels(kind)


def count_request(endpoint: str, method: str, status: int, seconds: float) -> None:
    """Count one answer."""
    known = method if method in METHODS else "other"
    REQUESTS.labels(endpoint, known, f"{status // 100}xx").observe(seconds)


def exposition(*more: Collector) -> bytes:
    """Return all measures of all processes, and `more` that are looked up now, in Prometheus' text format."""
    registry = CollectorRegistry()
    if os.environ.get(FOLDER):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        for measure in (REQUESTS, WAITS, TROUBLES):
            registry.register(measure)
    for collector in more:
        registry.register(collector)
    return generate_latest(registry)
