"""No page asks the database more than its budget, and no list costs more where there are ten times the rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jinja2 import meta

from portal import db, models
from portal.front import sitemap
from portal.web import kept, parts
from tests.benchmarks import generator, measuring
from tests.benchmarks.generator import Size
from tests.browser import Browser
from tests.conftest import CAST
from tests.counting import counting
from tests.front.conftest import World

LIST, DETAIL, PACT, TEXT, DESK = 4, 6, 10, 1, 10
# Addresses of the small city; {in_force} stands for a code. Whoever adds a public page adds it here.
PUBLIC = {
    "/en/": DETAIL,
    "/en/pacts": LIST,
    "/en/pacts?kind=place": LIST,
    "/en/pacts?kind=place&district=navile&state=co_design": LIST,
    "/en/pacts?state=in_force": LIST,
    "/en/pacts?before=5": LIST,
    "/en/proposals": LIST,
    "/en/proposals?kind=software&district=savena": LIST,
    "/en/pacts/{in_force}": PACT,
    "/en/pacts/{co_design}": PACT,
    "/en/pacts/{in_force}/history": PACT,
    "/en/pacts/{in_force}/versions/1": PACT,
    "/en/pacts/{in_force}/reports": PACT,
    "/en/proposals/{submitted}": DETAIL,
    "/en/proposals/{submitted}/observations": LIST,
    "/en/pacts/{in_force}/observations": LIST,
    "/en/observations": LIST,
    "/en/verify": LIST,
    "/en/verify?code=AAAAAAAAAA": LIST,
    "/en/service": LIST,
    "/en/service?year=2025": LIST,
    "/en/service.csv": LIST,
    "/en/money": LIST,
    "/en/money?year=2026&kind=funding&district=navile&as_of=2026-01-31": LIST,
    "/en/money.csv": LIST,
    "/en/money/flow": LIST,
    "/en/money/flow?as_of=2026-01-31": LIST,
    "/en/money/flow.csv": LIST,
    "/en/money/rows": LIST,
    "/en/money/rows?before=5&kind=funding": LIST,
    "/en/money/rows?pact={in_force}": LIST,
    "/en/money/decisions/1": DETAIL,
    "/en/money/benefits": LIST,
    "/en/money/pools/2026/test-funding": DETAIL,
    "/en/money/pools/2026/test-server": DETAIL,
    "/en/money/pools/2026/test-server?before=9&as_of=2026-01-31": DETAIL,
    "/en/about": TEXT,
    "/en/privacy": TEXT,
    "/en/accessibility": TEXT,
}
STAFF = {"/en/desk": DESK, "/en/desk?who=unassigned&state=checking": DESK, "/en/desk/pools": DESK}
FLAT = 1.10


@pytest.fixture(autouse=True)
def _anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_PAGES", 0)
    monkeypatch.setattr(parts, "MOST_STANDING", 0)


@pytest.mark.parametrize(("path", "most"), PUBLIC.items())
def test_a_public_page_asks_little(app: Any, world: World, path: str, most: int) -> None:
    with counting() as asked:
        answer = app.test_client(use_cookies=False).get(path.format(**world.codes))
    assert answer.status_code in {200, 404}
    assert len(asked) <= most, "\n\n".join(asked)


@pytest.mark.parametrize(("path", "most"), STAFF.items())
def test_a_page_of_staff_asks_little(app: Any, world: World, path: str, most: int) -> None:
    officer = Browser(app)
    officer.sign_in(CAST["giulia"][1])
    with counting() as asked:
        assert officer.get(path).status_code == 200
    assert len(asked) <= most, "\n\n".join(asked)


def _city(folder: Path, world: World, proposals: int) -> db.Database:
    codes = {name: code for name, code in world.codes.items() if name in {*generator.SHARES, "submitted"}}
    source = db.Database(f"sqlite:///{world.file}")
    target = db.Database(f"sqlite:///{folder / f'{proposals}.db'}")
    models.metadata.create_all(target.engine)
    generator.fill(source, target, Size(proposals, with_texts=False), codes)
    source.close()
    return target


@pytest.fixture(scope="module")
def cities(
    world: World, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[db.Database, db.Database]]:
    """The small city ten times, and a hundred times."""
    folder = tmp_path_factory.mktemp("cities")
    found = _city(folder, world, 200), _city(folder, world, 2_000)
    yield found
    for one in found:
        one.close()


@pytest.mark.parametrize(
    "path",
    [
        "/en/pacts",
        "/en/pacts?kind=place",
        "/en/pacts?kind=place&district=navile",
        "/en/pacts?kind=place&district=navile&state=concluded",
        "/en/pacts?before=200000",
        "/en/proposals",
        "/en/proposals?kind=place",
        "/en/proposals?kind=place&district=navile",
        "/en/proposals?kind=data_set&district=porto-saragozza",
        "/en/about",
    ],
)
def test_a_list_costs_the_same_with_ten_times_the_rows(
    app: Any, cities: tuple[db.Database, db.Database], path: str
) -> None:
    _costs_the_same(app, cities, path)


# Sixty days on, what was signed has begun; eleven years on, it has ended.
@pytest.mark.parametrize(
    ("path", "days"),
    [
        (f"/en/pacts?state={state}{more}", days)
        for state, days in (("signed", 60), ("ended", 4000))
        for more in ("", "&kind=place", "&kind=place&district=navile")
    ],
)
def test_what_the_calendar_did_costs_the_same(
    app: Any, cities: tuple[db.Database, db.Database], move_clock: Any, path: str, days: int
) -> None:
    move_clock(timedelta(days=days))
    _costs_the_same(app, cities, path)


# The index itself names a file for each stretch of numbers, and these cities' numbers are far apart.
@pytest.mark.parametrize("path", ["/sitemaps/proposals-5.xml", "/sitemaps/pacts-1.xml"])
def test_a_file_of_the_sitemap_costs_the_same(
    app: Any, cities: tuple[db.Database, db.Database], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(sitemap, "MOST", 20)
    _costs_the_same(app, cities, path)


def _costs_the_same(app: Any, cities: tuple[db.Database, db.Database], path: str) -> None:
    steps, cards = [], []
    for city in cities:
        db.use(city)
        call = measuring.caller(app, path)
        cards.append(call()[1].count(b'class="card"'))
        steps.append(measuring.vm_steps(call))
    assert cards[0] <= cards[1]
    # A list that was not full may become full, and no more.
    allowed = FLAT if cards[0] == cards[1] else FLAT * (cards[1] + 2) / (cards[0] + 1)
    assert steps[1] <= steps[0] * allowed, (steps, cards)


@pytest.mark.parametrize("name", sorted(path.name for path in Path("templates/macros").glob("*.html")))
def test_macros_ask_for_nothing_but_what_every_page_has(app: Any, name: str) -> None:
    # They are read once for all pages: see portal/web/macros.py.
    source = Path("templates/macros", name).read_text(encoding="utf-8")
    asked = meta.find_undeclared_variables(app.jinja_env.parse(source)) - {"address"}
    assert asked <= set(app.jinja_env.globals)
