"""The table of who may do what, written down a second time, so that no rule changes unseen."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from portal import policy
from portal.errors import NotAllowed, NotFresh
from portal.policy import SYSTEM, VISITOR, Actor, Can, Rel, Role

CITIZEN = Actor(kind="person", person_id=1, pseudonym="p-1", is_fresh=True)
WHO: dict[str, tuple[Actor, Rel | None]] = {
    "visitor": (VISITOR, None),
    "citizen": (CITIZEN, None),
    "holder": (VISITOR, Rel.HOLDER),
    "party": (VISITOR, Rel.PARTY),
    "party_person": (CITIZEN, Rel.PARTY_PERSON),
    "author": (VISITOR, Rel.AUTHOR),
    "member": (CITIZEN, Rel.MEMBER),
    "speaker": (CITIZEN, Rel.SPEAKER),
    "mandated": (CITIZEN, Rel.MANDATED),
    "co_author": (CITIZEN, Rel.CO_AUTHOR),
    "co_decider": (CITIZEN, Rel.CO_DECIDER),
    "self": (CITIZEN, Rel.SELF),
    "asked": (CITIZEN, Rel.ASKED),
    **{role.name.lower(): (replace(CITIZEN, roles=frozenset({role})), None) for role in Role},
}
PEOPLE = set(WHO) - {"visitor", "holder", "party", "author"}
CASE_STAFF = {"officer", "adviser", "infrastructure", "legal", "treasurer", "signatory", "auditor"}
SUPPORT_STAFF = {"officer", "infrastructure", "legal", "treasurer"}
BOTH_SIDES = {"officer", "legal", "party"}
MAY: dict[Can, set[str]] = {
    Can.READ_PUBLIC: set(WHO),
    Can.SIGN_IN: set(WHO),
    Can.JOIN: set(WHO),
    Can.PAPER_VERIFY: set(WHO),
    Can.RECORD_READ: set(WHO),
    Can.RECORD_READ_ALL: {"auditor", "administrator"},
    Can.PROPOSAL_OPEN: set(WHO),
    Can.PROPOSAL_START: set(WHO),
    Can.PROPOSAL_FILL: {"holder", "co_author"},
    Can.PROPOSAL_SUBMIT: {"holder", "co_decider"},
    Can.PROPOSAL_SUPPLY: {"holder", "co_author"},
    Can.PROPOSAL_WITHDRAW: {"holder", "co_decider"},
    Can.PROPOSAL_MERGE: {"holder", "co_decider"},
    Can.PROPOSAL_SHARE: {"holder"},
    Can.PROPOSAL_LEAVE: {"co_author"},
    Can.CALL_DRAFT: {"officer", "treasurer"},
    Can.CALL_PUBLISH: {"officer", "signatory"},
    Can.CALL_STEER: {"officer", "signatory"},
    Can.PLEDGE_RECORD: {"holder", "co_author"},
    Can.PLEDGE_CONFIRM: {"treasurer"},
    Can.MATCH_SETTLE: {"officer", "signatory"},
    Can.TRACK_RUN: {"officer"},
    Can.VENTURE_APPLY: PEOPLE,
    Can.VENTURE_OWN: {"holder"},
    Can.VENTURE_DECIDE: {"officer"},
    Can.VENTURE_APPROVE: {"officer"},
    Can.VENTURE_RECUSE: SUPPORT_STAFF,
    Can.DESK_READ: CASE_STAFF,
    Can.LEGAL_READ: {"legal", "party", "co_author"},
    Can.LEGAL_ASK: {"party", "co_author"},
    Can.LEGAL_ARRANGE: {"legal", "party", "co_author"},
    Can.LEGAL_ADVISE: {"legal"},
    Can.LEGAL_OFFER: {"legal"},
    Can.LEGAL_DESK: {"legal", "auditor"},
    Can.RATINGS_READ: CASE_STAFF | {"clerk", "administrator"},
    Can.CASE_READ: CASE_STAFF,
    Can.DESK_KEEP: CASE_STAFF,
    Can.CASE_HAND: {"officer"},
    Can.ABSENCE_ENTER: {"administrator", "self"},
    Can.CASE_ASSIGN: {"officer"},
    Can.CASE_ASK_SUPPLEMENT: {"officer"},
    Can.CASE_EXTEND: {"officer"},
    Can.CASE_ASSESS: {"officer"},
    Can.CASE_ACCEPT: {"officer"},
    Can.CASE_REFUSE: {"officer"},
    Can.CASE_MERGE: {"officer"},
    Can.CASE_HOLD: {"officer"},
    Can.CASE_DECLARE: {"officer", "adviser", "legal", "infrastructure", "treasurer", "signatory"},
    Can.CASE_NOTES: CASE_STAFF,
    Can.CASE_NOTE: CASE_STAFF - {"auditor"},
    Can.OPINION_READ: CASE_STAFF,
    Can.OPINION_ASK: {"officer"},
    Can.OPINION_GIVE: {"adviser", "legal", "infrastructure"},
    Can.OPINION_BY_LINK: set(WHO),
    Can.PACT_ROOM: CASE_STAFF | {"party", "co_author"},
    Can.PACT_SUGGEST: BOTH_SIDES | {"co_author"},
    Can.MEETING_CALL: BOTH_SIDES | {"co_author"},
    Can.MEETING_ANSWER: BOTH_SIDES | {"co_author", "adviser", "infrastructure"},
    Can.PACT_ANSWER: BOTH_SIDES | {"co_author"},
    Can.PACT_REMARK: BOTH_SIDES | {"adviser", "co_author"},
    Can.PACT_SEND: {"officer"},
    Can.PRESCRIPTION_ANSWER: {"officer"},
    Can.PACT_AGREE: {"officer", "party"},
    Can.PACT_OPEN_SIGNING: {"officer"},
    Can.PACT_STEER: {"officer", "signatory"},
    Can.PACT_SIGN: {"signatory", "party_person"},
    Can.PACT_READ_ORIGINAL: CASE_STAFF | {"party"},
    Can.REPORT_SEND: {"party"},
    Can.REPORT_VALIDATE: {"officer"},
    Can.FENCE_MEASURE: {"officer", "party"},
    Can.POOL_READ: SUPPORT_STAFF | {"signatory", "auditor"},
    Can.POOL_OPEN: {"treasurer"},
    Can.POOL_CHANGE: {"treasurer"},
    Can.POOL_DECIDE: {"treasurer", "signatory"},
    Can.POOL_WITHDRAW: {"asked"},
    Can.SUPPORT_PROPOSE: SUPPORT_STAFF,
    Can.SUPPORT_APPROVE: SUPPORT_STAFF,
    Can.SUPPORT_SEND_BACK: SUPPORT_STAFF,
    Can.SUPPORT_REFUSE: SUPPORT_STAFF,
    Can.SUPPORT_DELIVER: SUPPORT_STAFF,
    Can.SURPLUS_DECLARE: {"speaker"},
    Can.SURPLUS_CONFIRM: {"treasurer"},
    Can.SURPLUS_CORRECT: {"treasurer", "signatory"},
    Can.SPACE_KEEP: SUPPORT_STAFF,
    Can.SPACE_BOOK: SUPPORT_STAFF | {"party"},
    Can.SERVER_READ: SUPPORT_STAFF | {"signatory", "auditor"},
    Can.SERVER_KEEP: {"infrastructure"},
    Can.SERVER_SECOND: SUPPORT_STAFF,
    Can.SERVER_ROOM: {"party"},
    Can.SERVER_ASK: {"party"},
    Can.SERVER_REPORT: set(WHO),
    Can.PAYMENTS_PLAN: {"treasurer"},
    Can.PAYMENTS_READ: SUPPORT_STAFF | {"signatory", "auditor"},
    Can.PAYMENTS_PREPARE: {"treasurer"},
    Can.PAYMENTS_RELEASE: {"treasurer", "signatory"},
    Can.PAYMENTS_ANSWER: {"treasurer"},
    Can.COSTS_READ: SUPPORT_STAFF | {"signatory", "auditor", "party"},
    Can.COSTS_ENTER: {"party"},
    Can.COSTS_SEND: {"party_person"},
    Can.COSTS_CHECK: {"officer", "treasurer"},
    Can.COSTS_APPROVE: {"officer", "treasurer", "signatory"},
    Can.PAYEE_ENTER: {"party_person"},
    Can.PAYEE_CONFIRM: {"treasurer"},
    Can.SUPPORT_CLOSE: SUPPORT_STAFF,
    Can.SUPPORT_CONFIRM: {"party"},
    Can.SUPPORT_FILE: SUPPORT_STAFF | {"auditor", "party"},
    Can.JOBS_READ: {role.name.lower() for role in Role},
    Can.JOBS_RUN: {"officer", "treasurer", "administrator"},
    Can.ACCOUNT_OWN: PEOPLE,
    Can.ACCOUNT_SECURE: PEOPLE,
    Can.ACCOUNT_EXPORT: {"self"},
    Can.ACCOUNT_ERASE: {"self"},
    Can.FOLLOW: set(WHO),
    Can.FACTORS_REMOVE: {"administrator"},
    Can.ROLES_GRANT: {"administrator"},
    Can.ACCOUNT_RECOVER: set(WHO),
    Can.PEOPLE_READ: {"administrator", "auditor"},
    Can.PERSON_SUSPEND: {"administrator"},
    Can.PERSON_END_SESSIONS: {"administrator"},
    Can.ORGANISATION_FOUND: PEOPLE,
    Can.ORGANISATION_ROOM: {"member"},
    Can.ORGANISATION_EDIT: {"speaker", "clerk", "officer"},
    Can.ORGANISATION_MEMBERS: {"speaker"},
    Can.ORGANISATION_MANDATE: {"speaker"},
    Can.ORGANISATION_JOIN: PEOPLE,
    Can.ORGANISATION_LEAVE: {"member"},
    Can.ORGANISATION_ACT: {"speaker"},
    Can.ORGANISATION_DESK: CASE_STAFF | {"clerk"},
    Can.ORGANISATION_ENTER: {"clerk", "officer"},
    Can.ORGANISATION_CHECK: {"clerk", "officer", "legal"},
    Can.MANDATE_DOCUMENT: CASE_STAFF | {"clerk", "speaker", "mandated"},
    Can.INVITATION_ANSWER: PEOPLE,
    Can.PHOTO_ADD: {"officer"},
    Can.COUNTER_HELP: {"clerk"},
    Can.COUNTER_AUDIT: {"auditor"},
    Can.COUNTER_CONNECT: PEOPLE,
    Can.SCAN_READ: CASE_STAFF | {"holder"},
    Can.LETTERS_READ: {"clerk", "auditor"},
    Can.LETTERS_SEND: {"clerk"},
    Can.OBSERVATIONS_OPEN: {"officer"},
    Can.OBSERVATIONS_READ: CASE_STAFF | {"clerk"},
    Can.OBSERVATION_WRITE: set(WHO),
    Can.OBSERVATION_REPORT: set(WHO),
    Can.OBSERVATION_JUDGE: {"author"},
    Can.OBSERVATION_CONTEST: {"author"},
    Can.OBSERVATION_ANSWER: {"officer"},
    Can.OBSERVATION_MODERATE: {"officer", "legal"},
    Can.OBSERVATION_DECIDE: {"officer", "legal"},
    Can.OBSERVATION_IDENTIFY: {"officer", "clerk"},
    Can.ENDORSE: PEOPLE,
    Can.RESIDENCE_SHOW: PEOPLE,
    Can.RESIDENCE_READ: {"clerk", "administrator", "auditor"},
    Can.RESIDENCE_CHECK: {"clerk"},
    Can.RESIDENCE_DECIDE: {"clerk", "administrator"},
    Can.RESIDENCE_REVOKE: {"clerk", "administrator"},
}
READS = {
    Can.LEGAL_READ,
    Can.LEGAL_DESK,
    Can.READ_PUBLIC, Can.RECORD_READ, Can.RECORD_READ_ALL, Can.DESK_READ, Can.CASE_READ, Can.PACT_ROOM, Can.PACT_READ_ORIGINAL, Can.POOL_READ, Can.SERVER_READ, Can.SERVER_ROOM,
    Can.READ_PUBLIC, Can.RECORD_READ, Can.RECORD_READ_ALL, Can.DESK_READ, Can.CASE_READ, Can.PACT_ROOM, Can.PACT_READ_ORIGINAL, Can.POOL_READ,
    Can.PAYMENTS_READ, Can.COSTS_READ,
    Can.READ_PUBLIC, Can.RECORD_READ, Can.RECORD_READ_ALL, Can.DESK_READ, Can.CASE_READ, Can.PACT_ROOM, Can.PACT_READ_ORIGINAL, Can.POOL_READ, Can.SUPPORT_FILE,
    Can.JOBS_READ, Can.PEOPLE_READ, Can.RESIDENCE_READ, Can.LETTERS_READ, Can.OBSERVATIONS_READ,
    Can.ORGANISATION_ROOM, Can.ORGANISATION_DESK, Can.MANDATE_DOCUMENT,
    Can.COUNTER_AUDIT, Can.SCAN_READ, Can.RATINGS_READ, Can.CASE_NOTES, Can.OPINION_READ,
}  # fmt: skip
# What every person may do, whatever they hold.
EVERYBODYS = {
    Can.VENTURE_APPLY,
    Can.SIGN_IN, Can.JOIN, Can.PAPER_VERIFY, Can.PROPOSAL_START, Can.PROPOSAL_OPEN, Can.ACCOUNT_OWN,
    Can.ACCOUNT_SECURE, Can.ACCOUNT_RECOVER,
    Can.ORGANISATION_FOUND, Can.RESIDENCE_SHOW, Can.OBSERVATION_WRITE, Can.OBSERVATION_REPORT, Can.ENDORSE,
    Can.ORGANISATION_JOIN, Can.INVITATION_ANSWER,
    Can.COUNTER_CONNECT, Can.FOLLOW, Can.OPINION_BY_LINK, Can.SERVER_REPORT,
}  # fmt: skip


@dataclass(frozen=True)
class Thing:
    """A thing to which the actor stands in these relations."""

    rels: frozenset[Rel] = frozenset()

    def relations(self, actor: Actor) -> frozenset[Rel]:
        return self.rels


def to(*rels: Rel | None) -> Thing:
    return Thing(frozenset(rel for rel in rels if rel is not None))


def test_every_permission_has_its_row() -> None:
    assert set(MAY) == set(policy.RULES) == set(Can)


@pytest.mark.parametrize("permission", Can)
def test_exactly_these_may(permission: Can) -> None:
    assert {name for name, (actor, rel) in WHO.items() if policy.allows(actor, permission, to(rel))} == MAY[
        permission
    ]


def test_what_only_reads_is_known_to_do_so() -> None:
    assert policy.READING == READS


def test_the_auditor_reads_all_and_writes_nothing() -> None:
    auditor, _ = WHO["auditor"]
    # A group's own room is its members': for the auditor the same stands on the desk. What it asks a lawyer
    # is between the two: the auditor reads hours, topics and outcomes there, and no word of it.
    assert {permission for permission in Can if policy.allows(auditor, permission)} == (
        READS - {Can.ORGANISATION_ROOM, Can.SERVER_ROOM, Can.LEGAL_READ}
    ) | EVERYBODYS | {Can.DESK_KEEP}  # views and a calendar of one's own


def test_the_administrator_touches_no_case() -> None:
    administrator, _ = WHO["administrator"]
    allowed = {permission for permission in Can if policy.allows(administrator, permission)}
    accounts = {
        Can.PEOPLE_READ, Can.PERSON_SUSPEND, Can.PERSON_END_SESSIONS, Can.ROLES_GRANT, Can.FACTORS_REMOVE,
        Can.RESIDENCE_READ, Can.RESIDENCE_DECIDE, Can.RESIDENCE_REVOKE, Can.ABSENCE_ENTER,
        Can.RATINGS_READ,
    }  # fmt: skip
    assert (
        allowed
        == {
            Can.READ_PUBLIC,
            Can.RECORD_READ,
            Can.RECORD_READ_ALL,
            Can.JOBS_READ,
            Can.JOBS_RUN,
            Can.RATINGS_READ,
        }
        | accounts
        | EVERYBODYS
    )


def test_the_system_may() -> None:
    assert all(policy.allows(SYSTEM, permission) for permission in Can)


CASE_DECISIONS = [
    Can.CASE_ASSIGN,
    Can.CASE_HAND,
    Can.CASE_ASK_SUPPLEMENT,
    Can.CASE_EXTEND,
    Can.CASE_ASSESS,
    Can.CASE_ACCEPT,
    Can.CASE_REFUSE,
    Can.CASE_MERGE,
    Can.CASE_HOLD,
    Can.CASE_NOTE,
    Can.OPINION_ASK,
]
FOUR_EYES = [
    *[
        (permission, "officer", Rel.OWN_ORGANISATION, "You belong to this organisation")
        for permission in CASE_DECISIONS
    ],
    *[(permission, "officer", Rel.ENTERED, "You entered this case") for permission in CASE_DECISIONS],
    *[(permission, "officer", Rel.WROTE, "You wrote this proposal") for permission in CASE_DECISIONS],
    *[(permission, "officer", Rel.CONFLICTED, "You stated a conflict") for permission in CASE_DECISIONS],
    (Can.OPINION_GIVE, "adviser", Rel.CONFLICTED, "You stated a conflict"),
    *[
        (permission, "officer", relation, sentence)
        for permission in (Can.VENTURE_DECIDE, Can.VENTURE_APPROVE)
        for relation, sentence in (
            (Rel.SELF, "You applied with this group yourself"),
            (Rel.OWN_ORGANISATION, "You belong to the group that applied"),
            (Rel.CONFLICTED, "You stated an interest in this group"),
        )
    ],
    *[
        (permission, role, Rel.CONFLICTED, "These hours are for one group alone")
        for permission in (
            Can.SUPPORT_PROPOSE,
            Can.SUPPORT_APPROVE,
            Can.SUPPORT_SEND_BACK,
            Can.SUPPORT_REFUSE,
            Can.SUPPORT_DELIVER,
            Can.SUPPORT_CLOSE,
        )
        for role in ("officer", "legal")
    ],
    *[
        (Can.MATCH_SETTLE, role, relation, "You stand on the side of a project")
        for role in ("officer", "signatory")
        for relation in (Rel.OWN_ORGANISATION, Rel.WROTE, Rel.ENTERED, Rel.CONFLICTED)
    ],
    (Can.MATCH_SETTLE, "officer", Rel.CONFIRMED, "You confirmed money"),
    (Can.PLEDGE_CONFIRM, "treasurer", Rel.OWN_ORGANISATION, "You belong to this organisation"),
    (Can.PLEDGE_CONFIRM, "treasurer", Rel.CONFLICTED, "You stated a conflict"),
    (Can.PLEDGE_CONFIRM, "treasurer", Rel.WROTE, "You wrote this proposal"),
    (Can.OPINION_GIVE, "legal", Rel.OWN_ORGANISATION, "You belong to this organisation"),
    (Can.ORGANISATION_CHECK, "officer", Rel.OWN_ORGANISATION, "You belong to this organisation"),
    (Can.ORGANISATION_CHECK, "clerk", Rel.ENTERED, "You entered this organisation"),
    (Can.ORGANISATION_EDIT, "officer", Rel.OWN_ORGANISATION, "You belong to this organisation"),
    (Can.PACT_OPEN_SIGNING, "officer", Rel.OWN_ORGANISATION, "You belong to this organisation"),
    (Can.PACT_SEND, "officer", Rel.OWN_ORGANISATION, "You belong to this organisation"),
    (Can.PRESCRIPTION_ANSWER, "officer", Rel.OWN_ORGANISATION, "You belong to this organisation"),
    (Can.REPORT_VALIDATE, "officer", Rel.OWN_ORGANISATION, "You belong to this organisation"),
    (Can.PACT_STEER, "officer", Rel.OWN_ORGANISATION, "You belong to this organisation"),
    (Can.CALL_PUBLISH, "officer", Rel.DRAFTED, "You wrote this call"),
    (Can.PACT_SIGN, "signatory", Rel.ASSESSED, "You assessed this case"),
    (Can.POOL_DECIDE, "treasurer", Rel.ASKED, "You asked for this change"),
    (Can.SUPPORT_PROPOSE, "treasurer", Rel.OWN_ORGANISATION, "You belong to this organisation"),
    (Can.SUPPORT_APPROVE, "treasurer", Rel.OWN_ORGANISATION, "You belong to this organisation"),
    (Can.SUPPORT_APPROVE, "treasurer", Rel.PROPOSED, "You proposed this allocation"),
    (Can.SUPPORT_SEND_BACK, "treasurer", Rel.OWN_ORGANISATION, "You belong to this organisation"),
    (Can.SUPPORT_SEND_BACK, "treasurer", Rel.PROPOSED, "You proposed this allocation"),
    *[
        (permission, "officer", relation, sentence)
        for permission in (
            Can.OBSERVATION_ANSWER,
            Can.OBSERVATION_MODERATE,
            Can.OBSERVATION_DECIDE,
            Can.OBSERVATION_IDENTIFY,
        )
        for relation, sentence in (
            (Rel.OWN_ORGANISATION, "You belong to this organisation"),
            (Rel.AUTHOR, "You wrote this observation"),
        )
    ],
    (Can.OBSERVATIONS_OPEN, "officer", Rel.OWN_ORGANISATION, "You belong to this organisation"),
    (Can.OBSERVATION_DECIDE, "legal", Rel.HID, "You hid this observation"),
    (Can.FACTORS_REMOVE, "administrator", Rel.SELF, "Remove your own second step"),
    (Can.RESIDENCE_CHECK, "clerk", Rel.SELF, "Nobody decides on their own residence"),
    (Can.RESIDENCE_DECIDE, "clerk", Rel.SELF, "Nobody decides on their own residence"),
    (Can.RESIDENCE_DECIDE, "clerk", Rel.ENTERED, "You checked this document"),
    (Can.RESIDENCE_REVOKE, "administrator", Rel.SELF, "Nobody decides on their own residence"),
    (Can.SUPPORT_DELIVER, "treasurer", Rel.OWN_ORGANISATION, "You belong to this organisation"),
    (Can.SERVER_KEEP, "infrastructure", Rel.OWN_ORGANISATION, "You belong to this organisation"),
    (Can.SERVER_SECOND, "treasurer", Rel.OWN_ORGANISATION, "You belong to this organisation"),
    (Can.SERVER_SECOND, "infrastructure", Rel.PROPOSED, "You proposed this allocation"),
    (Can.SUPPORT_REFUSE, "legal", Rel.OWN_ORGANISATION, "You belong to this organisation"),
    (Can.SUPPORT_REFUSE, "legal", Rel.PROPOSED, "You proposed this allocation"),
    (Can.SUPPORT_CLOSE, "treasurer", Rel.OWN_ORGANISATION, "You belong to this organisation"),
]


@pytest.mark.parametrize(("permission", "who", "relation", "sentence"), FOUR_EYES)
def test_four_eyes(permission: Can, who: str, relation: Rel, sentence: str) -> None:
    actor, _ = WHO[who]
    assert policy.allows(actor, permission, to())
    with pytest.raises(NotAllowed, match=sentence):
        policy.check(actor, permission, to(relation))


BINDING = {
    Can.CALL_PUBLISH: "signatory",
    Can.PACT_SIGN: "signatory",
    Can.SUPPORT_APPROVE: "treasurer",
    Can.ACCOUNT_SECURE: "citizen",
    Can.ROLES_GRANT: "administrator",
    Can.PERSON_SUSPEND: "administrator",
    Can.FACTORS_REMOVE: "administrator",
    Can.CALL_PUBLISH: "officer",
}


@pytest.mark.parametrize("permission", [Can.ACCOUNT_EXPORT, Can.ACCOUNT_ERASE])
def test_all_of_oneself_is_handed_out_or_destroyed_only_after_one_more_proof(permission: Can) -> None:
    with pytest.raises(NotFresh, match="Confirm once more that it is you"):
        policy.check(replace(CITIZEN, is_fresh=False), permission, to(Rel.SELF))


@pytest.mark.parametrize("permission", BINDING)
def test_what_binds_asks_once_more_who_it_is(permission: Can) -> None:
    stale = replace(WHO[BINDING[permission]][0], is_fresh=False)
    with pytest.raises(NotFresh, match="Confirm once more that it is you"):
        policy.check(stale, permission, to())
    assert policy.may_after_password(stale, permission, to())


def test_a_stranger_is_not_asked_who_they_are() -> None:
    stranger = replace(CITIZEN, is_fresh=False)
    assert policy.refusal(stranger, Can.PACT_SIGN, to()) == policy.NOT_YOURS


def test_a_visitor_is_told_to_sign_in_and_a_person_is_not() -> None:
    assert policy.refusal(VISITOR, Can.DESK_READ) == policy.SIGN_IN_FIRST
    assert policy.refusal(CITIZEN, Can.DESK_READ) == policy.NOT_YOURS
    assert policy.refusal(VISITOR, Can.READ_PUBLIC) is None


def test_a_route_is_worth_opening_where_some_relation_could_allow_it() -> None:
    assert policy.may_ever(VISITOR, Can.PACT_ROOM)
    assert not policy.may_ever(VISITOR, Can.DESK_READ)
    assert not policy.may_ever(CITIZEN, Can.CASE_ACCEPT)
    assert policy.may_ever(WHO["officer"][0], Can.CASE_ACCEPT)
