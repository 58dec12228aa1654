"""Buckets on which a portal team, a harvester or an archive tries its own consumer: good ones and tampered ones.

`python -m samples.scenarios FOLDER` writes one folder for each scenario, always with the same record, byte for byte. In
each, `1`, `2` … are what a consumer meets one after the other at the same address, keeping what it remembers, and
`expected.json` says what a right one does. `key.txt` is the public key to pin. How to use it: docs/consumer/README.md.

Everything is written by the publisher's own code. Texts, places and people are invented, and so
is the private key: it protects nothing.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.record.edition import Edition
from adapters.record.public_record import PublicRecord
from adapters.record.publication import Publisher
from adapters.record.publisher_key import PublisherKey
from adapters.record.record_repair import write_site
from adapters.record.vault import Vault
from adapters.record.withdrawal import Order, Withdrawals
from domain.document_number import DocumentNumber
from domain.fate import Published
from domain.gate.evidence import SignatureStatus, SignatureVerdict
from domain.publication.canonical_json import canonical_json, parse_json, sha256_hex
from domain.publication.change_log import LogEntry
from domain.publication.checkpoint import Checkpoint
from domain.publication.manifest import Provenance
from domain.publication.notice import Notice, Reason
from domain.publication.object_keys import CHECKPOINT, LOG_KEYS, schema_key
from domain.publication.rendition import text_of
from domain.publication.site_particulars import Site
from domain.publication.tiles import bundle_of, entries_of, entry_tile
from domain.reading.paragraph import Paragraph, Role
from domain.reply import (
    Disclosure,
    DisclosureAttribute,
    DisclosureExtent,
    HandlingResult,
    Reply,
    ReplyKind,
    Submission,
    SubmissionKind,
)
from tests.adapters.memory_bucket import MemoryBucket

KEY = PublisherKey("fuwen-scenarios", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
_FORGER = PublisherKey(KEY.name, Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34))))
_START = datetime(2026, 1, 5, 1, 0, 0, tzinfo=UTC)
_FOR_EVER = "2099-12-31T00:00:00Z"
"""The heads of these buckets do not expire, but for the one that is meant to have."""
_MATTERS = ("完善河畔步道照明", "老旧小区加装电梯", "校门口早晚高峰疏导", "社区食堂延长供餐时间", "老街增设饮水点")

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a consumer meets, and what it should make of it."""

    name: str
    zh: str
    en: str
    steps: tuple[Files, ...]
    is_refused: bool = False
    """Whether the last step has to be refused. Every other is to be accepted."""


