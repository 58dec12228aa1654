"""The publisher's Ed25519 key: it signs manifests (DSSE) and the head of the change log (C2SP signed note).

Whoever wants to know whether something really comes from this publisher pins the line that `verifier_key` gives.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from domain.publication.canonical_json import Json, parse_json
from domain.publication.checkpoint import (
    Checkpoint,
    key_id,
    opened,
    parse_verifier_key,
    pre_authentication,
    signed,
    verifier_key,
)
from domain.publication.manifest import PAYLOAD_TYPE


class PublisherKeyMissing(Exception):  # noqa: N818 - named for what is the case
    """There is no usable key. `str()` is one Chinese sentence, `en` the same in English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.zh, self.en = zh, en

    def __str__(self) -> str:
        return self.zh


@dataclass(frozen=True, slots=True)
class PublisherKey:
    """The private key, and the one before it while consumers still pin that: both sign."""

    name: str
    """The log's origin, which is the name of its keys: a word without spaces and `+`."""
    private: Ed25519PrivateKey
    previous: Ed25519PrivateKey | None = None

    @property
    def verifier_keys(self) -> tuple[str, ...]:
        """The lines that consumers pin, the newest first."""
        return tuple(verifier_key(self.name, _public(each)) for each in self._all)

    @property
    def _all(self) -> tuple[Ed25519PrivateKey, ...]:
        return (self.private, self.previous) if self.previous else (self.private,)

    def sign_checkpoint(self, checkpoint: Checkpoint) -> bytes:
        """The checkpoint as a signed note."""
        text = checkpoint.text()
        signatures = [(key_id(self.name, _public(each)), each.sign(text.encode())) for each in self._all]
        return signed(text, self.name, signatures)

    def sign_manifest(self, manifest: bytes) -> Json:
        """The DSSE envelope of a manifest. The key ids are those of `verifier_keys`, in hex."""
        body = pre_authentication(PAYLOAD_TYPE, manifest)
        return {
            "payloadType": PAYLOAD_TYPE,
            "payload": base64.b64encode(manifest).decode(),
            "signatures": [
                {
                    "keyid": key_id(self.name, _public(each)).hex(),
                    "sig": base64.b64encode(each.sign(body)).decode(),
                }
                for each in self._all
            ],
        }


@dataclass(frozen=True, slots=True)
class VerifierKeys:
    """Public keys of one publisher, pinned by whoever reads."""

    keys: tuple[tuple[str, bytes], ...]

    @classmethod
    def of(cls, lines: Sequence[str]) -> VerifierKeys:
        """From the lines that the publisher gives out. Raises ValueError for anything else."""
        return cls(tuple(parse_verifier_key(line) for line in lines))

    def open_checkpoint(self, note: bytes) -> Checkpoint | None:
        """The checkpoint, None if none of the keys signed it. Raises ValueError if what is signed is none."""
        text = opened(note, self.keys, fits)
        if text is None:
            return None
        found = Checkpoint.parse(text)
        return found if found.origin in {name for name, _ in self.keys} else None

    def open_envelope(self, body: bytes) -> bytes | None:
        """The manifest's bytes, None if none of the keys signed them."""
        try:
            envelope = parse_json(body)
            payload = base64.b64decode(envelope["payload"], validate=True)
            signatures = [
                (each["keyid"], base64.b64decode(each["sig"], validate=True)) for each in envelope["signatures"]
            ]
        except (KeyError, TypeError, ValueError):
            return None
        if envelope["payloadType"] != PAYLOAD_TYPE:
            return None
        told = pre_authentication(PAYLOAD_TYPE, payload)
        known = {key_id(name, public).hex(): public for name, public in self.keys}
        good = any(which in known and fits(known[which], signature, told) for which, signature in signatures)
        return payload if good else None


def fits(public_key: bytes, signature: bytes, body: bytes) -> bool:
    """Whether the Ed25519 signature fits."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, body)
    except (InvalidSignature, ValueError):
        return False
    return True


def load_key(name: str, pem: bytes, previous: bytes | None = None) -> PublisherKey:
    """The key of PKCS #8 in PEM, or of its 32 bytes in base64. Raises PublisherKeyMissing for anything else."""
    return PublisherKey(name, _private(pem), _private(previous) if previous else None)


def make_key_file(path: Path) -> None:
    """Make a key that only this user can read, unless there is one. Two that do so at once end with one key."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(pem)
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(draft, path)  # never over a key that is there
        except FileExistsError:
            return
    finally:
        draft.unlink()


def _private(pem: bytes) -> Ed25519PrivateKey:
    found: object = None
    with suppress(ValueError, TypeError):
        found = load_pem_private_key(pem, None) if b"-----" in pem else _seed(pem)
    if not isinstance(found, Ed25519PrivateKey):
        raise PublisherKeyMissing(
            "发布签名的密钥不是 Ed25519 私钥。请管理员核对 FUWEN_SIGNING_KEY 或 FUWEN_SIGNING_KEY_FILE。",
            "The signing key is no Ed25519 private key; check FUWEN_SIGNING_KEY or FUWEN_SIGNING_KEY_FILE.",
        )
    return found


def _seed(encoded: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(encoded.strip(), validate=True))


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()
