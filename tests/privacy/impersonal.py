"""Columns that hold words and say nothing about a person, table by table: looked at one by one.

Names of things, states, keys, hashes of secrets, rules and texts of the city, and what a group says in public
of what it does. Public text that somebody wrote may name a person all the same: it is hidden by moderation.
"""

from __future__ import annotations

IMPERSONAL: dict[str, str] = {
    "act": "verb subject actor_kind actor behalf facts canonical",
    "agreement": "side content_hash",
    "allocation": "subject row_key title kind what unit plan state reason sent_back_reason",
    "assessment": "scores",
    "ask": "kind what unit plan",
    "bounce": "status",
    "call": "ref state track title summary terms themes kinds zones leads source reason match_order",
    "match_award": "reason",
    "pledge": "source reference evidence actor",
    "pledge_check": "evidence",
    "case_note": "mentioned",
    "checkpoint": "root note",
    "commons": "slug kind title address district repository licence about",
    "comparison": "codes preferred reason",
    "delivery": "evidence",
    "desk_calendar": "token_hash",
    "desk_case": "code thing title words state step kind district office action action_values waits_on",
    "failed_item": "job item reason words",
    "fence": "subject row_key catalogue title sentence comparator unit frequency source",
    "follow": "what kind district token_hash",
    "held_decision": "state outcome reason source pact_class stopped_why",
    "job": "name calendar catch_up",
    "job_run": "job period state result outcome",
    "join_request": "subject",
    "kept_promise": "state note",
    "known_browser": "token_hash",
    "leaf": "hash",
    "letter": "key event subject_key language way link state",
    "letter_batch": "state",
    "mailed_link": "token_hash purpose next_path role",
    "mandate": "scope subject media_type",
    "measurement": "evidence",
    "meeting": "state title place agenda called_by reason minutes minuted_by",
    "meeting_answer": "side",
    "meeting_clause": "clause_id",
    "meeting_presence": "side",
    "membership_request": "outcome",
    "merge_offer": "state reason",
    "message": "key event subject_key language link state last_error kind topic goes calendar",
    "offered_commitment": "what unit per evidence",
    "offered_fence": "catalogue",
    "open_session": "token_hash",
    "opinion": (
        "office kind question state outcome reason prescriptions went_on_because file_hash token_hash"
    ),
    "organisation": "slug name kind summary plain_name tax_id register_number website hidden_reason",
    "outside_identity": "issuer assurance",
    "pact": (
        "code state proposal_code kind pact_class profile_version language title summary district agreed_hash"
    ),
    "pact_version": "canonical content_hash made_by_side note changed voided",
    "paper": "kind subject language edition code state content_hash json_hash unsigned_hash file_hash",
    "party": "row_key side kind name capacity",
    "passkey": "last_challenge",
    "person": "pseudonym",
    "photo": "file_hash small_hash alternative language credit licence",
    "pool": "slug kind name office unit",
    "pool_entry": "movement actor",
    "promise": "row_key side what unit per evidence",
    "proposal": (
        "code state language link_hash word_hash kind title summary address district repository "
        "licence about entered_for entered_ids conflicted_ids outline commons_slug particulars group_kind group_name contact_way touched "
        "saved_sections profile_version reason reason_source extension_reason"
    ),
    "proposal_photo": "file_hash small_hash alternative language licence",
    "received_mail": "mail_hash",
    "released_file": "file_hash",
    "rating": "sent_hash parts said",
    "record_cursor": "subscriber",
    "recovery_code": "code_hash",
    "report": "state language objectives actions results resources figures next_steps return_reason",
    "repository_check": "address",
    "residence_conflict": "way document_kind issuer assurance decision",
    "residency": "way document_kind issuer assurance state",
    "resident": "key_name",
    "role_grant": "role office",
    "search_entry": "key kind language district sort title about head words",
    "signature": "content_hash method",
    "remark": "clause_id side words",
    "suggestion": "clause_id side change row_before row_after comment state answer",
    "surplus": "basis clause why actor",
    "surplus_arrival": "bank_reference",
    "tally": "key",
    "tree_node": "hash",
    "census_file": "key_name state",
    "endorsement_change": "subject_key",
    "endorsement_count": "subject_key",
    "code_letter": "code_hash state",
    "endorsement": "subject_key",
    "helped_person": "pseudonym way",
    "observation_period": "subject_key extended_why",
    "connection": "code_hash",
    "help": "ended_how",
    "observation": (
        "answer answer_text code held_for hidden_for identity_how kind language photo_hash "
        "photo_small_hash state subject_key"
    ),
    "observation_report": "reason",
    "signed_scan": "file_hash media",
    "sent_invitation": "subject token_hash outcome",
    "server": (
        "ref subject title state plan region domain backup_by backup_every exit_what exit_format address reason"
        " certificate"
    ),
    "server_attempt": "trouble",
    "server_call": "message_id content_hash type outcome answer",
    "server_change": "plan why outcome reason",
    "server_hook": "address_hash",
    "server_message": "message_id type state",
    "server_note": "side",
    "server_step": "step evidence side",
    "server_usage": "source",
    "share": "subject",
}
