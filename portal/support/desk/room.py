"""The room of the officials' pages of support."""

from flask import Blueprint

from portal.people import limits
from portal.web import me

support_desk = Blueprint("support_desk", __name__)
MOST_TRIES = 60


def spend_try() -> None:
    """Count one try to change a pool, before anything is read; nobody changes pools all day."""
    limits.spend("pools", me().pseudonym, most=MOST_TRIES, seconds=limits.QUARTER)
