"""Keep the paper that a person signed: by its content a PDF or a picture, sealed, for the two sides only."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from PIL import Image, UnidentifiedImageError

from portal import clock, crypto, db, policy
from portal.counter.models import SignedScan
from portal.errors import Invalid
from portal.policy import Can
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor
    from portal.proposals.models import Proposal

PURPOSE = "signed scan"
# As many as a scanner makes of a few pages in colour; a megabyte has 1,048,576 bytes here.
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 60_000_000
MOST_SCANS = 10
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png"}
# A PDF may begin and end with a few bytes of its own (ISO 32000-1, annex H).
NEAR = 1024
_NOT_A_SCAN = W("This is no scan we can read. Choose a PDF, JPEG or PNG file.")
_TOO_LARGE = W("This file is too large. Scan in black and white, or at 150 dots per inch: up to 10 MB.")


def keep_scan(proposal: Proposal, content: bytes, *, by: Actor) -> None:
    """Keep the signed paper; the same file again is kept once. Refuses with Invalid what is no scan."""
    policy.check(by, Can.COUNTER_HELP)
    policy.check(by, Can.PROPOSAL_FILL, proposal)
    media = media_of(content)
    session = db.session()
    kept = session.query(SignedScan.id).where(SignedScan.proposal_id == proposal.id).count()
    if kept >= MOST_SCANS:
        raise Invalid(W("Ten scans are kept already. They are enough for one case."), field="scan")
    row = {
        "proposal_id": proposal.id,
        "file_hash": crypto.sha256_hex(content),
        "media": media,
        "byte_size": len(content),
        "sealed_file": crypto.seal_bytes(content, PURPOSE),
        "scanned_at": clock.now(),
        "scanned_by_id": by.person_id,
    }
    added = db.insert(SignedScan).values(row).on_conflict_do_nothing().returning(SignedScan.id)
    if session.execute(added).scalar_one_or_none() is not None:
        record(Did.COUNTER_SCANNED, proposal.key, by=by, file_hash=row["file_hash"], media=media)


def media_of(content: bytes) -> str:
    """Return what a file is by its content; refuses with Invalid what is neither a PDF nor a picture."""
    if not content:
        raise Invalid(W("Choose the file of the scan"), field="scan")
    if len(content) > MOST_BYTES:
        raise Invalid(_TOO_LARGE, field="scan")
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-NEAR:]:
        return "application/pdf"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=list(PICTURES))
            if picture.width * picture.height > MOST_PIXELS:
                raise Invalid(_TOO_LARGE, field="scan")
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Invalid(_NOT_A_SCAN, field="scan") from error
    return PICTURES[str(picture.format)]


def file_of(scan: SignedScan) -> bytes | None:
    """Return the bytes of a scan, loaded with its file; None where the key is another."""
    return crypto.unseal_bytes(scan.sealed_file, PURPOSE)
