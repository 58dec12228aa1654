"""How well letters are read, by Fuwen and by the readers that one could take instead, on the same files.

`python -m benchmarks.reading_quality --part test` makes the corpus where it is not there yet, reads it with each
reader in a process of its own, and writes a table in Markdown and all numbers as JSON to .fuwen/corpus/results/.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.corpus.damage import LETTERS, SCANS
from benchmarks.corpus.make import PARTS, ROOT, TOOLS, Piece, make, plan
from benchmarks.corpus.peers import OURS, READERS
from benchmarks.corpus.scoring import Score, Truth, bare, best_score, even, score, width_folded

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

_COLUMNS = (
    "reader",
    "version",
    "characters wrong",
    "paragraphs exact (F1)",
    "letters perfect",
    "page numbers left",
    "CPU ms/page",
    "peak MB",
)


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


@dataclass(slots=True)
class Tool:
    """What one reader made of all letters."""

    name: str
    version: str
    readings: list[Reading] = field(default_factory=list)


def read_all(name: str, pieces: Sequence[Piece]) -> Tool:
    """Let one reader read every letter, in one process."""
    truths = [Truth.of(json.loads(piece.truth.read_text(encoding="utf-8"))) for piece in pieces]
    answers = _fuwen(pieces, truths) if name == FUWEN else _peer(name, pieces)
    tool = Tool(name, version(FUWEN) if name == FUWEN else next(answers)["version"])
    for piece, truth, answer in zip(pieces, truths, answers, strict=True):
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


def _fuwen(pieces: Sequence[Piece], truths: Sequence[Truth]) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        _write_rules(
            Path(folder), (json.loads(piece.truth.read_text(encoding="utf-8"))["authority"] for piece in pieces)
        )
        questions = [
            [str(piece.pdf), truth.fields["date"] or "2026-11-01"] for piece, truth in zip(pieces, truths, strict=True)
        ]
        yield from _answers([sys.executable, "-m", "benchmarks.corpus.fuwen_reader", folder], questions)


def _peer(name: str, pieces: Sequence[Piece]) -> Iterator[dict[str, Any]]:
    script = Path(__file__).parent / "corpus" / "peers.py"
    python = sys.executable if name in OURS else str(TOOLS / "bin" / "python")
    yield from _answers([python, "-P", str(script), name], [str(piece.pdf) for piece in pieces])


def _answers(command: list[str], questions: Sequence[Any]) -> Iterator[dict[str, Any]]:
    asked = "".join(json.dumps(question) + "\n" for question in questions)
    environment = os.environ | {"OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(
        ["nice", "-n", "15", *command],
        input=asked,
        capture_output=True,
        text=True,
        cwd=_PROJECT,
        env=environment,
        check=False,
    )
    if done.returncode:
        raise ReaderFailedError(f"exit {done.returncode}; {done.stderr[-2000:]}")
    yield from map(json.loads, done.stdout.splitlines())


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


def markdown(groups: dict[str, dict[str, dict[str, Any]]], machine: dict[str, str]) -> str:
    """The tables of all conditions."""
    parts = [", ".join(f"{key} {value}" for key, value in machine.items())]
    for condition, tools in groups.items():
        if not tools:
            continue
        first = next(iter(tools.values()))
        parts.append(f"### {condition}: {first['letters']} letters, {first['pages']} pages")
        head = f"| {' | '.join(_COLUMNS)} |"
        rows = [
            f"| {name} | {each['version']} | {each['characters_wrong']:.3%} | {each['paragraph_f1']:.4f} "
            f"| {each['letters_perfect']}/{each['letters']} | {each['page_numbers_left']}/{each['page_numbers']} "
            f"| {each['cpu_ms_per_page']:.1f} | {each['peak_mb']:.0f} |"
            for name, each in tools.items()
        ]
        parts.append("\n".join([head, "|---|---|---|---|---|---|---|---|", *rows]))
        if own := tools.get(FUWEN):
            parts.append(
                f"Fuwen: roles right {own['roles_right']:.4f}; "
                f"deciding fields right {own['fields_right']}/{own['fields']}, "
                f"wrong but held {own['fields_wrong_but_held']}, "
                f"**wrong and not held {own['fields_wrong_and_not_held']}**; "
                f"held without need {own['letters_held_without_need']}/{own['letters_publishable']}; "
                f"let through {own['letters_let_through']}."
            )
    return "\n\n".join(parts) + "\n"


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
            print("  held without need:", *reading.answer["held_for"])
        if through:
            print("  let through, although:", reading.truth.hold)


def _machine() -> dict[str, str]:
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    return {
        "CPU": model,
        "cores": str(os.cpu_count()),
        "Python": platform.python_version(),
        "system": platform.system(),
    }


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
    parser.add_argument("--letters", type=int, help="of each condition, instead of the usual number")
    parser.add_argument("--conditions", default=",".join(LETTERS), help="separated by commas")
    parser.add_argument("--readers", default=",".join([FUWEN, *READERS]), help="separated by commas")
    parser.add_argument("--failures", action="store_true", help="show what Fuwen got wrong (train part)")
    options = parser.parse_args()
    names = options.readers.split(",")
    if names != [FUWEN] or not (TOOLS / "bin").exists():
        set_up_tools()
    groups: dict[str, dict[str, dict[str, Any]]] = {}
    for condition in options.conditions.split(","):
        pieces, skipped = make(plan(options.part, options.letters or LETTERS[condition], (condition,)))
        for line in skipped:
            print(line, flush=True)
        groups[condition] = {}
        for name in names if pieces else ():
            try:
                tool = read_all(name, pieces)
            except ReaderFailedError as error:
                print(f"{name} is left out: {error}", flush=True)
                continue
            groups[condition][name] = summary(tool)
            _save(options.part, groups)
            if name == FUWEN and options.failures:
                show_failures(tool)
                held = Counter(
                    code
                    for each in tool.readings
                    if each.held and not each.truth.hold
                    for code in each.answer["held_for"]
                )
                print("\nheld without need for:", dict(held))
    print(_save(options.part, groups))


def _save(part: str, groups: dict[str, dict[str, dict[str, Any]]]) -> str:
    machine = _machine()
    table = markdown(groups, machine)
    results = ROOT / "results"
    results.mkdir(parents=True, exist_ok=True)
    (results / f"reading-{part}.md").write_text(table, encoding="utf-8")
    text = json.dumps({"machine": machine, "results": groups}, ensure_ascii=False, indent=1)
    (results / f"reading-{part}.json").write_text(text, encoding="utf-8")
    return table


if __name__ == "__main__":
    main()
