"""What a publication writes and what a consumer reads, at 100, 10,000 and 100,000 replies: the real code, in memory.

`python -m benchmarks.archive_growth [SIZES…]`. Requests and bytes are exact; nothing here measures time.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from adapters.record.withdrawal import Order
from benchmarks.table import Table
from domain.fate import Published
from domain.feeds.change import feeds_after
from domain.publication.canonical_json import canonical_json, parse_json
from domain.publication.change_log import applied_of
from domain.publication.checkpoint import Checkpoint
from domain.publication.merkle import root_hash
from domain.publication.notice import Notice, Reason
from domain.publication.object_keys import (
    CHECKPOINT,
    LOG_APPLIED,
    SITE,
    SLOTS_PER_PAGE,
    catalogue_page_key,
    page_of_slot,
)
from domain.publication.site_particulars import Site
from domain.publication.tiles import TileTree, tiles_after
from tests.adapters.memory_bucket import MemoryBucket
from tests.adapters.publishing import KEY, NOW, World, numbered

_ORIGINAL = b"%PDF-1.7 " + b"0" * 200_000
_SITE = Site(base_url="https://reply.example.gov.cn/")
_BATCH = 1024
_ROUND = 256
"""Publications that are averaged: one full turn of every tile and four of every catalogue page."""


def growth_table(sizes: list[int]) -> Table:
    """One row for each size of the archive."""
    rows: list[tuple[float, ...]] = []
    with tempfile.TemporaryDirectory(prefix="fuwen-bench-") as folder:
        for size in sizes:
            world = _archive(Path(folder), size)
            rows.append((size, *_one_by_one(world, size), *_consumer(world), *_taken_down(world)))
    return Table(
        "growth",
        "The archive grows, a publication does not",
        (
            "replies", "requests", "writes", "kB written", "kB without the original", "kB in the worst",
            "consumer: requests", "kB", "withdrawal: requests", "kB written",
        ),
        rows,
        f"Means of {_ROUND} publications with an original of 200 kB; public bucket, in memory, real layout and code.",
    )  # fmt: skip


def _archive(folder: Path, size: int) -> World:
    """A bucket whose log has so many entries: tiles, checkpoint, feeds, newest catalogue page as they would lie."""
    world = World.in_memory(folder)
    _publish(world, 0, small=True)
    first = world.publisher().record.entry(1)
    assert first is not None
    row = parse_json(world.public.get(catalogue_page_key(0)))["rows"][0]
    manifest = parse_json(world.public.get(first.manifest_key))
    entries = [replace(first, sequence=n, slot=n - 1, reply_id=_id(n)) for n in range(1, size + 1)]
    bucket = _public(world)
    bucket.objects.clear()
    tiles = tiles_after(0, [entry.body() for entry in entries], lambda _: b"")
    bucket.objects |= tiles
    root = root_hash(size, TileTree(size, tiles.__getitem__).complete)
    head = Checkpoint(KEY.name, size, root, "2024-05-20T01:02:03Z", "2024-06-03T01:02:03Z", size)
    bucket.objects[CHECKPOINT] = KEY.sign_checkpoint(head)
    bucket.objects[SITE] = canonical_json(_SITE.as_json())
    for start in range(0, size, _BATCH):
        made = feeds_after([(entry, manifest) for entry in entries[start : start + _BATCH]], bucket.objects.get)
        bucket.objects |= {key: body for key, (body, _) in made.items()}
    bucket.objects[LOG_APPLIED] = canonical_json(applied_of(size, size))
    page = page_of_slot(size - 1)
    rows = [row | {"slot": slot, "reply_id": _id(slot + 1)} for slot in range(page * SLOTS_PER_PAGE, size)]
    document = {"schema": "schemas/catalogue-page-1.json", "page": page, "rows": rows}
    bucket.objects[catalogue_page_key(page)] = canonical_json(document)
    return world


def _id(number: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    return "990101-" + "".join(letters[number // 32**place % 32] for place in range(12))


def _publish(world: World, number: int, *, small: bool) -> Published:
    body = f"%PDF {number}".encode() + (b"" if small else _ORIGINAL)
    edition = world.edition(body, numbered(10**6 + number))
    answer = world.publisher().publish(edition, NOW)
    edition.original.unlink()
    assert isinstance(answer, Published)
    return answer


def _public(world: World) -> MemoryBucket:
    assert isinstance(world.public, MemoryBucket)
    return world.public


def _one_by_one(world: World, published: int) -> tuple[float, ...]:
    bucket = _public(world)
    bucket.requests.clear()
    bucket.bytes_written, worst = 0, 0
    for number in range(published, published + _ROUND):
        before = bucket.bytes_written
        _publish(world, number, small=False)
        worst = max(worst, bucket.bytes_written - before)
    writes = bucket.requests["put"] + bucket.requests["delete"]
    total = bucket.bytes_written / _ROUND / 1000
    return (
        sum(bucket.requests.values()) / _ROUND,
        writes / _ROUND,
        total,
        total - len(_ORIGINAL) / 1000,
        worst / 1000,
    )


def _consumer(world: World) -> tuple[float, ...]:
    """Who knows all but the last change finds it: its entry, checked against the signed root, and its manifest."""
    bucket = _public(world)
    before = audit_cursor(bucket)
    _publish(world, 10**6, small=True)
    bucket.requests.clear()
    bucket.bytes_read = 0
    reader = _consumer_file().Consumer("memory://", KEY.verifier_keys, NOW)
    reader.get = bucket.get
    assert [change["change"] for change in reader.changes(before)] == ["publish"]
    return sum(bucket.requests.values()), bucket.bytes_read / 1000


def audit_cursor(bucket: MemoryBucket) -> dict[str, object]:
    """What a reader remembers who has read everything."""
    head = Checkpoint.parse(bucket.get(CHECKPOINT).decode())
    return {"size": head.size, "root": head.root.hex(), "time": head.time}


def _consumer_file() -> ModuleType:
    spec = spec_from_file_location("fuwen_consumer", Path("docs/consumer/fuwen_consumer.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _taken_down(world: World) -> tuple[float, ...]:
    bucket = _public(world)
    outcome = _publish(world, 10**6 + 1, small=True)
    bucket.requests.clear()
    bucket.bytes_written = 0
    world.withdrawals().take_down(Order(outcome.reply_id, Notice(Reason.OTHER), "one", "another"), NOW)
    return sum(bucket.requests.values()), bucket.bytes_written / 1000


if __name__ == "__main__":
    print(growth_table([int(size) for size in sys.argv[1:]] or [100, 10_000, 100_000]))
