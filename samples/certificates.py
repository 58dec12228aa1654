"""Makes the sample authority that signs the samples: a root, an intermediate and one certificate for each office.

Run once, `python -m samples.certificates`; what it made is committed. The private keys are worthless on purpose:
nobody may trust this root outside a demonstration or a test.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from samples.specimens import authorities

SAMPLES = Path(__file__).parent
TRUST = SAMPLES / "trust" / "sample-root.pem"
KEYS = SAMPLES / "keys"
_VALID_FROM = datetime(2020, 1, 1, tzinfo=UTC)
_VALID_TO = datetime(2045, 12, 31, tzinfo=UTC)
_WARNING = "Worthless sample key: it signs only the samples of this repository. Trust it nowhere else.\n"

_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class _Issuer:
    certificate: x509.Certificate
    key: _Key


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "复文示例（无效）"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _certificate(common_name: str, key: _Key, issuer: _Issuer | None, *, path_length: int | None) -> x509.Certificate:
    is_ca = path_length is not None
    usage = x509.KeyUsage(
        digital_signature=not is_ca,
        content_commitment=not is_ca,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    signer = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(common_name))
        .issuer_name(issuer.certificate.subject if issuer else _name(common_name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_VALID_FROM)
        .not_valid_after(_VALID_TO)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=path_length), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()),
            critical=False,
        )
    )
    return builder.sign(signer, hashes.SHA256())


def _write(path: Path, certificate: x509.Certificate, key: _Key | None) -> None:
    text = certificate.public_bytes(Encoding.PEM).decode()
    if key is not None:
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        text = _WARNING + text + secret
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def make_certificates() -> None:
    """Write a new root, intermediate and leaf for each authority; every sample must then be signed again."""
    root_key = ec.generate_private_key(ec.SECP256R1())
    root = _Issuer(_certificate("复文示例根证书", root_key, None, path_length=1), root_key)
    _write(TRUST, root.certificate, None)
    _write(KEYS / "root.pem", root.certificate, root_key)
    middle_key = ec.generate_private_key(ec.SECP256R1())
    middle = _Issuer(_certificate("复文示例签章证书签发机构", middle_key, root, path_length=0), middle_key)
    _write(KEYS / "intermediate.pem", middle.certificate, middle_key)
    for authority in authorities():
        # RSA with PKCS #1 v1.5 signs the same bytes the same way every time, so the samples can be made again.
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        _write(KEYS / f"{authority.signer}.pem", _certificate(authority.name, key, middle, path_length=None), key)


if __name__ == "__main__":
    make_certificates()
    sys.stdout.write("New sample certificates. Run python -m samples.make and commit both.\n")
