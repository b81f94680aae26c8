"""Verify what was ever remembered or issued, and sign how far the record has come."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from portal import db
from portal.cli.opening import open_portal
from portal.cli.telling import Telling
from portal.documents import verifying as papers
from portal.documents.opening import sealer_for, store_for
from portal.policy import SYSTEM
from portal.record import Did, actions, checkpoints, notes, record
from portal.record.keys import signer_for
from portal.record.verifying import Report, Sighting, verify, verify_since

if TYPE_CHECKING:
    from config import Config

DONE, REFUSED, WRONG_USE = 0, 1, 2


def add(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Teach the command line these words."""
    word = words.add_parser("checkpoint", help="sign how far the record has come, and print the note")
    word.add_argument("--continue-restored", action="store_true", help="though a witness knows more acts")
    word.set_defaults(act=_checkpoint)
    verb = words.add_parser("verify", help="verify the record and the papers").add_subparsers(
        required=True, metavar="WHAT"
    )
    for name, about in (
        ("record", "every act, the tree over them and every checkpoint"),
        ("papers", "every issued paper's bytes and seal"),
        ("all", "both"),
    ):
        word = verb.add_parser(name, help=about)
        if name != "papers":
            word.add_argument("--against", action="append", default=[], metavar="FILE", type=Path)
            word.add_argument(
                "--public-key",
                "--key",
                dest="key",
                help="the public key of the checkpoints, where it is not this portal's",
            )
            word.add_argument(
                "--since-checkpoint", action="store_true", help="read only what came since the newest one"
            )
        word.set_defaults(act=_verify, what=name)


def _checkpoint(chosen: argparse.Namespace) -> int:
    signer = signer_for(open_portal().config)
    with db.writing():
        last = checkpoints.undecided() if chosen.continue_restored else None
        if last is not None:
            facts = {name: last.facts[name] for name in ("size", "seen")}
            record(Did.RECORD_CONTINUED, "record", by=SYSTEM, **facts)
    with db.writing():
        while actions.sequence():
            pass
    checkpoints.sign(signer)
    with db.reading():
        newest = checkpoints.newest()
    if newest is None:
        print("The record is empty: there is nothing to sign.", file=sys.stderr)
        return REFUSED
    print(newest.note, end="")
    print(f"Public key: {signer.key}", file=sys.stderr)
    return DONE


def _verify(chosen: argparse.Namespace) -> int:
    config = open_portal().config
    results = []
    if chosen.what != "papers":
        results.append(_record(config, chosen))
    if chosen.what != "record":
        results.append(_papers(config))
    return max(results)


def _record(config: Config, chosen: argparse.Namespace) -> int:
    key = chosen.key or signer_for(config).key
    try:
        seen = [_sighting(file, key) for file in chosen.against]
    except (OSError, ValueError) as error:
        print(f"This is no checkpoint to verify against: {error}.", file=sys.stderr)
        return WRONG_USE
    telling = Telling()
    look = verify_since if chosen.since_checkpoint else verify
    report = look(key, seen, lambda done, total: telling(f"{done} of {total} acts", every=1))
    telling.end()
    print(in_words(report))
    return REFUSED if report.fault else DONE


def _sighting(file: Path, key: str) -> Sighting:
    tree = notes.opened(file.read_text(encoding="utf-8"), key)
    return Sighting(tree.size, tree.root, str(file))


def in_words(report: Report) -> str:
    """Return what a verification found, in a few lines."""
    if report.fault is not None:
        return f"The record does NOT hold. The first bad act: {report.fault}."
    waiting = f", {report.waiting} more wait for their place" if report.waiting else ""
    return (
        f"The record holds: {report.acts} acts{waiting}, {report.checkpoints} checkpoints,"
        f" {report.sightings} kept outside.\nRoot: {report.root.hex()}"
    )


def _papers(config: Config) -> int:
    sealer = sealer_for(
        config.seal_file,
        config.seal_passphrase,
        tsa_url=config.tsa_url,
        demo_dir=config.data_dir if config.is_demo else None,
    )
    count = bad = 0
    for paper, fault in papers.verify(store_for(config.store_url), sealer):
        count += 1
        if fault:
            bad += 1
            print(f"{paper.code} ({paper.subject}, {paper.kind}): {fault}")
    print(f"{count} papers, {bad} of them bad." if bad else f"All {count} papers hold.")
    return REFUSED if bad else DONE
