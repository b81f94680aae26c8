"""The blueprint of the public pages."""

from flask import Blueprint

front = Blueprint("front", __name__)
