"""The language stands first in the address; an address without one leads to the best language."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from babel import Locale
from flask import current_app, g, redirect, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.exceptions import NotFound as NoRoute
from werkzeug.routing import BaseConverter, RequestRedirect

from portal import words
from portal.web.addresses import address

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue


@cache
def own_name(language: str) -> str:
    """Return a language's name in itself, like Italiano."""
    name = str(Locale.parse(language).get_display_name(language))
    return name[:1].upper() + name[1:]


def init(app: Flask, languages: tuple[str, ...]) -> None:
    """Teach the application the languages of the city, the first being its own."""
    app.config["LANGUAGES"] = languages

    class LanguageConverter(BaseConverter):
        """Match the languages of this city and nothing else."""

        regex = "|".join(languages)

    app.url_map.converters["lang"] = LanguageConverter
    app.url_value_preprocessor(_take_language)
    app.url_defaults(_give_language)


def _take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    language = (values or {}).pop("language", None) or _first_of_path() or best()
    g.language = language
    words.set_language(language)


def _first_of_path() -> str | None:
    # An address that leads nowhere still says in which language to say so.
    first = request.path.split("/")[1]
    return first if first in current_app.config["LANGUAGES"] else None


def _give_language(endpoint: str, values: dict[str, Any]) -> None:
    if "language" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "language"):
        values["language"] = g.get("language") or best()


def best() -> str:
    """Return the language of the city that the browser likes best."""
    languages: tuple[str, ...] = current_app.config["LANGUAGES"]
    return request.accept_languages.best_match(languages) or languages[0]


def switches() -> list[tuple[str, str, str]]:
    """Return (language, its own name, address of this page in it) for every other language."""
    endpoint, values = request.endpoint, request.view_args or {}
    found = []
    knows = endpoint is not None and current_app.url_map.is_endpoint_expecting(endpoint, "language")
    for language in current_app.config["LANGUAGES"]:
        if language == g.get("language"):
            continue
        href = (
            address(endpoint, **values, language=language)
            if knows and endpoint
            else address("front.home", language=language)
        )
        if knows and request.method == "GET" and request.query_string:
            href += "?" + request.query_string.decode("ascii", "ignore")
        found.append((language, own_name(language), href))
    return found


def lead_to_language() -> ResponseReturnValue | None:
    """Return the redirect for an address that lacks only its language, or None."""
    path = f"/{best()}{request.path}"
    try:
        _bound_match(path)
    except RequestRedirect:
        pass
    except (NoRoute, MethodNotAllowed):
        return None
    except HTTPException:
        return None
    # Quoted again: a line end in the path must not end the header.
    target = quote(path, safe="/:@!$&'()*+,;=~") + (
        "?" + request.query_string.decode("ascii", "ignore") if request.query_string else ""
    )
    # 307 repeats a POST with its body: scripts that know only the address without a language still work.
    answer = redirect(target, 302 if request.method in {"GET", "HEAD"} else 307)
    answer.vary.add("Accept-Language")
    return answer


def _bound_match(path: str) -> None:
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None  # noqa: S101 - inside a request there is one
    endpoint, _ = adapter.match(path, method=request.method)
    if not current_app.url_map.is_endpoint_expecting(endpoint, "language"):
        raise NoRoute
