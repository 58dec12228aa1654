"""What reading costs, step by step, against a floor (pdfium's text alone) and a peer (pypdf's text)."""

from __future__ import annotations

import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2
from pypdf import PdfReader

from adapters.isolation.reader_pool import ReaderPool
from adapters.isolation.reading_limits import ReadingLimits
from adapters.pdf.inspection import inspect
from adapters.pdf.pdf_lines import pdf_pages
from adapters.pdf.preview import first_page_jpeg
from adapters.pdf.second_reader import second_pages
from adapters.pdf.signature import verify_signatures
from adapters.pdf.trust import TrustAnchors, load_trust
from adapters.record.original import read_original
from benchmarks.letters import SAMPLES, PdfLetter, long_sample, published_samples
from benchmarks.reading_memory import memory_table
from benchmarks.stopwatch import Spent, best, cpu_of, processes_below
from benchmarks.table import Table
from config.rules import load_rules
from domain.gate.evidence import Evidence
from domain.gate.review import draft, review
from domain.gate.rules import Rules
from domain.publication.rendition import html_of, text_of
from domain.reading.letter import read_letter
from domain.reading.page import PageText
from domain.reading.second_reading import second_reading
from domain.reply import Reply

_NOW = datetime(2026, 12, 31, tzinfo=UTC)
_TODAY = date(2026, 12, 31)
_LIMITS = ReadingLimits()


@dataclass(frozen=True, slots=True)
class _Subject:
    """One letter with what each step before has made of it."""

    letter: PdfLetter
    pages: tuple[PageText, ...]
    evidence: Evidence
    reply: Reply


def reading_tables(*, quick: bool) -> Iterator[Table]:
    """By step, by process, by command."""
    rounds = 2 if quick else 5
    rules, trust = load_rules(SAMPLES / "config"), load_trust(SAMPLES / "trust")
    subjects = [_subject(letter, rules, trust) for letter in published_samples()]
    yield _by_step(subjects, rules, trust, rounds)
    yield _through_the_pool(subjects, trust, rounds)
    yield _as_a_command(3 if quick else 5)
    yield memory_table(quick=quick)


def _subject(letter: PdfLetter, rules: Rules, trust: TrustAnchors) -> _Subject:
    evidence = read_original(letter.data, trust, _LIMITS, _NOW)
    reply = review(evidence, draft(evidence.raw, rules), rules, _TODAY).reply
    assert reply is not None, f"{letter.name} is not published"
    return _Subject(letter, pdf_pages(letter.data), evidence, reply)


def _by_step(subjects: Sequence[_Subject], rules: Rules, trust: TrustAnchors, rounds: int) -> Table:
    steps: list[tuple[str, Callable[[_Subject], object]]] = [
        ("inspect", lambda of: inspect(of.letter.data, _LIMITS)),
        ("verify signature", lambda of: verify_signatures(of.letter.data, trust, _NOW)),
        ("lines of the PDF (pdfium)", lambda of: pdf_pages(of.letter.data)),
        ("reflow and parse", lambda of: read_letter(of.pages)),
        ("second reading, compared", _read_twice),
        ("draft and review", lambda of: review(of.evidence, draft(of.evidence.raw, rules), rules, _TODAY)),
        ("text and HTML", lambda of: (text_of(of.reply), html_of(of.reply))),
        ("preview (JPEG)", lambda of: first_page_jpeg(of.letter.data, _LIMITS)),
        ("whole reading, in process", lambda of: read_original(of.letter.data, trust, _LIMITS, _NOW)),
        ("floor: pdfium text only", lambda of: _pdfium_text(of.letter.data)),
        ("peer: pypdf text only", lambda of: _pypdf_text(of.letter.data)),
    ]
    pages = sum(len(subject.pages) for subject in subjects)
    rows = []
    for name, step in steps:
        costs = [best(_bound(step, subject), rounds) for subject in subjects]
        rows.append((name, *_averages(costs, pages)))
    return Table(
        "reading_by_step",
        "Reading, step by step, in one warm process",
        ("step", "CPU ms/letter", "CPU ms/page", "wall ms/letter", "wall ms/page"),
        rows,
        f"{len(subjects)} sample letters, {pages} pages; the best of {rounds} for each letter, averaged. "
        '"Whole reading" is the first five steps; there the second reading uses the file that inspection has opened.',
    )


