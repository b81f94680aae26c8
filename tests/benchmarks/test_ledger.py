"""A ledger of a million rows through the real pages: no page costs more than over twenty thousand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal import clock, db
from portal.support import queries
from portal.web import kept
from tests.benchmarks import ledger, measuring
from tests.benchmarks.figures import Figure, Figures
from tests.browser import Browser

pytestmark = [pytest.mark.benchmark, pytest.mark.usefixtures("anew")]
FEW, MANY, FLAT, LEVELS = 20_000, 1_000_000, 1.10, 1.35
DESK, DETAIL = 10, 6


def _paths(rows: int) -> dict[str, int]:
    """Return the pages with the most queries each may ask."""
    year, early = clock.today().year, ledger.first_day() + timedelta(days=40)
    middle, pool, machines = year - 1, f"pools/{year}/main", f"pools/{year}/machines"
    deep = ledger.FIRST * ledger.STEPS + rows - rows // 12
    day = f"{middle}-06-15"
    desk = {"pools": DESK, pool: DESK, f"{pool}?before={deep}": DESK}
    desk |= {f"pools/{middle}/main?as_of={day}": DESK, f"pools/{early.year}/main?as_of={early}": DESK}
    money = {
        "": 4, f"?as_of={day}": 4, f"?as_of={early}": 4, "?district=navile": 4,
        f"/{pool}": DETAIL, f"/{pool}?before={deep}": DETAIL, f"/pools/{middle}/main?as_of={day}": DETAIL,
        f"/pools/{early.year}/main?as_of={early}": DETAIL,
        f"/{machines}": DETAIL, f"/{machines}?before={ledger.MACHINES + rows}": DETAIL,
        "/rows": 4, f"/rows?before={ledger.FIRST + rows // 8}": 4, "/rows?district=navile": 4,
        f"/rows?as_of={day}": 4, f"/rows?year={early.year}": 4, f"/rows?district=savena&as_of={early}": 4,
    }  # fmt: skip
    return {f"/en/desk/{one}": most for one, most in desk.items()} | {
        f"/en/money{one}": most for one, most in money.items()
    }


def _costs(app: Any, cookie: str, rows: int) -> dict[str, tuple[int, int]]:
    """Return how many statements each page sends and what they cost, in an order that is always the same."""
    count = measuring.vm_steps if db.database().is_sqlite else measuring.buffers
    found = {}
    for path in _paths(rows):
        call = measuring.caller(app, path, Cookie=cookie)
        status, body, _ = call()
        assert status == 200, (path, body[:500])
        with measuring.asked() as asked:
            call()
        found[path] = (len(asked), count(call))
    return found


@pytest.mark.parametrize("both", ["sqlite", "postgres"], indirect=True)
def test_a_million_rows_cost_no_page_more(
    both: db.Database, one_app: Any, config: Any, cast: Any, figures: Figures
) -> None:
    one_app.config["PORTAL"] = config
    kept.forget()
    officer = Browser(one_app)
    officer.sign_in(cast.person("giulia").email)
    sent = officer.client.get_cookie(one_app.config["SESSION_COOKIE_NAME"])
    assert sent is not None
    cookie, name = f"{sent.key}={sent.value}", "SQLite" if both.is_sqlite else "PostgreSQL"
    ledger.fill(FEW)
    small = _costs(one_app, cookie, FEW)
    ledger.clear()
    ledger.fill(MANY)
    with db.reading() as session:
        pool = session.scalars(queries.pool(clock.today().year, "main")).one()
        assert queries.balances()[pool.id] == queries.balances_on(clock.today(), [pool.id])[pool.id]
        assert queries.held_in(pool.id) == (pool.reserved, pool.committed, pool.delivered)
    large, unit = _costs(one_app, cookie, MANY), "steps" if both.is_sqlite else "buffers"
    calls = {path: measuring.caller(one_app, path, Cookie=cookie) for path in _paths(MANY)}
    cpu = measuring.ratios({"bare": measuring.caller(measuring.bare()), **calls}, rounds=3)
    grown = {}
    for (path, most), (asked, cost), (_, before) in zip(
        _paths(MANY).items(), large.values(), small.values(), strict=True
    ):
        grown[path] = cost / before
        figures.add(Figure(path, asked, "queries", most, name, MANY))
        figures.add(Figure(f"{path}: {cost:,} {unit}", grown[path], f"× {FEW:,} rows", FLAT, name, MANY))
        figures.add(Figure(path, cpu[path], "× bare", None, name, MANY))
    # Steps have no noise. Buffers grow by a page with each level of an index, and a row may lie on another page.
    allowed = FLAT if both.is_sqlite else LEVELS
    assert not {path: one for path, one in grown.items() if one > allowed}
