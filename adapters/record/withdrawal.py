"""Taking a public reply down: committed like any other change, then everything of it is deleted and proven gone.

Who may order it is told by names in the vault; who may delete, by a credential of its own. Every line may be the last
one that is carried out; running again ends in the very same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from adapters.record.ledger import received_day
from adapters.record.public_record import PublicRecord
from adapters.record.publication import Publisher
from adapters.record.vault import Vault
from adapters.store.object_store import Bucket, WriteConflict
from domain.object_version import utc_text
from domain.publication.manifest import State, StoredManifest, tombstone_of
from domain.publication.notice import Notice
from domain.publication.object_keys import (
    DERIVED,
    current_key,
    envelope_key,
    manifest_key,
    page_key,
    proof_key,
    reply_folder,
)


class NotPublic(Exception):  # noqa: N818 - named for what is the case
    """There is nothing of this id to take down. `str()` is one Chinese sentence, `en` the same in English."""

    def __init__(self, reply_id: str) -> None:
        super().__init__(reply_id)
        self.en = f"No such reply is public: {reply_id}."
        self._zh = f"没有公开过这件复文：{reply_id}。"

    def __str__(self) -> str:
        return self._zh


class SecondPersonNeeded(Exception):  # noqa: N818
    """So many were taken down today that one person alone may not take down another."""

    def __init__(self, today: int, allowed: int) -> None:
        super().__init__(today, allowed)
        self.en = f"{today} replies were taken down today; beyond {allowed} a second person must agree (--second NAME)."
        self._zh = f"今天已停止公开 {today} 件，超过 {allowed} 件须有第二人同意（--second 姓名）。"

    def __str__(self) -> str:
        return self._zh


class StillThere(Exception):  # noqa: N818
    """Something of a reply that was taken down can still be read. Wakes somebody; running again tries again."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(*keys)
        self.en = f"{len(keys)} objects of the reply could not be deleted, the first is {keys[0]}; run it again."
        self._zh = f"该复文有 {len(keys)} 个对象没有删掉（如 {keys[0]}）。请核对删除权限后再次运行。"

    def __str__(self) -> str:
        return self._zh


@dataclass(frozen=True, slots=True)
class Order:
    """That a reply is to be taken down."""

    reply_id: str
    notice: Notice | None
    """What the public is told; None: a purge, of which nothing is told."""
    by: str
    """Who orders it. Kept in the vault, never public."""
    second: str | None = None
    """Who agrees, where one person may not decide alone."""

    @property
    def state(self) -> State:
        """What it leaves of the reply."""
        return State.WITHDRAWN if self.notice else State.PURGED


@dataclass(frozen=True, slots=True)
class Limits:
    """How many a day one person may take down alone: the lesser of both, but at least one."""

    number: int = 5
    share: float = 0.01
    """Of all replies that were ever public."""

    def allowed(self, replies: int) -> int:
        """Of so many replies."""
        return min(self.number, max(1, int(self.share * replies)))


@dataclass(frozen=True, slots=True)
class TakenDown:
    """The reply is no longer public, and nothing of it can be read."""

    reply_id: str
    version: int
    deleted: int
    """Objects that were there until now."""


class Withdrawals:
    """Takes replies down. `eraser` is the public bucket under a credential that may delete below `doc/`."""

    def __init__(self, publisher: Publisher, vault: Vault, eraser: Bucket, limits: Limits | None = None) -> None:
        self._publisher, self._vault, self._eraser = publisher, vault, eraser
        self._limits = limits or Limits()

    @property
    def _record(self) -> PublicRecord:
        return self._publisher.record

    def take_down(self, order: Order, now: datetime) -> TakenDown:
        """Commit the order, then delete. Again changes nothing, and finishes what was begun.

        Raises NotPublic, SecondPersonNeeded, StillThere, StoreError, WriterLockBusy, FencedOff, RecordBroken.
        """
        return self.erase(order.reply_id, self.commit(order, now))

    def commit(self, order: Order, now: datetime) -> int:
        """The tombstone is announced and nothing derived shows the reply any more; its version."""
        while True:
            with self._publisher.alone():
                latest = self._record.latest(order.reply_id)
                if latest is None:
                    raise NotPublic(order.reply_id)
                self._record.announce(latest)
                if latest.state in {order.state, State.PURGED}:
                    return latest.version
                try:
                    return self._entomb(order, latest, now)
                except WriteConflict:
                    continue  # a correction was faster: take down that

    def _entomb(self, order: Order, latest: StoredManifest, now: datetime) -> int:
        version, today = latest.version + 1, received_day(now).isoformat()
        begun = self._vault.withdrawal(order.reply_id, version)
        if begun is None and latest.state is not State.WITHDRAWN:
            self._insist_on_second(order, today)
        kept = self._vault.order_withdrawal(
            order.reply_id,
            version,
            {
                "state": order.state.value,
                "notice": order.notice and order.notice.as_json(utc_text(now)),
                "by": order.by,
                "second": order.second,
                "ordered_at": utc_text(now),
            },
            today,
        )
        notice = Notice.from_json(kept["notice"]) if kept["notice"] else None
        tombstone = tombstone_of(order.reply_id, version, State(kept["state"]), notice, kept["ordered_at"])
        self._record.create_manifest(tombstone)
        self._record.announce(*filter(None, [self._record.manifest(order.reply_id, version)]))
        return version

    def _insist_on_second(self, order: Order, today: str) -> None:
        done, allowed = self._vault.withdrawals_on(today), self._limits.allowed(self._record.head().replies)
        if done >= allowed and (not order.second or order.second.split() == order.by.split()):
            raise SecondPersonNeeded(done, allowed)

    def erase(self, reply_id: str, version: int) -> TakenDown:
        """Delete everything of the reply but the tombstone, in all versions that the store keeps, and read back."""
        kept = {current_key(reply_id)}
        kept |= {key(reply_id, version) for key in (manifest_key, envelope_key, proof_key)}
        folder, before = reply_folder(reply_id), 0
        for found in list(self._eraser.list(folder)):
            if found.key not in kept:
                self._eraser.delete(found.key)
                before += 1
        own = (folder, page_key(reply_id).removesuffix(".html"))
        for key, version_id in list(self._superseded((*own, *DERIVED), kept)):
            self._eraser.delete(key, version_id)
        left = tuple(found.key for found in self._eraser.list(folder) if found.key not in kept)
        left += tuple(key for number in range(1, version) for key in self._readable(reply_id, number))
        left += tuple(key for key, _ in self._superseded(own, kept))
        if left:
            raise StillThere(left)
        self._vault.finish_withdrawal(reply_id)
        return TakenDown(reply_id, version, before)

    def _superseded(self, folders: Iterable[str], kept: set[str]) -> Iterator[tuple[str, str]]:
        """Where the store keeps versions, an overwritten page still holds its old text: those that have to go."""
        for folder in folders:
            for key, version_id, is_latest in self._eraser.versions(folder):
                derived = not key.startswith("doc/")
                if not is_latest or not (derived or key in kept):
                    yield key, version_id

    def _readable(self, reply_id: str, version: int) -> list[str]:
        keys = (manifest_key(reply_id, version), envelope_key(reply_id, version), proof_key(reply_id, version))
        return [key for key in keys if self._eraser.head(key) is not None]
