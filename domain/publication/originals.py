"""Which publication an original belongs to, by its digest: so that anybody who holds a file can ask without a server.

`digests/{first three digits}.json` names the newest version with each original. What was taken down is not in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from domain.publication.canonical_json import Json, canonical_json, parse_json
from domain.publication.change_log import LogEntry
from domain.publication.object_keys import ORIGINALS, page_key

_DIGEST_ON_A_PAGE = re.compile(rb"<code>([0-9a-f]{64})</code>")

Standing = Callable[[str], bytes | None]


def originals_key(sha256: str) -> str:
    """The object that knows originals with this digest."""
    return f"{ORIGINALS}{sha256[:3]}.json"


def originals_after(changes: Sequence[tuple[LogEntry, str | None]], standing: Standing) -> dict[str, bytes | None]:
    """What these changes, each with the digest of its public original, make of the lists; None: the object goes."""
    lists: dict[str, dict[str, Json]] = {}
    new: dict[str, list[str]] = {}

    def known(sha256: str) -> dict[str, Json]:
        key = originals_key(sha256)
        if key not in lists:
            body = standing(key)
            lists[key] = parse_json(body) if body else {}
        return lists[key]

    for entry, sha256 in changes:
        if entry.change.takes_down:
            for digest in (*_shown(entry, standing), *new.pop(entry.reply_id, [])):
                if known(digest).get(digest, {}).get("reply_id") == entry.reply_id:
                    del known(digest)[digest]
        elif sha256 is not None:
            new.setdefault(entry.reply_id, []).append(sha256)
            known(sha256)[sha256] = {
                "reply_id": entry.reply_id,
                "version": entry.version,
                "sequence": entry.sequence,
            }
    return {key: canonical_json(found) if found else None for key, found in lists.items()}


def _shown(entry: LogEntry, standing: Standing) -> Iterator[str]:
    """The digests on the pages of the versions before: the only derived objects that tell them."""
    for version in range(1, entry.version):
        body = standing(page_key(entry.reply_id, version))
        yield from (digest.decode() for digest in _DIGEST_ON_A_PAGE.findall(body or b""))
