"""The figures of one pact's support as every page and every file tells them, read to be compared."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.journeys.supporting import Supporting
    from tests.journeys.window import Window

GIVEN = ("Promised", "Given")
WORTH = ("Worth of the promise", "Worth of what was given")
FIGURES = ("In all", "Kept aside", "Promised by signature", "Given", "Left")
GIVEN_SO_FAR = "main section dt:text-is('Given so far') + dd"
CELLS = "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
FACTS = (
    "all => Object.fromEntries(all.map(dt => [dt.innerText.trim(), dt.nextElementSibling.innerText.trim()]))"
)


@dataclass(frozen=True)
class Figure:
    """What is promised and given: in the unit of its kind, and as it is worth in money."""

    promised: Decimal
    given: Decimal
    worth_promised: Decimal
    worth_given: Decimal


def number(text: str) -> Decimal:
    """Return the figure that the first line of a text says: “€ 4,000.50”, “10 h”, “2 vCPU”, “4000.00”."""
    line = text.strip().splitlines()[0].replace("\u00a0", " ")
    (found,) = [word.replace(",", "") for word in line.split() if word[0].isdigit()]
    return Decimal(found)


def table(window: Window, caption: str) -> list[list[str]]:
    """Return the rows of the body and the foot of a table, as a page shows them."""
    found = window.page.locator("main table", has=window.page.locator("caption", has_text=caption)).first
    rows: list[list[str]] = found.locator("tbody tr, tfoot tr").evaluate_all(CELLS)
    return rows


def facts(window: Window) -> dict[str, str]:
    """Return what the lists of a page say, by name."""
    found: dict[str, str] = window.page.locator("main dl dt").evaluate_all(FACTS)
    return found


def file(window: Window, path: str) -> list[dict[str, str]]:
    """Return the rows of a file, by the names of its columns."""
    text = window.fetch(path if path.startswith("/en/") else f"/en{path}").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def figure(row: dict[str, str]) -> Figure:
    """Return the figures of a row of the file of all rows."""
    return Figure(
        *(
            number(row[name])
            for name in ("Promised", "Given", "Worth of the promise", "Worth of what was given")
        )
    )


def total(rows: list[dict[str, str]], name: str, **chosen: str) -> Decimal:
    """Return the sum of a column over the rows that are as chosen."""
    kept = [row for row in rows if all(row[key] == value for key, value in chosen.items())]
    return sum((number(row[name]) for row in kept), Decimal(0))


def compare(job: Supporting) -> None:
    """Every page and every file tells the same sums, in money and in kind."""
    tina = job.window("tina")
    tina.open(f"/en/money/rows?pact={job.code}")
    tina.keep("money, rows of one pact")
    shown = {row[1].split(":")[0]: row for row in table(tina, "Support, row by row")}
    rows = {row["Kind"]: row for row in file(tina, f"/money/rows.csv?pact={job.code}")}
    assert set(shown) == set(rows) == {"Funding", "Server space", "Legal help"}, (shown, rows)
    for kind, row in rows.items():
        assert [number(shown[kind][n]) for n in (3, 4)] == [number(row[n]) for n in GIVEN]
        assert row["Promised"] == row["Given"], row
        _decision(tina, row)
    _pact(job, {kind: figure(row) for kind, row in rows.items()})
    _desk(job, rows)
    _pools(job)
    _money(job)


def _decision(window: Window, row: dict[str, str]) -> None:
    window.open(f"/en/money/decisions/{row['Number']}")
    told = facts(window)
    said = [told[name].split(", worth ") for name in ("Remains promised", "Of that given")]
    assert [number(amount) for amount, *_ in said] == [number(row[name]) for name in GIVEN]
    worth = [number(words) for _, *of in said for words in of]
    assert worth in ([], [number(row[name]) for name in WORTH])
    arrived = table(window, "What arrived")
    assert sum(number(one[1]) for one in arrived) == number(row["Given"])
    if row["Kind"] == "Funding":
        window.keep("decision on money, all paid")
        assert sum(number(one[1]) for one in table(window, "Paid by the bank")) == number(row["Given"])


def _pact(job: Supporting, figures: dict[str, Figure]) -> None:
    rosa = job.at("rosa", "/pacts/{code}")
    shown = {row[0]: [number(one) for one in row[1:]] for row in table(rosa, "Support by kind")}
    wanted = {kind: [one.worth_promised, one.worth_given] for kind, one in figures.items()}
    together = [sum(column) for column in zip(*wanted.values(), strict=True)]
    assert shown == wanted | {"Together": together}, (shown, wanted)
    rosa.open(f"/en/pacts/{job.code}/support")
    rosa.keep("support of a pact, all given")
    heads = rosa.page.locator("main section h2").all_inner_texts()
    assert {head.split(":")[0]: number(head.split(":")[1]) for head in heads} == {
        kind: one.promised for kind, one in figures.items()
    }
    given = [number(text) for text in rosa.page.locator(GIVEN_SO_FAR).all_inner_texts()]
    assert sorted(given) == sorted(one.given for one in figures.values())
    rosa.open(f"/en/pacts/{job.code}/funding")
    rosa.keep("funding, all paid")
    told = facts(rosa)
    money = figures["Funding"]
    assert (number(told["Promised"]), number(told["Paid"])) == (money.promised, money.given)
    for caption, column in (("Parts", 4), ("Payments", 1), ("Statements of costs", 3)):
        assert sum(number(row[column]) for row in table(rosa, caption)) == money.given, caption


def _desk(job: Supporting, rows: dict[str, dict[str, str]]) -> None:
    tina = job.at("tina", "/desk/support")
    tina.keep("all support, at the desk")
    shown = {row[2]: row for row in table(tina, "All support") if row[0] == job.code}
    files = {row["Kind"]: row for row in file(tina, "/desk/support.csv") if row["Pact"] == job.code}
    for kind, row in rows.items():
        wanted = [number(row[name]) for name in GIVEN]
        assert [number(text) for text in shown[kind][3:5]] == wanted, (shown[kind], wanted)
        assert [Decimal(files[kind][name]) for name in ("Amount", "Given so far")] == wanted, (files, wanted)
        assert files[kind]["Unit"] == row["Unit"]


def _pools(job: Supporting) -> None:
    """What a fund has promised and given is what its rows add up to, on the page and in both files."""
    tina = job.window("tina")
    every = file(tina, "/money/rows.csv")
    for year in {row["Year"] for row in every}:
        tina.open(f"/en/desk/pools?year={year}")
        shown = {row[0]: row for row in table(tina, f"What the ledgers of {year}")}
        for row in file(tina, f"/desk/pools.csv?year={year}"):
            told = [Decimal(row[name]) for name in FIGURES]
            assert told == [number(cell) for cell in shown[row["Fund"]][1:]], (row, shown)
            sums = [total(every, name, Fund=row["Fund"], Year=year) for name in GIVEN]
            assert [told[1] + told[2], told[3]] == sums, (row, sums)


def _money(job: Supporting) -> None:
    tina = job.at("tina", "/money")
    tina.keep("money, in sums")
    every = file(tina, "/money/rows.csv")
    sums = file(tina, "/money.csv")
    for title, series in (("Money", "Money"), ("In kind", "In kind, valued in money")):
        rows = [row for row in every if (row["Kind"] == "Funding") == (title == "Money")]
        for by, column in (("By year", "Year"), ("By district", "District"), ("By kind", "Kind")):
            lines = [row for row in sums if (row["Series"], row["Table"]) == (series, by)]
            shown = {row[0]: row for row in table(tina, f"{series}, {by}")}
            assert lines, (title, by)
            for line in lines:
                chosen = {column: line["Row"]}
                worth = [total(rows, name, **chosen) for name in WORTH]
                assert [number(line[name]) for name in GIVEN] == worth, (line, worth)
                if by == "By kind":
                    units = [total(rows, name, **chosen) for name in GIVEN]
                    assert [number(line[f"{name}, in units"]) for name in GIVEN] == units, line
                first = (
                    1
                    if (title == "Money" and by == "By district") or (title != "Money" and by != "By kind")
                    else 2
                )
                wanted = units if by == "By kind" and title != "Money" else worth
                cells = [number(cell) for cell in shown[line["Row"]][first : first + 2]]
                assert cells == wanted, (line, shown[line["Row"]])
