"""An account and its roles as pages ask about them, whether they were loaded whole or read as rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from portal.policy import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row


class AccountLike(Protocol):
    """Somebody with an account: a loaded person, or the one that a session's row names."""

    @property
    def id(self) -> Any:
        """Return the number of the account."""

    @property
    def pseudonym(self) -> Any:
        """Return the name that the record knows."""

    @property
    def grants(self) -> Any:
        """Return the roles."""


class HeldRole:
    """What is asked of a role; whoever is one names its columns."""

    if TYPE_CHECKING:
        role: Any
        starts_at: Any
        until: Any

    def is_valid(self, at: datetime) -> bool:
        """Say whether the role is held at this instant."""
        found: bool = self.starts_at <= at and (self.until is None or at < self.until)
        return found

    def as_role(self) -> Role:
        """Return the role."""
        return Role(self.role)


class AnAccount:
    """What is asked of an account, by the instants that stand in it."""

    if TYPE_CHECKING:
        suspended_at: Any
        erased_at: Any
        password_set_at: Any

    @property
    def is_active(self) -> bool:
        """Say whether the account may be used."""
        return self.suspended_at is None and self.erased_at is None

    @property
    def password_stamp(self) -> str:
        """Return what a session keeps of the password it was opened with: when that was chosen, no more."""
        return self.password_set_at.isoformat() if self.password_set_at else ""


@dataclass(frozen=True, slots=True)
class RoleRow(HeldRole):
    """A role of the account that a session names."""

    role: str
    starts_at: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Account(AnAccount):
    """The account that a session names: enough to say who is acting, and nothing that could be changed."""

    id: int
    pseudonym: str
    name: str
    suspended_at: datetime | None
    erased_at: datetime | None
    password_set_at: datetime | None
    grants: tuple[RoleRow, ...]


def account_of(rows: Sequence[Row[Any]]) -> Account | None:
    """Return the account of a session's rows, of which there is one for each role; None for a visitor's."""
    first = rows[0]
    if first.id is None:
        return None
    held = tuple(RoleRow(one.role, one.starts_at, one.until) for one in rows if one.role is not None)
    return Account(
        first.id,
        first.pseudonym,
        first.name,
        first.suspended_at,
        first.erased_at,
        first.password_set_at,
        held,
    )
