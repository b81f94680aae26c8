"""What was made under older rules keeps them: its clock, its clauses and what is checked before agreeing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from portal import city
from portal.city import files
from portal.pacts.lint import lint
from portal.pacts.standing import profile_named
from portal.proposals import answering_clock
from tests.pacts.test_clauses import GARDEN, text_of

OLD, NEW = "bologna/2023/2023-01-01", "bologna/2026/2026-07-01"


@pytest.fixture
def _two_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path / "bologna"
    shutil.copytree(files.CITIES / "bologna", folder)
    new = folder / "2026-07-01"
    shutil.copytree(folder / "2023-01-01", new)
    rules = (new / "regulation.toml").read_text(encoding="utf-8")
    for old, other in (
        ('regulation = "2023"', 'regulation = "2026"'),
        ("valid_from = 2023-01-01", "valid_from = 2026-07-01"),
        ("[clocks.examination]\ndays = 30", "[clocks.examination]\ndays = 20"),
        ("longest_years = 9", "longest_years = 2"),
    ):
        assert old in rules
        rules = rules.replace(old, other)
    (new / "regulation.toml").write_text(rules, encoding="utf-8")
    words = (new / "clauses.en.toml").read_text(encoding="utf-8")
    (new / "clauses.en.toml").write_text(
        words.replace('"Final provisions"', '"Last words"'), encoding="utf-8"
    )
    monkeypatch.setattr(files, "CITIES", tmp_path)
    city.profile.cache_clear()
    yield
    city.profile.cache_clear()


@pytest.mark.usefixtures("_two_versions")
def test_what_was_made_under_older_rules_keeps_them() -> None:
    assert city.check("bologna", files.CITIES / "bologna") == []
    assert city.versions("bologna") == ("2023-01-01", "2026-07-01")
    # Whatever begins today is made under the newest.
    assert city.profile("bologna").version_key == NEW

    def last_day(version: str) -> date | None:
        sent = SimpleNamespace(
            state="submitted",
            submitted_at=datetime(2026, 11, 3, 9, tzinfo=UTC),
            decided_at=None,
            noticed_at=None,
            replied_at=None,
            extended_at=None,
            supplements=[],
            profile_version=version,
        )
        return answering_clock.last_day(sent)  # type: ignore[arg-type]

    assert (last_day(OLD), last_day(NEW)) == (date(2026, 12, 3), date(2026, 11, 23))
    old, new = profile_named(OLD), profile_named(NEW)
    assert old.clause("final").heading["en"] == "Final provisions"
    assert new.clause("final").heading["en"] == "Last words"
    text = text_of(GARDEN)  # three years long
    assert "too_long" not in {one.code for one in lint(text, old)}
    assert "too_long" in {one.code for one in lint(text, new)}
