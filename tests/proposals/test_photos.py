"""The photos of a proposal: six at most, drawn anew, described, and shown to whoever may see it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import ExifTags, Image
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import db
from portal.commons import queries as commons_queries
from portal.commons.photos import Picture
from portal.errors import Invalid, WrongState
from portal.proposals import actions, queries
from portal.proposals.captions import Caption
from portal.proposals.models import MOST_PHOTOS, Proposal, ProposalPhoto
from tests.browser import Browser
from tests.proposals.steps import begin, do, see
from tests.proposals.test_places import accept

SEEN = "The courtyard with the old pump"


def jpeg(*, placed: bool = False, size: tuple[int, int] = (90, 60)) -> bytes:
    target, image = io.BytesIO(), Image.new("RGB", size, "green")
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Camera of Rosa"
    if placed:
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    image.save(target, "JPEG", exif=exif)
    return target.getvalue()


@pytest.fixture
def draft(client, database, cast):
    code = begin(cast.rosa)
    client.sign_in("rosa@example.org")
    return code


def add(client: Any, code: str, content: bytes = b"", name: str = "p.jpg", **told: str) -> Any:
    client.get(f"/en/propose/{code}/photos")
    values = {"alternative": SEEN, "licence": "CC-BY-SA-4.0", "credit": "Rosa", **told}
    return upload(client, f"/en/propose/{code}/photos", values, content, name=name)


def upload(
    client: Any,
    path: str,
    values: dict[str, str],
    content: bytes,
    *,
    name: str = "p.jpg",
    field: str = "photo",
) -> Any:
    # By hand: what the test client makes of large files it leaves open.
    told = {"csrf_token": client.token(), **values}
    head = [
        f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n' for key, text in told.items()
    ]
    file = f'--x\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
    body = "".join([*head, file]).encode() + content + b"\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    return client._keep(client.client.post(path, data=body, content_type=kind, follow_redirects=True))


def photos(code: str) -> list[ProposalPhoto]:
    with db.reading() as session:
        number = session.scalars(select(Proposal.id).where(Proposal.code == code)).one()
        return list(session.scalars(queries.photos_of(number)))


def test_a_photo_is_drawn_anew_and_says_that_its_place_is_gone(client, draft):
    assert add(client, draft, jpeg(placed=True)).status_code == 200
    assert SEEN in client.page
    assert "We have removed from it where it was taken" in client.page
    (kept,) = photos(draft)
    sent = client.get(f"/en/track/{draft}/photos/{kept.id}/large.webp")
    assert sent.mimetype == "image/webp"
    assert "no-cache" in sent.headers["Cache-Control"]
    assert not Image.open(io.BytesIO(sent.data)).getexif()
    assert b"Camera of Rosa" not in sent.data
    assert kept.licence == "CC-BY-SA-4.0"


def test_a_photo_without_a_place_says_nothing_of_one(client, draft):
    add(client, draft, jpeg())
    assert "where it was taken.</p>" not in client.page.replace("taken out", "")
    assert not photos(draft)[0].had_place


@pytest.mark.parametrize(
    ("content", "told", "said"),
    [
        (b"", {}, "Choose a photo from your device"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", {}, "no picture we can read"),
        (b"GIF89a;alert(1)", {}, "no picture we can read"),
        (jpeg()[:200], {}, "no picture we can read"),
        (jpeg(), {"alternative": ""}, "Describe the photo in a few words"),
        (jpeg(), {"alternative": "\u200b"}, "Describe the photo in a few words"),
        (jpeg(), {"alternative": "x" * 301}, "Shorten this to 300"),
        (jpeg(), {"licence": "mine"}, "Choose from the list"),
        (b"\xff" * (11 * 1024 * 1024), {}, "The photo is 11 MB. Choose one under 10 MB."),
    ],
)
def test_what_is_no_described_photo_is_refused_in_words(client, draft, content, told, said):
    assert add(client, draft, content, **told).status_code == 422
    assert said in client.page
    assert not photos(draft)
    if told.get("alternative") is None:
        assert SEEN in client.page


def test_a_bomb_of_points_is_refused_before_it_unfolds(client, draft):
    target = io.BytesIO()
    Image.new("1", (12_000, 9_000)).save(target, "PNG")
    assert add(client, draft, target.getvalue(), "bomb.png").status_code == 422
    assert "60 million points" in client.page


def test_only_this_route_takes_a_large_body(client, draft):
    client.get(f"/en/propose/{draft}/touched")
    large = upload(client, f"/en/propose/{draft}/touched", {"touched": "x"}, b"x" * 3 * 1024 * 1024)
    assert large.status_code == 413
    endless = b"x" * 41 * 1024 * 1024
    assert add(client, draft, endless).status_code == 413


def test_a_seventh_photo_is_one_too_many(client, draft):
    for _ in range(MOST_PHOTOS):
        add(client, draft, jpeg())
    assert "Add a photo" not in client.page
    add(client, draft, jpeg())
    assert "Six photos are enough" in client.page
    assert len(photos(draft)) == MOST_PHOTOS
    client.post(f"/en/propose/{draft}/photos/{photos(draft)[2].id}/removal")
    add(client, draft, jpeg())
    assert [one.position for one in photos(draft)] == list(range(1, MOST_PHOTOS + 1))


def test_two_windows_at_once_cannot_have_the_same_place(both, cast, store):
    code = begin(cast.rosa)
    picture = Picture(b"large", b"small", 3, 2)
    do(code, lambda p: actions.add_photo(p, picture, Caption(SEEN), store=store, by=cast.rosa))
    (first,) = photos(code)
    twin = {c.name: getattr(first, c.name) for c in ProposalPhoto.__table__.columns if c.name != "id"}
    with pytest.raises(IntegrityError), db.writing() as session:
        session.add(ProposalPhoto(**twin))
    with pytest.raises(IntegrityError), db.writing() as session:
        session.add(ProposalPhoto(**{**twin, "position": MOST_PHOTOS + 1}))


def test_a_draft_s_photos_are_its_holder_s_alone(client, draft, cast):
    add(client, draft, jpeg())
    address = f"/en/track/{draft}/photos/{photos(draft)[0].id}/small.webp"
    for name in ("", "eve@example.org", "giulia@city.example"):
        stranger = Browser(client.app)
        if name:
            stranger.sign_in(name)
        assert stranger.get(address).status_code == 404
        assert stranger.get(f"/en/propose/{draft}/photos").status_code == 404
        assert add(stranger, draft, jpeg()).status_code == 404
    do(draft, lambda p: actions.submit(p, by=cast.rosa))
    stranger = Browser(client.app)
    assert stranger.get(address).status_code == 200
    stranger.get(f"/en/track/{draft}")
    assert SEEN in stranger.page
    stranger.get(f"/en/proposals/{draft}")
    assert SEEN in stranger.page


def test_a_photo_of_another_proposal_is_not_there(client, draft, cast):
    add(client, draft, jpeg())
    number = photos(draft)[0].id
    other = begin(cast.rosa)
    assert client.get(f"/en/track/{other}/photos/{number}/small.webp").status_code == 404
    client.get(f"/en/propose/{other}/photos")
    client.post(f"/en/propose/{other}/photos/{number}/removal")
    assert len(photos(draft)) == 1


def test_after_sending_no_photo_is_added(client, draft, cast, store):
    do(draft, lambda p: actions.submit(p, by=cast.rosa))
    picture = Picture(b"large", b"small", 3, 2)
    with pytest.raises(WrongState):
        do(draft, lambda p: actions.add_photo(p, picture, Caption(SEEN), store=store, by=cast.rosa))
    assert not photos(draft)


def test_an_unknown_licence_is_refused(database, cast, store):
    code = begin(cast.rosa)
    with pytest.raises(Invalid):
        do(
            code,
            lambda p: actions.add_photo(
                p, Picture(b"l", b"s", 3, 2), Caption(SEEN, "My own rules"), store=store, by=cast.rosa
            ),
        )


def test_an_accepted_proposal_s_photos_come_along_to_the_commons(client, draft, cast):
    add(client, draft, jpeg())
    do(draft, lambda p: actions.submit(p, by=cast.rosa))
    pact = accept(draft, cast)
    with db.reading() as session:
        (shown,) = session.scalars(commons_queries.photos(pact.commons_id)).all()
    assert (shown.alternative, shown.credit, shown.licence) == (SEEN, "Rosa", "CC-BY-SA-4.0")
    assert shown.file_hash == photos(draft)[0].file_hash
    client.get(f"/en/pacts/{pact.code}")
    assert SEEN in client.page


def test_the_check_page_shows_the_photos(client, draft):
    add(client, draft, jpeg())
    client.get(f"/en/propose/{draft}/check")
    assert SEEN in client.page
    assert see(draft, lambda p: p.state) == "draft"
