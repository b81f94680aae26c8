"""What every table shares: instants in UTC, numbers that are large enough, and the version of a root."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, DateTime, Integer, MetaData, TypeDecorator, literal
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import ColumnElement, Dialect

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: stored in UTC, always aware when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time: nobody knows which instant it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "an instant needs its time zone"
            raise ValueError(msg)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Return what reads the instant in UTC; one call a value, for lists have hundreds of them."""
        read = self.impl_instance.dialect_impl(dialect).result_processor(dialect, coltype)

        def instant(value: Any) -> datetime | None:
            if value is None:
                return None
            if type(value) is str:
                # As SQLite keeps it: UTC, and without saying so.
                return datetime.fromisoformat(f"{value}+00:00")
            found: datetime = read(value) if read else value  # type: ignore[assignment] # None is none
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)

        return instant


# Cents of a large city pass 32 bits; SQLite gives automatic numbers to INTEGER keys only.
BigNumber = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    """The mother of all tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UtcDateTime, int: BigNumber}  # noqa: RUF012 - SQLAlchemy reads it from the class


class Versioned:
    """A root whose lost race is a 409, not a lost write: every UPDATE checks the version it read."""

    version_id: Mapped[int] = mapped_column(Integer, nullable=False, default=1)
    __mapper_args__ = {"version_id_col": version_id}  # noqa: RUF012 - SQLAlchemy reads it from the class


def among(column: Any, values: Iterable[str]) -> ColumnElement[bool]:
    """Say that a column has one of these, in a statement that is put together once and asked at every page.

    A list given to in_() as it is might be longer the next time, so it is written out anew at each asking.
    """
    found: ColumnElement[bool] = column.in_([literal(value) for value in values])
    return found
