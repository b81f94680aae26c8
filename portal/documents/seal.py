"""Seals a paper with the city's certificate (PAdES, invisible), and says of any file whether it holds."""

from __future__ import annotations

import copy
import io
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PublicFormat,
    load_der_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from portal.documents.demo import DEMO_FILE, DEMO_PASSPHRASE
from portal.documents.refusals import NoCertificate, SealFailed
from portal.words import W

if TYPE_CHECKING:
    from pyhanko.pdf_utils.writer import BasePdfFileWriter
    from pyhanko.sign.signers.pdf_signer import PdfSigningSession
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

FIELD = "CitySeal"
DIGEST = "sha256"
DEMO_DAYS = 3650
TSA_SECONDS = 15


@dataclass(frozen=True)
class Certificate:
    """Whose the city's certificate is, until when it holds, and whether the key beside it is its own."""

    name: str
    until: datetime
    is_own_key: bool


class Sealer:
    """The city's certificate, read afresh for each seal so that a renewed file is used at once."""

    def __init__(self, file: Path | None, passphrase: str, *, tsa_url: str = "", reason: str = "") -> None:
        self.file = file
        self.passphrase = passphrase
        self.tsa_url = tsa_url
        self.reason = reason

    def check(self) -> None:
        """Refuse with NoCertificate unless papers could be sealed now."""
        self._signer(datetime.now(UTC))

    def seal(self, pdf: bytes, at: datetime) -> bytes:
        """Return the PDF with the city's seal: PAdES B-T with a time stamp address, B-B without.

        `at` is the claimed instant of sealing, aware. Refuses with NoCertificate or SealFailed.
        """
        meta = PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm=DIGEST,
            subfilter=SigSeedSubFilter.PADES,
            reason=self.reason or None,
        )
        stamper = HTTPTimeStamper(self.tsa_url, timeout=TSA_SECONDS) if self.tsa_url else None
        field = SigFieldSpec(FIELD, box=None, readable_field_name="Electronic seal of the city")
        signer = _DatedSigner(meta, signer=self._signer(at), timestamper=stamper, new_field_spec=field)
        signer.at = at
        try:
            target: io.BytesIO = signer.sign_pdf(_SealOnlyWriter(io.BytesIO(pdf)))
        except (TimestampRequestError, OSError) as error:
            raise SealFailed(
                W("The time stamp service does not answer, so the paper was not sealed.")
            ) from error
        except (SigningError, PdfError) as error:
            raise SealFailed(W("The paper could not be sealed.")) from error
        return target.getvalue()

    def certificate(self) -> Certificate:
        """Return what is to be known of the certificate; refuses with NoCertificate where there is none."""
        signer = self._load()
        found = _certificate(signer)
        key = load_der_private_key(signer.signing_key.dump(), None)
        public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return Certificate(
            str(found.subject.native.get("common_name", found.subject.human_friendly)),
            found["tbs_certificate"]["validity"].native["not_after"],
            is_own_key=public == found.public_key.dump(),
        )

    def owns(self, fingerprint: bytes) -> bool:
        """Say whether this SHA-256 is that of the city's own certificate."""
        try:
            return bool(_certificate(self._load()).sha256 == fingerprint)
        except NoCertificate:
            return False

    def _signer(self, at: datetime) -> SimpleSigner:
        signer = self._load()
        validity = _certificate(signer)["tbs_certificate"]["validity"].native
        if not validity["not_before"] <= at <= validity["not_after"]:
            raise NoCertificate(W("the seal certificate is not valid today."))
        return signer

    def _load(self) -> SimpleSigner:
        if self.file is None:
            raise NoCertificate(W("no seal certificate is configured."))
        try:
            content = self.file.read_bytes()
        except OSError as error:
            raise NoCertificate(W("the seal certificate file cannot be read.")) from error
        try:
            signer = copy.copy(_opened(content, self.passphrase))
            _certificate(signer)
        except (ValueError, TypeError, AttributeError, UnsupportedAlgorithm) as error:
            raise NoCertificate(W("the passphrase does not open the seal certificate.")) from error
        return signer


