"""Enter an organisation in the register, and change what stands there."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import select

from portal import clock, crypto, db, policy, search
from portal.errors import Invalid
from portal.organisations import tax_numbers
from portal.organisations.actions.members import admit
from portal.organisations.findable import card_of
from portal.organisations.models import Kind, Organisation
from portal.policy import Can
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.people.models import Person
    from portal.policy import Actor

# A company without a tax number cannot exist; an association may still be waiting for one.
MUST_HAVE_TAX_ID = frozenset(
    {Kind.COMPANY, Kind.COOPERATIVE, Kind.THIRD_SECTOR, Kind.SCHOOL, Kind.PUBLIC_BODY}
)
_BAD_TAX_ID = W("This is not a tax number: a digit is wrong or missing. Compare it with your papers.")
_NO_TAX_ID = W("Enter the tax number. Only informal groups and new associations can do without.")
_NO_NAME = W("Enter the name of the group, as people know it")
_NO_KIND = W("Say what kind of group it is")
_BAD_SITE = W("Enter a web address, like https://www.example.org")


@dataclass(frozen=True, slots=True)
class About:
    """What stands in the register about an organisation; name and kind are public, the rest as marked."""

    name: str
    kind: str
    summary: str = ""
    tax_id: str = ""
    register_number: str = ""
    seat: str = ""
    is_seat_public: bool = False
    website: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    is_contact_public: bool = False


def plain(name: str) -> str:
    """Return a name as people compare names: without accents, capitals, marks and double spaces."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[\W_]+", " ", bare.casefold()).split())[:160]


def slug_of(name: str) -> str:
    """Return the name as it stands in an address: ASCII letters, digits and hyphens."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-")[:60].rstrip("-") or "group"


def found(name: str, kind: Kind, *, by: Actor, speaker: Person | None = None) -> Organisation:
    """Enter an organisation; the speaker belongs to it and speaks for it from now on."""
    policy.check(by, Can.ORGANISATION_FOUND)
    return _enter(About(name, kind.value), by=by, speaker=speaker)


def register(about: About, person: Person, *, country: str, by: Actor) -> Organisation:
    """Enter one's own organisation, for which one speaks from now on. Refuses with Invalid."""
    policy.check(by, Can.ORGANISATION_FOUND)
    return _enter(_checked(about, country), by=by, speaker=person)


def enter(about: About, *, country: str, by: Actor) -> Organisation:
    """Enter an organisation for somebody, as an official; nobody belongs to it before they are invited."""
    policy.check(by, Can.ORGANISATION_ENTER)
    return _enter(_checked(about, country), by=by, speaker=None, entered_by_id=by.person_id)


def change(organisation: Organisation, about: About, *, country: str, by: Actor) -> None:
    """Change what stands in the register. Refuses with Invalid; whoever was slower with Stale."""
    policy.check(by, Can.ORGANISATION_EDIT, organisation)
    for name, value in asdict(_checked(about, country)).items():
        setattr(organisation, name, value)
    organisation.plain_name = plain(about.name)
    record(Did.ORGANISATION_CHANGED, organisation.key, by=by, kind=organisation.kind)
    if organisation.hidden_at is None:
        search.put(card_of(organisation))


def _enter(
    about: About, *, by: Actor, speaker: Person | None, entered_by_id: int | None = None
) -> Organisation:
    organisation = Organisation(
        slug=_free_slug(about.name),
        plain_name=plain(about.name),
        founded_at=clock.now(),
        entered_by_id=entered_by_id,
        members=[],
        **asdict(about),
    )
    db.session().add(organisation)
    db.session().flush()
    if speaker is not None:
        admit(organisation, speaker, speaks_for_it=True, by=by)
    record(Did.ORGANISATION_FOUNDED, organisation.key, by=by, kind=about.kind)
    search.put(card_of(organisation))
    return organisation


def _free_slug(name: str) -> str:
    slug = slug_of(name)
    taken = db.session().scalar(select(Organisation.id).where(Organisation.slug == slug))
    is_free = taken is None and slug not in RESERVED
    return slug if is_free else f"{slug}-{crypto.new_code(4).lower()}"


# Addresses under /organisations that are no organisation.
RESERVED = frozenset({"join", "invitations", "new"})


def _checked(about: About, country: str) -> About:
    if not plain(about.name):
        raise Invalid(_NO_NAME, field="name")
    if about.kind not in set(Kind):
        raise Invalid(_NO_KIND, field="kind")
    for field, most in _LONGEST.items():
        if len(getattr(about, field)) > most:
            raise Invalid(W("Shorten this to %(most)s characters or fewer", most=most), field=field)
    if about.website and not _is_site(about.website):
        raise Invalid(_BAD_SITE, field="website")
    return _with_tax_id(about, country)


_LONGEST = {
    "name": 160,
    "summary": 400,
    "register_number": 60,
    "seat": 200,
    "website": 300,
    "contact_email": 254,
    "contact_phone": 40,
}


def _is_site(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and not set(text) & set(" \"'<>")
    )


def _with_tax_id(about: About, country: str) -> About:
    values = asdict(about)
    if about.kind == Kind.INFORMAL_GROUP:
        # What a group of neighbours has no use for is not kept.
        return About(**{**values, "tax_id": "", "register_number": ""})
    tax_id = tax_numbers.tidy(about.tax_id, country)
    if not tax_id and Kind(about.kind) in MUST_HAVE_TAX_ID:
        raise Invalid(_NO_TAX_ID, field="tax_id")
    if tax_id and not tax_numbers.is_valid(tax_id, country):
        raise Invalid(_BAD_TAX_ID, field="tax_id")
    return About(**{**values, "tax_id": tax_id})
