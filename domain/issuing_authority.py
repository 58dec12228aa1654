"""发文机关: who issued the letter, by its masthead (GB/T 9704-2012, 7.2.4) and its signature block (7.3.5)."""

from __future__ import annotations

import re

from domain.gate.rules import Rules
from domain.reading.place import Seen
from domain.reading.spelling import bare

_ORGAN = re.compile(
    r"[^\s、,;]*?(?:人民政府|政府|街道办事处|办事处|办公室|委员会|管委会|委|办|厅|局|部|署|院|会|中心|公司|大队|支队|站|所)"
)

_KIND_OF_PAPER = re.compile(r"(?:文件|便函|公函|函件|[(（]函[)）]|(?<=[局委厅部院府会办处])函)$")


def masthead_name(masthead: Seen | None) -> str | None:
    """The authority that the masthead names, without 文件 or 便函 and without letter-spacing; None for several."""
    if len(signing_names(masthead)) > 1:
        return None
    return (_KIND_OF_PAPER.sub("", bare(masthead.text)) or None) if masthead else None


def signature_name(block: Seen | None) -> str | None:
    """The authority that signs, without letter-spacing; None for several."""
    if block is None or len(signing_names(block)) > 1:
        return None
    return bare(block.text) or None


def signing_names(block: Seen | None) -> tuple[str, ...]:
    """Each authority of a joint signature, or of a joint masthead; one if it is not joint."""
    if block is None:
        return ()
    pieces = [piece for piece in re.split(r"[\s、,，;；]+", _KIND_OF_PAPER.sub("", block.raw.strip())) if piece]
    # Letter-spacing leaves pieces that are no names of organs; only whole names make a joint signature.
    if len(pieces) > 1 and all(len(piece) > 2 and _ORGAN.fullmatch(piece) for piece in pieces):
        return tuple(pieces)
    return (bare(block.text),) if bare(block.text) else ()


def same_authority(one: str, other: str, rules: Rules) -> bool:
    """Whether both name one authority: alike, the same registered one, or one the other without the place before it."""
    if one == other or one.endswith(other) or other.endswith(one):
        return True
    registered = rules.authority(one)
    return registered is not None and registered == rules.authority(other)


def issuing_authority(masthead: Seen | None, block: Seen | None, rules: Rules) -> str | None:
    """The registered name if either is registered, else the masthead, else the signature block."""
    names = [name for name in (masthead_name(masthead), signature_name(block)) if name]
    registered = [authority.name for name in names if (authority := rules.authority(name))]
    return next(iter(registered + names), None)
