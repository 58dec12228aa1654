"""Remove from the inbox what the vault has, and only that."""

from __future__ import annotations

from adapters.store.object_store import Bucket, ObjectHead
from domain.object_version import ObjectVersion


def clear_inbox(inbox: Bucket, version: ObjectVersion) -> None:
    """Delete the object if it is still this version. Call once the document has its outcome. Raises StoreError.

    Between HEAD and DELETE a store without versions may be given a new file, which would be lost: such an inbox is
    dropped into under names that are not reused (`fuwen drop` takes care), or keeps versions.
    """
    head = inbox.head(version.key)
    if head is not None and version_of(inbox, head) == version:
        inbox.delete(version.key, head.version_id)


def version_of(inbox: Bucket, head: ObjectHead) -> ObjectVersion:
    """The version that HEAD describes."""
    return ObjectVersion.seen(
        inbox.name,
        head.key,
        version_id=head.version_id,
        etag=head.etag,
        size_bytes=head.size_bytes,
        last_modified=head.last_modified,
    )