def main(folder: Path) -> None:
    """Write all of them. What the folder held under their names is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "key.txt").write_text(KEY.verifier_keys[0] + "\n", encoding="utf-8")
    for scenario in scenarios():
        place = folder / scenario.name
        shutil.rmtree(place, ignore_errors=True)
        for number, files in enumerate(scenario.steps, start=1):
            for key, body in files.items():
                path = place / str(number) / key
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(body)
        expected = json.dumps(_expected(scenario), ensure_ascii=False, indent=1)
        (place / "expected.json").write_text(expected + "\n", encoding="utf-8")


def scenarios() -> Iterator[Scenario]:
    """The scenarios, in the order in which a consumer is best built."""
    published, corrected, withdrawn, purged, returned, forked = _states()
    for name, zh, en, steps in (
        ("publish", "三件答复公开", "Three replies are published.", (published,)),
        ("correction", "其中一件更正", "One of them is corrected.", (published, corrected)),
        ("withdrawal", "一件撤回：各版本都要删除", "One is withdrawn: delete every version.", (corrected, withdrawn)),
        ("purge", "一件清除，不说明原因", "One is purged, without a reason.", (withdrawn, purged)),
        ("return", "撤回的一件更正后重新公开", "The withdrawn one comes back.", (purged, returned)),
        ("all-at-once", "很久没来：更正、撤回、清除一起遇到", "After a long absence.", (published, returned)),
        ("latecomer", "第一次来：有的清单已随撤回删除", "The first visit: some manifests are gone.", (returned,)),
    ):
        yield Scenario(name, zh, en, steps)
    for name, (zh, en, change) in _TAMPERED.items():
        # A first visit: who has read all that there is need not read it again.
        yield Scenario(name, zh, en, (change(dict(purged)),), is_refused=True)
    zh, en = "网站退回到以前的状态，签名都是真的", "The site shows an older state, every signature genuine."
    yield Scenario("replay", zh, en, (purged, corrected), is_refused=True)
    zh, en = "同一把密钥签了另一段历史", "The same key has signed another history."
    yield Scenario("fork", zh, en, (published, forked), is_refused=True)


def _expected(scenario: Scenario) -> dict[str, object]:
    steps: list[dict[str, object]] = []
    for number, files in enumerate(scenario.steps, start=1):
        if scenario.is_refused and number == len(scenario.steps):
            steps.append({"folder": str(number), "outcome": "refuse"})
        else:
            steps.append({"folder": str(number), "outcome": "accept", **_standing(files)})
    return {"zh": scenario.zh, "en": scenario.en, "steps": steps}


def _standing(files: Mapping[str, bytes]) -> dict[str, object]:
    """What a consumer holds once it has read this: versions by reply, and the replies that it must not hold."""
    last = {entry.reply_id: entry for entry in _entries(files)}
    return {
        "replies": {name: entry.version for name, entry in sorted(last.items()) if not entry.change.takes_down},
        "gone": sorted(name for name, entry in last.items() if entry.change.takes_down),
    }


# --- the states of one bucket -----------------------------------------------------------------------------------------


def _states() -> Iterator[Files]:
    with tempfile.TemporaryDirectory(prefix="fuwen-scenarios-") as name:
        world = _World(Path(name))
        _, second, third = (world.publish(number) for number in range(3))
        yield world.files()
        world.publish(0, "更正：已于年内完成。")
        yield world.files()
        world.take_down(second, Notice(Reason.PERSONAL_PRIVACY, note="正文含个人信息，现撤回。"))
        yield world.files()
        world.take_down(third, None)
        yield world.files()
        world.publish(1, "删去个人信息后重新公开。")
        world.publish(3)
        yield world.files()
        other = _World(Path(name))
        for number in (0, 1, 4, 2):
            other.publish(number)
        yield other.files()


class _World:
    """A bucket in which an hour passes between any two changes."""

    def __init__(self, folder: Path) -> None:
        self._public, self._private = MemoryBucket("public"), MemoryBucket("vault")
        self._publisher = Publisher(PublicRecord(self._public, KEY), Vault(self._private))
        self._folder, self._hours = folder, 0
        keys = {"schema": schema_key("log-keys-1"), "origin": KEY.name, "keys": list(KEY.verifier_keys)}
        self._public.put(LOG_KEYS, canonical_json(keys))
        for path in sorted(Path(str(resources.files("schemas"))).glob("*.json")):
            self._public.put(f"schemas/{path.name}", path.read_bytes())
        write_site(self._public, Site(base_url="https://reply.example/"))

    def _now(self) -> datetime:
        self._hours += 1
        return _START + timedelta(hours=self._hours)

    def publish(self, number: int, addition: str | None = None) -> str:
        """Reply `number`, or its correction; the reply's id."""
        reply = _reply(number, addition)
        body = _pdf(f"{number} {addition or ''}")
        path = self._folder / "original.pdf"
        path.write_bytes(body)
        signed = SignatureVerdict(SignatureStatus.VALID, f"由{reply.issuing_authority}签名，证书可信。", ())
        provenance = Provenance(sha256_hex(body), len(body), signed, "0.1.0", "0" * 64, ("pdfium",))
        edition = Edition(
            document_id=sha256_hex(body)[:32],
            reply=reply,
            provenance=provenance,
            original=path,
            text=text_of(reply),
            correcting=addition is not None,
        )
        answer = self._publisher.publish(edition, self._now())
        if not isinstance(answer, Published):
            raise TypeError(answer)
        return answer.reply_id

    def take_down(self, reply_id: str, notice: Notice | None) -> None:
        """With a notice a withdrawal, without one a purge."""
        withdrawals = Withdrawals(self._publisher, Vault(self._private), self._public)
        withdrawals.take_down(Order(reply_id, notice, "甲某", "乙某"), self._now())

    def files(self) -> Files:
        """All that is public, with a head that does not expire."""
        found = dict(self._public.objects)
        head = Checkpoint.parse(found[CHECKPOINT].decode())
        return found | {CHECKPOINT: KEY.sign_checkpoint(replace(head, expires=_FOR_EVER))}


