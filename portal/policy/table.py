"""Who may do what: one table that a councillor can read.

A rule names who may (anyone, people with a city role, people related to the thing) and who may not
although they could (four-eyes rules). Everything not named is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.policy.actors import Rel, Role
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


class Can(StrEnum):
    """Everything that can be allowed."""

    READ_PUBLIC = "read_public"
    SIGN_IN = "account.sign_in"
    JOIN = "account.join"
    PAPER_VERIFY = "paper.verify"
    RECORD_READ = "record.read"
    RECORD_READ_ALL = "record.read_all"
    PROPOSAL_START = "proposal.start"
    PROPOSAL_OPEN = "proposal.open"
    PROPOSAL_FILL = "proposal.fill"
    PROPOSAL_SUBMIT = "proposal.submit"
    PROPOSAL_SUPPLY = "proposal.supply"
    PROPOSAL_WITHDRAW = "proposal.withdraw"
    CALL_DRAFT = "call.draft"
    CALL_PUBLISH = "call.publish"
    CALL_STEER = "call.steer"
    RATINGS_READ = "ratings.read"
    DESK_READ = "desk.read"
    DESK_KEEP = "desk.keep"
    ABSENCE_ENTER = "absence.enter"
    CASE_READ = "case.read"
    CASE_HAND = "case.hand"
    CASE_ASSIGN = "case.assign"
    CASE_ASK_SUPPLEMENT = "case.ask_supplement"
    CASE_EXTEND = "case.extend"
    CASE_ASSESS = "case.assess"
    CASE_ACCEPT = "case.accept"
    CASE_REFUSE = "case.refuse"
    CASE_DECLARE = "case.declare_interest"
    CASE_NOTES = "case.notes"
    CASE_NOTE = "case.note"
    OPINION_READ = "opinion.read"
    OPINION_ASK = "opinion.ask"
    OPINION_GIVE = "opinion.give"
    OPINION_BY_LINK = "opinion.give_by_link"
    OBSERVATIONS_OPEN = "observations.open"
    OBSERVATIONS_READ = "observations.read"
    OBSERVATION_WRITE = "observation.write"
    OBSERVATION_REPORT = "observation.report"
    OBSERVATION_JUDGE = "observation.judge"
    OBSERVATION_CONTEST = "observation.contest"
    OBSERVATION_ANSWER = "observation.answer"
    OBSERVATION_MODERATE = "observation.moderate"
    OBSERVATION_DECIDE = "observation.decide"
    OBSERVATION_IDENTIFY = "observation.identify"
    ENDORSE = "proposal.endorse"
    PHOTO_ADD = "photo.add"
    PACT_ROOM = "pact.room"
    PACT_SUGGEST = "pact.suggest"
    MEETING_CALL = "meeting.call"
    MEETING_ANSWER = "meeting.answer"
    PACT_ANSWER = "pact.answer_suggestion"
    PACT_REMARK = "pact.remark"
    PACT_SEND = "pact.send_version"
    PACT_AGREE = "pact.agree"
    PACT_OPEN_SIGNING = "pact.open_signing"
    PACT_SIGN = "pact.sign"
    PACT_STEER = "pact.steer"
    PACT_READ_ORIGINAL = "pact.read_original"
    REPORT_SEND = "report.send"
    REPORT_VALIDATE = "report.validate"
    FENCE_MEASURE = "fence.measure"
    POOL_READ = "pool.read"
    POOL_OPEN = "pool.open"
    SUPPORT_PROPOSE = "support.propose"
    SUPPORT_APPROVE = "support.approve"
    SUPPORT_SEND_BACK = "support.send_back"
    SUPPORT_DELIVER = "support.deliver"
    COUNTER_HELP = "counter.help"
    COUNTER_AUDIT = "counter.audit"
    COUNTER_CONNECT = "counter.connect"
    SCAN_READ = "scan.read"
    LETTERS_READ = "letters.read"
    LETTERS_SEND = "letters.send"
    FOLLOW = "follow"
    JOBS_READ = "jobs.read"
    JOBS_RUN = "jobs.run"
    ACCOUNT_OWN = "account.own"
    ACCOUNT_SECURE = "account.secure"
    ACCOUNT_EXPORT = "account.export"
    ACCOUNT_ERASE = "account.erase"
    FACTORS_REMOVE = "factors.remove"
    ACCOUNT_RECOVER = "account.recover"
    PEOPLE_READ = "people.read"
    PERSON_SUSPEND = "person.suspend"
    PERSON_END_SESSIONS = "person.end_sessions"
    ROLES_GRANT = "roles.grant"
    ORGANISATION_FOUND = "organisation.found"
    ORGANISATION_ROOM = "organisation.room"
    ORGANISATION_EDIT = "organisation.edit"
    ORGANISATION_MEMBERS = "organisation.members"
    ORGANISATION_MANDATE = "organisation.mandate"
    ORGANISATION_JOIN = "organisation.join"
    ORGANISATION_LEAVE = "organisation.leave"
    ORGANISATION_ACT = "organisation.act_for"
    ORGANISATION_DESK = "organisation.desk"
    ORGANISATION_ENTER = "organisation.enter"
    ORGANISATION_CHECK = "organisation.check"
    MANDATE_DOCUMENT = "mandate.document"
    INVITATION_ANSWER = "invitation.answer"
    PROPOSAL_SHARE = "proposal.share"
    PROPOSAL_LEAVE = "proposal.leave"
    RESIDENCE_SHOW = "residence.show"
    RESIDENCE_READ = "residence.read"
    RESIDENCE_CHECK = "residence.check"
    RESIDENCE_DECIDE = "residence.decide"
    RESIDENCE_REVOKE = "residence.revoke"


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

NOT_DRAFTED_BY_YOU = {Rel.DRAFTED: W("You wrote this call, so somebody else must publish it.")}
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
    Can.CASE_DECLARE: _roles(Role.OFFICER, *ADVISERS),
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
    Can.SUPPORT_PROPOSE: _roles(*SUPPORT_STAFF, never=OWN_GROUP),
    Can.SUPPORT_APPROVE: _roles(*SUPPORT_STAFF, never=OWN_GROUP | NOT_PROPOSED_BY_YOU, needs_fresh=True),
    Can.SUPPORT_SEND_BACK: _roles(*SUPPORT_STAFF, never=OWN_GROUP | NOT_PROPOSED_BY_YOU),
    Can.SUPPORT_DELIVER: _roles(*SUPPORT_STAFF, never=OWN_GROUP),
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
