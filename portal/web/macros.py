"""Macros are read once: they ask for nothing but what they are given, and what every page has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask.templating import Environment
from jinja2 import Template

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from jinja2.environment import TemplateModule

FOLDER = "macros/"


class Page(Template):
    """A template whose macros are not made anew for every page that imports them with its context.

    Three files of macros, made anew, cost a list as much as its cards. A test keeps them free of a context.
    """

    def make_module(self, vars: Any = None, shared: Any = False, locals: Any = None) -> TemplateModule:  # noqa: A002, FBT002 - Jinja's own words
        """Return the macros of this file."""
        if vars is not None and (self.name or "").startswith(FOLDER):
            return self._get_default_module()
        return super().make_module(vars, shared, locals)


class Pages(Environment):
    """Templates that share what every page has as one dictionary.

    Jinja lays a second one above it for each template, in which nothing stands here; reading through both
    name by name costs a page as much as a question to the database.
    """

    template_class = Page

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what every page has."""
        return self.globals if d is None else super().make_globals(d)
