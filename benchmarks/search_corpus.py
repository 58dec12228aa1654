"""Letters to search in: invented words with the frequencies of a language, and phrases that keep company."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.search.segment import Document

_WORDS = 30_000
_MEAN_CHARACTERS = 1_500
_COLLOCATION = 0.8
_COMMON, _RARE = (0x4E00, 600), (0x5200, 3_000)
_OFFICES = [f"枫浦区第{number}街道办事处" for number in range(1, 40)]
_RESULTS = ("解决采纳", "正在解决", "计划解决", "留作参考")


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, and what a list of results shows of it."""

    number: int
    words: tuple[str, ...]
    """Words and, between them, marks."""

    @property
    def text(self) -> str:
        """As it reads."""
        return "".join(self.words)

    @property
    def document(self) -> Document:
        """As the index takes it."""
        year, office = 2016 + self.number % 10, _OFFICES[self.number % len(_OFFICES)]
        title = f"对区政协第{self.number:06}号提案的答复"
        digest = f"{self.number:064x}"
        row = [f"990101-{self.number:012}", 1, title, office, f"{year}-05-17", _RESULTS[self.number % 4], digest]
        facets = (f"@year:{year}", f"@authority:{office}", f"@result:{_RESULTS[self.number % 4]}")
        return Document(row, (title, office, self.text), facets)


def letters(count: int, seed: int = 1) -> Iterator[Letter]:
    """The same letters for the same seed, one after the other."""
    rng = random.Random(seed)
    words = _words(rng)
    weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words))))
    after = [rng.choices(range(len(words)), cum_weights=weights, k=3) for _ in range(2_000)]
    for number in range(count):
        yield Letter(number, _text(rng, words, weights, after))


def _words(rng: random.Random) -> list[str]:
    made: dict[str, None] = {}
    while len(made) < _WORDS:
        length = rng.choices((1, 2, 3, 4), weights=(3, 70, 17, 10))[0]
        made["".join(_character(rng) for _ in range(length))] = None
    return list(made)


def _character(rng: random.Random) -> str:
    first, count = _COMMON if rng.random() < 0.7 else _RARE
    return chr(
        first + min(int(rng.paretovariate(0.6)) - 1, count - 1) if rng.random() < 0.5 else first + rng.randrange(count)
    )


def _text(
    rng: random.Random, words: Sequence[str], weights: Sequence[float], after: Sequence[Sequence[int]]
) -> tuple[str, ...]:
    length, parts, size = int(rng.gauss(_MEAN_CHARACTERS, 400)), [], 0
    word = rng.choices(range(len(words)), cum_weights=weights)[0]
    while size < length:
        parts.append(words[word])
        size += len(words[word])
        if rng.random() < 0.08:
            parts.append(rng.choice("，。，、"))
        follows = word < len(after) and rng.random() < _COLLOCATION
        word = rng.choice(after[word]) if follows else rng.choices(range(len(words)), cum_weights=weights)[0]
    return tuple(parts)
