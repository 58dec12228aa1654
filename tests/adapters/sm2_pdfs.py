"""SM2 certificates, lists and signatures of our own, as Chinese issuers make them: OIDs of GM/T 0006, digest SM3."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import gmalg
from asn1crypto import algos, core, crl, keys, x509
from cryptography.hazmat.primitives import hashes
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from adapters.pdf.sm2 import SM2_WITH_SM3
from adapters.pdf.trust import TrustAnchors
from tests.adapters.signed_pdfs import NOW, YEAR

IDENTITY = b"1234567812345678"


class _Values(core.Sequence):  # type: ignore[misc]
    _fields = [("r", core.Integer), ("s", core.Integer)]  # noqa: RUF012


def der_of(r: int, s: int) -> bytes:
    """A signature value in the form of GM/T 0009."""
    return bytes(_Values({"r": r, "s": s}).dump())


def algorithm() -> algos.SignedDigestAlgorithm:
    return algos.SignedDigestAlgorithm({"algorithm": SM2_WITH_SM3})


@dataclass(frozen=True)
class Sm2Key:
    secret: bytes
    public: bytes
    """04, x, y."""

    @classmethod
    def generate(cls) -> Sm2Key:
        return cls(*gmalg.SM2().generate_keypair())

    @property
    def info(self) -> keys.PublicKeyInfo:
        named = keys.ECDomainParameters(name="named", value=keys.NamedCurve("1.2.156.10197.1.301"))
        return keys.PublicKeyInfo(
            {"algorithm": {"algorithm": "ec", "parameters": named}, "public_key": keys.ECPointBitString(self.public)}
        )

    def sign(self, message: bytes) -> bytes:
        r, s = gmalg.SM2(self.secret, IDENTITY, self.public).sign(message)
        return der_of(int.from_bytes(r, "big"), int.from_bytes(s, "big"))


@dataclass(frozen=True)
class Sm2Holder:
    certificate: x509.Certificate
    key: Sm2Key

    @property
    def der(self) -> bytes:
        return bytes(self.certificate.dump())


@dataclass
class Sm2Authority:
    """A root with an SM2 key that issues SM2 certificates."""

    root: Sm2Holder = field(default_factory=lambda: _certificate("国密根证书", Sm2Key.generate(), None))

    @property
    def trust(self) -> TrustAnchors:
        return TrustAnchors((self.root.der,))

    def issue(self, name: str = "枫浦区砚溪镇人民政府", **changes: Any) -> Sm2Holder:
        return _certificate(name, Sm2Key.generate(), self.root, **changes)

    def crl(self, revoked: tuple[Sm2Holder, ...] = (), *, issued: datetime = NOW - timedelta(days=1)) -> bytes:
        entries = [
            {
                "user_certificate": holder.certificate.serial_number,
                "revocation_date": x509.Time({"utc_time": issued - timedelta(days=1)}),
            }
            for holder in revoked
        ]
        listed = crl.TbsCertList(
            {
                "version": "v2",
                "signature": algorithm(),
                "issuer": self.root.certificate.subject,
                "this_update": x509.Time({"utc_time": issued}),
                "next_update": x509.Time({"utc_time": issued + timedelta(days=7)}),
                **({"revoked_certificates": entries} if entries else {}),
                "crl_extensions": [
                    {"extn_id": "crl_number", "extn_value": core.Integer(1)},
                    {"extn_id": "authority_key_identifier", "extn_value": _authority_key(self.root.key)},
                ],
            }
        )
        signature = self.root.key.sign(listed.dump())
        return bytes(
            crl.CertificateList(
                {"tbs_cert_list": listed, "signature_algorithm": algorithm(), "signature": signature}
            ).dump()
        )


def _key_identifier(key: Sm2Key) -> bytes:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(key.public)
    return digest.finalize()[:20]


def _authority_key(key: Sm2Key) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier({"key_identifier": _key_identifier(key)})


def _certificate(
    name: str,
    key: Sm2Key,
    issuer: Sm2Holder | None,
    *,
    valid_from: datetime = NOW - YEAR,
    valid_to: datetime = NOW + YEAR,
    usage: frozenset[str] = frozenset({"digital_signature", "non_repudiation"}),
) -> Sm2Holder:
    is_ca = issuer is None
    subject = x509.Name.build({"country_name": "CN", "common_name": name})
    signer = issuer.key if issuer else key
    extensions: list[dict[str, Any]] = [
        {"extn_id": "basic_constraints", "critical": True, "extn_value": x509.BasicConstraints({"ca": is_ca})},
        {
            "extn_id": "key_usage",
            "critical": True,
            "extn_value": x509.KeyUsage({"key_cert_sign", "crl_sign"} if is_ca else set(usage)),
        },
        {"extn_id": "key_identifier", "extn_value": core.OctetString(_key_identifier(key))},
        {"extn_id": "authority_key_identifier", "extn_value": _authority_key(signer)},
    ]
    serial = int.from_bytes(_key_identifier(key)[:8], "big") >> 1
    listed = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": serial,
            "signature": algorithm(),
            "issuer": issuer.certificate.subject if issuer else subject,
            "validity": {
                "not_before": x509.Time({"utc_time": NOW - 9 * YEAR if is_ca else valid_from}),
                "not_after": x509.Time({"utc_time": NOW + 9 * YEAR if is_ca else valid_to}),
            },
            "subject": subject,
            "subject_public_key_info": key.info,
            "extensions": extensions,
        }
    )
    certificate = x509.Certificate(
        {"tbs_certificate": listed, "signature_algorithm": algorithm(), "signature_value": signer.sign(listed.dump())}
    )
    return Sm2Holder(x509.Certificate.load(certificate.dump()), key)


class _Sm2Signer(Signer):
    """pyHanko builds the CMS, the key here signs it."""

    def __init__(self, holder: Sm2Holder) -> None:
        super().__init__(
            signing_cert=holder.certificate,
            cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
            signature_mechanism=algorithm(),
        )
        self._key = holder.key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return b"\0" * 72 if dry_run else self._key.sign(data)


def sign_with_sm2(
    pdf: bytes, holder: Sm2Holder, *, name: str = "Seal", pades: bool = False, stamper: Any = None
) -> bytes:
    """The PDF with one more revision that holds an SM2 signature over the whole file."""
    metadata = PdfSignatureMetadata(
        field_name=name,
        md_algorithm="sm3",
        subfilter=SigSeedSubFilter.PADES if pades else SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
    )
    signer = PdfSigner(metadata, signer=_Sm2Signer(holder), timestamper=stamper, new_field_spec=SigFieldSpec(name))
    return bytes(signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf))).getbuffer())
