"""Shared things: their addresses, and what their licences allow."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal import db
from portal.commons import actions, licences, queries
from portal.commons.actions import Listing
from portal.errors import Invalid, NotAllowed
from portal.policy import VISITOR
from portal.record import Act


def test_a_listed_thing_has_an_address_of_its_own(both, cast):
    giulia = cast.giulia
    with db.writing():
        first = actions.list_it(Listing("place", "Giardino di Via Però!"), by=giulia)
        second = actions.list_it(Listing("place", "Giardino di Via Però!"), by=giulia)
    assert first.slug == "giardino-di-via-pero"
    assert second.slug.startswith("giardino-di-via-pero-")
    with db.reading() as session:
        assert len(session.scalars(queries.visible_to(VISITOR)).all()) == 2
        assert session.scalars(queries.by_slug(first.slug)).one().title == "Giardino di Via Però!"
        assert set(session.scalars(select(Act.verb).where(Act.subject.like("commons:%")))) == {
            "commons:listed"
        }


def test_only_an_officer_lists(both, cast):
    for who in (VISITOR, cast.eve):
        with db.writing(), pytest.raises(NotAllowed):
            actions.list_it(Listing("place", "Mine"), by=who)


@pytest.mark.parametrize("title", ["", "¿?", "花園", "---"])
def test_a_title_without_latin_letters_still_gets_an_address(title):
    assert actions.slug_of(title) == "commons"


@pytest.mark.parametrize(
    ("typed", "expression", "is_open", "is_reciprocal"),
    [
        ("agpl-3.0-or-later", "AGPL-3.0-or-later", True, True),
        ("MIT", "MIT", True, False),
        ("ODbL-1.0", "ODbL-1.0", True, True),
        ("CC0-1.0", "CC0-1.0", True, False),
        ("CC-BY-NC-4.0", "CC-BY-NC-4.0", False, False),
        ("BUSL-1.1", "BUSL-1.1", False, False),
        ("MIT OR CC-BY-NC-4.0", "MIT OR CC-BY-NC-4.0", False, False),
        (
            "GPL-2.0-or-later WITH Classpath-exception-2.0",
            "GPL-2.0-or-later WITH Classpath-exception-2.0",
            True,
            True,
        ),
    ],
)
def test_licences_are_read_from_the_list(typed, expression, is_open, is_reciprocal):
    found = licences.read(typed)
    assert (found.expression, found.is_open, found.is_reciprocal) == (expression, is_open, is_reciprocal)
    assert (found.advice is None) == is_open


@pytest.mark.parametrize("typed", ["all rights reserved", "MIT/Apache", "*", "MIT and", "(" * 50, "x" * 500])
def test_an_unknown_licence_says_what_to_do(typed):
    with pytest.raises(Invalid, match="We do not know the licence"):
        licences.read(typed)


def test_no_licence_is_no_licence():
    assert licences.read("  ") is None
