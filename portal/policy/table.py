"""Who may do what: one table that a councillor can read.

A rule names who may (anyone, people with a city role, people related to the thing) and who may not
although they could (four-eyes rules). Everything not named is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.policy.actors import Rel, Role
from portal.policy.permissions import Can
from portal.words import W

STAFF = frozenset(Role)
CASE_STAFF = frozenset(
    {
        Role.OFFICER,
        Role.ADVISER,
        Role.INFRASTRUCTURE,
        Role.LEGAL,
        Role.TREASURER,
        Role.SIGNATORY,
        Role.AUDITOR,
    }
)
SUPPORT_STAFF = frozenset({Role.OFFICER, Role.INFRASTRUCTURE, Role.LEGAL, Role.TREASURER})


@dataclass(frozen=True)
class Rule:
    """One row of the table: anyone of `roles` or `relations` may, unless `never` names them."""

    everyone: bool = False
    signed_in: bool = False
    roles: frozenset[Role] = frozenset()
    relations: frozenset[Rel] = frozenset()
    never: Mapping[Rel, W] = field(default_factory=dict)
    needs_fresh: bool = False


OWN_GROUP = {Rel.OWN_ORGANISATION: W("You belong to this organisation. Pass the case to a colleague.")}
NOT_ENTERED_BY_YOU = {
    Rel.ENTERED: W("You entered this case for somebody at the counter, so a colleague must take it.")
}
NOT_WRITTEN_BY_YOU = {Rel.WROTE: W("You wrote this proposal with others. Pass the case to a colleague.")}
NOT_CONFLICTED = {
    Rel.CONFLICTED: W("You stated a conflict of interest in this case. A colleague must look at it.")
}
NOT_FOUNDED_BY_YOU = {
    Rel.ENTERED: W("You entered this organisation, so a colleague must check who represents it.")
}
NOT_ASSESSED_BY_YOU = {Rel.ASSESSED: W("You assessed this case, so somebody else must sign for the city.")}
NOT_PROPOSED_BY_YOU = {Rel.PROPOSED: W("You proposed this allocation, so somebody else must approve it.")}
NOT_ASKED_BY_YOU = {Rel.ASKED: W("You asked for this change, so somebody else must decide on it.")}

NOT_PREPARED_BY_YOU = {Rel.PROPOSED: W("You prepared these payments, so somebody else must release them.")}
NOT_CHECKED_COSTS = {Rel.PROPOSED: W("You checked these costs, so somebody else must approve them.")}
NOT_ENTERED_ACCOUNT = {Rel.PROPOSED: W("You entered this account, so somebody else must confirm it.")}
NOT_PROPOSED_STAGE_BY_YOU = {Rel.PROPOSED: W("You proposed this decision, so somebody else must approve it.")}
NOT_IN_THE_VENTURE = {
    Rel.SELF: W("You applied with this group yourself, so a colleague decides about it."),
    Rel.OWN_ORGANISATION: W("You belong to the group that applied, so a colleague decides about it."),
    Rel.CONFLICTED: W("You stated an interest in this group, so a colleague decides about it."),
}
NOT_FOR_ONE_GROUP_OF_YOURS = {
    Rel.CONFLICTED: W(
        "These hours are for one group alone, and you stand on its side. A colleague decides about them."
    )
}
NOT_DRAFTED_BY_YOU = {Rel.DRAFTED: W("You wrote this call, so somebody else must publish it.")}
NOT_CONFIRMED_BY_YOU = {
    Rel.CONFIRMED: W("You confirmed money of this call, so somebody else must decide what the city adds.")
}
NOT_IN_A_PROJECT = dict.fromkeys(
    (Rel.OWN_ORGANISATION, Rel.WROTE, Rel.ENTERED, Rel.CONFLICTED),
    W("You stand on the side of a project of this call, so somebody else must decide what the city adds."),
)
NOT_BY_ITS_AUTHOR = {Rel.AUTHOR: W("You wrote this observation, so a colleague must look at it.")}
NOT_HIDDEN_BY_YOU = {Rel.HID: W("You hid this observation, so somebody else must decide on it.")}
NOT_OWN_ROLES = {Rel.SELF: W("Nobody gives or takes away a role of their own. Ask another administrator.")}
NOT_OWN_FACTORS = {
    Rel.SELF: W("Remove your own second step on the page of your account, or ask another administrator.")
}
NOT_OWN_RESIDENCE = {Rel.SELF: W("Nobody decides on their own residence. Ask a colleague.")}
NOT_CHECKED_BY_YOU = {Rel.ENTERED: W("You checked this document, so a colleague must decide.")}
NOT_YOURSELF = {Rel.SELF: W("Nobody suspends or reinstates themselves. Ask another administrator.")}


# Whoever writes a proposal along writes its pact along too; agreeing and signing are the party's.
WRITERS = frozenset({Rel.PARTY, Rel.CO_AUTHOR})
GIVEN_TO_YOURS = OWN_GROUP | NOT_FOR_ONE_GROUP_OF_YOURS
NOT_ON_BOTH_SIDES = OWN_GROUP | NOT_ENTERED_BY_YOU | NOT_WRITTEN_BY_YOU | NOT_CONFLICTED
ADVISERS = (Role.ADVISER, Role.LEGAL, Role.INFRASTRUCTURE)


def _roles(*roles: Role, never: Mapping[Rel, W] | None = None, needs_fresh: bool = False) -> Rule:
    return Rule(roles=frozenset(roles), never=never or {}, needs_fresh=needs_fresh)


def _related(*relations: Rel, never: Mapping[Rel, W] | None = None) -> Rule:
    return Rule(relations=frozenset(relations), never=never or {})


EVERYONE = Rule(everyone=True)

RULES: dict[Can, Rule] = {
    Can.READ_PUBLIC: EVERYONE,
    Can.SIGN_IN: EVERYONE,
    Can.JOIN: EVERYONE,
    Can.PAPER_VERIFY: EVERYONE,
    # The record says to everybody what concerns public things, and of the rest only that it is there.
    Can.RECORD_READ: EVERYONE,
    Can.RECORD_READ_ALL: _roles(Role.AUDITOR, Role.ADMINISTRATOR),
    Can.PROPOSAL_START: EVERYONE,
    Can.PROPOSAL_OPEN: EVERYONE,
    Can.CALL_DRAFT: _roles(Role.OFFICER, Role.TREASURER),
    # A public notice binds the city: a second person reads it before everybody does.
    Can.CALL_PUBLISH: _roles(Role.OFFICER, Role.SIGNATORY, never=NOT_DRAFTED_BY_YOU, needs_fresh=True),
    Can.CALL_STEER: _roles(Role.OFFICER, Role.SIGNATORY),
    # No money passes here: the group says who pledged, the treasurer what arrived, a third what is added.
    Can.PLEDGE_RECORD: _related(Rel.HOLDER, Rel.CO_AUTHOR),
    Can.PLEDGE_CONFIRM: _roles(Role.TREASURER, never=NOT_ON_BOTH_SIDES),
    # The rule says what each project gets; nobody who is part of one sets it going, nor gives back the rest.
    Can.MATCH_SETTLE: _roles(
        Role.OFFICER, Role.SIGNATORY, never=NOT_CONFIRMED_BY_YOU | NOT_IN_A_PROJECT, needs_fresh=True
    ),
    Can.TRACK_RUN: _roles(Role.OFFICER),
    Can.VENTURE_APPLY: Rule(signed_in=True),
    Can.VENTURE_OWN: _related(Rel.HOLDER),
    Can.VENTURE_DECIDE: _roles(Role.OFFICER, never=NOT_IN_THE_VENTURE),
    Can.VENTURE_APPROVE: _roles(
        Role.OFFICER, never=NOT_IN_THE_VENTURE | NOT_PROPOSED_STAGE_BY_YOU, needs_fresh=True
    ),
    # Whoever decides about a group or about its hours may say that they have an interest in it.
    Can.VENTURE_RECUSE: _roles(*SUPPORT_STAFF),
    Can.RATINGS_READ: _roles(*CASE_STAFF, Role.CLERK, Role.ADMINISTRATOR),
    Can.OBSERVATIONS_OPEN: _roles(Role.OFFICER, never=OWN_GROUP),
    Can.OBSERVATIONS_READ: _roles(*CASE_STAFF, Role.CLERK),
    # Whoever is touched may speak, without an account.
    Can.OBSERVATION_WRITE: EVERYONE,
    Can.OBSERVATION_REPORT: EVERYONE,
    Can.OBSERVATION_JUDGE: _related(Rel.AUTHOR),
    Can.OBSERVATION_CONTEST: _related(Rel.AUTHOR),
    Can.OBSERVATION_ANSWER: _roles(Role.OFFICER, never=OWN_GROUP | NOT_BY_ITS_AUTHOR),
    Can.OBSERVATION_MODERATE: _roles(Role.OFFICER, Role.LEGAL, never=OWN_GROUP | NOT_BY_ITS_AUTHOR),
    # Four eyes: who hid it does not judge whether that was right.
    Can.OBSERVATION_DECIDE: _roles(
        Role.OFFICER, Role.LEGAL, never=OWN_GROUP | NOT_BY_ITS_AUTHOR | NOT_HIDDEN_BY_YOU
    ),
    Can.OBSERVATION_IDENTIFY: _roles(Role.OFFICER, Role.CLERK, never=OWN_GROUP | NOT_BY_ITS_AUTHOR),
    Can.ENDORSE: Rule(signed_in=True),
    # Whoever writes along fills and answers; what binds the group is the holder's, or who the holder lets.
    Can.PROPOSAL_FILL: _related(Rel.HOLDER, Rel.CO_AUTHOR),
    Can.PROPOSAL_SUBMIT: _related(Rel.HOLDER, Rel.CO_DECIDER),
    Can.PROPOSAL_SUPPLY: _related(Rel.HOLDER, Rel.CO_AUTHOR),
    Can.PROPOSAL_WITHDRAW: _related(Rel.HOLDER, Rel.CO_DECIDER),
    Can.PROPOSAL_MERGE: _related(Rel.HOLDER, Rel.CO_DECIDER),
    Can.PROPOSAL_SHARE: _related(Rel.HOLDER),
    Can.PROPOSAL_LEAVE: _related(Rel.CO_AUTHOR),
    Can.DESK_READ: _roles(*CASE_STAFF),
    # Own views of the desk, and the own calendar of its deadlines.
    Can.DESK_KEEP: _roles(*CASE_STAFF),
    # Whoever falls ill cannot say so here: an administrator enters it for them.
    Can.ABSENCE_ENTER: Rule(roles=frozenset({Role.ADMINISTRATOR}), relations=frozenset({Rel.SELF})),
    Can.CASE_READ: _roles(*CASE_STAFF),
    # Nobody chooses who decides on their own group.
    Can.CASE_HAND: _roles(Role.OFFICER, never=NOT_ON_BOTH_SIDES),
    Can.CASE_ASSIGN: _roles(Role.OFFICER, never=NOT_ON_BOTH_SIDES),
    Can.CASE_ASK_SUPPLEMENT: _roles(Role.OFFICER, never=NOT_ON_BOTH_SIDES),
    Can.CASE_EXTEND: _roles(Role.OFFICER, never=NOT_ON_BOTH_SIDES),
    Can.CASE_ASSESS: _roles(Role.OFFICER, never=NOT_ON_BOTH_SIDES),
    Can.CASE_ACCEPT: _roles(Role.OFFICER, never=NOT_ON_BOTH_SIDES),
    Can.CASE_REFUSE: _roles(Role.OFFICER, never=NOT_ON_BOTH_SIDES),
    Can.CASE_MERGE: _roles(Role.OFFICER, never=NOT_ON_BOTH_SIDES),
    # Prepared now, published at its moment; to prepare it one must be allowed to decide it, too.
    Can.CASE_HOLD: _roles(Role.OFFICER, never=NOT_ON_BOTH_SIDES),
    # Also whoever sees money arrive for a project, or settles what the city adds to it.
    Can.CASE_DECLARE: _roles(Role.OFFICER, *ADVISERS, Role.TREASURER, Role.SIGNATORY),
    # What colleagues tell each other; whoever stands on the other side, too, does not read it.
    Can.CASE_NOTES: _roles(*CASE_STAFF, never=NOT_ON_BOTH_SIDES),
    Can.CASE_NOTE: _roles(*(CASE_STAFF - {Role.AUDITOR}), never=NOT_ON_BOTH_SIDES),
    Can.OPINION_READ: _roles(*CASE_STAFF),
    Can.OPINION_ASK: _roles(Role.OFFICER, never=NOT_ON_BOTH_SIDES),
    Can.OPINION_GIVE: _roles(*ADVISERS, never=NOT_ON_BOTH_SIDES),
    Can.OPINION_BY_LINK: EVERYONE,  # whoever holds the mailed link answers the one question it is for
    Can.PHOTO_ADD: _roles(Role.OFFICER),
    Can.PACT_ROOM: Rule(roles=CASE_STAFF, relations=WRITERS),
    Can.PACT_SUGGEST: Rule(roles=frozenset({Role.OFFICER, Role.LEGAL}), relations=WRITERS),
    Can.MEETING_CALL: Rule(roles=frozenset({Role.OFFICER, Role.LEGAL}), relations=WRITERS),
    # Whoever is asked for an opinion may sit at the table.
    Can.MEETING_ANSWER: Rule(
        roles=frozenset({Role.OFFICER, Role.LEGAL, Role.ADVISER, Role.INFRASTRUCTURE}), relations=WRITERS
    ),
    Can.PACT_ANSWER: Rule(roles=frozenset({Role.OFFICER, Role.LEGAL}), relations=WRITERS),
    Can.PACT_REMARK: Rule(roles=frozenset({Role.OFFICER, Role.LEGAL, Role.ADVISER}), relations=WRITERS),
    Can.PACT_SEND: _roles(Role.OFFICER, never=OWN_GROUP),
    Can.PRESCRIPTION_ANSWER: _roles(Role.OFFICER, never=OWN_GROUP),
    Can.PACT_AGREE: Rule(roles=frozenset({Role.OFFICER}), relations=frozenset({Rel.PARTY})),
    Can.PACT_OPEN_SIGNING: _roles(Role.OFFICER, never=OWN_GROUP),
    Can.PACT_SIGN: Rule(
        roles=frozenset({Role.SIGNATORY}),
        relations=frozenset({Rel.PARTY_PERSON}),
        never=NOT_ASSESSED_BY_YOU | OWN_GROUP,
        needs_fresh=True,
    ),
    # Suspending, resuming and ending are the manager's, on the officer's desk (TUEL, art. 107).
    Can.PACT_STEER: _roles(Role.OFFICER, Role.SIGNATORY, never=OWN_GROUP),
    Can.PACT_READ_ORIGINAL: Rule(roles=CASE_STAFF, relations=frozenset({Rel.PARTY})),
    Can.REPORT_SEND: _related(Rel.PARTY),
    Can.REPORT_VALIDATE: _roles(Role.OFFICER, never=OWN_GROUP),
    Can.FENCE_MEASURE: Rule(roles=frozenset({Role.OFFICER}), relations=frozenset({Rel.PARTY})),
    Can.POOL_READ: _roles(*SUPPORT_STAFF, Role.SIGNATORY, Role.AUDITOR),
    Can.POOL_OPEN: _roles(Role.TREASURER),
    # A second treasurer, or whoever signs for the city, decides on what one treasurer asked for.
    Can.POOL_CHANGE: _roles(Role.TREASURER),
    Can.POOL_DECIDE: _roles(Role.TREASURER, Role.SIGNATORY, never=NOT_ASKED_BY_YOU, needs_fresh=True),
    Can.POOL_WITHDRAW: _related(Rel.ASKED),
    Can.SUPPORT_PROPOSE: _roles(*SUPPORT_STAFF, never=GIVEN_TO_YOURS),
    Can.SUPPORT_APPROVE: _roles(*SUPPORT_STAFF, never=GIVEN_TO_YOURS | NOT_PROPOSED_BY_YOU, needs_fresh=True),
    Can.SUPPORT_SEND_BACK: _roles(*SUPPORT_STAFF, never=GIVEN_TO_YOURS | NOT_PROPOSED_BY_YOU),
    # Whoever proposed it does not refuse it: that is the second person's, or a colleague's.
    Can.SUPPORT_REFUSE: _roles(*SUPPORT_STAFF, never=GIVEN_TO_YOURS | NOT_PROPOSED_BY_YOU),
    Can.SUPPORT_DELIVER: _roles(*SUPPORT_STAFF, never=GIVEN_TO_YOURS),
    Can.SURPLUS_DECLARE: _related(Rel.SPEAKER),
    Can.SURPLUS_CONFIRM: _roles(Role.TREASURER, never=OWN_GROUP),
    # Whoever may ask for a change of a pool, or decide on one, but not about money of the own group.
    Can.SURPLUS_CORRECT: _roles(Role.TREASURER, Role.SIGNATORY, never=OWN_GROUP),
    Can.SERVER_READ: _roles(*SUPPORT_STAFF, Role.SIGNATORY, Role.AUDITOR),
    Can.SERVER_KEEP: _roles(Role.INFRASTRUCTURE, never=OWN_GROUP),
    # A larger machine takes from what others could be given: two persons, as for every allocation.
    Can.SERVER_SECOND: _roles(*SUPPORT_STAFF, never=OWN_GROUP | NOT_PROPOSED_BY_YOU, needs_fresh=True),
    Can.SERVER_ROOM: _related(Rel.PARTY),
    Can.SERVER_ASK: _related(Rel.PARTY),
    # The automation has no account: its message is believed for its signature.
    Can.SERVER_REPORT: EVERYONE,
    # How a promised sum is paid in parts, and the costs that settle it; whoever is paid decides nothing here.
    Can.PAYMENTS_PLAN: _roles(Role.TREASURER, never=OWN_GROUP),
    Can.PAYMENTS_READ: _roles(*SUPPORT_STAFF, Role.SIGNATORY, Role.AUDITOR),
    Can.COSTS_READ: Rule(
        roles=SUPPORT_STAFF | {Role.SIGNATORY, Role.AUDITOR}, relations=frozenset({Rel.PARTY})
    ),
    Can.COSTS_ENTER: _related(Rel.PARTY),
    Can.COSTS_SEND: _related(Rel.PARTY_PERSON),
    Can.COSTS_CHECK: _roles(Role.OFFICER, Role.TREASURER, never=OWN_GROUP),
    Can.COSTS_APPROVE: _roles(
        Role.OFFICER, Role.TREASURER, Role.SIGNATORY, never=OWN_GROUP | NOT_CHECKED_COSTS, needs_fresh=True
    ),
    # Whoever changes an account can lead money away: the password once more, and a second pair of eyes.
    Can.PAYEE_ENTER: Rule(relations=frozenset({Rel.PARTY_PERSON}), needs_fresh=True),
    Can.PAYEE_CONFIRM: _roles(Role.TREASURER, never=OWN_GROUP | NOT_ENTERED_ACCOUNT, needs_fresh=True),
    Can.PAYMENTS_PREPARE: _roles(Role.TREASURER),
    Can.PAYMENTS_RELEASE: _roles(
        Role.TREASURER, Role.SIGNATORY, never=OWN_GROUP | NOT_PREPARED_BY_YOU, needs_fresh=True
    ),
    Can.PAYMENTS_ANSWER: _roles(Role.TREASURER),
    # What a group asks a lawyer is between the two: no other official reads it, nor does the auditor, who
    # sees topic, hours and outcome on the desk's list and in the books of the pools.
    Can.LEGAL_READ: Rule(roles=frozenset({Role.LEGAL}), relations=WRITERS, never=OWN_GROUP),
    Can.LEGAL_ASK: Rule(relations=WRITERS),
    Can.LEGAL_ARRANGE: Rule(roles=frozenset({Role.LEGAL}), relations=WRITERS, never=OWN_GROUP),
    Can.LEGAL_ADVISE: _roles(Role.LEGAL, never=OWN_GROUP),
    Can.LEGAL_OFFER: _roles(Role.LEGAL),
    Can.LEGAL_DESK: _roles(Role.LEGAL, Role.AUDITOR),
    Can.SPACE_KEEP: _roles(*SUPPORT_STAFF),
    # The group books what it was promised; for whoever cannot do it here, an official books.
    Can.SPACE_BOOK: Rule(roles=SUPPORT_STAFF, relations=frozenset({Rel.PARTY})),
    # What arrived is said by who should have it.
    Can.SUPPORT_CONFIRM: _related(Rel.PARTY),
    Can.SUPPORT_CLOSE: _roles(*SUPPORT_STAFF, never=GIVEN_TO_YOURS),
    Can.SUPPORT_FILE: Rule(roles=SUPPORT_STAFF | {Role.AUDITOR}, relations=frozenset({Rel.PARTY})),
    Can.COUNTER_HELP: _roles(Role.CLERK),
    Can.COUNTER_AUDIT: _roles(Role.AUDITOR),
    Can.COUNTER_CONNECT: Rule(signed_in=True),
    # The paper that was signed at the counter: whoever works on the case, and who is helped with it now.
    Can.SCAN_READ: Rule(roles=CASE_STAFF, relations=frozenset({Rel.HOLDER})),
    Can.LETTERS_READ: _roles(Role.CLERK, Role.AUDITOR),
    Can.LETTERS_SEND: _roles(Role.CLERK),
    Can.FOLLOW: EVERYONE,
    Can.JOBS_READ: _roles(*STAFF),
    Can.JOBS_RUN: _roles(Role.OFFICER, Role.TREASURER, Role.ADMINISTRATOR),
    Can.ACCOUNT_OWN: Rule(signed_in=True),
    # Password, address and second factors: whoever finds a browser open must not take the account over.
    Can.ACCOUNT_SECURE: Rule(signed_in=True, needs_fresh=True),
    # All that is kept of somebody, and its end: nobody gets at it through a browser left open.
    Can.ACCOUNT_EXPORT: Rule(relations=frozenset({Rel.SELF}), needs_fresh=True),
    Can.ACCOUNT_ERASE: Rule(relations=frozenset({Rel.SELF}), needs_fresh=True),
    Can.FACTORS_REMOVE: _roles(Role.ADMINISTRATOR, never=NOT_OWN_FACTORS, needs_fresh=True),
    # A forgotten password, a new address, its undoing: whoever holds the mailed link may.
    Can.ACCOUNT_RECOVER: EVERYONE,
    Can.PEOPLE_READ: _roles(Role.ADMINISTRATOR, Role.AUDITOR),
    Can.PERSON_SUSPEND: _roles(Role.ADMINISTRATOR, never=NOT_YOURSELF, needs_fresh=True),
    Can.PERSON_END_SESSIONS: _roles(Role.ADMINISTRATOR),
    Can.ROLES_GRANT: _roles(Role.ADMINISTRATOR, never=NOT_OWN_ROLES, needs_fresh=True),
    Can.ORGANISATION_FOUND: Rule(signed_in=True, roles=CASE_STAFF),
    Can.ORGANISATION_ROOM: _related(Rel.MEMBER),
    Can.ORGANISATION_EDIT: Rule(
        roles=frozenset({Role.CLERK, Role.OFFICER}), relations=frozenset({Rel.SPEAKER}), never=OWN_GROUP
    ),
    Can.ORGANISATION_MEMBERS: _related(Rel.SPEAKER),
    Can.ORGANISATION_MANDATE: _related(Rel.SPEAKER),
    Can.ORGANISATION_ACT: _related(Rel.SPEAKER),
    Can.ORGANISATION_LEAVE: _related(Rel.MEMBER),
    Can.ORGANISATION_JOIN: Rule(signed_in=True),
    # An invitation is opened by its link, and taken up with an account.
    Can.INVITATION_ANSWER: Rule(signed_in=True),
    Can.ORGANISATION_DESK: _roles(Role.CLERK, *CASE_STAFF),
    Can.ORGANISATION_ENTER: _roles(Role.CLERK, Role.OFFICER),
    Can.ORGANISATION_CHECK: _roles(
        Role.CLERK, Role.OFFICER, Role.LEGAL, never=OWN_GROUP | NOT_FOUNDED_BY_YOU
    ),
    Can.MANDATE_DOCUMENT: Rule(
        roles=CASE_STAFF | {Role.CLERK}, relations=frozenset({Rel.SPEAKER, Rel.MANDATED})
    ),
    Can.RESIDENCE_SHOW: Rule(signed_in=True),
    Can.RESIDENCE_READ: _roles(Role.CLERK, Role.ADMINISTRATOR, Role.AUDITOR),
    Can.RESIDENCE_CHECK: _roles(Role.CLERK, never=NOT_OWN_RESIDENCE),
    Can.RESIDENCE_DECIDE: _roles(
        Role.CLERK, Role.ADMINISTRATOR, never=NOT_OWN_RESIDENCE | NOT_CHECKED_BY_YOU
    ),
    Can.RESIDENCE_REVOKE: _roles(Role.CLERK, Role.ADMINISTRATOR, never=NOT_OWN_RESIDENCE),
}
