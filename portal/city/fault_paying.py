"""What can be wrong with a city's rules of paying."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stdnum import iban

if TYPE_CHECKING:
    from portal.city.whole import Profile

SEPA_CURRENCY = "EUR"


def faults(profile: Profile) -> Iterator[str]:
    """Check the means, the account, the kinds of costs and the rules they name."""
    rules = profile.paying
    if rules.means == "sepa":
        yield from _sepa(profile)
    if not rules.eligible:
        yield "paying.categories: name a kind of costs that is paid"
    if rules.trace and not rules.trace_citation:
        yield "paying.trace_citation: name the rule that asks for the code of the project"
    for one in rules.categories:
        if not one.eligible and one.why is None:
            yield f"paying.categories[{one.id}]: say why these costs are not paid"
    yield from _strangers(profile)


def _sepa(profile: Profile) -> Iterator[str]:
    if profile.currency != SEPA_CURRENCY:
        yield "paying.means: SEPA pays in EUR only; choose “list” for another currency"
    if not iban.is_valid(profile.paying.payer_account):
        yield "paying.payer_account: this is no IBAN, or one with a typing mistake"


def _strangers(profile: Profile) -> Iterator[str]:
    rules, known = profile.paying, {one.id for one in profile.citations}
    named = [("citation", rules.citation), ("trace_citation", rules.trace_citation)]
    named += [(f"categories[{one.id}].citation", one.citation) for one in rules.categories]
    for where, key in named:
        if key and key not in known:
            yield f"paying.{where}: “{key}” does not exist"
