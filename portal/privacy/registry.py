"""The registry of what is kept about people: whose each row is, and what erasing does with it.

Which columns are personal stands beside each column; this page adds, table by table, how its rows lead to a
person. Download, erasure and the keeping times are all driven by it, so nothing is forgotten in one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, false, literal, or_, select

from portal import crypto
from portal.db import Base
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlalchemy import Column, ColumnElement, Select, Table

PERSONAL = "personal"


class Erase(StrEnum):
    """What erasing does with a person's rows of a table."""

    ROW = "row"  # the row goes
    EMPTY = "empty"  # what is personal in it is emptied, the rest stays


class Hold(StrEnum):
    """Why a row must be kept for a while although its person asked for erasure."""

    NONE = ""
    CASE = "case"  # a procedure that is open, or whose appeals are not over
    PACT = "pact"  # an agreement that binds, or whose claims are not over
    BOOKS = "books"  # what shows where public money went


@dataclass(frozen=True, slots=True)
class Held:
    """One table that holds personal data.

    `owner` leads from a row to the person, column by column over foreign keys ("proposal_id.person_id");
    where the key stands in another table it is named first ("residency.resident_id>person_id"). `address`
    leads in the same way to the address of people without an account, `case` names the column with the key of
    the case. `values` says what stands in a column afterwards where nothing cannot; a function makes it anew
    for each row. `secret` columns are handed out to nobody; what `stays` was said in public, or by the city,
    and is handed out but not erased. Without any of the ways, nobody is found in it.
    """

    table: str
    what: W
    owner: str = ""
    address: str = ""
    case: str = ""
    erase: Erase = Erase.EMPTY
    hold: Hold = Hold.NONE
    values: Mapping[str, object | Callable[[], object]] = field(default_factory=dict)
    secret: frozenset[str] = frozenset()
    stays: frozenset[str] = frozenset()


# What stands where a name was: the same in every language.
GONE = "—"


def _unknown() -> str:
    return crypto.sha256_hex(crypto.new_token().encode())


def _nowhere() -> str:
    return f"{crypto.new_code(16).lower()}@erased.invalid"


