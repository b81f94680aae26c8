"""The `portal` command: every task of whoever runs a portal, one word each."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError, ProgrammingError

from config import ConfigError
from portal import city, db
from portal.cli import (
    backing_up,
    demo,
    doctor,
    indexing,
    mailing,
    migrating,
    moving,
    people,
    residents,
    restoring,
    routing,
    serving,
    verifying,
)
from portal.cli.opening import Opened, open_portal
from portal.documents.opening import store_for
from portal.errors import Refused
from portal.web import logs
from portal.words import say
from portal.worker import BY_NAME, JOBS, announce, run_due, run_now

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DONE, REFUSED, WRONG_USE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the words say; 0 = done, 1 = refused with a sentence, 2 = wrong use."""
    logs.configure_unless_done()
    chosen = _parser().parse_args(arguments)
    act: Callable[[argparse.Namespace], int] = chosen.act
    try:
        return act(chosen)
    except ConfigError as error:
        print("The configuration cannot be used:", *error.faults, sep="\n  ", file=sys.stderr)
    except Refused as refusal:
        print(say(refusal.words, "en"), file=sys.stderr)
    except (OperationalError, ProgrammingError) as error:
        print(_without_database(error), file=sys.stderr)
    return REFUSED


def _without_database(error: OperationalError | ProgrammingError) -> str:
    reason = str(error.orig).partition("\n")[0]
    return f"The database cannot be used: {reason}. Is it running, and up to date? Try: portal db upgrade"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="portal", description="The Commons Portal.")
    words = parser.add_subparsers(required=True, metavar="WORD")
    for name, act, about in (
        ("web", _web, "serve the pages"),
        ("worker", _worker, "run the scheduled jobs"),
        ("run", _run, "prepare what is missing, then web and worker in one"),
    ):
        words.add_parser(name, help=about).set_defaults(act=act)
    _add_nested(words)
    demo.add_words(words, open_portal)
    people.add(words)
    residents.add(words)
    mailing.add(words)
    backing_up.add(words)
    restoring.add(words)
    doctor.add(words)
    verifying.add(words)
    indexing.add(words)
    return parser


def _add_nested(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    routes = words.add_parser("routes", help="list every route with its method and permission")
    routes.add_argument("--matrix", action="store_true", help="with who may open it, as Markdown")
    routes.set_defaults(act=_routes)
    seed = words.add_parser("seed", help="fill an empty database").add_subparsers(
        required=True, metavar="WHAT"
    )
    seed.add_parser("demo", help="the demonstration").set_defaults(act=_seed_demo)
    one = seed.add_parser("city", help="the pools of a city, and in a demonstration its people")
    one.add_argument("name")
    one.set_defaults(act=_seed_city)
    base = words.add_parser("db", help="the database").add_subparsers(required=True, metavar="WHAT")
    base.add_parser("upgrade", help="apply missing migrations").set_defaults(act=_upgrade)
    base.add_parser("check", help="say whether a migration is missing").set_defaults(act=_check)
    moving.add(base)
    jobs = words.add_parser("jobs", help="the scheduled jobs")
    jobs.set_defaults(act=_list_jobs)
    run = jobs.add_subparsers(metavar="run").add_parser("run", help="run one job, or all that are due, once")
    run.add_argument("name", nargs="?")
    run.add_argument("--due", action="store_true")
    run.set_defaults(act=_run_jobs)
    cities = words.add_parser("city", help="the city profile").add_subparsers(required=True, metavar="WHAT")
    check = cities.add_parser("check", help="name every fault of a profile")
    check.add_argument("name")
    check.set_defaults(act=_check_city)


def _web(_chosen: argparse.Namespace) -> int:
    serving.web(open_portal(starts=True).config)
    return DONE


def _worker(_chosen: argparse.Namespace) -> int:
    serving.worker(open_portal(starts=True))
    return DONE


def _run(_chosen: argparse.Namespace) -> int:
    opened = open_portal(starts=True)
    indexing.upgrade()
    if opened.config.is_demo and migrating.is_empty(db.database()):
        _seed(opened)
    db.database().close()
    print(f"The portal is at {opened.config.base_url} - stop it with Ctrl+C.", flush=True)
    return serving.both()


def _routes(chosen: argparse.Namespace) -> int:
    app = open_portal().app
    print("\n".join(routing.matrix(app) if chosen.matrix else routing.table(app)))
    return DONE


def _seed(opened: Opened) -> None:
    from seeds.demo import CITY, seed

    if opened.config.city != CITY:
        _settle(opened)
        return
    store = store_for(opened.config.store_url)
    seed(opened.config.city, store=store, tell=lambda line: print(line, flush=True))


def _settle(opened: Opened) -> None:
    from seeds.city import seed_city

    profile = city.profile(opened.config.city)
    seed_city(profile, with_people=opened.config.is_demo, tell=lambda line: print(line, flush=True))


def _seed_city(chosen: argparse.Namespace) -> int:
    opened = open_portal()
    if chosen.name != opened.config.city:
        print(
            f"This installation is for {opened.config.city}: set PORTAL_CITY={chosen.name}.", file=sys.stderr
        )
        return REFUSED
    indexing.upgrade()
    if not migrating.is_empty(db.database()):
        print("There are accounts in this database already: a city needs an empty one.", file=sys.stderr)
        return REFUSED
    _settle(opened)
    if not opened.config.is_demo:
        print("Next: portal person admin EMAIL makes the first administrator.")
    return DONE


def _seed_demo(_chosen: argparse.Namespace) -> int:
    opened = open_portal()
    indexing.upgrade()
    if not migrating.is_empty(db.database()):
        print(
            "There are accounts in this database already: the demonstration needs an empty one.",
            file=sys.stderr,
        )
        return REFUSED
    _seed(opened)
    return DONE


def _upgrade(_chosen: argparse.Namespace) -> int:
    open_portal()
    indexing.upgrade()
    return DONE


def _check(_chosen: argparse.Namespace) -> int:
    open_portal()
    missing = migrating.missing(db.database())
    print("A migration is missing: portal db upgrade" if missing else "The database is up to date.")
    return REFUSED if missing else DONE


def _list_jobs(_chosen: argparse.Namespace) -> int:
    open_portal()
    for job in JOBS:
        print(f"{job.name:20} {job.calendar}")
    return DONE


def _run_jobs(chosen: argparse.Namespace) -> int:
    if chosen.due == bool(chosen.name) or (chosen.name or JOBS[0].name) not in BY_NAME:
        print(f"Name a job ({', '.join(BY_NAME)}), or use --due.", file=sys.stderr)
        return WRONG_USE
    tools = open_portal().tools()
    announce()
    failed = False
    try:
        done = run_due(tools) if chosen.due else [(chosen.name, run_now(chosen.name, tools))]
        for name, result in done:
            print(f"{name}: {result or 'nothing to do'}", flush=True)
            failed = failed or result.startswith("failed")
    finally:
        tools.close()
    return REFUSED if failed else DONE


def _check_city(chosen: argparse.Namespace) -> int:
    faults = city.check(chosen.name)
    for fault in faults:
        print(fault)
    many = "1 fault." if len(faults) == 1 else f"{len(faults)} faults."
    print(many if faults else "The profile is sound.")
    return REFUSED if faults else DONE
