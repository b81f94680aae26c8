"""What search engines read: which pages there are, in every language, and what is nothing for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, current_app, url_for
from markupsafe import escape

from portal import city
from portal.errors import NotFound
from portal.front import sitemap
from portal.front.standing import while_public_stands
from portal.front.views.feeds import feeds
from portal.web import public
from portal.web.access import NO_SUCH_PAGE
from portal.web.chrome import profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flask.typing import ResponseReturnValue

    from portal.front.sitemap import Entry

XML = "application/xml; charset=utf-8"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SCHEMA = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_WAYS = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'
# Rooms, forms and answers to a typed word: there is nothing to be found in them.
NOT_FOR_ROBOTS = (
    "/account", "/acting", "/connect", "/counter", "/desk", "/follow", "/following", "/join", "/opinions",
    "/propose", "/search", "/sign-in", "/track",
)  # fmt: skip


@feeds.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Say where the sitemap is, and which rooms are nothing for a search engine."""
    shut = (f"Disallow: /{one}{room}" for one in _languages() for room in NOT_FOR_ROBOTS)
    lines = ["User-agent: *", *shut, "", f"Sitemap: {_base()}{url_for('feeds.whole_sitemap')}", ""]
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")


@feeds.get("/sitemap.xml")
@public
@while_public_stands
def whole_sitemap() -> ResponseReturnValue:
    """Give every public page of a small city, or of a large one where its files are."""
    last, size = sitemap.last_numbers(), _size()
    if sum(last.values()) <= size:
        return _set([*sitemap.pages(_versions()), *sitemap.whole(size)])
    ways = (
        url_for("feeds.part_of_sitemap", kind=kind, number=number)
        for kind, number in sitemap.files(last, size)
    )
    lines = (f"<sitemap><loc>{_base()}{way}</loc></sitemap>\n" for way in ways)
    text = "".join([_HEAD, f"<sitemapindex {_SCHEMA}>\n", *lines, "</sitemapindex>\n"])
    return Response(text, content_type=XML)


@feeds.get("/sitemaps/<kind>-<int:number>.xml")
@public
@while_public_stands
def part_of_sitemap(kind: str, number: int) -> ResponseReturnValue:
    """Give one file: a stretch of the things of one kind."""
    if (kind, number) == (sitemap.FIXED, 1):
        return _set(sitemap.pages(_versions()))
    size = _size()
    found = sitemap.entries(kind, number, size)
    # A stretch of drafts alone is an empty file, which the index names all the same.
    if not found and (kind, number) not in sitemap.files(sitemap.last_numbers(), size):
        raise NotFound(NO_SUCH_PAGE)
    return _set(found)


def _size() -> int:
    return sitemap.MOST // len(_languages())


def _languages() -> tuple[str, ...]:
    found: tuple[str, ...] = current_app.config["LANGUAGES"]
    return found


def _versions() -> tuple[str, ...]:
    return city.versions(profile().city)


def _base() -> str:
    return str(current_app.config["PORTAL"].base_url)


def _set(found: Iterable[Entry]) -> Response:
    base, languages = _base(), _languages()
    lines = (line for one in found for line in _lines(one, base, languages))
    text = "".join([_HEAD, f"<urlset {_SCHEMA} {_WAYS}>\n", *lines, "</urlset>\n"])
    return Response(text, content_type=XML)


def _lines(one: Entry, base: str, languages: tuple[str, ...]) -> Iterator[str]:
    """Yield the page in each language; each names all of them, itself too, as search engines want it."""
    path = escape(one.path or "/")
    at = f"<lastmod>{one.at:%Y-%m-%dT%H:%M:%SZ}</lastmod>" if one.at else ""
    ways = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href="{base}/{language}{path}"/>'
        for language in languages
    )
    for language in languages:
        yield f"<url><loc>{base}/{language}{path}</loc>{at}{ways}</url>\n"