def _reply(number: int, addition: str | None) -> Reply:
    body = f"您提出的关于{_MATTERS[number]}的提案收悉。经研究，已列入计划。"
    return Reply(
        kind=ReplyKind.REPLY,
        title=f"关于{_MATTERS[number]}的答复",
        document_number=DocumentNumber("柳府", 2025, number + 1),
        issuing_authority="云溪区柳桥镇人民政府",
        area_code="990199",
        signatory=None,
        addressees=("沈某某委员",),
        date_of_issue=date(2025, 12, 1),
        date_of_distribution=None,
        distributing_office=None,
        copied_to=(),
        submission=Submission(SubmissionKind.PROPOSAL, "区政协", 15, 3, (f"153{number:03d}",)),
        handling_result=HandlingResult("解决采纳", "解决采纳", "通用用语"),
        disclosure=Disclosure("主动公开·全文", DisclosureAttribute.PROACTIVE, DisclosureExtent.FULL_TEXT),
        extent=DisclosureExtent.FULL_TEXT,
        paragraphs=tuple(Paragraph(Role.BODY, text, 1) for text in (body, addition) if text),
    )


def _pdf(words: str) -> bytes:
    """One empty page, told from others by a comment."""
    objects = (
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj",
    )
    return b"\n".join((b"%PDF-1.4", b"% " + words.encode(), *objects, b"trailer<</Root 1 0 R>>", b"%%EOF\n"))


# --- tampering --------------------------------------------------------------------------------------------------------


def _entries(files: Mapping[str, bytes]) -> list[LogEntry]:
    return [LogEntry.from_json(parse_json(body)) for body in entries_of(files[_newest_tile(files)])]


def _newest_tile(files: Mapping[str, bytes]) -> str:
    return entry_tile(0, Checkpoint.parse(files[CHECKPOINT].decode()).size)


def _with_entries(files: Files, change: Callable[[list[bytes]], list[bytes]]) -> Files:
    key = _newest_tile(files)
    return files | {key: bundle_of(change(entries_of(files[key])))}


def _cut(files: Files) -> Files:
    key = _newest_tile(files)
    return files | {key: files[key][:-9]}


def _swapped(files: Files) -> Files:
    first = {entry.reply_id: entry.manifest_key for entry in reversed(_entries(files)) if entry.manifest_key in files}
    one, other = list(first.values())[:2]
    return files | {one: files[other], other: files[one]}


def _flipped(files: Files) -> Files:
    """The original of a version that counts now: who never reads those before would not notice theirs."""
    last = {entry.reply_id: entry for entry in _entries(files)}
    manifest = next(files[last[name].manifest_key] for name in sorted(last) if not last[name].change.takes_down)
    (key,) = (each["key"] for each in parse_json(manifest)["artifacts"] if each["role"] == "original")
    return files | {key: files[key].replace(b"595", b"596")}


def _removed(files: Files) -> Files:
    gone = min(key for key in files if key.endswith(".pdf")).split("/")[1]
    return {key: body for key, body in files.items() if not key.startswith(f"doc/{gone}/")}


def _head(files: Files, key: PublisherKey, **changes: str) -> Files:
    head = Checkpoint.parse(files[CHECKPOINT].decode())
    return files | {CHECKPOINT: key.sign_checkpoint(replace(head, **changes))}  # type: ignore[arg-type]


_TAMPERED: dict[str, tuple[str, str, Callable[[Files], Files]]] = {
    "truncation": (
        "变更记录少了最后一条",
        "The log lacks its last entry.",
        lambda files: _with_entries(files, lambda found: found[:-1]),
    ),
    "reorder": (
        "两条变更记录换了位置",
        "Two entries have changed places.",
        lambda files: _with_entries(files, lambda found: [found[1], found[0], *found[2:]]),
    ),
    "cut-segment": ("变更记录的存储块被截断", "A segment of the log is cut.", _cut),
    "swapped-manifest": ("两件的清单互换", "Two manifests have changed places.", _swapped),
    "changed-file": ("原件改了一个字节", "One byte of an original was changed.", _flipped),
    "silent-removal": (
        "一件的对象不见了，没有撤回记录",
        "Objects of a reply are gone, and no entry says so.",
        _removed,
    ),
    "forged-signature": (
        "末端由别人的密钥签名",
        "Another key has signed the head.",
        lambda files: _head(files, _FORGER),
    ),
    "stale-head": (
        "末端已过期：可能有更新的被扣住",
        "The head has expired: something newer may be held back.",
        lambda files: _head(files, KEY, expires="2026-01-19T00:00:00Z"),
    ),
}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
