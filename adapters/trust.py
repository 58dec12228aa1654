"""Trust anchors: the certificates by which a signature may be trusted, and nothing else.

The system's own list of certificate authorities is never used: it says whom a browser trusts, not who may sign a reply.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from pathlib import Path

_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----\s*([A-Za-z0-9+/=\s]+?)-----END \1-----")
_CERTIFICATE_SUFFIXES = frozenset({".pem", ".crt", ".cer", ".der"})
_DER_SEQUENCE = b"\x30"


class TrustFolderError(ValueError):
    """A file of the trust folder is not what its name says. Names the file, nothing of its content."""


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    """The certificates that are trusted, and the revocation lists, all as DER."""

    certificates: tuple[bytes, ...] = ()
    """No certificate: nobody is trusted, every signature stays `untrusted`."""
    crls: tuple[bytes, ...] | None = None
    """None: no revocation lists are kept and revocation is not checked. A tuple, even an empty one: every certificate
    of the chain must be cleared by a current list, else the signature is not trusted."""


def load_trust(directory: Path, crl_directory: Path | None = None) -> TrustAnchors:
    """The anchors in a folder of PEM or DER files (.pem .crt .cer .der) and the lists (.crl .pem) in another one.

    Every certificate in the folder is an anchor, intermediate ones too. Other files are left alone, so that a README
    may stand beside them. Raises TrustFolderError where a file cannot be read as what it claims to be, and
    FileNotFoundError where a folder does not exist.
    """
    certificates = _blocks(directory, _CERTIFICATE_SUFFIXES, b"CERTIFICATE")
    crls = None if crl_directory is None else _blocks(crl_directory, frozenset({".crl", ".pem"}), b"X509 CRL")
    _check(certificates, crls or ())
    return TrustAnchors(certificates, crls)


def _blocks(directory: Path, suffixes: frozenset[str], label: bytes) -> tuple[bytes, ...]:
    if not directory.is_dir():
        raise FileNotFoundError(f"no such folder: {directory}")
    files = sorted(path for path in directory.iterdir() if path.is_file() and path.suffix.lower() in suffixes)
    return tuple(der for path in files for der in _ders(path, label))


def _ders(path: Path, label: bytes) -> list[bytes]:
    data = path.read_bytes()
    if data.startswith(_DER_SEQUENCE):
        return [data]
    try:
        blocks = [
            base64.b64decode(b"".join(body.split()), validate=True)
            for kind, body in _PEM.findall(data)
            if kind == label
        ]
    except binascii.Error as error:
        raise TrustFolderError(f"{path.name} is damaged") from error
    if not blocks:
        raise TrustFolderError(f"{path.name} holds no {label.decode().lower()}")
    return blocks


def _check(certificates: tuple[bytes, ...], crls: tuple[bytes, ...]) -> None:
    from cryptography import x509

    for load, ders in ((x509.load_der_x509_certificate, certificates), (x509.load_der_x509_crl, crls)):
        for der in ders:
            try:
                load(der)
            except ValueError as error:
                raise TrustFolderError("the trust folder holds a certificate or list that cannot be read") from error
