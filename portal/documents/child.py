"""The process that draws papers: bare environment, limited memory, killed when it takes too long."""

from __future__ import annotations

import json
import os
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from portal.documents import wire
from portal.documents.sheet import Sheet

OUT_OF_MEMORY = 77  # exit code: after a failed allocation nothing in the process can be trusted
WARM_UP = Sheet(
    html="<h1>Aa</h1><table><thead><tr><th>A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>",
    css='body { font-family: "Titillium Web" }',
    title="Warm-up",
    language="en",
    attachment_name="warm-up.json",
    attachment=b"{}",
    created=datetime(2026, 1, 1, tzinfo=UTC),
    identifier=b"warm-up",
)


def main(settings: dict[str, Any]) -> None:
    """Answer one sheet after another until the pipe closes."""
    incoming, outgoing = _pipes()
    _limit(resource.RLIMIT_AS, settings["memory_bytes"])
    # The import costs most of the start and belongs under the limit.
    from portal.documents.drawing import Draughtsman

    draughtsman = Draughtsman(Path(settings["fonts"]))
    draughtsman.draw(WARM_UP)
    wire.send(outgoing, {"ready": True})
    while True:
        try:
            head, blobs = wire.receive(incoming)
        except EOFError:
            return
        _allow_cpu(settings["cpu_seconds"])
        answer(outgoing, draughtsman, head, blobs)


def answer(outgoing: BinaryIO, draughtsman: Any, head: dict[str, Any], blobs: list[bytes]) -> None:
    """Draw one sheet and send it, or what was wrong with it."""
    try:
        drawn = draughtsman.draw(unpack(head, blobs))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    # Whatever a sheet causes is that sheet's fault, and is reported.
    except Exception as error:  # noqa: BLE001
        wire.send(outgoing, {"fault": f"{type(error).__name__}: {error}"[:1000]})
    else:
        wire.send(outgoing, {}, drawn)


def pack(sheet: Sheet) -> tuple[dict[str, Any], list[bytes]]:
    """Return the sheet as a message."""
    head = {
        "title": sheet.title,
        "language": sheet.language,
        "attachment_name": sheet.attachment_name,
        "created": sheet.created.isoformat(),
        "assets": list(sheet.assets),
        "section_languages": list(sheet.section_languages),
    }
    blobs = [
        sheet.html.encode(),
        sheet.css.encode(),
        sheet.attachment,
        sheet.identifier,
        *sheet.assets.values(),
    ]
    return head, blobs


def unpack(head: dict[str, Any], blobs: list[bytes]) -> Sheet:
    """Return the sheet in a message."""
    html, css, attachment, identifier, *contents = blobs
    return Sheet(
        html=html.decode(),
        css=css.decode(),
        title=head["title"],
        language=head["language"],
        attachment_name=head["attachment_name"],
        attachment=attachment,
        created=datetime.fromisoformat(head["created"]),
        identifier=identifier,
        assets=dict(zip(head["assets"], contents, strict=True)),
        section_languages=tuple(head["section_languages"]),
    )


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Take the two pipes away from everything that might print."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return incoming, outgoing


def _limit(what: int, amount: int) -> None:
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (amount, hard))


def _allow_cpu(seconds: int) -> None:
    """Give this sheet its own CPU seconds on top of what earlier ones used; beyond them the kernel kills."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + seconds)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
