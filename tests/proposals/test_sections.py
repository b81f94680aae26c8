"""What is missing, for every half-written proposal there can be."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.proposals import checklist, sections
from portal.proposals.sections import Section, Status


@dataclass
class AnAsk:
    kind: str = "funding"
    what: str = ""
    amount: int = 0
    months: int = 0
    plan: str = ""
    unit: str = "piece"


@dataclass
class ADraft:
    kind: str = ""
    title: str = ""
    summary: str = ""
    address: str = ""
    district: str = ""
    latitude_e6: int | None = None
    repository: str = ""
    about: str = ""
    holds_personal_data: bool | None = None
    group_kind: str = ""
    group_name: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    contact_postal: str = ""
    is_adult: bool | None = None
    adult_name: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    saved_sections: list[str] = field(default_factory=list)
    commitments: list[object] = field(default_factory=list)
    asks: list[AnAsk] = field(default_factory=list)
    has_no_place: bool | None = None
    particulars: dict[str, str] | None = None


text = st.sampled_from(["", "something"])
maybe = st.sampled_from([None, True, False])
days = st.sampled_from([None, date(2027, 1, 1)])
asks = st.builds(
    AnAsk,
    st.sampled_from(["funding", "server", "legal", "materials"]),
    text,
    st.sampled_from([0, 5]),
    st.sampled_from([0, 12]),
    st.sampled_from(["", "small"]),
)
drafts = st.builds(
    ADraft,
    st.sampled_from(["", "place", "software", "data_set"]),
    *[text] * 4,
    st.sampled_from([None, 44_000_000]),
    text,
    text,
    maybe,
    st.sampled_from(["", "citizen", "association"]),
    *[text] * 5,
    maybe,
    text,
    days,
    days,
    st.lists(st.sampled_from([one.value for one in Section]), unique=True),
    st.lists(st.just("a promise"), max_size=2),
    st.lists(asks, max_size=2),
    maybe,
    st.one_of(st.none(), st.dictionaries(st.sampled_from(["owner", "maintainers", "access"]), text)),
)
WHOLE = ADraft(
    "place",
    "Garden",
    "A garden.",
    address="Via Uno",
    group_kind="citizen",
    contact_name="Ada",
    contact_phone="051 1",
    is_adult=True,
    starts_on=date(2027, 1, 1),
    ends_on=date(2028, 1, 1),
    saved_sections=[one.value for one in Section],
    commitments=["a promise"],
    particulars={"owner": "city"},
)


@given(drafts)
def test_a_proposal_is_complete_exactly_when_nothing_is_left_to_say(draft):
    assert sections.is_complete(draft) == (not sections.open_sections(draft))


@given(drafts)
def test_a_section_is_done_exactly_when_it_was_saved_and_lacks_nothing(draft):
    for section, status in sections.statuses(draft).items():
        whole = section.value in draft.saved_sections and not sections.missing(draft, section)
        if status is Status.BLOCKED:
            assert not draft.kind
        else:
            assert (status is Status.DONE) == whole
            assert (status is Status.TODO) == (section.value not in draft.saved_sections)


@given(drafts)
def test_every_open_section_says_in_a_sentence_what_to_do(draft):
    for sentences in sections.open_sections(draft).values():
        assert sentences
        assert all(str(one)[0].isupper() for one in sentences)


def test_a_whole_proposal_lacks_nothing():
    assert sections.is_complete(WHOLE)


@pytest.mark.parametrize(
    ("change", "section"),
    [
        ({"title": ""}, Section.WHAT),
        ({"address": ""}, Section.WHERE),
        ({"particulars": None}, Section.WHERE),
        ({"particulars": {"owner": ""}}, Section.WHERE),
        ({"kind": "software"}, Section.WHERE),
        ({"kind": "data_set", "about": "Air"}, Section.WHERE),
        ({"group_kind": "association"}, Section.GROUP),
        ({"contact_phone": ""}, Section.GROUP),
        ({"is_adult": False}, Section.GROUP),
        ({"commitments": []}, Section.COMMITMENTS),
        ({"ends_on": None}, Section.COMMITMENTS),
        ({"asks": [AnAsk("funding", "Tools")]}, Section.ASKS),
        ({"asks": [AnAsk("server", "", 2, 0, "small")]}, Section.ASKS),
        ({"asks": [AnAsk("legal", "Help")]}, Section.ASKS),
        ({"asks": [AnAsk("materials")]}, Section.ASKS),
    ],
)
def test_one_thing_left_out_opens_its_section_and_no_other(change, section):
    assert set(sections.open_sections(replace(WHOLE, **change))) == {section}


@pytest.mark.parametrize("kind", ["place", "software", "data_set"])
def test_the_checklist_asks_for_exactly_what_was_marked_missing(kind):
    items = checklist.items_for(kind)
    found = {one.id: {"mark": "ok", "note": ""} for one in items}
    assert checklist.is_complete(found, kind)
    found[items[0].id] = {"mark": "missing", "note": ""}
    found[items[1].id] = {"mark": "missing", "note": "Say it louder."}
    assert not checklist.is_complete(found, kind)
    assert checklist.sentences(found, kind) == [items[0].ask, "Say it louder."]