def _read_twice(of: _Subject) -> object:
    reader = PdfReader(io.BytesIO(of.letter.data))
    return second_reading(of.evidence.raw, of.pages, second_pages(reader))


def _bound(step: Callable[[_Subject], object], subject: _Subject) -> Callable[[], object]:
    return lambda: step(subject)


def _averages(costs: Sequence[Spent], pages: int) -> tuple[float, float, float, float]:
    cpu, wall = sum(cost.cpu for cost in costs), sum(cost.wall for cost in costs)
    return 1000 * cpu / len(costs), 1000 * cpu / pages, 1000 * wall / len(costs), 1000 * wall / pages


def _pdfium_text(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    try:
        return [document[index].get_textpage().get_text_range() for index in range(len(document))]
    finally:
        document.close()


def _pypdf_text(data: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def _through_the_pool(subjects: Sequence[_Subject], trust: TrustAnchors, rounds: int) -> Table:
    pages = sum(len(subject.pages) for subject in subjects)
    with _files([subject.letter for subject in subjects]) as paths:
        rows = [_pool_row(readers, paths, pages, trust, rounds) for readers in (1, 2)]
    return Table(
        "reading_through_the_pool",
        "Reading through the pool: a bounded child for each letter",
        ("readers", "letters/s", "pages/s", "wall ms/letter", "CPU ms/letter", "preview wall ms", "ready after s"),
        rows,
        "CPU is of the readers and their children; it is counted in hundredths of a second. "
        '"Ready after" is the start of a reading process until it answers, once in its life.',
    )


def _pool_row(
    readers: int, paths: Sequence[Path], pages: int, trust: TrustAnchors, rounds: int
) -> tuple[int | float | None, ...]:
    started = time.perf_counter()
    with ReaderPool(readers, _LIMITS, trust) as pool, ThreadPoolExecutor(readers) as threads:
        pool.confinement()
        ready = time.perf_counter() - started
        list(threads.map(lambda path: pool.read(path, _NOW), paths))
        before, started = cpu_of(processes_below(), "adapters.isolation.reader_child"), time.perf_counter()
        list(threads.map(lambda path: pool.read(path, _NOW), list(paths) * rounds))
        wall = time.perf_counter() - started
        cpu = cpu_of(processes_below(), "adapters.isolation.reader_child") - before
        started = time.perf_counter()
        list(threads.map(pool.preview, list(paths) * rounds))
        preview = time.perf_counter() - started
    count = len(paths) * rounds
    each = readers / count * 1000
    return readers, count / wall, pages * rounds / wall, wall * each, cpu / count * 1000 or None, preview * each, ready


@contextmanager
def _files(letters: Sequence[PdfLetter]) -> Iterator[list[Path]]:
    with tempfile.TemporaryDirectory(prefix="fuwen-bench-") as folder:
        paths = [Path(folder) / letter.name for letter in letters]
        for path, letter in zip(paths, letters, strict=True):
            path.write_bytes(letter.data)
        yield paths


def _as_a_command(times: int) -> Table:
    read = [sys.executable, "-m", "cli.main", "read"]
    trusted = ["--json", "--trust-anchors", str(SAMPLES / "trust"), "--config", str(SAMPLES / "config")]
    letters = [str(SAMPLES / "letters" / letter.name) for letter in published_samples()]
    commands = [
        ("fuwen read FILE --json, 5 pages", [*read, str(long_sample()), *trusted]),
        (f"fuwen read, {len(letters)} letters at once", [*read, *letters, *trusted]),
        ("fuwen --help", [sys.executable, "-m", "cli.main", "--help"]),
        ("floor: python -c pass", [sys.executable, "-c", "pass"]),
    ]
    rows = [(name, *_medians([_command(words) for _ in range(times)])) for name, words in commands]
    return Table(
        "reading_as_a_command",
        "As a command, from a cold process",
        ("command", "wall s", "CPU s"),
        rows,
        f"The median of {times}; CPU with all its children.",
    )


def _command(words: Sequence[str]) -> Spent:
    before, started = os.times(), time.perf_counter()
    subprocess.run(words, stdout=subprocess.DEVNULL, check=True, cwd=SAMPLES.parent)
    wall, after = time.perf_counter() - started, os.times()
    return Spent(wall, after.children_user + after.children_system - before.children_user - before.children_system)


def _medians(found: Sequence[Spent]) -> tuple[float, float]:
    return statistics.median(each.wall for each in found), statistics.median(each.cpu for each in found)
