"""What is searched for: pairs of neighbouring characters, single ones, and facets.

Chinese has no spaces, and its words are mostly two characters long. Pairs find every word of two characters and more,
without a dictionary that the reader's browser would have to share. The portal's `search.js` does the same to a query.
A single character is a facet of the letter, `@梯`: of a word that short it is only known that it is there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

_MASK_BITS = 16
_SPREAD = 2654435761  # Knuth's multiplicative hash: 2^32 divided by the golden ratio


@lru_cache(maxsize=65536)
def _is_searched(char: str) -> bool:
    return unicodedata.category(char)[0] in "LN"


def runs(text: str) -> Iterator[str]:
    """The stretches of letters and digits of the text, in compatibility form and lower case; all else parts them."""
    run: list[str] = []
    for char in unicodedata.normalize("NFKC", text).lower():
        if _is_searched(char):
            run.append(char)
        elif run:
            yield "".join(run)
            run = []
    if run:
        yield "".join(run)


def next_bit(char: str) -> int:
    """The bit of a mask that stands for a following character."""
    return 1 << ((ord(char) * _SPREAD & 0xFFFFFFFF) >> 28) % _MASK_BITS


def pairs(stretches: Iterable[str]) -> dict[str, int]:
    """Each pair of neighbours in the stretches, with a mask of what follows it anywhere: `加装` is followed by `电`.

    The mask, sixteen bits for all characters, is what makes a phrase more than the sum of its pairs: of a hundred
    letters that hold all pairs of a phrase but not the phrase it leaves a few.
    """
    found: dict[str, int] = {}
    for run in stretches:
        for at in range(len(run) - 1):
            pair = run[at : at + 2]
            bit = next_bit(run[at + 2]) if at + 2 < len(run) else 0
            found[pair] = found.get(pair, 0) | bit
    return found


def singles(stretches: Iterable[str]) -> set[str]:
    """A facet for each character that occurs."""
    return {f"@{char}" for char in set("".join(stretches))}
