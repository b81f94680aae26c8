"""The room of the officials' pages of support."""

from flask import Blueprint

support_desk = Blueprint("support_desk", __name__)
