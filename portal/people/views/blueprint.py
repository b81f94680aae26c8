"""The blueprint of accounts, and how often strangers may try."""

from __future__ import annotations

from flask import Blueprint, current_app

people = Blueprint("people", __name__)

# One household, school or office shares an address of the network, so the limit per network is the wider one.
TRIES_PER_ACCOUNT, TRIES_PER_NETWORK, QUARTER = 10, 60, 900
LETTERS_PER_ADDRESS = 5


def outside(path: str) -> str:
    """Return the address for a mail: from the configuration, never from the request's Host."""
    return str(current_app.config["PORTAL"].base_url) + path
