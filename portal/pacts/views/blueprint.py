"""The blueprint of the rooms of a pact; they stand behind the language in the address."""

from flask import Blueprint

pacts = Blueprint("pacts", __name__)
