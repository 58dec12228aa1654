"""How surely private data is found, and how seldom something else is taken for it.

`python -m benchmarks private-data`: positives and look-alikes of `benchmarks.private_corpus` from one seed, and the
letters of the reading corpus, which hold nothing private but the contact persons and office lines at their ends.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator

from benchmarks.corpus.letter import write_letter
from benchmarks.private_corpus import Case, look_alikes, positives
from benchmarks.table import Table
from domain.gate.personal_data import personal_data
from domain.gate.private_handling import HANDLING, Handling

SEED = 20_240_517
_CLASS = "personal-data-"


def found_classes(text: str) -> Counter[str]:
    """How often each class that must not stay is found in the text."""
    codes = [datum.code for datum in personal_data(text)]
    return Counter(code.removeprefix(_CLASS) for code in codes if HANDLING[code] is not Handling.PUBLISH)


class Tally:
    """What was there, what was found, and what was found where nothing was."""

    def __init__(self) -> None:
        self.there: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.look_alikes = 0

    def count(self, case: Case) -> None:
        """One sentence: what it holds must be found once, and nothing else."""
        classes = found_classes(case.text)
        if case.kind is None:
            self.look_alikes += 1
        else:
            self.there[case.kind] += 1
            if classes[case.kind]:
                self.found[case.kind] += 1
                classes[case.kind] -= 1
        self.wrong.update(classes)

    def recall(self, kind: str) -> float:
        """The part of what was there that was found."""
        return self.found[kind] / self.there[kind]

    def precision(self, kind: str | None = None) -> float:
        """The part of what was found that was there, of one class or of all."""
        right = self.found[kind] if kind else self.found.total()
        wrong = self.wrong[kind] if kind else self.wrong.total()
        return right / (right + wrong) if right + wrong else 1.0


def tally(cases: Iterable[Case]) -> Tally:
    """All sentences."""
    counted = Tally()
    for case in cases:
        counted.count(case)
    return counted


def private_data_tables(*, quick: bool) -> Iterator[Table]:
    """Recall and precision by class, and what it costs."""
    each = 50 if quick else 500
    counted = tally((*positives(SEED, each), *look_alikes(SEED + 1, each)))
    rows = [
        (kind, counted.there[kind], counted.recall(kind), counted.wrong[kind], counted.precision(kind))
        for kind in sorted(counted.there)
    ]
    total = counted.there.total()
    rows.append(("all", total, counted.found.total() / total, counted.wrong.total(), counted.precision()))
    letters = ["\n".join(unit.text for unit in write_letter(f"private-{number}").units) for number in range(each)]
    characters = sum(map(len, letters))
    before = time.process_time()
    wrong = sum(found_classes(text).total() for text in letters)
    speed = characters / (time.process_time() - before) / 1e6
    yield Table(
        "private-data",
        "Private data: found, and wrongly found",
        ("class", "there", "recall", "wrong", "precision"),
        rows,
        f"Beside {counted.look_alikes} look-alikes. {len(letters)} letters without private data "
        f"({characters} characters): {wrong} wrong. {speed:.2f} million characters for a CPU second.",
    )
