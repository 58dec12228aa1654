"""The head of the change log: a C2SP checkpoint, which is a signed note, and proofs that lead to it.

The three lines after the root are ours: `time` (as of when this was the newest), `expires` (after that a reader should
not believe that nothing is newer) and `replies` (places taken in the catalogue). Readers that know only C2SP skip them.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

PROOF_HEAD = "c2sp.org/tlog-proof@v1"
ED25519 = 1
"""Signature type of an Ed25519 note key (C2SP signed-note)."""
_DASH = "\u2014"

Verifies = Callable[[bytes, bytes], bool]
"""Whether a signature (first) fits these bytes (second), by one key."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the publisher signed: so many changes, and this root over them."""

    origin: str
    size: int
    root: bytes
    time: str
    """UTC with Z."""
    expires: str
    replies: int

    def text(self) -> str:
        """The note's text, which is what is signed."""
        root = base64.b64encode(self.root).decode()
        lines = (
            self.origin,
            str(self.size),
            root,
            f"time {self.time}",
            f"expires {self.expires}",
            f"replies {self.replies}",
        )
        return "\n".join(lines) + "\n"

    @classmethod
    def parse(cls, note: str) -> Checkpoint:
        """The checkpoint of a note, signed or not. Raises ValueError for anything else."""
        lines = note.split("\n\n")[0].removesuffix("\n").split("\n")
        try:
            origin, size, root, *more = lines
            named = dict(line.split(" ", 1) for line in more)
            found = cls(
                origin,
                int(size),
                base64.b64decode(root, validate=True),
                named["time"],
                named["expires"],
                int(named["replies"]),
            )
        except (KeyError, ValueError):
            raise ValueError("not a checkpoint of this kind") from None
        if (
            found.size < 0
            or len(found.root) != hashlib.sha256().digest_size
            or found.text().rstrip("\n") != "\n".join(lines)
        ):
            raise ValueError("not a checkpoint of this kind")
        return found


def key_id(name: str, public_key: bytes) -> bytes:
    """Four bytes that tell one key from another (C2SP signed-note)."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([ED25519]) + public_key).digest()[:4]


def verifier_key(name: str, public_key: bytes) -> str:
    """The line that consumers pin: name, key id, key."""
    encoded = base64.b64encode(bytes([ED25519]) + public_key).decode()
    return f"{name}+{key_id(name, public_key).hex()}+{encoded}"


def parse_verifier_key(line: str) -> tuple[str, bytes]:
    """Name and Ed25519 public key of such a line. Raises ValueError for anything else."""
    name, plus, rest = line.strip().partition("+")
    told, plus_again, encoded = rest.partition("+")
    body = base64.b64decode(encoded, validate=True)
    if not (name and plus and plus_again) or len(body) != 33 or body[0] != ED25519:
        raise ValueError("not an Ed25519 verifier key")
    if key_id(name, body[1:]).hex() != told:
        raise ValueError("the verifier key's id does not fit it")
    return name, body[1:]


def signed(text: str, name: str, signatures: Sequence[tuple[bytes, bytes]]) -> bytes:
    """The note with its signatures, each a pair of key id and signature."""
    lines = (f"{_DASH} {name} {base64.b64encode(key + signature).decode()}\n" for key, signature in signatures)
    return (text + "\n" + "".join(lines)).encode()


def opened(note: bytes, keys: Sequence[tuple[str, bytes]], verify: Callable[[bytes, bytes, bytes], bool]) -> str | None:
    """The text of a note that one of the keys (name, public key) signed; None if none of them did.

    `verify(public key, signature, text)` is Ed25519.
    """
    text, blank, signatures = note.decode("utf-8", "replace").partition("\n\n")
    text += "\n"
    for line in signatures.splitlines() if blank else ():
        _, name, encoded = [*line.split(" ", 2), "", ""][:3]
        try:
            body = base64.b64decode(encoded, validate=True)
        except ValueError:
            continue
        for known, public_key in keys:
            fits = known == name and body[:4] == key_id(known, public_key)
            if fits and verify(public_key, body[4:], text.encode()):
                return text
    return None


def proof_text(index: int, hashes: Sequence[bytes], checkpoint: bytes) -> bytes:
    """A C2SP tlog-proof: where the entry is, what leads from it to the root, and the checkpoint with that root."""
    lines = [PROOF_HEAD, f"index {index}", *(base64.b64encode(each).decode() for each in hashes)]
    return "\n".join(lines).encode() + b"\n\n" + checkpoint


def parse_proof(body: bytes) -> tuple[int, list[bytes], bytes]:
    """Index, hashes and signed checkpoint of such a proof. Raises ValueError for anything else."""
    head, _, checkpoint = body.partition(b"\n\n")
    lines = head.decode("ascii").split("\n")
    if len(lines) < 2 or lines[0] != PROOF_HEAD or not lines[1].startswith("index "):
        raise ValueError("not a proof of this kind")
    return (
        int(lines[1].removeprefix("index ")),
        [base64.b64decode(each, validate=True) for each in lines[2:]],
        checkpoint,
    )


def pre_authentication(payload_type: str, payload: bytes) -> bytes:
    """What a DSSE envelope signs (DSSE v1, PAE)."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
