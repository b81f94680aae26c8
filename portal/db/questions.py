"""Questions that never change, asked as the driver takes them: written out once, answers read by column.

The engine's way to a row costs twenty times what SQLite takes to find it, and a page asks several questions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.engine.row import Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import CompoundSelect, Dialect, Select

    Statement = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]

NO_VALUES: Mapping[str, Any] = {}


def ask(driver: Any, words: str, given: Any = ()) -> Any:
    """Send a question through the driver: the one door past the engine, at which tests count."""
    return driver.execute(words, given)


class Question:
    """A select in the words of one database, with how its parameters and its columns are read."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        written = statement.compile(dialect=dialect)
        self.dialect, self.words = dialect, str(written)
        # What is written out anew for each value is left to the engine.
        self.is_constant = not (written.post_compile_params or written.literal_execute_params)
        self._keys = list(statement.selected_columns.keys())
        self._types = [column.type.dialect_impl(dialect) for column in statement.selected_columns]
        self._places = tuple(written.positiontup or ()) if written.positional else None
        self._binds = [
            (name, bind, bind.type.dialect_impl(dialect).bind_processor(dialect))
            for bind, name in written.bind_names.items()
        ]
        self._reading: tuple[Any, Any, Any] | None = None

    def rows(self, driver: Any, parameters: Mapping[str, Any]) -> Sequence[Row[*tuple[Any, ...]]]:
        """Return the rows, as the engine would."""
        answer = ask(driver, self.words, self._given(parameters))
        found = answer.fetchall()
        if self._reading is None:
            self._reading = self._read_as(answer.description)
        meta, processors, places = self._reading
        return [Row(meta, processors, places, values) for values in found]

    def _given(self, parameters: Mapping[str, Any]) -> Any:
        values = {}
        for name, bind, process in self._binds:
            key = bind.key
            value = parameters[key] if key in parameters or bind.required else bind.effective_value
            values[name] = value if process is None else process(value)
        return values if self._places is None else [values[name] for name in self._places]

    def _read_as(self, described: Sequence[Any]) -> tuple[Any, Any, Any]:
        # Some types are read by what the server says they are, which it says with the first answer.
        columns = zip(self._types, described, strict=True)
        processors = [one.result_processor(self.dialect, column[1]) for one, column in columns]
        meta = SimpleResultMetaData(self._keys, _processors=processors)
        places = {key: place for place, key in enumerate(self._keys)}
        return meta, processors if any(processors) else None, places


_known: WeakKeyDictionary[Statement, dict[Dialect, Question]] = WeakKeyDictionary()


def constant(statement: Statement, dialect: Dialect) -> Question | None:
    """Return the question written out, from the second time that this same statement is asked; else None.

    One that was put together for a page alone is not written out for it.
    """
    known = _known.get(statement)
    if known is None:
        _known[statement] = {}
        return None
    found = known.get(dialect)
    if found is None:
        found = known[dialect] = Question(statement, dialect)
    return found if found.is_constant else None
