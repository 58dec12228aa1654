"""The Merkle tree over the change log: RFC 6962, section 2.1, as C2SP tlog-tiles keeps it.

Only hashes of complete subtrees are ever asked for, so the tree can lie in tiles, in memory or anywhere else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

Complete = Callable[[int, int], bytes]
"""`complete(level, index)`: the hash of the complete subtree over leaves [index << level, (index + 1) << level)."""

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_hash(size: int, complete: Complete) -> bytes:
    """The hash of the tree over the first `size` leaves."""
    return _range_hash(0, size, complete) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, complete: Complete) -> list[bytes]:
    """What leads from leaf `index` (from 0) to the root of the tree of this size. Raises ValueError outside of it."""
    if not 0 <= index < size:
        raise ValueError("the leaf is not in the tree")
    return _path(index, 0, size, complete)


def consistency_proof(older: int, newer: int, complete: Complete) -> list[bytes]:
    """What shows that the tree of size `older` is the beginning of the tree of size `newer`."""
    if not 0 < older <= newer:
        raise ValueError("the older tree is not within the newer one")
    return _subproof(older, 0, newer, complete, known=True) if older < newer else []


def proves_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf's hash to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def proves_consistency(older: int, newer: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that nothing before `older` was changed (RFC 9162, 2.1.4.2)."""
    if older == newer:
        return not proof and old_root == new_root
    if not 0 < older < newer or not proof:
        return False
    steps = [old_root, *proof] if older & (older - 1) == 0 else list(proof)
    place, last = older - 1, newer - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, step)
        place, last = place >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _range_hash(start: int, end: int, complete: Complete) -> bytes:
    width = end - start
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return complete(level, start >> level)
    middle = start + _split(width)
    return node_hash(_range_hash(start, middle, complete), _range_hash(middle, end, complete))


def _path(index: int, start: int, end: int, complete: Complete) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(index, start, middle, complete), _range_hash(middle, end, complete)]
    return [*_path(index, middle, end, complete), _range_hash(start, middle, complete)]


def _subproof(older: int, start: int, end: int, complete: Complete, *, known: bool) -> list[bytes]:
    if older == end:
        return [] if known else [_range_hash(start, end, complete)]
    middle = start + _split(end - start)
    if older <= middle:
        below = _subproof(older, start, middle, complete, known=known)
        return [*below, _range_hash(middle, end, complete)]
    return [*_subproof(older, middle, end, complete, known=False), _range_hash(start, middle, complete)]


def _split(width: int) -> int:
    """The greatest power of two below the width."""
    return 1 << (width - 1).bit_length() - 1