_OWN = "person_id"
_CASE = "proposal_id.person_id"
# What stands where a birthday was.
NO_DAY = date(1900, 1, 1)
_DASH = {"reason": GONE}
# Children before their parents: erased in this order, no row refers to one that is gone.
REGISTRY: tuple[Held, ...] = (
    Held(
        "code_app",
        W("The app of your second step"),
        _OWN,
        erase=Erase.ROW,
        secret=frozenset({"sealed_secret"}),
    ),
    Held("passkey", W("Your passkeys"), _OWN, erase=Erase.ROW, secret=frozenset({"last_challenge"})),
    Held("recovery_code", W("Your recovery codes, as hashes"), _OWN, erase=Erase.ROW),
    Held("known_browser", W("Browsers that you signed in with"), _OWN, erase=Erase.ROW),
    Held(
        "open_session",
        W("Where you are signed in"),
        _OWN,
        erase=Erase.ROW,
        secret=frozenset({"content"}),
    ),
    Held("mailed_link", W("Links that were mailed to you"), _OWN, address="email", erase=Erase.ROW),
    Held("outside_identity", W("Your sign-in with another service"), _OWN, erase=Erase.ROW),
    Held("desk_view", W("Views of the desk that you keep"), _OWN, erase=Erase.ROW),
    Held("absence", W("When you are away from the desk"), _OWN, erase=Erase.ROW),
    Held("suspension", W("Why your account was suspended"), _OWN, values=_DASH),
    Held("follow", W("What you follow"), "reader_id.person_id", "reader_id.address", erase=Erase.ROW),
    Held("reader", W("How you read news"), _OWN, "address", erase=Erase.ROW),
    Held("bounce", W("That mail to you came back"), address="address", erase=Erase.ROW),
    Held(
        "letter",
        W("Letters to you"),
        case="subject_key",
        values={"addressee": GONE, "postal": GONE, "title": GONE, "body": GONE},
        secret=frozenset({"sealed_secret"}),
    ),
    # Of no single person: what is in these is destroyed by its own keeping time.
    Held("letter_batch", W("Letters that wait to be posted"), secret=frozenset({"sealed_pdf"})),
    Held("failed_item", W("Why staff left something undone")),
    Held("message", W("Messages to you"), _OWN, address="address", erase=Erase.ROW),
    Held("residence_conflict", W("Two accounts with your document"), "claimant_id", values=_DASH),
    Held(
        "resident",
        W("Your document, as a keyed hash"),
        "residency.resident_id>person_id",
        values={"document_hash": _unknown},
        secret=frozenset({"document_hash"}),
    ),
    Held("residency", W("That you live in the city, and how that was shown"), _OWN),
    Held("code_letter", W("Letters with a code that you asked for"), _OWN, erase=Erase.ROW),
    # Of no single person until somebody shows the document: see the rows of residents.
    Held("census_entry", W("The city's list of residents, as keyed hashes")),
    Held(
        "helped_person",
        W("How the counter knows and reaches you"),
        _OWN,
        values={"name": GONE, "name_key": GONE, "postal": GONE, "born_on": NO_DAY, "language": "en"},
    ),
    Held("signed_scan", W("What you signed on paper"), _CASE, erase=Erase.ROW, hold=Hold.CASE),
    Held(
        "observation",
        W("Your observations: the name and address beside them"),
        _OWN,
        "email",
        values={"contest": GONE},
        stays=frozenset({"text", "photo_words", "hidden_why", "decided_why"}),
    ),
    Held("sent_invitation", W("Invitations to you"), _OWN, "email", erase=Erase.ROW),
    Held("membership_request", W("What you wrote to groups you asked to join"), _OWN),
    Held(
        "organisation_check",
        W("How the city checked that you represent a group"),
        "mandate_id.person_id",
        values={"source": GONE},
    ),
    Held("mandate", W("For whom you may sign"), _OWN, values={"decided_by": GONE}),
    Held("organisation", W("The contact of a group, where it is yours"), address="contact_email"),
    Held(
        "interest_statement",
        W("What you stated about conflicts of interest"),
        _OWN,
        values={"which": GONE},
    ),
    Held(
        "venture_interest",
        W("What you stated about your interest in groups of a track"),
        _OWN,
        values={"which": GONE},
    ),
    Held("case_note", W("Notes that you wrote for colleagues"), "author_id", values={"words": GONE}),
    Held("opinion", W("Links to answer a question of the city, sent to you"), address="address"),
    Held(
        "received_mail", W("What you wrote about a proposal by mail"), _CASE, erase=Erase.ROW, hold=Hold.CASE
    ),
    Held(
        "backer",
        W("Your name beside a pledge to a project"),
        address="email",
        values={"name": ""},
    ),
    Held("join_request", W("What you wrote to another group"), "asked_by_id.person_id"),
    Held("proposal_photo", W("Whose pictures they are"), "proposal_id.person_id"),
    Held(
        "server_admin",
        W("That you run a server which the city gives"),
        address="email",
        erase=Erase.ROW,
        secret=frozenset({"public_key"}),
    ),
    Held("server_note", W("What you wrote about a server"), "author_id", values={"words": GONE}),
    # Of no single person: emptied as soon as it has arrived.
    Held("server_message", W("Messages to the machines of servers"), secret=frozenset({"payload"})),
    Held("legal_message", W("What you wrote about questions of law"), _OWN, values={"words": GONE}),
    Held("legal_file", W("Documents that you gave about questions of law"), _OWN, values={"title": GONE}),
    Held("legal_sheet", W("Guides to questions of law that you answered"), _OWN, values={"answers": dict}),
    Held("meeting_answer", W("Whether you come to meetings"), _OWN, erase=Erase.ROW),
    Held("meeting_presence", W("Meetings at which you were"), _OWN, values={"name": GONE}),
    Held("signature", W("Your signatures"), _OWN, hold=Hold.PACT, values={"signer_name": GONE}),
    Held(
        "payee",
        W("The account to which your money goes"),
        "party_person_id",
        hold=Hold.BOOKS,
        values={"holder": GONE, "sealed_account": "", "ending": ""},
        secret=frozenset({"sealed_account"}),
    ),
    Held(
        "cost_line",
        W("Costs that you handed in"),
        "statement_id.plan_id.party_person_id",
        hold=Hold.BOOKS,
        values={"what": GONE, "supplier": GONE, "receipt_number": GONE},
    ),
    # Of no single person: the accounts that were paid together, sealed.
    Held("payment_batch", W("Files of payments"), secret=frozenset({"sealed_file"})),
    Held("party", W("How you are named as a party of a pact"), _OWN, hold=Hold.PACT),
    Held(
        "supplement",
        W("What the city asked you, and your answers"),
        "proposal_id.person_id",
        hold=Hold.CASE,
        values={"request": GONE, "answer": GONE},
    ),
    Held("proposal", W("How the city reaches you about a proposal"), _OWN, "contact_email", hold=Hold.CASE),
    Held(
        "person",
        W("Your account"),
        "id",
        values={"name": GONE, "email": _nowhere, "password_hash": "!", "language": "en"},
        secret=frozenset({"password_hash"}),
    ),
)
BY_TABLE = {one.table: one for one in REGISTRY}


