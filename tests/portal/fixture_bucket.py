"""A public bucket as a folder: what the publisher would have written, made with the same builders.

`python -m tests.portal.fixture_bucket FOLDER [REPLIES]` makes one to look at.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from PIL import Image, ImageDraw

from domain.document_number import DocumentNumber
from domain.gate.evidence import SignatureStatus, SignatureVerdict
from domain.publication.canonical_json import Json, canonical_json, sha256_hex
from domain.publication.change_log import Change, LogEntry, LogHead
from domain.publication.checkpoint import Checkpoint, proof_text
from domain.publication.derived import Announcement, Derived, follow
from domain.publication.manifest import (
    Artifact,
    ArtifactRole,
    Provenance,
    State,
    manifest_of,
    public_roles,
    reply_artifact,
    tombstone_of,
)
from domain.publication.merkle import inclusion_proof, root_hash
from domain.publication.notice import Notice, Reason
from domain.publication.object_keys import (
    CHECKPOINT,
    LOG_KEYS,
    SITE,
    envelope_key,
    log_entry_key,
    proof_key,
    reply_folder,
)
from domain.publication.rendition import text_of
from domain.publication.site_particulars import Site
from domain.publication.tiles import TileTree, tiles_after
from domain.reading.paragraph import Paragraph, Role
from domain.reply import (
    Disclosure,
    DisclosureAttribute,
    DisclosureExtent,
    HandlingResult,
    Reply,
    Submission,
    SubmissionKind,
)
from portal import portal_files
from tests.adapters.publishing import KEY
from tests.domain.test_rendition import a_reply

_MATTERS = ("在老街增设饮水点", "加装电梯资金分担", "校门口早晚高峰疏导", "社区食堂延长供餐时间", "河道夜间照明")
_RESULTS = ("解决采纳", "正在解决", "留作参考")
_OFFICES = ("甲区青溪镇人民政府", "甲区教育局", "甲区建设和交通管理委员会")
HOSTILE_TITLE = "关于<img src=x onerror=alert(1)>&amp;“引号”的答复"


def some_replies(count: int) -> Iterator[Reply]:
    """`count` replies of an invented district, no two alike; number 1 is a summary, number 2 has a hostile title."""
    for number in range(count):
        proposal = number % 3 != 0
        day = date(2022, 1, 10) + timedelta(days=number * 3 % 1600)
        kind = SubmissionKind.PROPOSAL if proposal else SubmissionKind.SUGGESTION
        submission = Submission(kind, "区政协" if proposal else "区人大", 15, number % 5 + 1, (f"{number + 100:06d}",))
        result = _RESULTS[number % 3]
        matter = _MATTERS[number % len(_MATTERS)]
        reply = replace(
            a_reply(),
            title=HOSTILE_TITLE if number == 2 else f"对关于{matter}的{kind}（第{number + 100:06d}号）的答复",
            document_number=DocumentNumber("溪府", day.year, number + 1),
            issuing_authority=_OFFICES[number % 3],
            addressees=("乙某某委员",) if proposal else ("丁某某代表", "戊某某代表"),
            date_of_issue=day,
            submission=submission,
            handling_result=HandlingResult(" ".join(result), result, "某区办理结果"),
            paragraphs=(*a_reply().paragraphs, Paragraph(Role.BODY, f"本件为第{number}件。", 2)),
        )
        if number == 1:
            summary = DisclosureExtent.SUMMARY
            mark = Disclosure("主动公开·摘要", DisclosureAttribute.PROACTIVE, summary)
            reply = replace(reply, disclosure=mark, extent=summary)
        yield reply


class FixtureBucket:
    """A folder in the layout of the public bucket."""

    def __init__(self, folder: Path, site: Site | None = None) -> None:
        """`site`: what is told of the site; None: nothing."""
        self.folder = folder
        self.site = canonical_json(site.as_json()) if site else None
        if self.site:
            self.put(SITE, self.site)
        self.head = LogHead()
        self.entries: list[LogEntry] = []
        self.derived: dict[str, Derived] = {}
        self.pending: list[Announcement] = []
        self.slots: dict[str, int] = {}
        self.versions: dict[str, int] = {}
        for key, body, _ in portal_files(site):
            self.put(key, body)
        self.put(LOG_KEYS, canonical_json({"origin": KEY.name, "keys": list(KEY.verifier_keys)}))

    def put(self, key: str, body: bytes) -> None:
        """Write one object."""
        path = self.folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)

    def publish(self, reply: Reply, reply_id: str) -> Json:
        """Publish the first or the next version; its manifest."""
        version = self.versions.get(reply_id, 0) + 1
        published_at = f"2026-{version:02d}-0{version}T01:00:00Z"
        original = f"%PDF-1.7\n% {reply_id} {version}\n".encode() * 900
        artifacts = list(self._artifacts(reply, reply_id, original))
        provenance = Provenance(
            sha256_hex(original),
            len(original),
            SignatureVerdict(SignatureStatus.VALID, "签名完好。", (reply.issuing_authority,)),
            "0.1.0",
            "1",
            ("pdfium",),
        )
        manifest = manifest_of(
            reply,
            reply_id=reply_id,
            version=version,
            published_at=published_at,
            artifacts=artifacts,
            provenance=provenance,
        )
        self._announce(manifest, reply_artifact(reply), reply_id, version, published_at)
        return manifest

    def withdraw(self, reply_id: str) -> None:
        """Take the reply down: its tombstone, and nothing else of it."""
        version, at = self.versions[reply_id] + 1, "2026-06-01T01:00:00Z"
        notice = Notice(
            Reason.PERSONAL_PRIVACY, "《中华人民共和国政府信息公开条例》第十五条", "涉及个人隐私，停止公开。"
        )
        self._announce(tombstone_of(reply_id, version, State.WITHDRAWN, notice, at), None, reply_id, version, at)
        for path in (self.folder / reply_folder(reply_id)).rglob("*"):
            if path.is_file() and path.parent.name != f"v{version}":
                path.unlink()

    def finish(self) -> None:
        """Write what is written last."""
        tiles = tiles_after(0, [entry.body() for entry in self.entries], lambda key: b"")
        for key, body in tiles.items():
            self.put(key, body)
        if self.entries:
            size = len(self.entries)
            root = root_hash(size, TileTree(size, tiles.__getitem__).complete)
            head = Checkpoint(KEY.name, size, root, self.head.updated_at, "2036-01-01T00:00:00Z", self.head.replies)
            note = KEY.sign_checkpoint(head)
            self.put(CHECKPOINT, note)
            tree = TileTree(size, tiles.__getitem__)
            for entry in self.entries:
                if (self.folder / entry.manifest_key).exists():
                    leaf = entry.sequence - 1
                    proof = proof_text(leaf, inclusion_proof(leaf, size, tree.complete), note)
                    self.put(proof_key(entry.reply_id, entry.version), proof)
        for key, made in follow(self.pending, self._standing).items():
            if made is None:
                self.derived.pop(key, None)
                (self.folder / key).unlink(missing_ok=True)
            else:
                self.derived[key] = made
                self.put(key, made.body)
        self.pending = []

    def _artifacts(self, reply: Reply, reply_id: str, original: bytes) -> Iterator[Artifact]:
        bodies = {
            ArtifactRole.ORIGINAL: original,
            ArtifactRole.REPLY_JSON: canonical_json(reply_artifact(reply)),
            ArtifactRole.TEXT: text_of(reply).encode(),
            ArtifactRole.PREVIEW: _preview(),
        }
        for role in sorted(public_roles(reply.extent)):
            artifact = Artifact.of(reply_id, role, bodies[role])
            self.put(artifact.key, bodies[role])
            yield artifact

    def _announce(self, manifest: Json, reply: Json | None, reply_id: str, version: int, published_at: str) -> None:
        body = canonical_json(manifest)
        slot = self.slots.setdefault(reply_id, len(self.slots))
        change = Change.WITHDRAW if reply is None else Change.PUBLISH if version == 1 else Change.CORRECT
        entry = LogEntry(
            self.head.sequence + 1, change, reply_id, version, slot, sha256_hex(body), len(body), published_at
        )
        self.put(entry.manifest_key, body)
        self.put(envelope_key(reply_id, version), canonical_json(KEY.sign_manifest(body)))
        self.put(log_entry_key(entry.sequence), entry.body())
        self.pending.append(Announcement(entry, manifest, reply))
        self.entries.append(entry)
        self.head = self.head.after(entry)
        self.versions[reply_id] = version

    def _standing(self, key: str) -> bytes | None:
        if key == SITE:
            return self.site
        found = self.derived.get(key)
        return found.body if found else None


def reply_id_of(number: int) -> str:
    """A well-formed id for the reply of this number."""
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    return "990101-" + "".join(letters[number // 32**place % 32] for place in range(12))


def fill(folder: Path, count: int = 30, site: Site | None = None) -> FixtureBucket:
    """Publish `count` replies, and the first one a second time."""
    bucket = FixtureBucket(folder, site)
    replies = list(some_replies(count))
    for number, reply in enumerate(replies):
        bucket.publish(reply, reply_id_of(number))
    if replies:
        first = replies[0]
        bucket.publish(replace(first, document_number=DocumentNumber("溪府", 2022, 900)), reply_id_of(0))
    bucket.finish()
    return bucket


def _preview() -> bytes:
    image = Image.new("RGB", (420, 594), "white")
    pen = ImageDraw.Draw(image)
    for line in range(12):
        pen.line([(60, 180 + line * 28), (360 if line % 4 else 240, 180 + line * 28)], fill="#777777", width=3)
    stream = io.BytesIO()
    image.save(stream, "JPEG")
    return stream.getvalue()


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 30)
