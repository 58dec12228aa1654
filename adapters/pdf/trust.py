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
_CERTIFICATE = b"CERTIFICATE"


class TrustFolderError(ValueError):
    """The trust folder is missing, or a file in it is not what its name says. Names it, nothing of its content.

    `str()` is one Chinese sentence, `en` the same in English.
    """

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.zh, self.en = zh, en

    def __str__(self) -> str:
        return self.zh


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
    may stand beside them. Raises TrustFolderError where a folder does not exist or a file cannot be read as what it
    claims to be, and OSError where it cannot be read at all.
    """
    certificates = _blocks(directory, _CERTIFICATE_SUFFIXES, _CERTIFICATE)
    crls = None if crl_directory is None else _blocks(crl_directory, frozenset({".crl", ".pem"}), b"X509 CRL")
    return TrustAnchors(certificates, crls)


def _blocks(directory: Path, suffixes: frozenset[str], label: bytes) -> tuple[bytes, ...]:
    if not directory.is_dir():
        raise TrustFolderError(f"没有信任锚或吊销列表的目录 {directory}。", f"There is no trust folder {directory}.")
    files = sorted(path for path in directory.iterdir() if path.is_file() and path.suffix.lower() in suffixes)
    return tuple(_valid(der, label, path.name) for path in files for der in _ders(path, label))


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
        raise _unfit(path.name) from error
    if not blocks:
        raise _unfit(path.name)
    return blocks


def _valid(der: bytes, label: bytes, name: str) -> bytes:
    from cryptography import x509

    try:
        if label == _CERTIFICATE:
            x509.load_der_x509_certificate(der)
        else:
            x509.load_der_x509_crl(der)
    except ValueError as error:
        raise _unfit(name) from error
    return der


def _unfit(name: str) -> TrustFolderError:
    return TrustFolderError(
        f"信任锚目录里的 {name} 不是有效的证书或吊销列表。请管理员更换或移出该文件。",
        f"{name} in the trust folder is no valid certificate or revocation list; replace it or take it out.",
    )