def table(held: Held) -> Table:
    """Return the table of an entry."""
    found: Table = Base.metadata.tables[held.table]
    return found


def personal_columns(found: Table) -> list[Column[Any]]:
    """Return the columns of a table that say of themselves that they are personal."""
    return [column for column in found.columns if column.info.get(PERSONAL)]


def belongs_to(held: Held, person_id: int) -> ColumnElement[bool]:
    """Return the condition under which a row of the entry is this person's."""
    if not held.owner:
        return false()
    if ">" not in held.owner:
        return _leads_to(table(held), held.owner.split("."), person_id)
    key, _, path = held.owner.partition(">")
    name, _, column = key.partition(".")
    between = Base.metadata.tables[name]
    led = select(between.columns[column]).where(_leads_to(between, path.split("."), person_id))
    return table(held).columns["id"].in_(led)


def _leads_to(found: Table, path: list[str], value: object) -> ColumnElement[bool]:
    column = found.columns[path[0]]
    if len(path) == 1:
        return column == value
    (key,) = column.foreign_keys
    target = key.column.table
    return column.in_(select(key.column).where(_leads_to(target, path[1:], value)))


def written_to(held: Held, email: str) -> ColumnElement[bool]:
    """Return the condition under which a row of the entry is about this address."""
    if not held.address or not email:
        return false()
    return _leads_to(table(held), held.address.split("."), email)


def about_cases_of(held: Held, person_id: int) -> ColumnElement[bool]:
    """Return the condition under which a row is about a proposal of this person."""
    if not held.case:
        return false()
    proposal = Base.metadata.tables["proposal"]
    own = select(literal("proposal:") + proposal.c.code).where(proposal.c.person_id == person_id)
    return table(held).columns[held.case].in_(own)


def rows(held: Held, person_id: int, email: str = "") -> Select[Any]:
    """Select a person's rows of an entry, by account and by address, with every column."""
    found = table(held)
    ways = belongs_to(held, person_id), about_cases_of(held, person_id), written_to(held, email)
    return select(found).where(or_(*ways))


def emptied(held: Held, columns: Iterable[Column[Any]]) -> dict[str, object]:
    """Return what stands in each personal column after it was emptied."""
    return {one.name: _value(held, one) for one in columns if one.name not in held.stays}


def _value(held: Held, column: Column[Any]) -> object:
    if column.name not in held.values:
        return _nothing(column)
    given = held.values[column.name]
    return given() if callable(given) else given


def _nothing(column: Column[Any]) -> object:
    if column.nullable:
        return None
    return {} if isinstance(column.type, JSON) else column.type.python_type()
