"""A small authority of our own and PDFs that it signs: valid ones, to be changed in the one thing that matters."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.pdfgen.canvas import Canvas

from adapters.pdf.trust import TrustAnchors

NOW = datetime(2025, 6, 1, 8, 0, tzinfo=UTC)
YEAR = timedelta(days=365)

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def plain_pdf(pages: int = 1, draw: Any = None) -> bytes:
    """A harmless PDF without a signature."""
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1)
    for number in range(1, pages + 1):
        canvas.drawString(72, 720, f"Page {number}")
        if draw is not None:
            draw(canvas)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


@dataclass(frozen=True)
class Holder:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: Key

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def asn1(self) -> tuple[asn1_x509.Certificate, keys.PrivateKeyInfo]:
        secret = self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return asn1_x509.Certificate.load(self.der), keys.PrivateKeyInfo.load(secret)


@dataclass
class Authority:
    """A root that issues whatever a test asks for."""

    root: Holder = field(default_factory=lambda: _certificate("Root", ec.generate_private_key(ec.SECP256R1()), None))

    @property
    def trust(self) -> TrustAnchors:
        return TrustAnchors((self.root.der,))

    def issue(
        self, name: str = "枫浦区砚溪镇人民政府", *, rsa_key: bool = False, bits: int = 2048, **changes: Any
    ) -> Holder:
        """A certificate for signing documents, but for the changes."""
        key: Key = rsa.generate_private_key(65537, bits) if rsa_key else ec.generate_private_key(ec.SECP256R1())
        return _certificate(name, key, self.root, **changes)

    def crl(self, revoked: tuple[Holder, ...] = (), *, issued: datetime = NOW - timedelta(days=1)) -> bytes:
        """A list of revoked certificates, current for a week."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.certificate.subject)
            .last_update(issued)
            .next_update(issued + timedelta(days=7))
        )
        for holder in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(holder.certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(issued - timedelta(days=1)).build())
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root.key.public_key())
        builder = builder.add_extension(identifier, critical=False)
        builder = builder.add_extension(x509.CRLNumber(1), critical=False)
        return builder.sign(self.root.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def stamper(self, at: datetime, **changes: Any) -> DummyTimeStamper:
        """A time-stamping authority under the same root, whose clock stands at a time."""
        tsa = self.issue(
            "TSA", rsa_key=True, purposes=(ExtendedKeyUsageOID.TIME_STAMPING,), critical_purposes=True, **changes
        )
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register(asn1_x509.Certificate.load(self.root.der))
        return DummyTimeStamper(*tsa.asn1, certs_to_embed=store, fixed_dt=at)


def _certificate(
    name: str,
    key: Key,
    issuer: Holder | None,
    *,
    valid_from: datetime = NOW - YEAR,
    valid_to: datetime = NOW + YEAR,
    usage: str = "digital_signature content_commitment",
    purposes: tuple[x509.ObjectIdentifier, ...] = (),
    critical_purposes: bool = False,
) -> Holder:
    is_ca = issuer is None
    flags = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    flags.update(dict.fromkeys(("key_cert_sign crl_sign" if is_ca else usage).split(), True))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - 9 * YEAR if is_ca else valid_from)
        .not_valid_after(NOW + 9 * YEAR if is_ca else valid_to)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**flags), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(list(purposes)), critical=critical_purposes)
    return Holder(builder.sign(signer, hashes.SHA256()), key)


def sign(
    pdf: bytes,
    holder: Holder,
    *,
    name: str = "Seal",
    pades: bool = True,
    digest: str = "sha256",
    stamper: DummyTimeStamper | None = None,
    certify: MDPPerm | None = None,
) -> bytes:
    """The PDF with one more revision that holds a signature over the whole file."""
    metadata = PdfSignatureMetadata(
        field_name=name,
        md_algorithm=digest,
        certify=certify is not None,
        docmdp_permissions=certify or MDPPerm.FILL_FORMS,
        subfilter=SigSeedSubFilter.PADES if pades else SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
    )
    certificate, key = holder.asn1
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    signer = SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=store)
    pdf_signer = PdfSigner(metadata, signer=signer, timestamper=stamper, new_field_spec=SigFieldSpec(name))
    return bytes(pdf_signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf))).getbuffer())


def revise(pdf: bytes, change: Any) -> bytes:
    """The PDF with one more revision, in which `change` did something to the writer."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    target = io.BytesIO()
    writer.write(target)  # type: ignore[no-untyped-call]
    return target.getvalue()
