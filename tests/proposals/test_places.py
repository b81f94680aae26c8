"""Where a garden is: pressed on a map without scripts, picked from a list, outlined, or nowhere fixed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import city, db
from portal.commons import actions as commons
from portal.errors import Invalid
from portal.proposals import actions, city_map
from portal.proposals.shapes import Where
from tests.browser import Browser
from tests.pacts import journey
from tests.proposals.steps import PROFILE, begin, do, see, send


@pytest.fixture
def draft(client, database, cast):
    code = begin(cast.rosa)
    do(code, lambda p: actions.save_where(p, Where(address="Via Uno"), by=cast.rosa))
    client.sign_in("rosa@example.org")
    return code


def point_of(code):
    return see(code, lambda p: (p.latitude_e6, p.longitude_e6, p.district))


def press(client, code, x, y, *, at=""):
    client.get(f"/en/propose/{code}/map{at}")
    action = next(f["action"] for f in client.parsed.forms if "/map" in f["action"])
    return client.post(action.replace("&amp;", "&"), {"point.x": str(x), "point.y": str(y)})


def test_a_press_sets_the_pin_and_shows_the_map_closer(client, draft):
    press(client, draft, 140, 150)
    latitude, longitude, district = point_of(draft)
    assert city.district_at(PROFILE, latitude=latitude / 1e6, longitude=longitude / 1e6).id == district
    assert "zoom=1" in client.page
    assert "The pin stands in" in client.page
    action = next(f["action"] for f in client.parsed.forms if "/map" in f["action"])
    client.post(action, {"point.x": "150", "point.y": "150"})
    nearer = point_of(draft)
    assert 0 < nearer[1] - longitude < 10_000
    client.get(f"/en/propose/{draft}/where")
    assert "map.svg" in client.page


def test_a_press_outside_the_city_changes_nothing(client, draft):
    before = point_of(draft)
    assert press(client, draft, 2, 2).status_code == 422
    assert "That point is outside the city. Move it, or choose “No fixed place”." in client.page
    assert point_of(draft) == before


@pytest.mark.parametrize(
    ("x", "y"), [("0", "0"), ("", ""), ("9999", "1"), ("-3", "5"), ("١", "٢"), ("1e3", "4")]
)
def test_a_press_that_is_none_asks_to_press(client, draft, x, y):
    before = point_of(draft)
    assert press(client, draft, x, y).status_code == 422
    assert "Press on the map where the place is" in client.page
    assert point_of(draft) == before


@pytest.mark.parametrize("query", ["?zoom=99&at=1,1", "?zoom=x&at=y", "?at=99999999,999999999&zoom=3"])
def test_an_odd_address_still_shows_a_map(client, draft, query):
    assert client.get(f"/en/propose/{draft}/map{query}").status_code == 200
    answer = client.get(f"/en/track/{draft}/map.svg{query}")
    assert answer.mimetype == "image/svg+xml"
    ET.fromstring(answer.get_data(as_text=True))


@given(st.integers(0, city_map.WIDTH), st.integers(0, city_map.HEIGHT), st.integers(0, 3))
def test_what_is_pressed_is_where_the_pin_is_drawn(x, y, zoom):
    shown = city_map.frame(PROFILE, zoom=zoom, at=(44_494_000, 11_342_000))
    latitude, longitude = shown.point_at(x, y)
    back = shown.spot_of(longitude, latitude)
    assert abs(back[0] - x) <= 0.2
    assert abs(back[1] - y) <= 0.2


def test_names_cannot_break_out_of_the_map(client, draft, cast):
    with db.writing():
        listing = commons.Listing(
            "place", '</text><script>alert("1")</script>', "Via Due", "", 44_494_900, 11_342_600
        )
        commons.list_it(listing, by=cast.giulia)
    svg = client.get(f"/en/track/{draft}/map.svg?zoom=2&at=44494900,11342600").get_data(as_text=True)
    ET.fromstring(svg)
    assert "<script" not in svg


def test_a_place_of_the_list_brings_its_address_and_point(client, draft, cast):
    with db.writing():
        free = commons.Listing("place", "Old pump garden", "Via della Pompa 1", "", 44_494_900, 11_342_600)
        slug = commons.list_it(free, by=cast.giulia).slug
    client.get(f"/en/propose/{draft}/where")
    assert "Old pump garden" in client.page
    client.post(f"/en/propose/{draft}/where", {"picked": slug})
    assert point_of(draft)[:2] == (44_494_900, 11_342_600)
    assert see(draft, lambda p: (p.address, p.commons_slug)) == ("Via della Pompa 1", slug)
    client.get(f"/en/propose/{draft}/where")
    client.post(f"/en/propose/{draft}/where", {"picked": "nothing-like-it"})
    assert "Choose from the list" in client.page


def test_a_place_in_care_is_not_offered(client, draft, cast):
    with db.writing():
        pact = journey.accepted(cast, title="Taken garden")
    client.get(f"/en/propose/{draft}/where")
    assert pact.title not in client.page


def test_no_fixed_place_is_an_answer_and_takes_the_point_back(client, draft):
    press(client, draft, 140, 150)
    client.get(f"/en/propose/{draft}/where")
    client.post(f"/en/propose/{draft}/where", {"address": "", "nowhere": "yes"})
    assert point_of(draft)[:2] == (None, None)
    client.get(f"/en/propose/{draft}/check")
    assert "No fixed place" in client.page


def test_the_map_is_reached_without_losing_what_was_typed(client, draft):
    client.get(f"/en/propose/{draft}/where")
    answer = client.post(f"/en/propose/{draft}/where", {"address": "Behind the school", "then": "map"})
    assert answer.request.path.endswith("/map")
    assert see(draft, lambda p: p.address) == "Behind the school"


def test_an_outline_is_kept_and_drawn(client, draft):
    corners = "44.4949, 11.3420\n44.4949, 11.3430\n44.4955, 11.3430"
    client.get(f"/en/propose/{draft}/outline")
    answer = client.post(f"/en/propose/{draft}/outline", {"outline": corners})
    assert answer.request.path.endswith("/where")
    assert len(see(draft, lambda p: p.outline)) == 4
    assert "fill-opacity" in client.get(f"/en/track/{draft}/map.svg").get_data(as_text=True)
    client.get(f"/en/propose/{draft}/outline")
    assert "44.4949, 11.342\n" in client.page
    client.post(f"/en/propose/{draft}/outline", {"outline": ""})
    assert see(draft, lambda p: p.outline) is None


def test_an_outline_that_is_none_says_so_and_keeps_what_was_typed(client, draft):
    client.get(f"/en/propose/{draft}/outline")
    crossed = "44.4949, 11.3420\n44.4955, 11.3430\n44.4949, 11.3430\n44.4955, 11.3420"
    assert client.post(f"/en/propose/{draft}/outline", {"outline": crossed}).status_code == 422
    assert "crosses or touches itself" in client.page
    assert "44.4955, 11.3430" in client.page


def test_a_draft_s_map_is_for_its_holder_and_what_was_sent_for_everybody(client, draft, cast):
    stranger = Browser(client.app)
    assert stranger.get(f"/en/track/{draft}/map.svg").status_code == 404
    assert stranger.get(f"/en/propose/{draft}/map").status_code == 404
    assert stranger.post(f"/en/propose/{draft}/map", {"point.x": "140", "point.y": "150"}).status_code == 404
    assert stranger.get(f"/en/track/{send(cast.rosa)}/map.svg").status_code == 200


def test_a_pin_outside_is_refused_by_the_verb_too(database, cast):
    code = begin(cast.rosa)
    with pytest.raises(Invalid):
        do(code, lambda p: actions.pin(p, 41_900_000, 12_500_000, by=cast.rosa))


def test_a_picked_place_becomes_the_pact_s_and_is_not_listed_twice(database, cast):
    with db.writing():
        free = commons.Listing("place", "Old pump garden", "Via della Pompa 1", "", 44_494_900, 11_342_600)
        listed = commons.list_it(free, by=cast.giulia)
        number = listed.id
    code = begin(cast.rosa)
    do(code, lambda p: actions.pick(p, listed, by=cast.rosa))
    do(code, lambda p: actions.submit(p, by=cast.rosa))
    pact = accept(code, cast)
    assert pact.commons_id == number


def accept(code, cast):
    from portal.pacts import actions as pacts
    from tests.observations.steps import hear_out
    from tests.proposals.steps import find_in_order

    do(code, lambda p: actions.assign(p, by=cast.giulia))
    do(code, lambda p: actions.save_completeness(p, find_in_order(), by=cast.giulia))
    do(code, lambda p: hear_out(p, cast.giulia))
    return do(code, lambda p: pacts.open_from(p, reason="Good.", by=cast.giulia))


def test_the_button_that_enter_presses_goes_on(client, draft):
    client.get(f"/en/propose/{draft}/where")
    first = re.search(r"<button[^>]*type=\"submit\"[^>]*>", client.page.split("<main")[1])
    assert first
    assert 'name="then"' not in first[0]
