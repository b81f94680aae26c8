"""One row for each thing that can be found, and the database's own index over its words.

The index follows the rows by itself: triggers keep SQLite's FTS5 table, a generated column PostgreSQL's
tsvector. So a restored or moved city finds what it found before.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base

# The name of the FTS5 table, of the tables it keeps beside itself, and of PostgreSQL's column.
INDEX = "search_words"


class Entry(Base):
    """What is shown of a thing that was found, and the words it is found by.

    `head` holds the forms of its title, `words` all of them with its filters, parted by blanks.
    """

    __tablename__ = "search_entry"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('proposal', 'pact', 'commons', 'organisation', 'call', 'money')", name="known_kind"
        ),
        CheckConstraint("words <> ''", name="has_words"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(5))
    district: Mapped[str] = mapped_column(String(60), default="")
    sort: Mapped[str] = mapped_column(String(30), default="")
    at: Mapped[datetime]
    title: Mapped[str] = mapped_column(String(160))
    about: Mapped[str] = mapped_column(String(400), default="")
    head: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(Text)


def is_index(name: str | None) -> bool:
    """Say whether a table, column or index belongs to the database's own index, which no model describes."""
    return name is not None and name.startswith((INDEX, f"ix_{INDEX}"))


def index_ddl(dialect: str) -> list[str]:
    """Return the statements that make the index and let it follow the rows."""
    return _fts5() if dialect == "sqlite" else _tsvector()


def _fts5() -> list[str]:
    # Words come folded: beyond ASCII every sign belongs to a word. Ranks and phrases are not asked for.
    options = "content='search_entry', content_rowid='id', detail=none, columnsize=0, tokenize='ascii'"
    add = f"INSERT INTO {INDEX}(rowid, words) VALUES (new.id, new.words);"  # noqa: S608 - its own names
    take = f"INSERT INTO {INDEX}({INDEX}, rowid, words) VALUES ('delete', old.id, old.words);"  # noqa: S608
    return [
        f"CREATE VIRTUAL TABLE {INDEX} USING fts5(words, {options})",
        f"CREATE TRIGGER {INDEX}_added AFTER INSERT ON search_entry BEGIN {add} END",
        f"CREATE TRIGGER {INDEX}_dropped AFTER DELETE ON search_entry BEGIN {take} END",
        f"CREATE TRIGGER {INDEX}_changed AFTER UPDATE ON search_entry BEGIN {take} {add} END",
    ]


def _tsvector() -> list[str]:
    made = "array_to_tsvector(string_to_array(words, ' '))"
    return [
        f"ALTER TABLE search_entry ADD COLUMN {INDEX} tsvector GENERATED ALWAYS AS ({made}) STORED",
        # Without a list of what waits, a search costs the same before and after a clean-up.
        f"CREATE INDEX ix_{INDEX} ON search_entry USING gin ({INDEX}) WITH (fastupdate = off)",
    ]


def _index(_target: object, connection: Any, **_options: object) -> None:
    for statement in index_ddl(connection.dialect.name):
        connection.exec_driver_sql(statement)


event.listen(Base.metadata.tables["search_entry"], "after_create", _index)
