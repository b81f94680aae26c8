"""Every kind of act in words, as people read it in a history."""

from __future__ import annotations

from portal.record.models import Did
from portal.words import W

WORDS: dict[str, W] = {
    Did.PERSON_JOINED: W("An account was made"),
    Did.PERSON_SIGNED_IN: W("Somebody signed in"),
    Did.PERSON_PASSWORD_CHANGED: W("Somebody changed their password"),
    Did.PERSON_PASSWORD_RESET: W("A forgotten password was replaced by a mailed link"),
    Did.PERSON_ADDRESS_ASKED: W("Somebody asked for another address of their account"),
    Did.PERSON_ADDRESS_CHANGED: W("The address of an account was changed"),
    Did.PERSON_ADDRESS_RESTORED: W("The change of an account's address was undone"),
    Did.PERSON_PROFILE_CHANGED: W("Somebody changed the name or language of their account"),
    Did.PERSON_SESSIONS_ENDED: W("All open sessions of an account were ended"),
    Did.PERSON_SUSPENDED: W("An account was suspended"),
    Did.PERSON_REINSTATED: W("An account was reinstated"),
    Did.ROLE_GRANTED: W("A city role was granted"),
    Did.ROLE_ENDED: W("A city role was ended"),
    Did.FACTOR_ADDED: W("A second step for signing in was added"),
    Did.FACTOR_REMOVED: W("A second step for signing in was removed"),
    Did.RECOVERY_RENEWED: W("New recovery codes were made"),
    Did.RECOVERY_USED: W("Somebody signed in with a recovery code"),
    Did.ORGANISATION_FOUNDED: W("An organisation was entered"),
    Did.PROPOSAL_STARTED: W("A proposal was begun"),
    Did.PROPOSAL_SUBMITTED: W("The proposal was sent"),
    Did.PROPOSAL_WITHDRAWN: W("The proposal was withdrawn"),
    Did.PROPOSAL_SUPPLEMENT_ASKED: W("The city asked for what was missing; its clock stopped"),
    Did.PROPOSAL_SUPPLIED: W("The group supplied what was missing; the clock went on"),
    Did.PROPOSAL_ACCEPTED: W("The proposal was accepted for co-design"),
    Did.PROPOSAL_REFUSAL_NOTICED: W("The city gave notice of a refusal and asked for a reply"),
    Did.PROPOSAL_REFUSED: W("The proposal was not accepted"),
    Did.CASE_ASSIGNED: W("An officer took the case"),
    Did.COMMONS_LISTED: W("The commons was entered in the list"),
    Did.PHOTO_ADDED: W("A picture was added"),
    Did.PACT_OPENED: W("The pact was opened for co-design"),
    Did.PACT_SUGGESTED: W("A change to a clause was suggested"),
    Did.PACT_SUGGESTION_ANSWERED: W("A suggestion was answered"),
    Did.PACT_VERSION_MADE: W("A new version of the text was made"),
    Did.PACT_AGREED_BY: W("One side agreed to the text"),
    Did.PACT_AGREED: W("Both sides agreed to the same text"),
    Did.PACT_REOPENED: W("The agreed text was opened again; agreements and signatures are void"),
    Did.PACT_SIGNING_OPENED: W("The pact was opened for signature"),
    Did.PACT_SIGNED_BY: W("A party signed"),
    Did.PACT_SIGNED: W("Everybody had signed"),
    Did.PACT_SUSPENDED: W("The pact was suspended"),
    Did.PACT_RESUMED: W("The pact was resumed"),
    Did.PACT_CONCLUDED: W("The pact was concluded"),
    Did.PACT_TERMINATED: W("The pact was ended early"),
    Did.POOL_OPENED: W("A pool of support was opened"),
    Did.SUPPORT_ASKED: W("Support was asked for"),
    Did.SUPPORT_PROPOSED: W("An allocation was proposed"),
    Did.SUPPORT_APPROVED: W("An allocation was approved by a second person"),
    Did.SUPPORT_SENT_BACK: W("An allocation was sent back"),
    Did.SUPPORT_RELEASED: W("Reserved support was released"),
    Did.SUPPORT_COMMITTED: W("Support was committed by the last signature"),
    Did.SUPPORT_DELIVERED: W("Support was given"),
    Did.FENCE_SET: W("A fence was set"),
    Did.FENCE_MEASURED: W("A fence was measured"),
    Did.REPORT_SENT: W("A progress report was sent"),
    Did.REPORT_RETURNED: W("A progress report was sent back for changes"),
    Did.REPORT_VALIDATED: W("A progress report was accepted and made public"),
    Did.PAPER_ISSUED: W("A paper was sealed and issued"),
    Did.JOB_ASKED: W("A job was asked to run now"),
    Did.RECORD_RESTORED: W("The portal was restored from a backup"),
    Did.DENIED: W("Something was refused for lack of permission"),
}


def words_of(verb: str) -> str:
    """Return the act in the language of the page."""
    return str(WORDS.get(verb, verb))
