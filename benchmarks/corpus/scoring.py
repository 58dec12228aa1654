"""How right a reading is. It knows nothing of Fuwen: the same yardstick for every reader."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

_WIDE = "\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\ufe30-\ufe6f\uff00-\uffef“”‘’—…·•"
_LOOSE_SPACE = re.compile(rf"(?<=[{_WIDE}])\s+|\s+(?=[{_WIDE}])")
_MARKDOWN = re.compile(
    r"^\s*(?:#{1,6}\s+|>\s+|[-*]\s+(?=\*\*))|\*\*|~~|^\s*\|[-:| ]+\|\s*$|</?(?:br|u|mark)>", re.MULTILINE
)
_BESIDE_SIGNS = re.compile(r"\s*([,:;!?()])\s*")
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_HEAD = frozenset({"masthead", "mark", "number"})
"""Neither right nor wrong as paragraphs: their values are compared as fields."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What is printed in one letter."""

    seed: str
    paragraphs: tuple[tuple[str, str], ...]
    """Role and text, from the title on; a table is a paragraph for each row."""
    head: tuple[str, ...]
    """Texts above the title, without white space."""
    page_numbers: tuple[str, ...]
    fields: dict[str, Any] = field(default_factory=dict)
    hold: str = ""
    traits: tuple[str, ...] = ()
    pages: int = 1
    authority: str = ""

    @classmethod
    def of(cls, truth: dict[str, Any]) -> Truth:
        """From the file beside the letter."""
        paragraphs: list[tuple[str, str]] = []
        head: list[str] = []
        for unit in truth["units"]:
            if unit["role"] in _HEAD:
                head += [bare(unit["text"]), bare(unit["beside"])]
            elif unit["role"] == "table":
                paragraphs += [("table", bare("".join(row))) for row in unit["rows"]]
            else:
                paragraphs.append((unit["role"], even(unit["text"])))
                if unit["beside"]:
                    role = "date" if unit["role"] == "signature" else unit["role"]
                    paragraphs.append((role, even(unit["beside"])))
        return cls(
            truth["seed"],
            tuple(paragraphs),
            tuple(sorted(filter(None, head), key=len, reverse=True)),
            tuple(bare(number) for number in truth["page_numbers"]),
            truth["fields"],
            truth["hold"],
            (truth["typesetter"], truth["layout"]["body"], *truth["traits"]),
            truth["pages"],
            truth.get("authority", ""),
        )

    def width_folded(self) -> Truth:
        """As `width_folded` makes it."""
        return replace(
            self,
            paragraphs=tuple((role, width_folded(text)) for role, text in self.paragraphs),
            head=tuple(map(width_folded, self.head)),
            page_numbers=tuple(map(width_folded, self.page_numbers)),
        )

    @property
    def text(self) -> str:
        """All characters from the title on, without white space."""
        return bare("".join(text for _, text in self.paragraphs))


@dataclass(slots=True)
class Score:
    """What one reader made of one letter."""

    found: int = 0
    expected: int = 0
    right: int = 0
    roles_right: int = 0
    wrong_characters: int = 0
    characters: int = 0
    page_numbers_left: int = 0
    page_numbers: int = 0
    missing: list[str] = field(default_factory=list)
    spurious: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        """Of paragraphs that are exactly as written."""
        return 2 * self.right / (self.found + self.expected) if self.found + self.expected else 1.0


def bare(text: str) -> str:
    """Without any white space."""
    return "".join(text.split())


def even(text: str) -> str:
    """White space only between two Latin words, and then one space: where Chinese stands, programs put it at will."""
    return _LOOSE_SPACE.sub("", " ".join(text.split()))


def width_folded(text: str) -> str:
    """Full-width signs and digits as their narrow twins, without white space beside the signs: which of them was
    printed, no picture tells surely, nor whether the room behind one is its own."""
    return _BESIDE_SIGNS.sub(r"\1", text.translate(_NARROW))


def score(truth: Truth, units: Iterable[tuple[str, str]]) -> Score:
    """Compare paragraphs, each with its role, or with an empty one where the reader knows none."""
    rows = Counter(text for role, text in truth.paragraphs if role == "table")
    left = Counter(text for _, text in truth.paragraphs)
    roles: dict[str, list[str]] = {}
    for role, text in truth.paragraphs:
        roles.setdefault(text, []).append(role)
    result = Score(expected=len(truth.paragraphs), characters=len(truth.text), page_numbers=len(truth.page_numbers))
    read: list[str] = []
    for role, raw in units:
        text = even(raw)
        if (squeezed := bare(text).replace("|", "")) in rows:
            text = squeezed
        if not text or (not left[text] and _is_head(squeezed, truth.head)):
            continue
        result.found += 1
        if left[text]:
            left[text] -= 1
            result.right += 1
            result.roles_right += role in roles[text]
        else:
            result.spurious.append(text)
        if squeezed in truth.page_numbers:
            result.page_numbers_left += 1
        else:
            read.append(squeezed)
    result.missing = list(left.elements())
    result.wrong_characters = character_errors(truth.text, "".join(read))
    return result


def best_score(truth: Truth, text: str) -> Score:
    """Of a reader that gives plain text or Markdown: its lines or its blocks, whichever are more often right."""
    text = _MARKDOWN.sub("", text)
    splits = text.splitlines(), re.split(r"\n\s*\n", text)
    scores = [score(truth, (("", part) for part in split)) for split in splits]
    best = max(scores, key=lambda each: each.f1)
    # Page numbers stand on lines of their own, whatever a block is.
    best.page_numbers_left = scores[0].page_numbers_left
    best.wrong_characters = min(each.wrong_characters for each in scores)
    return best


def _is_head(squeezed: str, head: Sequence[str]) -> bool:
    for text in head:
        squeezed = squeezed.replace(text, "", 1)
        if not squeezed:
            return True
    return False


def character_errors(truth: str, read: str) -> int:
    """Edits from the text read to the true one; what stands above the title costs nothing.

    Myers' bit-parallel algorithm (1999): one machine operation on whole columns, which Python's integers can be.
    """
    if not truth:
        return 0
    size = len(truth)
    mask, last = (1 << size) - 1, 1 << (size - 1)
    places: dict[str, int] = {}
    for index, char in enumerate(truth):
        places[char] = places.get(char, 0) | 1 << index
    up, down, distance = mask, 0, size
    for char in read:
        match = places.get(char, 0)
        diagonal = (((match & up) + up) ^ up) | match | down
        more, less = down | ~(diagonal | up) & mask, up & diagonal
        distance += bool(more & last) - bool(less & last)
        # A free start: the row above the first is zero, so nothing is shifted in.
        more, less = more << 1 & mask, less << 1 & mask
        up, down = (less | ~(diagonal | more)) & mask, more & diagonal
    return distance
