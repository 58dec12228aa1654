"""Follow what a Fuwen publishes, and believe nothing but a public key. One file; copy it. Needs `cryptography`.

    consumer = Consumer("https://…/", ["fuwen+1a2b3c4d+AQ…"])
    for change in consumer.changes(cursor):
        print(change["change"], change["reply_id"], change["manifest"])

Keep the cursor that `consumer.cursor` holds after the loop, and give it the next time: only what is new is read, and a
log that was cut, rolled back or rewritten raises Tampered. What stops the loop before its end leaves the old cursor:
begin again with it. Each change was checked when you get it, and stays right if a later one raises.
Format: docs/published-objects.md; a whole mirror: mirror.py.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import struct
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_CHANGES, _REMOVALS = {"publish", "correct", "withdraw", "purge"}, {"withdraw", "purge"}
_START: dict[str, Any] = {"size": 0, "root": "", "time": ""}


class Tampered(Exception):  # noqa: N818 - named for what is the case
    """What was read is not what the publisher signed, or not what was read before."""


class Missing(Exception):  # noqa: N818
    """What the log named is there no more: it was taken down while it was read. Ask for the changes again."""


class NotUnderstood(Exception):  # noqa: N818
    """The log speaks of a kind of change that this module does not know: take a newer one, and do nothing till then."""


class Consumer:
    """One public bucket, by its address on the web or its folder on this machine."""

    def __init__(self, address: str, keys: Sequence[str], now: datetime | None = None) -> None:
        """`keys`: the lines that you pinned from `log/keys.json`. `now`: when to judge whether the head is stale.

        Raises ValueError where a key is none.
        """
        if not keys:
            raise ValueError("pin at least one key: a line of log/keys.json that you compared with the publisher's")
        self._address, self._now = address.rstrip("/") + "/", now
        self._note = b""
        self._keys = [_verifier(line) for line in keys]
        self.cursor = dict(_START)

    def get(self, key: str) -> bytes:
        """The bytes of one object. Raises Missing, or OSError if the site does not answer."""
        try:
            if "://" not in self._address:
                return Path(self._address, key).read_bytes()
            with urllib.request.urlopen(self._address + key, timeout=30) as answer:  # noqa: S310
                body: bytes = answer.read()
                return body
        except FileNotFoundError:
            raise Missing(key) from None
        except urllib.error.HTTPError as error:
            if error.code in {403, 404, 410}:  # a store that may not be listed says 403 of what is not there
                raise Missing(key) from None
            raise
        except http.client.HTTPException as error:
            raise OSError(f"the answer for {key} broke off or is none: {error!r}") from error

    def changes(self, cursor: dict[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """Every change since the cursor (None the first time, and only then), in order.

        A change is a log entry (`change`, `reply_id`, `version`, …) with `is_last`: no other change of the reply
        follows it; `manifest`: a tombstone for `withdraw` and `purge`, None for what has been taken down since; and
        `manifest_bytes`, as they were signed. Raises ValueError for a cursor that is none; on the way Tampered,
        NotUnderstood, Missing, OSError.
        """
        since = dict(_START) if cursor is None else dict(cursor)
        if {name: type(value) for name, value in since.items()} != {"size": int, "root": str, "time": str}:
            raise ValueError("not a cursor of this module; begin with None if there never was one")
        self.cursor = since
        return self._guarded(since)

    def _guarded(self, since: dict[str, Any]) -> Iterator[dict[str, Any]]:
        try:
            yield from self._changes(since)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, struct.error) as error:
            raise Tampered("what was read makes no sense") from error

    def _changes(self, since: dict[str, Any]) -> Iterator[dict[str, Any]]:
        size, root, time = self._head(since)
        entries = self._entries(since, size, root)
        unknown = {entry["change"] for entry in entries} - _CHANGES
        if unknown:
            raise NotUnderstood(f"unknown kinds of change: {sorted(unknown)}")
        last = {entry["reply_id"]: entry["sequence"] for entry in entries}
        removed = {entry["reply_id"]: entry["sequence"] for entry in entries if entry["change"] in _REMOVALS}
        for entry in entries:
            gone = entry["sequence"] < removed.get(entry["reply_id"], 0)
            body, manifest = (None, None) if gone else self._manifest(entry)
            is_last = entry["sequence"] == last[entry["reply_id"]]
            yield entry | {"is_last": is_last, "manifest": manifest, "manifest_bytes": body}
        self.cursor = {"size": size, "root": root.hex(), "time": time}

    def artifact(self, artifact: dict[str, Any]) -> bytes:
        """The bytes of a file that a manifest lists. Raises Tampered, Missing, OSError."""
        return _checked(self._named(artifact["key"]), artifact["sha256"], artifact["size_bytes"])

    def _named(self, key: str) -> bytes:
        """An object that the log names: if it is missing, the log must have moved on."""
        try:
            return self.get(key)
        except Missing:
            if self.get("log/checkpoint") != self._note:
                raise
            raise Tampered(f"{key} is missing") from None

    def _entries(self, since: dict[str, Any], size: int, root: bytes) -> list[dict[str, Any]]:
        """The entries after the cursor, each compared with the signed root."""
        if size == since["size"]:
            if size and root.hex() != since["root"]:
                raise Tampered("entries that were read before have been changed")
            return []
        only = self._only_new_one(size, root, bytes.fromhex(since["root"])) if size == since["size"] + 1 > 1 else None
        if only:
            return [only]
        tree = _Tree(size, self._named)
        if size and tree.root(0, size) != root:
            raise Tampered("the root is not that of the entries")
        if since["size"] and tree.root(0, since["size"]) != bytes.fromhex(since["root"]):
            raise Tampered("entries that were read before have been changed")
        entries = [json.loads(body) for body in tree.entries(since["size"])]
        if [entry["sequence"] for entry in entries] != list(range(since["size"] + 1, size + 1)):
            raise Tampered("an entry is missing")
        return entries

    def _only_new_one(self, size: int, root: bytes, before: bytes) -> dict[str, Any] | None:
        """One change more than was known: its proof holds all that is needed, so no tile is read.

        None where the proof is not there yet: it follows the checkpoint.
        """
        body = self._named(f"log/entries/{size // 1000:09d}/{size:012d}.json")
        entry: dict[str, Any] = json.loads(body)
        try:
            proof = self.get(f"doc/{entry['reply_id']}/v{entry['version']}/proof").decode()
        except Missing:
            return None
        steps = [base64.b64decode(line) for line in proof.split("\n\n")[0].split("\n")[2:]]
        new = hashlib.sha256(b"\0" + body).digest()
        for step in steps:
            new = _node(step, new)
        old = steps[0]
        for step in steps[1:]:
            old = _node(step, old)
        if entry["sequence"] != size or new != root or old != before:
            raise Tampered("the newest entry does not follow from what was read before")
        return entry

    def _manifest(self, entry: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
        body = self._named(f"doc/{entry['reply_id']}/v{entry['version']}/manifest.json")
        manifest: dict[str, Any] = json.loads(_checked(body, entry["manifest_sha256"], entry["manifest_size_bytes"]))
        if (manifest["reply_id"], manifest["version"]) != (entry["reply_id"], entry["version"]):
            raise Tampered("the manifest speaks of another reply")
        return body, manifest

    def _head(self, since: dict[str, Any]) -> tuple[int, bytes, str]:
        try:
            self._note = self.get("log/checkpoint")
        except Missing:
            raise OSError(f"there is no log at {self._address}") from None
        text, _, signatures = self._note.decode().partition("\n\n")
        if not any(_signed(text + "\n", line, self._keys) for line in signatures.splitlines()):
            raise Tampered("the checkpoint is not signed by a pinned key")
        origin, size, root, *more = text.split("\n")
        named = dict(line.split(" ", 1) for line in more)
        if origin not in {name for name, _, _ in self._keys}:
            raise Tampered("the checkpoint is that of another log")
        if int(size) < since["size"] or named["time"] < since["time"]:
            raise Tampered("the log went back")
        if datetime.fromisoformat(named["expires"]) < (self._now or datetime.now(UTC)).astimezone(UTC):
            raise Tampered("the checkpoint has expired: something newer may be held back")
        return int(size), base64.b64decode(root), named["time"]


class _Tree:
    """RFC 6962 over C2SP tiles. Reads the tiles of hashes, and entries only where they are asked for."""

    def __init__(self, size: int, get: Any) -> None:
        self._size, self._get = size, get
        self._tiles: dict[str, bytes] = {}

    def root(self, start: int, end: int) -> bytes:
        """The hash over these leaves."""
        width = end - start
        if width & (width - 1) == 0:
            return self._complete(width.bit_length() - 1, start // width)
        middle = start + (1 << (width - 1).bit_length() - 1)
        return _node(self.root(start, middle), self.root(middle, end))

    def entries(self, start: int) -> Iterator[bytes]:
        """The entries from this one on, each compared with the tree."""
        for number in range(start // 256, -(-self._size // 256)):
            bundle, hashes, at = self._get(self._key("entries", 0, number)), [], 0
            bodies = []
            while at + 2 <= len(bundle):
                (length,) = struct.unpack_from(">H", bundle, at)
                bodies.append(bundle[at + 2 : at + 2 + length])
                hashes.append(hashlib.sha256(b"\0" + bodies[-1]).digest())
                at += 2 + length
            first = number * 256
            whole = _fold(hashes) if len(hashes) == 256 else None
            if at != len(bundle) or len(hashes) != min(256, self._size - first):
                raise Tampered("a tile of entries is cut")
            if whole != self._complete(8, number) if whole else b"".join(hashes) != self._tile(0, number):
                raise Tampered("a tile of entries is not that of the tree")
            yield from bodies[max(0, start - first) :]

    def _complete(self, level: int, index: int) -> bytes:
        high, low = divmod(level, 8)
        first = index << low
        row = self._tile(high, first // 256)
        hashes = [row[at : at + 32] for at in range(0, len(row), 32)][first % 256 : first % 256 + (1 << low)]
        if len(hashes) != 1 << low:
            raise Tampered("a tile of hashes is cut")
        return _fold(hashes)

    def _tile(self, level: int, number: int) -> bytes:
        key = self._key(level, level, number)
        if key not in self._tiles:
            self._tiles[key] = self._get(key)
        return self._tiles[key]

    def _key(self, name: int | str, level: int, number: int) -> str:
        width, groups, rest = min(256, (self._size >> 8 * level) - number * 256), [f"{number % 1000:03d}"], number
        while rest := rest // 1000:
            groups.insert(0, f"x{rest % 1000:03d}")
        return f"tile/{name}/{'/'.join(groups)}" + (f".p/{width}" if width < 256 else "")


def _verifier(line: str) -> tuple[str, bytes, Ed25519PublicKey]:
    try:
        name, told, key = line.strip().split("+", 2)
        body = base64.b64decode(key)
        return name, bytes.fromhex(told), Ed25519PublicKey.from_public_bytes(body[1:])
    except ValueError:
        raise ValueError(f"not a key as log/keys.json has them (name+hash+key): {line!r}") from None


def _signed(text: str, line: str, keys: Sequence[tuple[str, bytes, Ed25519PublicKey]]) -> bool:
    _, name, encoded = line.split(" ", 2)
    body = base64.b64decode(encoded)
    for known, told, key in keys:
        if (known, told) == (name, body[:4]):
            try:
                key.verify(body[4:], text.encode())
            except InvalidSignature:
                continue
            return True
    return False


def _checked(body: bytes, sha256: str, size_bytes: int) -> bytes:
    if (hashlib.sha256(body).hexdigest(), len(body)) != (sha256, size_bytes):
        raise Tampered("an object is not the one that was announced")
    return body


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _fold(hashes: list[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = [_node(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]