@lru_cache(maxsize=2)
def _opened(content: bytes, passphrase: str) -> SimpleSigner:
    """Open a certificate once while its file stays as it is: checking the key takes a fifth of a second."""
    signer: SimpleSigner = SimpleSigner.load_pkcs12_data(content, [], passphrase.encode())
    return signer


def _certificate(signer: SimpleSigner) -> Any:
    if signer.signing_cert is None:
        raise NoCertificate(W("the seal file holds no certificate."))
    return signer.signing_cert


class _DatedSigner(PdfSigner):
    """Claims the portal's instant of sealing instead of the machine's."""

    at: datetime

    # The library passes the flag by name; positional here is its signature, not our choice.
    def init_signing_session(
        self,
        pdf_out: BasePdfFileWriter,
        existing_fields_only: Any = False,  # noqa: FBT002
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.at
        return session


class _SealOnlyWriter(IncrementalPdfFileWriter):
    """Adds the seal and nothing else: rewritten metadata would lose what PDF/A and PDF/UA ask of them."""

    def _update_meta(self) -> None:
        """Leave title, dates and identification as they were drawn."""


def make_demo_certificate(folder: Path, *, city: str = "Demonstration city") -> Path:
    """Make a self-signed seal for demonstrations and return its file; one that is there already is kept.

    It opens with DEMO_PASSPHRASE and proves only that a paper has not changed, never who issued it.
    """
    path = folder / DEMO_FILE
    if path.exists():
        return path
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    bundle = pkcs12.serialize_key_and_certificates(
        b"seal", key, _self_signed(key, city), None, BestAvailableEncryption(DEMO_PASSPHRASE.encode())
    )
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{DEMO_FILE}.{os.getpid()}"
    part.touch(mode=0o600)
    part.write_bytes(bundle)
    part.replace(path)
    return path


def _self_signed(key: rsa.RSAPrivateKey, city: str) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, city),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{city}: demonstration seal, not valid"),
        ]
    )
    # The demonstration's clock may be moved either way.
    start = datetime.now(UTC) - timedelta(days=DEMO_DAYS)
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    ) | {
        "digital_signature": True,
        "content_commitment": True,
        "encipher_only": False,
        "decipher_only": False,
    }
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=3 * DEMO_DAYS))
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


@dataclass(frozen=True)
class SealReport:
    """What a file's seal says: `is_intact` only if the sealed bytes are unchanged and nothing was added.

    `is_ours` says whether the certificate is the portal's own; `sealed_at` is the time stamp's instant, where
    there is one, else the claimed one.
    """

    is_sealed: bool
    is_intact: bool = False
    covers_whole_file: bool = False
    is_ours: bool = False
    signer: str = ""
    sealed_at: datetime | None = None
    is_time_stamped: bool = False


NOT_SEALED = SealReport(is_sealed=False)


def inspect(pdf: bytes, *, sealer: Sealer | None = None) -> SealReport:
    """Say of any bytes at all whether they carry a seal, whose, since when, and whether it holds.

    Nothing is fetched: whether an unknown certificate can be trusted is left to a validation service.
    """
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        seals = reader.embedded_regular_signatures
        return _report(seals[-1], sealer) if seals else NOT_SEALED
    # A stranger's file: whatever its reading runs into, it is not a paper that can be vouched for.
    except Exception:  # noqa: BLE001
        return SealReport(is_sealed=b"/ByteRange" in pdf)


def _report(seal: EmbeddedPdfSignature, sealer: Sealer | None) -> SealReport:
    certificate = seal.signer_cert
    trusted = ValidationContext(trust_roots=[certificate], allow_fetching=False)
    status = validate_pdf_signature(seal, signer_validation_context=trusted)
    covers = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    stamp = status.timestamp_validity
    stamped = stamp is not None and stamp.intact and stamp.valid
    claimed = seal.self_reported_timestamp
    return SealReport(
        is_sealed=True,
        is_intact=bool(status.intact and status.valid and covers),
        covers_whole_file=covers,
        is_ours=sealer is not None and sealer.owns(certificate.sha256),
        signer=str(certificate.subject.native.get("common_name", certificate.subject.human_friendly)),
        sealed_at=stamp.timestamp if stamped and stamp is not None else claimed,
        is_time_stamped=stamped,
    )
