"""The second factors of people: an app with codes, passkeys, and codes on paper for when both are lost."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class CodeApp(Base):
    """The secret shared with a person's app (RFC 6238), sealed under the portal's secret key."""

    __tablename__ = "code_app"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    sealed_secret: Mapped[str] = mapped_column(Text, info={"personal": "second step of signing in"})
    # The stretch of thirty seconds whose code was taken last: neither it nor an older one is taken again.
    last_step: Mapped[int] = mapped_column(default=0)
    added_at: Mapped[datetime]


class Passkey(Base):
    """A key pair whose private half stays in a person's device (WebAuthn)."""

    __tablename__ = "passkey"
    __table_args__ = (
        CheckConstraint("sign_count >= 0", name="counts_from_nought"),
        Index("ix_passkey_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True, info={"personal": "tells a device"})
    public_key: Mapped[bytes] = mapped_column(LargeBinary, info={"personal": "second step of signing in"})
    sign_count: Mapped[int] = mapped_column(default=0)
    # The hash of the question answered last: with it the database lets an answer count once.
    last_challenge: Mapped[str] = mapped_column(String(64), default="")
    name: Mapped[str] = mapped_column(String(60), info={"personal": "what the person calls the device"})
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One of ten codes to keep on paper; each opens once."""

    __tablename__ = "recovery_code"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    used_at: Mapped[datetime | None]
