"""The rule of the match: with the figures of real calls, and whatever the figures are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.proposals.matching.sharing import Given, Order, Project, Reason, Terms, share

NOON = datetime(2017, 5, 2, 12, tzinfo=UTC)
EURO = 100


def raised(key: int, *cents: int, first: int = 0) -> Project:
    return Project(key, [Given(n, one, NOON + timedelta(hours=first + n)) for n, one in enumerate(cents)])


def test_conjuntament_2017_one_for_one_up_to_4000_from_96000():
    terms = Terms(10_000, 4_000 * EURO, 0, 96_000 * EURO)
    found = share(terms, [raised(n, 5_000 * EURO) for n in range(24)])
    assert {one.cents for one in found} == {4_000 * EURO}
    assert sum(one.cents for one in found) == 96_000 * EURO
    assert {one.reason for one in found} == {Reason.CAP}
    # A twenty-fifth that comes last gets nothing, one that raised less gets as much as it raised.
    late = share(terms, [raised(n, 5_000 * EURO, first=n) for n in range(25)])
    assert (late[24].cents, late[24].reason) == (0, Reason.POT_EMPTY)
    (small,) = share(terms, [raised(1, 1_234_56)])
    assert (small.cents, small.reason) == (1_234_56, Reason.SHARE)


def test_matchimpulsa_2021_nothing_below_4000_and_85000_for_eight():
    # Eight projects raised € 40,312; the city's part was 68 % of the whole, that is 85 : 40.312.
    sums = [4_000_00, 4_100_00, 4_250_00, 4_500_00, 5_000_00, 5_500_00, 6_000_00, 6_962_00]
    assert sum(sums) == 40_312_00
    terms = Terms(21_086, 15_000_00, 4_000_00, 85_000_00, order=Order.PROPORTIONAL)
    found = share(terms, [raised(n, cents) for n, cents in enumerate(sums)])
    assert sum(one.cents for one in found) == 85_000_00
    (below,) = share(terms, [raised(1, 3_999_99)])
    assert (below.cents, below.reason) == (0, Reason.BELOW)
    (at_it,) = share(terms, [raised(1, 4_000_00)])
    assert at_it.cents == 8_434_40


def test_of_one_persons_money_no_more_counts_than_the_call_says():
    terms = Terms(10_000, 10_000_00, 500_00, 100_000_00, person_cents=300_00)
    one = Project(1, [Given(1, 400_00, NOON), Given(1, 400_00, NOON), Given(2, 150_00, NOON)])
    (found,) = share(terms, [one])
    assert (found.raised_cents, found.counted_cents, found.cents) == (950_00, 450_00, 0)


def test_who_met_the_threshold_first_is_served_first_and_the_last_gets_the_rest():
    terms = Terms(10_000, 4_000_00, 1_000_00, 5_000_00)
    found = share(
        terms, [raised(1, 3_000_00, first=9), raised(2, 3_000_00, first=1), raised(3, 2_000_00, first=20)]
    )
    assert [(one.cents, one.reason) for one in found] == [
        (2_000_00, Reason.POT_REST), (3_000_00, Reason.SHARE), (0, Reason.POT_EMPTY)
    ]  # fmt: skip


def test_single_cents_go_to_the_largest_remainders():
    terms = Terms(10_000, 10_000, 0, 100, order=Order.PROPORTIONAL)
    found = share(terms, [raised(n, 70) for n in range(3)])
    assert [one.cents for one in found] == [34, 33, 33]


TERMS = st.builds(
    Terms,
    ratio_bp=st.integers(1, 100_000),
    cap_cents=st.integers(1, 10**7),
    threshold_cents=st.integers(0, 10**6),
    pot_cents=st.integers(0, 10**7),
    person_cents=st.integers(0, 10**5),
    order=st.sampled_from(list(Order)),
)
GIFTS = st.builds(
    Given,
    st.integers(1, 4),
    st.integers(1, 10**6),
    st.integers(0, 99).map(lambda h: NOON + timedelta(hours=h)),
)
PROJECTS = st.lists(st.lists(GIFTS, max_size=5), min_size=1, max_size=6).map(
    lambda some: [Project(key, gifts) for key, gifts in enumerate(some)]
)


@settings(max_examples=150)
@given(TERMS, PROJECTS)
def test_never_more_than_pot_cap_ratio_and_what_counts(terms, projects):
    found = share(terms, projects)
    assert sum(one.cents for one in found) <= terms.pot_cents
    for one in found:
        assert 0 <= one.cents <= min(terms.cap_cents, one.counted_cents * terms.ratio_bp // 10_000)
        assert one.counted_cents <= one.raised_cents
        assert one.counted_cents >= terms.threshold_cents or one.cents == 0
    if sum(one.wished_cents for one in found) >= terms.pot_cents:
        assert sum(one.cents for one in found) == terms.pot_cents


@settings(max_examples=150)
@given(TERMS, PROJECTS, st.randoms(use_true_random=False))
def test_the_order_in_which_projects_and_gifts_are_named_is_nothing(terms, projects, random):
    mixed = [Project(one.key, random.sample(list(one.given), len(one.given))) for one in projects]
    random.shuffle(mixed)
    assert share(terms, mixed) == share(terms, projects)


@settings(max_examples=150)
@given(TERMS, PROJECTS, GIFTS)
def test_one_more_gift_never_costs_a_project_anything(terms, projects, gift):
    before = share(terms, projects)[0]
    more = [Project(0, [*projects[0].given, gift]), *projects[1:]]
    after = share(terms, more)[0]
    # In proportion, the largest remainders may move by the one cent that cannot be cut.
    assert after.cents >= before.cents - (terms.order == Order.PROPORTIONAL)
