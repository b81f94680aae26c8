"""What can be followed from a page: the case itself, its place, its district, a circle around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import db
from portal.commons import queries as commons_queries
from portal.commons.models import Commons, Kind
from portal.errors import NotFound
from portal.notices.actions import Wish
from portal.notices.actions.follows import RADII_M
from portal.notices.models import What
from portal.pacts.models import Pact
from portal.proposals.merging import queries as merging
from portal.web.access import NO_SUCH_PAGE
from portal.web.chrome import district_name, kind_words, profile
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Mapping

# Latitude and longitude in degrees, as maps write them.
_POINT = re.compile(r"\s*(-?\d{1,2}(?:\.\d{1,9})?)(?:\s*[,;]\s*|\s+)(-?\d{1,3}(?:\.\d{1,9})?)\s*", re.ASCII)
NORTH_E6, EAST_E6 = 90_000_000, 180_000_000
DISTANCES = {300: "300 m", 1_000: "1 km", 3_000: "3 km"}
Offers = dict[str, tuple[W, Wish]]


def offers(asked: Mapping[str, str]) -> Offers:
    """Return what can be followed from here, the nearest first; refuses with NotFound what is not public.

    `asked` names in `what` and `target` the page it was asked on, as that page's link wrote it.
    """
    makers = {
        What.PACT: _of_pact,
        What.PROPOSAL: _of_proposal,
        What.COMMONS: _of_commons,
        What.DISTRICT: lambda target: _of_district(target) or _nothing(),
        What.POINT: _of_point,
    }
    what = asked.get("what", "")
    if what in {"", What.SEARCH.value}:
        return _of_search(asked.get("kind", ""), asked.get("district", ""))
    if what not in set(What):
        return _nothing()
    return makers[What(what)](asked.get("target", ""))


def _nothing() -> Offers:
    raise NotFound(NO_SUCH_PAGE)


def _of_pact(code: str) -> Offers:
    found = db.session().execute(
        select(Pact.code, Pact.title, Pact.district, Commons.slug, Commons.title, *_PLACE)
        .join(Commons, Commons.id == Pact.commons_id)
        .where(Pact.code == code)
    )
    row = found.one_or_none()
    if row is None:
        return _nothing()
    code, title, district, slug, place, latitude, longitude = row
    case = (W("This pact: “%(title)s”", title=title), Wish(What.PACT, code, title))
    return {
        "case": case,
        "commons": (W("The shared thing: “%(title)s”", title=place), Wish(What.COMMONS, slug, place)),
        **_of_district(district),
        **_circles(latitude, longitude, place),
    }


_PLACE = (Commons.latitude_e6, Commons.longitude_e6)


def _of_proposal(asked: str) -> Offers:
    found = db.session().execute(merging.going_on_as(asked))
    row = found.one_or_none()
    if row is None:
        return _nothing()
    code, title, district, address, latitude, longitude = row
    label = W("This proposal: “%(title)s”", title=title)
    if code != asked:
        label = W("The proposal that goes on with it: “%(title)s”", title=title)
    return {
        "case": (label, Wish(What.PROPOSAL, code, title)),
        **_of_district(district),
        **_circles(latitude, longitude, address or title),
    }


def _of_commons(slug: str) -> Offers:
    found = db.session().scalar(commons_queries.listed(slug))
    if found is None:
        return _nothing()
    wish = Wish(What.COMMONS, found.slug, found.title)
    return {
        "commons": (W("The shared thing: “%(title)s”", title=found.title), wish),
        **_of_district(found.district),
        **_circles(found.latitude_e6, found.longitude_e6, found.title),
    }


def _of_district(district: str) -> Offers:
    if district not in {one.id for one in profile().districts}:
        return {}
    label = W("Everything new in %(district)s", district=district_name(district))
    return {"district": (label, Wish(What.DISTRICT, district, str(label)))}


def _of_point(text: str) -> Offers:
    found = _POINT.fullmatch(text)
    if found is None:
        return _nothing()
    latitude, longitude = (round(float(part) * 1_000_000) for part in found.groups())
    if abs(latitude) > NORTH_E6 or abs(longitude) > EAST_E6:
        return _nothing()
    return _circles(latitude, longitude, f"{latitude / 1e6:.5f}, {longitude / 1e6:.5f}")


def _circles(latitude: int | None, longitude: int | None, place: str) -> Offers:
    if latitude is None or longitude is None:
        return {}
    found = {}
    for radius in RADII_M:
        label = W(
            "Everything new within %(distance)s of “%(place)s”", distance=DISTANCES[radius], place=place
        )
        wish = Wish(
            What.POINT,
            f"{latitude},{longitude},{radius}",
            str(label),
            latitude_e6=latitude,
            longitude_e6=longitude,
            radius_m=radius,
        )
        found[str(radius)] = (label, wish)
    return found


def _of_search(kind: str, district: str) -> Offers:
    kind = kind if kind in set(Kind) else ""
    district = district if district in {one.id for one in profile().districts} else ""
    names = [kind_words(kind) if kind else "", district_name(district) if district else ""]
    said = ", ".join(filter(None, names)) or str(W("the whole city"))
    label = W("New proposals: %(search)s", search=said)
    wish = Wish(What.SEARCH, f"kind={kind}&district={district}", str(label), kind=kind, district=district)
    return {"search": (label, wish)}
