"""What the words of a city may print: the facts that clauses know, the phrases and the public words."""

from __future__ import annotations

from typing import get_args

from portal.city.shapes import PoolKind

# What a clause may print without declaring it: pacts/clauses.py takes these from the pact itself.
FACTS = frozenset(
    (
        "title",
        "summary",
        "code",
        "body",
        "city",
        "community",
        "parties_list",
        "office",
        "commons",
        "commons_about",
        "class_name",
        "regulation_version",
        "citations_list",
        "community_list",
        "city_list",
        "support_list",
        "support_total",
        "funding_total",
        "fences_list",
        "ladder_list",
        "advance_percent",
        "publish_above",
        "hosting_days",
        "every_months",
        "first_due_on",
        "sent_within_days",
        "closing_days",
        "conciliation_days",
        "contact_mail",
        "contact_phone",
        "starts_on",
        "ends_on",
        "longest_years",
        "decision_body",
        "signer",
        "licence",
        "reason",
        *(f"{kind}_list" for kind in get_args(PoolKind)),
    )
)
# The phrases with which clauses print lists; the blanks each may hold.
PHRASES = {
    "commitment_row": "what quantity unit per evidence",
    "commitment_due": "day",
    "no_commitments": "",
    "funding_row": "what amount",
    "server_row": "what amount months value",
    "legal_row": "what amount value",
    "other_row": "kind what amount unit",
    "priced_row": "kind what amount",
    "conditions": "conditions",
    "costs": "names",
    "given_by": "day",
    "no_support": "",
    "fence_row": "title sentence frequency source",
    "no_fences": "",
    "ladder_row": "name days",
    "party_row": "name kind capacity",
    "unnamed_party": "",
    "open": "label",
    "place": "title address district",
    "place_short": "title",
    "software": "title repository",
    "data_set": "title repository",
    "no_repository": "",
    "and": "",
}
# The public words that pages look up, by what stands before the last dot.
_GROUPS = {
    "state.proposal": "draft submitted supplement_asked refusal_noticed accepted refused withdrawn lapsed "
    "merged",
    "state.observations": "open",
    "state.pact": "co_design agreed resourced signing signed in_force at_risk ended suspended concluded "
    "terminated renewed",
    "state.fence": "holding close breached not_measured overdue",
    "state.support": "asked proposed approved committed delivered returned closed refused released",
    "state.commitment": "open kept late not_done",
    "per": "once week month quarter year",
    "frequency": "month quarter year",
}
PUBLIC_WORDS = tuple(f"{group}.{name}" for group, names in _GROUPS.items() for name in names.split())
