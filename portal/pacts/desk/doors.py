"""The blueprint of the city's desk, which every page and verb of it joins."""

from __future__ import annotations

from flask import Blueprint

pacts_desk = Blueprint("pacts_desk", __name__)
